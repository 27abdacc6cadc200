using System.Numerics;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>
/// A portfolio's gain under each of the 23 scenarios, exactly: what <see cref="PortfolioMargin"/> floors. Statements that only compare a margin
/// with zero or with itself before compare these and round nothing.
/// </summary>
public sealed class ScenarioMargin
{
    private ScenarioMargin(BigInteger[] gains, BigInteger optionValue) => (Gains, OptionValue) = (gains, optionValue);

    /// <summary>Per scenario Σ over expiries of D±·A, with 30 fractional bits of 10⁻⁸ USD.</summary>
    public IReadOnlyList<BigInteger> Gains { get; }

    /// <summary>Σ over expiries of D·A at the mark, likewise.</summary>
    public BigInteger OptionValue { get; }

    /// <summary>Index of the first scenario with the least gain.</summary>
    public int WorstScenario => Gains.ToList().IndexOf(Gains.Min());

    /// <summary>Evaluates positions, all of which must be live in the matrix.</summary>
    /// <param name="risk">Prices.</param>
    /// <param name="leaf">Named in errors.</param>
    /// <param name="positions">The portfolio.</param>
    /// <exception cref="SettlementException">A position is not priced or has expired unsettled, or an expiry's value leaves ±2⁶² units.</exception>
    public static ScenarioMargin Of(RiskMatrix risk, int leaf, IEnumerable<Position> positions)
    {
        var sums = new BigInteger[risk.Terms.Count, ScenarioGrid.ScenarioCount];
        foreach (Position position in positions)
        {
            InstrumentRisk row = risk.IndexOf(position.InstrumentId) is >= 0 and var index
                ? risk.Instruments[index]
                : throw new SettlementException($"leaf {leaf} holds instrument {position.InstrumentId}, which the risk matrix does not price");
            if (row.HasExpired)
            {
                throw new SettlementException($"leaf {leaf} holds instrument {position.InstrumentId}, which has expired: settle it first");
            }

            for (int s = 0; s < ScenarioGrid.ScenarioCount; s++)
            {
                sums[row.ExpirySlot, s] += (BigInteger)position.Quantity.Value * row.ScenarioTicks[s];
            }
        }

        var gains = new BigInteger[ScenarioGrid.ScenarioCount];
        BigInteger optionValue = 0;
        for (int slot = 0; slot < risk.Terms.Count; slot++)
        {
            if (risk.Terms[slot] is not { } factors)
            {
                continue;
            }

            optionValue += factors.Discount * sums[slot, ScenarioGrid.MarkIndex];
            for (int s = 0; s < gains.Length; s++)
            {
                BigInteger sum = sums[slot, s];
                gains[s] += PortfolioMargin.IsInDomain(sum)
                    ? (sum.Sign >= 0 ? factors.GainDiscount : factors.LossDiscount) * sum
                    : throw new SettlementException($"leaf {leaf} holds more than 46 billion USD (2^62 units) in expiry slot {slot} under scenario {s}");
            }
        }

        return new ScenarioMargin(gains, optionValue);
    }

    /// <summary>Cash and options now, with 30 fractional bits.</summary>
    public BigInteger Value(CashAmount cash) => ((BigInteger)cash.Value << PortfolioMargin.ValueBits) + OptionValue;

    /// <summary>value + factor·(gain − option value) under one scenario, exactly: in 2⁻³⁰·10⁻⁶ of 10⁻⁸ USD. Its least is the margin.</summary>
    public BigInteger Exact(CashAmount cash, long factor, int scenario) => (Value(cash) * MarginParameters.Unit) + (factor * (Gains[scenario] - OptionValue));

    /// <summary>The margin: <see cref="Exact(CashAmount, long, int)"/> under the worst scenario.</summary>
    public BigInteger Exact(CashAmount cash, long factor) => Exact(cash, factor, WorstScenario);
}
