using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>An <see cref="ExpiryRisk"/> as variables: what all instruments of an expiry share.</summary>
public sealed class ExpiryRiskVariables
{
    private ExpiryRiskVariables(ScenarioGridVariables grid) => Grid = grid;

    /// <summary>The scenarios.</summary>
    public ScenarioGridVariables Grid { get; }

    /// <summary>F in ticks.</summary>
    public Integer Forward => ShockedForwards[ScenarioGrid.UnshockedIndex];

    /// <summary>⌊F·shock⌋ in ticks, ascending, at most 2³⁶ − 1, one wire each.</summary>
    public required Integer[] ShockedForwards { get; init; }

    /// <summary>ln F with 30 binary places, below 2³⁵.</summary>
    public required Integer LogForward { get; init; }

    /// <summary>Its upper 25 bits: ln F with 20 binary places.</summary>
    public required Integer CoarseLogForward { get; init; }

    /// <summary>τ times the volatility multiplier, by <see cref="VolatilityShift"/>.</summary>
    public required Integer[] Taus { get; init; }

    /// <summary>The least shocked-up v.</summary>
    public required Integer VarianceRootMinUp { get; init; }

    /// <summary>2⁵⁴/τ.</summary>
    public required Integer ThetaFactor { get; init; }

    /// <summary>Defines what an expiry's instruments share.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="grid">The scenarios.</param>
    /// <param name="forward">F in ticks, within [0, 2³⁶).</param>
    /// <param name="secondsToExpiry">Within [0, 2⁴⁰).</param>
    public static ExpiryRiskVariables Define(CircuitBuilder builder, ScenarioGridVariables grid, in Integer forward, in Integer secondsToExpiry)
    {
        using ScopeHandle scope = builder.Scope("expiry");
        Integer seconds = builder.Min(secondsToExpiry, (long)ExpiryRisk.SecondsMax);
        Integer tau = SquareRootGadget.Floor(builder, seconds * ExpiryRisk.TauSquarePerSecond);
        (Integer up, Integer down) = VolatilityShockGadget.Multipliers(builder, grid.Volatility, seconds);
        Integer minimum = builder.MultiplyFixed(grid.Volatility.MinimumUp, tau, ExpiryRisk.VarianceRootShift);
        Integer[] shocked = new Integer[ScenarioGrid.ShockCount];
        for (int i = 0; i < shocked.Length; i++)
        {
            Integer price = i == ScenarioGrid.UnshockedIndex ? forward : Shock(builder, forward, grid.Shocks[i]);
            shocked[i] = Integer.Assume(builder.ToWire(price), price.Min, price.Max, "a copy of an integer with these bounds");
        }

        FixedPointLogarithm logForward = LogarithmGadget.Compute(builder, forward);
        return new ExpiryRiskVariables(grid)
        {
            ShockedForwards = shocked,
            LogForward = logForward.Value,
            CoarseLogForward = logForward.Coarse,
            Taus = [Multiplied(builder, tau, up), tau, Multiplied(builder, tau, down)],
            VarianceRootMinUp = builder.Max(minimum, ExpiryRisk.VarianceRootMin),
            ThetaFactor = ThetaFactorOf(builder, tau, seconds),
        };
    }

    /// <summary>One of two expiries of the same grid, wire by wire: sixteen constraints.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="condition">Chooses <paramref name="whenTrue"/>.</param>
    /// <param name="whenTrue">Taken when the bit is 1.</param>
    /// <param name="whenFalse">Taken when it is 0.</param>
    public static ExpiryRiskVariables Select(CircuitBuilder builder, Bit condition, ExpiryRiskVariables whenTrue, ExpiryRiskVariables whenFalse)
    {
        Integer[] SelectAll(Integer[] a, Integer[] b) => [.. a.Zip(b, (x, y) => SelectWire(builder, condition, x, y))];
        return new ExpiryRiskVariables(whenTrue.Grid)
        {
            ShockedForwards = SelectAll(whenTrue.ShockedForwards, whenFalse.ShockedForwards),
            LogForward = builder.Select(condition, whenTrue.LogForward, whenFalse.LogForward),
            CoarseLogForward = builder.Select(condition, whenTrue.CoarseLogForward, whenFalse.CoarseLogForward),
            Taus = SelectAll(whenTrue.Taus, whenFalse.Taus),
            VarianceRootMinUp = builder.Select(condition, whenTrue.VarianceRootMinUp, whenFalse.VarianceRootMinUp),
            ThetaFactor = builder.Select(condition, whenTrue.ThetaFactor, whenFalse.ThetaFactor),
        };
    }

    /// <summary>A selection that is a wire, at the price of one that is a combination.</summary>
    private static Integer SelectWire(CircuitBuilder builder, Bit condition, in Integer whenTrue, in Integer whenFalse) => Integer.Assume(
        builder.MultiplyAdd(condition, whenTrue.Value - whenFalse.Value, whenFalse),
        BigInteger.Min(whenTrue.Min, whenFalse.Min),
        BigInteger.Max(whenTrue.Max, whenFalse.Max),
        "one of two integers with these bounds");

    private static Integer Shock(CircuitBuilder builder, in Integer forward, in Integer shock)
    {
        (Integer quotient, _) = builder.FloorDivide(builder.Multiply(forward, shock), (long)ScenarioGrid.ShockUnit);
        return builder.Min(quotient, (1L << ExpiryRisk.PriceBits) - 1);
    }

    private static Integer Multiplied(CircuitBuilder builder, in Integer tau, in Integer multiplier) =>
        builder.Min(builder.MultiplyFixed(tau, multiplier, VolatilityShock.MultiplierBits), ExpiryRisk.TauMax);

    /// <summary>τ is at least that of one second unless T = 0, where it is 0 and counts as that of one second.</summary>
    private static Integer ThetaFactorOf(CircuitBuilder builder, in Integer tau, in Integer seconds)
    {
        Integer sum = tau + (Integer)builder.IsZero(seconds) * ExpiryRisk.TauMin;
        Integer divisor = Integer.Assume(sum.Value, ExpiryRisk.TauMin, ExpiryRisk.TauMax, "a root of at least one second's square, or one second's root itself");
        return ReciprocalGadget.Compute(builder, BigInteger.One << ExpiryRisk.ThetaFactorShift, divisor).Quotient;
    }
}
