using Accel.Derivatives.Circuits.Pricing;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Tests.Pricing;

/// <summary>
/// One instrument of one expiry. With its risk row public, any difference from the reference violates a constraint; with nothing bound, whatever the
/// gadgets' own constraints leave open stays open.
/// </summary>
internal sealed class RiskCircuit(bool bindsOutputs, int instruments = 1) : ICircuit
{
    private const int OutputCount = ScenarioGrid.ScenarioCount + 4;

    public string Name => "one instrument";

    public int SharedConstraints { get; private set; }

    public int ExpiryConstraints { get; private set; }

    public int InstrumentConstraints { get; private set; }

    public void Define(CircuitBuilder builder)
    {
        Linear[] expected = bindsOutputs ? builder.PublicInputs("risk", OutputCount) : [];
        Linear[] shocks = builder.SecretInputs("shocks", ScenarioGrid.ShockCount);
        Linear[] volatility = builder.SecretInputs("volatility shock", VolatilityShockVariables.Count);
        Linear[] quote = builder.SecretInputs("quote", 5);
        ScenarioGridVariables grid = ScenarioGridVariables.Define(builder, shocks, volatility);
        Bit isCall = builder.AssertBit(quote[0]);
        Integer strike = builder.ToUnsigned(quote[1], ExpiryRisk.PriceBits);
        Integer forward = builder.ToUnsigned(quote[2], ExpiryRisk.PriceBits);
        Integer sigma = builder.ToUnsigned(quote[3], FixedPointPricer.VolatilityBits);
        Integer seconds = builder.ToUnsigned(quote[4], 40);
        SharedConstraints = builder.ConstraintCount;
        ExpiryRiskVariables expiry = ExpiryRiskVariables.Define(builder, grid, forward, seconds);
        ExpiryConstraints = builder.ConstraintCount - SharedConstraints;
        RiskRowVariables row = MarketRiskGadget.Define(builder, expiry, isCall, strike, sigma);
        InstrumentConstraints = builder.ConstraintCount - SharedConstraints - ExpiryConstraints;
        for (int i = 1; i < instruments; i++)
        {
            MarketRiskGadget.Define(builder, expiry, isCall, strike, sigma);
        }

        Integer[] outputs = [.. row.ScenarioTicks, row.DeltaBillionths, row.GammaBillionths, row.VegaTicks, row.ThetaTicks];
        for (int i = 0; i < expected.Length; i++)
        {
            builder.AssertEqual(outputs[i], expected[i], $"output {i}");
        }
    }

    /// <summary>Inputs from a quote and outputs from the reference.</summary>
    public static Assignment Assign(CompiledCircuit circuit, in OptionQuote quote, ScenarioGrid grid)
    {
        RiskRow row = FixedPointPricer.Price(quote, grid);
        long[] expected = [.. row.ScenarioTicks, row.DeltaBillionths, row.GammaBillionths, row.VegaTicks, row.ThetaTicks];
        return AssignInputs(circuit, quote, grid).Set("risk", Array.ConvertAll(expected, value => (Fr)value));
    }

    /// <summary>Inputs from a quote.</summary>
    public static Assignment AssignInputs(CompiledCircuit circuit, in OptionQuote quote, ScenarioGrid grid) =>
        new Assignment(circuit)
            .Set("shocks", [.. grid.ShocksPpm.Select(shock => (Fr)(ulong)shock)])
            .Set("volatility shock", VolatilityShockVariables.Values(grid.Volatility))
            .Set("quote", [quote.IsCall ? 1 : 0, quote.StrikeTicks, quote.ForwardTicks, (ulong)quote.VolatilityPpm, quote.SecondsToExpiry]);
}
