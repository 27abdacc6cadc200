using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Market;
using Xunit;

namespace Accel.Derivatives.Tests.Margin.Analytic;

/// <summary>The whole rule against every published case, scenario by scenario, with the parameters of each file.</summary>
public sealed class PortfolioMarginRuleTests(ITestOutputHelper output)
{
    /// <summary>
    /// Of a case's scale, its largest regular loss. The vectors are double precision too: what differs is cancellation in their sums.
    /// </summary>
    private const double Tolerance = 1e-9;

    private readonly SortedDictionary<string, (int Count, double Worst, string Where)> _compared = new(StringComparer.Ordinal);

    [Fact]
    public void Every_published_scenario_is_reproduced()
    {
        foreach (PublishedPortfolio published in PublishedPortfolio.All())
        {
            double[] gains = [.. new PortfolioMarginRule(published.RuleParameters).Compute(published.Portfolio).Scenarios.Select(s => s.Gain)];
            PublishedResult result = published.Result;
            Assert.Equal(result.Regular.Length + result.Tails.Length + result.Skews.Length, gains.Length);
            Compare("regular", published, result.Regular, gains[..result.Regular.Length]);
            Compare("tail", published, result.Tails, gains[result.Regular.Length..^result.Skews.Length]);
            Compare("skew", published, result.Skews, gains[^result.Skews.Length..]);
        }

        Report(("regular", 70 * 23), ("skew", 70 * 2), ("tail", 416));
    }

    [Fact]
    public void Every_published_value_contingency_and_margin_is_reproduced()
    {
        foreach (PublishedPortfolio published in PublishedPortfolio.All())
        {
            PortfolioMarginResult computed = new PortfolioMarginRule(published.RuleParameters).Compute(published.Portfolio);
            (string Name, double Computed)[] figures =
            [
                ("PortfolioMTM", computed.Value), ("OptionMTM", computed.OptionValue), ("CollateralMTM", computed.CollateralValue),
                ("ForwardContingency", computed.ForwardContingency), ("MMPerpCont", computed.Maintenance.Perpetual),
                ("IMPerpContNormal", computed.Initial.Perpetual), ("MMBaseCont", computed.Maintenance.Collateral),
                ("IMBaseContNormal", computed.Initial.Collateral), ("MMOptionCont", computed.Maintenance.Option),
                ("IMOptionContNormal", computed.Initial.Option), ("OracleCont", computed.OracleContingency),
                ("im_loss_factor", computed.InitialFactor), ("MM", computed.MaintenanceMargin), ("IM", computed.InitialMargin),
            ];
            foreach ((string name, double figure) in figures)
            {
                Compare(name, published, [published.Result.Figure(name)], [figure]);
            }
        }

        Report([.. _compared.Keys.ToArray().Select(name => (name, 70))]);
        Assert.Equal(14, _compared.Count);
    }

    [Fact]
    public void What_binds_is_what_the_vectors_name()
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (PublishedPortfolio published in PublishedPortfolio.All().Where(p => p.Result.Regular.Min() < -1e-6))
        {
            PublishedResult result = published.Result;
            PortfolioMarginResult computed = new PortfolioMarginRule(published.RuleParameters).Compute(published.Portfolio);
            int index = computed.Binding is { } binding ? computed.Scenarios.IndexOf(binding) : -1;
            string kind = index < 0 ? "fwd_contingency"
                : index < result.Regular.Length ? "regular"
                : computed.Binding!.Scenario.IsSkew ? "skew" : "tail";
            Assert.Equal((published.Name, result.Worst), (published.Name, kind));
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        output.WriteLine(string.Join(", ", kinds));
        Assert.Equal(["fwd_contingency", "regular", "skew", "tail"], kinds.Keys);
    }

    [Fact]
    public void Shocked_volatilities_skews_and_discounts_are_reproduced_option_by_option()
    {
        MarginScenario linear = new(1, VolatilityMove.LinearSkew, 1), absolute = new(1, VolatilityMove.AbsoluteSkew, 1);
        foreach (PublishedPortfolio published in PublishedPortfolio.All())
        {
            PortfolioMarginParameters rule = published.RuleParameters;
            for (int i = 0; i < published.Options.Count; i++)
            {
                PublishedOption option = published.Options[i];
                double years = option.TermSeconds / 31_536_000.0, moneyness = Math.Log(option.Strike / option.Forward);
                (double width, double linearFactor, double absoluteFactor) = published.Result.SkewMultipliers[i];
                Compare("volatility up", published, [published.Result.VolatilityUp[i]],
                    [rule.VolatilityTerm.Up(option.Volatility, option.TermSeconds)]);
                Compare("volatility down", published, [published.Result.VolatilityDown[i]],
                    [rule.VolatilityTerm.Down(option.Volatility, option.TermSeconds)]);
                Compare("skew width", published, [width], [rule.Skew.Width(years)]);
                Compare("linear skew", published, [linearFactor], [rule.Skew.Multiplier(linear, moneyness, years)]);
                Compare("absolute skew", published, [absoluteFactor], [rule.Skew.Multiplier(absolute, moneyness, years)]);
            }

            Compare("gain discount", published, [.. published.Result.Discounts.Select(d => d.Gain)],
                [.. published.Portfolio.Expiries.Select(e => rule.Discount.GainFactor(e.Rate, e.Years))]);
            Compare("loss discount", published, [.. published.Result.Discounts.Select(d => d.Loss)],
                [.. published.Portfolio.Expiries.Select(e => rule.Discount.LossFactor(e.Rate, e.Years))]);
        }

        Report([.. _compared.Keys.ToArray().Select(name => (name, name.EndsWith("discount", StringComparison.Ordinal) ? 290 : 1206))]);
    }

    [Fact]
    public void A_skew_that_names_a_spot_factor_leaves_spot_and_takes_the_absolute_cap()
    {
        PublishedPortfolio published = Assert.Single(PublishedPortfolio.All(), p => p.Result.SkewNames.Contains("LINEAR_SPOT_SHOCK"));
        MarginScenario named = published.RuleParameters.Scenarios[^1];
        Assert.Equal((1.18, VolatilityMove.LinearSkew, 1.0), (named.SpotFactor, named.Volatility, named.EffectiveSpotFactor));
        PortfolioMarginResult computed = new PortfolioMarginRule(published.RuleParameters).Compute(published.Portfolio);
        Assert.Equal(published.Result.Skews[^1], computed.Scenarios[^1].Gain, 1e-9);
    }

    [Fact]
    public void Contributions_add_up_and_are_the_holdings_derivatives()
    {
        PublishedPortfolio published = PublishedPortfolio.All().Single(p => p.Name.StartsWith("test_61_", StringComparison.Ordinal));
        PortfolioMarginRule rule = new(published.RuleParameters);
        MarginPortfolio portfolio = published.Portfolio;
        PortfolioMarginResult whole = rule.Compute(portfolio);
        Assert.Equal(1 + 1 + portfolio.Collaterals.Count + published.Options.Count, whole.Contributions.Length);
        Assert.Equal(whole.Worst, whole.Contributions.Sum(c => c.Worst), 1e-6);
        for (int e = 0; e < portfolio.Expiries.Count; e++)
        {
            for (int i = 0; i < portfolio.Expiries[e].Options.Count; i++)
            {
                MarginOption option = portfolio.Expiries[e].Options[i];
                const double step = 1e-6;
                double up = Scaled(e, i, 1 + step).InitialMargin, down = Scaled(e, i, 1 - step).InitialMargin;
                MarginContribution part = whole.Contributions.Single(c => c.Name == option.Name);
                Assert.Equal((up - down) / (2 * step), part.Initial, 1e-3 + (1e-6 * Math.Abs(part.Initial)));
            }
        }

        PortfolioMarginResult Scaled(int e, int i, double factor)
        {
            MarginOption[] options = [.. portfolio.Expiries[e].Options];
            options[i] = options[i] with { Quantity = options[i].Quantity * factor };
            MarginExpiry[] expiries = [.. portfolio.Expiries];
            expiries[e] = expiries[e] with { Options = options };
            return rule.Compute(portfolio with { Expiries = expiries });
        }
    }

    [Fact]
    public void Margin_is_homogeneous_in_the_holdings()
    {
        foreach (PublishedPortfolio published in PublishedPortfolio.All())
        {
            PortfolioMarginRule rule = new(published.RuleParameters);
            MarginPortfolio portfolio = published.Portfolio;
            PortfolioMarginResult once = rule.Compute(portfolio), thrice = rule.Compute(portfolio with
            {
                Cash = 3 * portfolio.Cash,
                Perpetual = portfolio.Perpetual with
                {
                    Quantity = 3 * portfolio.Perpetual.Quantity,
                    UnrealisedGain = 3 * portfolio.Perpetual.UnrealisedGain,
                    UnrealisedFunding = 3 * portfolio.Perpetual.UnrealisedFunding,
                },
                Collaterals = [.. portfolio.Collaterals.Select(c => c with { Amount = 3 * c.Amount })],
                Expiries = [.. portfolio.Expiries.Select(e => e with { Options = [.. e.Options.Select(o => o with { Quantity = 3 * o.Quantity })] })],
            });
            double tolerance = 1e-9 * (1 + Math.Abs(once.InitialMargin) + published.Scale);
            Assert.Equal(3 * once.InitialMargin, thrice.InitialMargin, tolerance);
            Assert.Equal(3 * once.MaintenanceMargin, thrice.MaintenanceMargin, tolerance);
        }
    }

    [Fact]
    public void The_gain_surface_is_zero_now_and_agrees_with_an_unshocked_scenario()
    {
        MarginPortfolio portfolio =
            new(0, 100_000, [new MarginExpiry(2_592_000, 101_000, 0.05, [new MarginOption("call", OptionKind.Call, 100_000, 0.6, -2)])]);
        PortfolioMarginRule rule = new(PortfolioMarginParameters.Published);
        Assert.Equal(0, rule.Gain(portfolio, 1, 1), 1e-9);
        double up = rule.Gain(portfolio, 1.1, 1.5);
        PortfolioMarginParameters plain = PortfolioMarginParameters.Published with
        {
            Scenarios = [new MarginScenario(1.1, VolatilityMove.Up, 1)],
            Discount = PortfolioMarginParameters.Published.Discount with { Loss = 1, LossRateAdd = 0, LossRateScale = 0 },
        };
        Assert.Equal(new PortfolioMarginRule(plain).Compute(portfolio).Scenarios[0].Gain, up, 1e-6);
    }

    [Fact]
    public void Parameters_that_give_no_finite_margin_are_refused()
    {
        MarginPortfolio portfolio =
            new(0, 100_000, [new MarginExpiry(86_400, 101_000, 0.05, [new MarginOption("call", OptionKind.Call, 100_000, 0.6, -2)])]);
        PortfolioMarginParameters hostile = PortfolioMarginParameters.Published with
        {
            VolatilityTerm = PortfolioMarginParameters.Published.VolatilityTerm with { ShortTermPower = 1e6 },
        };
        string message = Assert.Throws<ArgumentException>(() => new PortfolioMarginRule(hostile).Compute(portfolio)).Message;
        Assert.Contains("not finite", message, StringComparison.Ordinal);
    }

    private void Compare(string group, PublishedPortfolio published, double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        (int count, double worst, string where) = _compared.GetValueOrDefault(group, (0, 0, string.Empty));
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(expected[i] - actual[i]) / published.Scale;
            Assert.True(difference <= Tolerance, $"{published.Name}: {group} {i}: {actual[i]:R} instead of {expected[i]:R}");
            (worst, where) = difference > worst ? (difference, published.Name) : (worst, where);
        }

        _compared[group] = (count + expected.Length, worst, where);
    }

    private void Report(params (string Group, int Count)[] expected)
    {
        foreach ((string group, (int count, double worst, string where)) in _compared)
        {
            output.WriteLine($"{group}: {count} figures, worst {worst:E1} of the portfolio's scale{(worst > 0 ? $" in {where}" : string.Empty)}");
        }

        Assert.Equal(expected.Order(), _compared.Select(g => (g.Key, g.Value.Count)).Order());
    }
}
