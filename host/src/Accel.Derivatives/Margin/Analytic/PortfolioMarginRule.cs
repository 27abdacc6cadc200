using System.Collections.Immutable;

namespace Accel.Derivatives.Margin.Analytic;

/// <summary>
/// The whole published portfolio-margin rule in double precision, for analysis: what a circuit proves is <see cref="PortfolioMargin"/>'s
/// integers, over the regular scenarios alone. Worst is the least of the scenarios' gains and the forward contingency, never a sum;
/// maintenance = value + factor·worst + charges, initial the same with its own factor and charges and the oracle contingency.
/// Source: derivexyz/v2-core's published PMRM test vectors, all of whose figures it reproduces.
/// </summary>
/// <param name="parameters">The rule's numbers.</param>
public sealed class PortfolioMarginRule(PortfolioMarginParameters parameters)
{
    /// <summary>The rule's numbers.</summary>
    public PortfolioMarginParameters Parameters => parameters;

    /// <summary>Computes value, margins and what binds.</summary>
    /// <exception cref="ArgumentException">Parameters or portfolio are so large that a volatility or a margin is not finite.</exception>
    public PortfolioMarginResult Compute(MarginPortfolio portfolio)
    {
        ExpiryValuation[] expiries = [.. portfolio.Expiries.Select(e => new ExpiryValuation(parameters, e))];
        double linear = LinearValue(portfolio);
        ImmutableArray<ScenarioGain> gains =
        [
            .. parameters.Scenarios.Select(s => new ScenarioGain(
                s, s.Dampening * (expiries.Sum(e => e.Gains(s).Sum()) + (linear * (s.EffectiveSpotFactor - 1))))),
        ];
        double forward = expiries.Sum(e => e.ForwardContingency().Sum());
        ScenarioGain least = gains.MinBy(g => g.Gain)!;
        ScenarioGain? binding = least.Gain <= forward ? least : null;
        ImmutableArray<MarginContribution> parts = [.. Parts(portfolio, expiries, binding?.Scenario)];
        if (!parts.All(p => double.IsFinite(p.Initial + p.Maintenance)) || !gains.All(g => double.IsFinite(g.Gain)))
        {
            throw new ArgumentException("parameters and portfolio give a margin that is not finite; expected factors and holdings of ordinary size");
        }

        return new PortfolioMarginResult(
            parts.Sum(p => p.Value),
            expiries.Sum(e => e.Value),
            portfolio.Collaterals.Sum(portfolio.ValueOf),
            gains,
            binding,
            forward,
            Charges(portfolio, isInitial: false),
            Charges(portfolio, isInitial: true),
            -OraclePenalties(portfolio).Total,
            parameters.InitialFactorAt(portfolio.StablePrice),
            parts.Sum(p => p.Maintenance),
            parts.Sum(p => p.Initial),
            parts);
    }

    /// <summary>
    /// What the options, the perpetual and collateral that moves with spot gain when spot and volatility move, at present values and undampened.
    /// </summary>
    /// <param name="portfolio">The portfolio.</param>
    /// <param name="spotFactor">What spot and forwards are multiplied by, positive.</param>
    /// <param name="volatilityFactor">What marks are multiplied by, zero or more.</param>
    public double Gain(MarginPortfolio portfolio, double spotFactor, double volatilityFactor)
    {
        double options = 0;
        foreach (MarginExpiry expiry in portfolio.Expiries)
        {
            MarginExpiry moved = expiry with
            {
                Forward = expiry.FixedForward + ((expiry.Forward - expiry.FixedForward) * spotFactor),
                Options = [.. expiry.Options.Select(o => o with { Volatility = o.Volatility * volatilityFactor })],
            };
            options += new ExpiryValuation(parameters, moved).Value - new ExpiryValuation(parameters, expiry).Value;
        }

        return options + (LinearValue(portfolio) * (spotFactor - 1));
    }

    private static double LinearValue(MarginPortfolio portfolio) =>
        (portfolio.Perpetual.Quantity * portfolio.Perpetual.Price) + portfolio.Collaterals.Where(c => c.MovesWithSpot).Sum(portfolio.ValueOf);

    /// <summary>Every holding's part under what binds; a scenario, or null for the forward contingency.</summary>
    private IEnumerable<MarginContribution> Parts(MarginPortfolio portfolio, ExpiryValuation[] expiries, MarginScenario? binding)
    {
        double linear = binding is null ? 0 : binding.Dampening * (binding.EffectiveSpotFactor - 1);
        OraclePenalty oracle = OraclePenalties(portfolio);
        yield return Part("cash", portfolio.Cash, portfolio.Cash, 0, 0, 0, 0);
        PerpetualHolding perpetual = portfolio.Perpetual;
        if (!perpetual.IsEmpty)
        {
            double size = Math.Abs(perpetual.Quantity) * portfolio.Spot;
            yield return Part(
                "perpetual",
                perpetual.Quantity,
                perpetual.UnrealisedGain + perpetual.UnrealisedFunding,
                perpetual.Quantity * perpetual.Price * linear,
                -size * parameters.Contingency.MaintenancePerpetual,
                -size * parameters.Contingency.InitialPerpetual,
                -oracle.Perpetual);
        }

        for (int i = 0; i < portfolio.Collaterals.Count; i++)
        {
            CollateralHolding collateral = portfolio.Collaterals[i];
            double value = portfolio.ValueOf(collateral);
            yield return Part(
                collateral.Name,
                collateral.Amount,
                value,
                collateral.MovesWithSpot ? value * linear : 0,
                -value * collateral.MaintenanceHaircut,
                -value * (collateral.MaintenanceHaircut + collateral.InitialHaircut),
                -oracle.Collaterals[i]);
        }

        foreach (MarginContribution part in expiries.SelectMany((e, i) => OptionParts(portfolio, e, oracle.Expiries[i], binding)))
        {
            yield return part;
        }

        MarginContribution Part(string name, double quantity, double value, double worst, double maintenance, double initial, double oracleCharge) =>
            new(
            name,
            quantity,
            value,
            worst,
            value + Weighted(parameters.MaintenanceFactor, worst, maintenance),
            value + Weighted(parameters.InitialFactorAt(portfolio.StablePrice), worst, initial) + oracleCharge);

        IEnumerable<MarginContribution> OptionParts(MarginPortfolio owner, ExpiryValuation valuation, double penalty, MarginScenario? scenario)
        {
            double[] gains = scenario is null ? valuation.ForwardContingency() : valuation.Gains(scenario);
            double dampening = scenario?.Dampening ?? 1;
            HashSet<double> shorts = ShortStrikes(valuation.Expiry);
            for (int i = 0; i < gains.Length; i++)
            {
                MarginOption option = valuation.Expiry.Options[i];
                double charged = shorts.Contains(option.Strike) ? option.Quantity * owner.Spot : 0;
                yield return Part(
                    option.Name,
                    option.Quantity,
                    valuation.OptionValues[i],
                    dampening * gains[i],
                    charged * parameters.Contingency.MaintenanceOption,
                    charged * parameters.Contingency.InitialOption,
                    -penalty * Math.Abs(option.Quantity) * owner.Spot);
            }
        }
    }

    private double Weighted(double factor, double worst, double charges) =>
        parameters.FactorsCoverContingencies ? factor * (worst + charges) : (factor * worst) + charges;

    private MarginCharges Charges(MarginPortfolio portfolio, bool isInitial)
    {
        MarginContingency rule = parameters.Contingency;
        double contractsShort = portfolio.Expiries.Sum(e => e.Options.GroupBy(o => o.Strike).Sum(strike => Math.Min(0, strike.Sum(o => o.Quantity))));
        return new MarginCharges(
            -Math.Abs(portfolio.Perpetual.Quantity) * portfolio.Spot * (isInitial ? rule.InitialPerpetual : rule.MaintenancePerpetual),
            -portfolio.Collaterals.Sum(c => portfolio.ValueOf(c) * (c.MaintenanceHaircut + (isInitial ? c.InitialHaircut : 0))),
            contractsShort * portfolio.Spot * (isInitial ? rule.InitialOption : rule.MaintenanceOption));
    }

    /// <summary>The strikes that are short after calls and puts are netted, as a forward needs no contingency.</summary>
    private static HashSet<double> ShortStrikes(MarginExpiry expiry) =>
        [.. expiry.Options.GroupBy(o => o.Strike).Where(strike => strike.Sum(o => o.Quantity) < 0).Select(strike => strike.Key)];

    /// <summary>
    /// The oracle contingency. The spot feed's confidence bounds every other's, and the perpetual's bounds the options' too while a perpetual is
    /// held: so the vectors have it.
    /// </summary>
    private OraclePenalty OraclePenalties(MarginPortfolio portfolio)
    {
        MarginContingency rule = parameters.Contingency;
        double linear = portfolio.Perpetual.Quantity == 0
            ? portfolio.SpotConfidence
            : Math.Min(portfolio.SpotConfidence, portfolio.Perpetual.Confidence);
        double perpetual = Math.Abs(portfolio.Perpetual.Quantity) * portfolio.Spot * rule.Penalty(linear, rule.ConfidenceThreshold);
        ImmutableArray<double> collaterals =
        [
            .. portfolio.Collaterals.Select(
                c => portfolio.ValueOf(c) * rule.Penalty(Math.Min(c.Confidence, portfolio.SpotConfidence), c.ConfidenceThreshold)),
        ];
        ImmutableArray<double> expiries = [.. portfolio.Expiries.Select(e => rule.Penalty(Math.Min(linear, e.Confidence), rule.ConfidenceThreshold))];
        double options = portfolio.Expiries.Select((e, i) => expiries[i] * e.Options.Sum(o => Math.Abs(o.Quantity)) * portfolio.Spot).Sum();
        return new OraclePenalty(perpetual, collaterals, expiries, perpetual + collaterals.Sum() + options);
    }

    /// <summary>What little confidence costs.</summary>
    /// <param name="Perpetual">In USD.</param>
    /// <param name="Collaterals">In USD, each.</param>
    /// <param name="Expiries">As a share of each contract's spot value.</param>
    /// <param name="Total">In USD.</param>
    private sealed record OraclePenalty(double Perpetual, ImmutableArray<double> Collaterals, ImmutableArray<double> Expiries, double Total);
}
