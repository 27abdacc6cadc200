namespace Accel.Derivatives.Pricing;

/// <summary>
/// The volatility shock of the published rule: a = (30 days / max(T, floor))ᵖ, p being the short- or long-term power by T itself;
/// volatility up is max(σ·(1 + up·a), minimum), volatility down σ·max(0, 1 − down·a).
/// </summary>
/// <param name="RangeUpPpm">up, in 10⁻⁶, below 2²⁴.</param>
/// <param name="RangeDownPpm">down, in 10⁻⁶, below 2²⁴.</param>
/// <param name="ShortTermPowerPpm">The power up to 30 days, in 10⁻⁶, below 2²⁴.</param>
/// <param name="LongTermPowerPpm">The power beyond 30 days, in 10⁻⁶, below 2²⁴.</param>
/// <param name="FloorSeconds">The least time that is used, in seconds, in [1, 2²⁷).</param>
/// <param name="MinimumUpPpm">The least shocked-up volatility, in 10⁻⁶, below 2²³.</param>
public sealed record VolatilityShock(
    uint RangeUpPpm, uint RangeDownPpm, uint ShortTermPowerPpm, uint LongTermPowerPpm, uint FloorSeconds, uint MinimumUpPpm)
{
    /// <summary>The published parameters.</summary>
    public static VolatilityShock Published { get; } = new(500_000, 275_000, 300_000, 130_000, 86_400, 450_000);

    /// <summary>Thirty days in seconds, the shock's reference term.</summary>
    public const uint ReferenceSeconds = 30 * 86_400;

    /// <summary>Binary places of a multiplier.</summary>
    public const int MultiplierBits = 20;

    /// <summary>Multipliers saturate below 16.</summary>
    public const long MultiplierMax = (1L << (MultiplierBits + 4)) - 1;

    /// <summary>range·a is in 10⁻⁶·2⁻³⁰; dividing by this makes it a multiplier.</summary>
    internal const long RangeDivisor = 1_000_000L << (Exponential.FractionBits - MultiplierBits);

    /// <summary>The two multipliers of an expiry, with <see cref="MultiplierBits"/> binary places: up in [1, 16), down in [0, 1].</summary>
    /// <param name="secondsToExpiry">Time to expiry.</param>
    public (long Up, long Down) Multipliers(ulong secondsToExpiry)
    {
        long scale = Scale(secondsToExpiry);
        long up = (1L << MultiplierBits) + (long)((Int128)RangeUpPpm * scale / RangeDivisor);
        long down = (1L << MultiplierBits) - (long)((Int128)RangeDownPpm * scale / RangeDivisor);
        return (Math.Min(up, MultiplierMax), Math.Max(down, 0));
    }

    /// <summary>a = (30 days / T)ᵖ with 30 binary places.</summary>
    public long Scale(ulong secondsToExpiry)
    {
        ulong seconds = Math.Min(secondsToExpiry, ExpiryRisk.SecondsMax);
        ulong time = Math.Max(seconds, FloorSeconds);
        uint power = seconds <= ReferenceSeconds ? ShortTermPowerPpm : LongTermPowerPpm;
        long logarithm = NaturalLogarithm.Compute(ReferenceSeconds) - NaturalLogarithm.Compute(time);
        return Exponential.Compute(FloorDivide((Int128)power * logarithm, 1_000_000));
    }

    private static long FloorDivide(Int128 dividend, long divisor)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(dividend, divisor);
        return (long)(remainder < 0 ? quotient - 1 : quotient);
    }
}
