using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>The parameters of <see cref="VolatilityShock"/> as variables.</summary>
/// <param name="RangeUp">Below 2²⁴.</param>
/// <param name="RangeDown">Below 2²⁴.</param>
/// <param name="ShortTermPower">Below 2²⁴.</param>
/// <param name="LongTermPower">Below 2²⁴.</param>
/// <param name="FloorSeconds">In [1, 2²⁷).</param>
/// <param name="MinimumUp">Below 2²³.</param>
public sealed record VolatilityShockVariables(
    Integer RangeUp, Integer RangeDown, Integer ShortTermPower, Integer LongTermPower, Integer FloorSeconds, Integer MinimumUp)
{
    /// <summary>Number of parameters, in the order of the record.</summary>
    public const int Count = 6;

    /// <summary>Range-checks six parameters in the order of the record. 153 constraints.</summary>
    public static VolatilityShockVariables Define(CircuitBuilder builder, ReadOnlySpan<Linear> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, Count);
        return new VolatilityShockVariables(
            builder.ToUnsigned(parameters[0], 24),
            builder.ToUnsigned(parameters[1], 24),
            builder.ToUnsigned(parameters[2], 24),
            builder.ToUnsigned(parameters[3], 24),
            builder.Narrow(builder.ToUnsigned(parameters[4], 27), 1, (1 << 27) - 1),
            builder.ToUnsigned(parameters[5], FixedPointPricer.VolatilityBits));
    }

    /// <summary>The values of the parameters, in the order of the record.</summary>
    public static Fr[] Values(VolatilityShock shock) =>
    [
        (ulong)shock.RangeUpPpm, (ulong)shock.RangeDownPpm, (ulong)shock.ShortTermPowerPpm, (ulong)shock.LongTermPowerPpm,
        (ulong)shock.FloorSeconds, (ulong)shock.MinimumUpPpm,
    ];
}

/// <summary>The volatility multipliers of an expiry, as <see cref="VolatilityShock.Multipliers"/> computes them.</summary>
public static class VolatilityShockGadget
{
    /// <summary>The multipliers up and down, with 20 binary places.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="shock">The parameters.</param>
    /// <param name="seconds">Time to expiry, in [0, 2²⁷).</param>
    public static (Integer Up, Integer Down) Multipliers(CircuitBuilder builder, VolatilityShockVariables shock, in Integer seconds)
    {
        using ScopeHandle scope = builder.Scope("volatility shock");
        Integer scale = Scale(builder, shock, seconds);
        Integer one = 1L << VolatilityShock.MultiplierBits;
        Integer up = builder.Min(one + Range(builder, shock.RangeUp, scale), VolatilityShock.MultiplierMax);
        Integer down = builder.Max(one - Range(builder, shock.RangeDown, scale), 0);
        return (up, down);
    }

    private static Integer Scale(CircuitBuilder builder, VolatilityShockVariables shock, in Integer seconds)
    {
        Integer time = builder.Max(seconds, shock.FloorSeconds);
        Bit isShort = builder.IsLessOrEqual(seconds, (long)VolatilityShock.ReferenceSeconds);
        Integer power = builder.Select(isShort, shock.ShortTermPower, shock.LongTermPower);
        Integer logarithm = NaturalLogarithm.Compute(VolatilityShock.ReferenceSeconds) - LogarithmGadget.Compute(builder, time).Value;
        (Integer exponent, _) = builder.FloorDivide(builder.Multiply(power, logarithm), 1_000_000);
        return ExponentialGadget.Compute(builder, exponent);
    }

    private static Integer Range(CircuitBuilder builder, in Integer range, in Integer scale) =>
        builder.FloorDivide(builder.Multiply(range, scale), VolatilityShock.RangeDivisor).Quotient;
}
