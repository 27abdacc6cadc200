using System.Numerics;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>
/// A quantity per opened instrument, priced: <see cref="ScenarioMargin"/> as a circuit. All of a portfolio must be live; an expired position is
/// settled first, or its pay-off would count in no margin.
/// </summary>
internal sealed class PortfolioWires
{
    private readonly CircuitBuilder _builder;
    private readonly RiskMatrixWires _risk;
    private readonly Linear[][] _liveQuantities;
    private readonly Linear[] _markSums;

    private PortfolioWires(CircuitBuilder builder, RiskMatrixWires risk, Linear[][] liveQuantities)
    {
        (_builder, _risk, _liveQuantities) = (builder, risk, liveQuantities);
        _markSums = [.. risk.Discounts.Select((_, slot) => Sum(slot, TicksOf(ScenarioGrid.MarkIndex)))];
        OptionValue = MarginWires.OverExpiries([.. risk.Discounts.Select((discounts, slot) => builder.Multiply(discounts.Now, _markSums[slot]))]);
    }

    /// <summary>
    /// Σ D·A at the mark. Its bound takes |A| ≤ 2⁶², which <see cref="WorstGain"/> enforces. A portfolio that is only compared may exceed it, up to
    /// 2⁷⁶; then the comparison's range check has no witness.
    /// </summary>
    public Integer OptionValue { get; }

    /// <summary>Splits quantities by expiry.</summary>
    public static PortfolioWires Define(CircuitBuilder builder, RiskMatrixWires risk, Linear[] quantities)
    {
        for (int i = 0; i < quantities.Length; i++)
        {
            builder.AssertProduct(quantities[i], Linear.One - risk.Rows[i].IsLive, Linear.Zero, "every position is live");
        }

        return new PortfolioWires(builder, risk, [.. Enumerable.Range(0, risk.Discounts.Length).Select(slot => InSlot(builder, risk, quantities, slot))]);
    }

    /// <summary>The least gain over all scenarios.</summary>
    public Integer WorstGain() => MarginWires.Minimum(_builder, [.. Enumerable.Range(0, ScenarioGrid.ScenarioCount).Select(scenario => Gain(SumsUnder(scenario)))]);

    /// <summary>The gain under one scenario.</summary>
    /// <param name="scenario">23 bits, one of them 1.</param>
    public Integer GainUnder(Bit[] scenario)
    {
        Linear[] ticks = [.. _risk.Rows.Select(row => Linear.Sum([.. scenario.Select((isChosen, s) => _builder.Multiply(isChosen, row.ScenarioTicks[s]))]))];
        return Gain([.. _risk.Discounts.Select((_, slot) => Sum(slot, ticks))]);
    }

    /// <summary>value·10⁶ + factor·(gain − option value), exactly.</summary>
    public Integer Exact(in Integer cash, in Integer factor, in Integer gain) =>
        (((cash * (BigInteger.One << PortfolioMargin.ValueBits)) + OptionValue) * MarginParameters.Unit) + _builder.Multiply(factor, gain - OptionValue);

    private static Linear[] InSlot(CircuitBuilder builder, RiskMatrixWires risk, Linear[] quantities, int slot) =>
        [.. quantities.Select((quantity, i) => builder.Multiply(quantity, risk.Rows[i].LiveSlot[slot]))];

    private Linear[] SumsUnder(int scenario) =>
        scenario == ScenarioGrid.MarkIndex ? _markSums : [.. _risk.Discounts.Select((_, slot) => Sum(slot, TicksOf(scenario)))];

    private Linear[] TicksOf(int scenario) => [.. _risk.Rows.Select(row => row.ScenarioTicks[scenario])];

    private Integer Gain(Linear[] sums) => MarginWires.OverExpiries([.. sums.Select((sum, slot) => MarginWires.Gain(_builder, _risk.Discounts[slot], sum))]);

    private Linear Sum(int slot, Linear[] ticks) => Linear.Sum([.. ticks.Select((price, i) => _builder.Multiply(_liveQuantities[slot][i], price))]);
}
