using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>A <see cref="RiskRow"/> as variables.</summary>
/// <param name="ScenarioTicks">The 23 values in ticks, each within [0, 2³⁷).</param>
/// <param name="DeltaBillionths">Delta in 10⁻⁹.</param>
/// <param name="GammaBillionths">What delta gains for one per cent, in 10⁻⁹.</param>
/// <param name="VegaTicks">Ticks for one percentage point of volatility.</param>
/// <param name="ThetaTicks">Ticks for one day.</param>
public sealed record RiskRowVariables(Integer[] ScenarioTicks, Integer DeltaBillionths, Integer GammaBillionths, Integer VegaTicks, Integer ThetaTicks)
{
    /// <summary>The value at the mark.</summary>
    public Integer MarkTicks => ScenarioTicks[ScenarioGrid.MarkIndex];
}

/// <summary>Prices one instrument under the grid, with its Greeks, as <see cref="FixedPointPricer"/> does, bit for bit.</summary>
public static class MarketRiskGadget
{
    /// <summary>Defines an instrument's risk row.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="expiry">What its expiry shares.</param>
    /// <param name="isCall">Call or put.</param>
    /// <param name="strike">K in ticks, within [0, 2³⁶).</param>
    /// <param name="volatility">σ in 10⁻⁶, within [0, 2²³).</param>
    public static RiskRowVariables Define(CircuitBuilder builder, ExpiryRiskVariables expiry, Bit isCall, in Integer strike, in Integer volatility)
    {
        using ScopeHandle scope = builder.Scope("market risk");
        FixedPointLogarithm logStrike = LogarithmGadget.Compute(builder, strike);
        Integer[] inTheMoney = MoneynessGadget.IsCallInTheMoney(builder, strike, expiry.ShockedForwards);
        VarianceRootVariables[] roots =
        [
            VarianceRootVariables.DefineAtLeast(builder, volatility, expiry.Taus[(int)VolatilityShift.Up], expiry.VarianceRootMinUp),
            VarianceRootVariables.Define(builder, volatility, expiry.Taus[(int)VolatilityShift.None], isMark: true),
            VarianceRootVariables.Define(builder, volatility, expiry.Taus[(int)VolatilityShift.Down], isMark: false),
        ];
        Integer[] intrinsic = Intrinsic(builder, expiry.ShockedForwards, strike, inTheMoney, isCall);

        // |ln F − ln K| < 25 and ln shock > −7 keep these within the ±32 that the template relies on.
        Linear coarse = builder.ToWire(expiry.CoarseLogForward.Value - logStrike.Coarse.Value);
        Linear fineLogMoneyness = expiry.LogForward.Value - logStrike.Value.Value;
        Integer[] values = new Integer[ScenarioGrid.ScenarioCount];
        Linear[] mark = [];
        for (int s = 0; s < values.Length; s++)
        {
            Scenario scenario = ScenarioGrid.Scenarios[s];
            bool isMark = s == ScenarioGrid.MarkIndex;
            OptionValueTemplate template = isMark ? OptionValueTemplate.Mark : OptionValueTemplate.Scenario;
            Linear[] logMoneyness = isMark ? [fineLogMoneyness] : [coarse, expiry.Grid.LogShocks[scenario.Shock]];
            Linear[] outputs = template.Call(
                builder, logMoneyness, roots[(int)scenario.Volatility], expiry.ShockedForwards[scenario.Shock], strike, inTheMoney[scenario.Shock]);
            mark = isMark ? outputs : mark;
            values[s] = Integer.Assume(outputs[0], 0, (BigInteger.One << ExpiryRisk.PriceBits) - 1, "36 bits in the template") + intrinsic[scenario.Shock];
        }

        return Greeks(builder, expiry, isCall, volatility, roots[(int)VolatilityShift.None], mark, values);
    }

    /// <summary>F′ − K for a call in the money, K − F′ for a put in the money: (F′ − K)·(η − isPut), by shock.</summary>
    private static Integer[] Intrinsic(CircuitBuilder builder, Integer[] forwards, in Integer strike, Integer[] inTheMoney, Bit isCall)
    {
        Integer[] intrinsic = new Integer[forwards.Length];
        for (int i = 0; i < intrinsic.Length; i++)
        {
            Linear value = builder.Multiply(forwards[i].Value - strike.Value, inTheMoney[i].Value - (!isCall).Value);
            intrinsic[i] = Integer.Assume(value, 0, (BigInteger.One << ExpiryRisk.PriceBits) - 1, "η = [F′ ≥ K] makes both factors of one sign, or one of them zero");
        }

        return intrinsic;
    }

    private static RiskRowVariables Greeks(
        CircuitBuilder builder, ExpiryRiskVariables expiry, Bit isCall, in Integer volatility, VarianceRootVariables root, Linear[] mark, Integer[] values)
    {
        using ScopeHandle scope = builder.Scope("greeks");
        BigInteger half = BigInteger.One << (NormalDistribution.CdfScaleBits - 1);
        Integer cdf = Integer.Assume(mark[1], -2 * half, 2 * half, "a probability less one half, and a slope over half a cell");
        Integer density = Integer.Assume(mark[2], 0, BigInteger.One << FixedPointPricer.DensityBits, "¾·φ is below 0.3");
        Integer forwardDensity = builder.MultiplyFixed(expiry.Forward, density, Derivatives.Pricing.Greeks.ForwardDensityShift);
        Integer volatilityDensity = builder.Multiply(forwardDensity, volatility);
        Integer reciprocal = root.FineReciprocal ?? throw new ArgumentException("the mark needs the fine reciprocal", nameof(root));
        return new RiskRowVariables(
            values,
            builder.FloorShift((cdf - half + (Integer)isCall * (2 * half)) * Derivatives.Pricing.Greeks.DeltaUnit, NormalDistribution.CdfScaleBits),
            builder.FloorShift(builder.Multiply(density, reciprocal) * Derivatives.Pricing.Greeks.GammaFactor, Derivatives.Pricing.Greeks.GammaShift),
            builder.FloorShift(
                builder.Multiply(forwardDensity, expiry.Taus[(int)VolatilityShift.None]) * Derivatives.Pricing.Greeks.VegaFactor,
                Derivatives.Pricing.Greeks.VegaShift),
            -builder.FloorShift(
                builder.Multiply(volatilityDensity, expiry.ThetaFactor) * Derivatives.Pricing.Greeks.ThetaFactor, Derivatives.Pricing.Greeks.ThetaShift));
    }
}
