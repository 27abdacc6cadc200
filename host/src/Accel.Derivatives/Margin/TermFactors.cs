namespace Accel.Derivatives.Margin;

/// <summary>
/// What the margin rule derives from one expiry's time and rate. Discounts have 40 fractional bits, volatility multipliers 24; each is
/// truncated once. A negative rate counts as zero, as in the published rule.
/// </summary>
/// <param name="Discount">D: value now of one USD at expiry, in [0, 2⁴⁰].</param>
/// <param name="GainDiscount">D⁺: applied to an expiry's shocked undiscounted value when that is not negative; at most 2⁴².</param>
/// <param name="LossDiscount">D⁻: applied when it is negative; at most 2⁴⁰.</param>
/// <param name="VolatilityUp">Multiplier of volatility in up scenarios, at least 2²⁴ and below 2³⁴.</param>
/// <param name="VolatilityDown">Multiplier in down scenarios, in [0, 2²⁴].</param>
public sealed record TermFactors(long Discount, long GainDiscount, long LossDiscount, long VolatilityUp, long VolatilityDown)
{
    /// <summary>Fractional bits of the discounts.</summary>
    public const int DiscountBits = FixedExponential.ResultBits;

    /// <summary>Fractional bits of the volatility multipliers.</summary>
    public const int MultiplierBits = 24;

    /// <summary>Seconds of the year: 365 days.</summary>
    public const long YearSeconds = 31_536_000;

    /// <summary>Terms are below 2^<see cref="TermBits"/> seconds, about 4.25 years; longer ones saturate.</summary>
    public const int TermBits = 27;

    /// <summary>The reference term of the volatility shock: 30 days.</summary>
    public const long ReferenceTermSeconds = 30 * 86_400;

    /// <summary>(30 days / term)^power saturates at 2⁶.</summary>
    public const int PowerMaxBits = 6;

    /// <summary>Fractional bits of (30 days / term)^power.</summary>
    public const int PowerBits = FixedExponential.ResultBits - PowerMaxBits;

    /// <summary>2³²·ln(30 days in seconds), rounded.</summary>
    public static long ReferenceTermLog { get; } = (long)RationalSeries.Round(RationalSeries.Log(ReferenceTermSeconds, 1), FixedLogarithm.ResultBits);

    /// <summary>2³²·6·ln 2, rounded: the logarithm at which the power saturates.</summary>
    public static long PowerMaxLog { get; } = (long)RationalSeries.Round(RationalSeries.Log(1 << PowerMaxBits, 1), FixedLogarithm.ResultBits);

    /// <summary>The factors of one expiry.</summary>
    /// <param name="parameters">Valid parameters.</param>
    /// <param name="termSeconds">Seconds to expiry, at least one; saturates at 2²⁷ − 1.</param>
    /// <param name="rateMillionths">Rate of the expiry, 10⁻⁶ per year, in [−10⁶, 10⁶].</param>
    public static TermFactors Of(MarginParameters parameters, long termSeconds, long rateMillionths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(termSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(rateMillionths), MarginParameters.Unit);
        long term = Math.Min(termSeconds, (1L << TermBits) - 1);
        long rate = Math.Max(rateMillionths, 0);
        long gainRate = (rate * (MarginParameters.Unit + parameters.GainRateScale)) + (parameters.GainRateAdd * MarginParameters.Unit);
        long gain = Multiply(parameters.GainDiscount, DiscountAt(term, gainRate));
        long power = PowerOfTerm(parameters, term);
        return new TermFactors(
            DiscountAt(term, rate * MarginParameters.Unit),
            gain,
            LossDiscountOf(parameters, term, rate),
            (1L << MultiplierBits) + Scaled(parameters.VolatilityRangeUp, power),
            Math.Max((1L << MultiplierBits) - Scaled(parameters.VolatilityRangeDown, power), 0));
    }

    /// <summary>2⁴⁰·e^(−term·rate), with the exponent truncated to 2⁻³².</summary>
    /// <param name="termSeconds">Seconds, below 2²⁷.</param>
    /// <param name="rate">Rate in 10⁻¹² per year, at least zero and below 2⁴⁵.</param>
    public static long DiscountAt(long termSeconds, long rate)
    {
        var year = (Int128)YearSeconds * MarginParameters.Unit * MarginParameters.Unit;
        Int128 exponent = (((Int128)termSeconds * rate) << FixedExponential.ArgumentBits) / year;
        return FixedExponential.OfNegative((long)Int128.Min(exponent, FixedExponential.ArgumentMax));
    }

    /// <summary>2³⁴·(30 days / max(term, floor))^power, the power chosen by the term itself; saturates at 2⁶.</summary>
    public static long PowerOfTerm(MarginParameters parameters, long termSeconds)
    {
        long power = termSeconds <= ReferenceTermSeconds ? parameters.ShortTermPower : parameters.LongTermPower;
        long log = ReferenceTermLog - FixedLogarithm.Of(Math.Max(termSeconds, parameters.TermFloorSeconds));
        Int128 scaled = ((Int128)PowerMaxLog * MarginParameters.Unit) - ((Int128)power * log);
        return FixedExponential.OfNegative(scaled <= 0 ? 0 : (long)(scaled / MarginParameters.Unit));
    }

    /// <summary>min(1, markup·e^(term·(rate·scale + add))·e^(−term·rate)): the mark-up may undo the discount and no more.</summary>
    private static long LossDiscountOf(MarginParameters parameters, long term, long rate)
    {
        long growth = (rate * (parameters.LossRateScale - MarginParameters.Unit)) + (parameters.LossRateAdd * MarginParameters.Unit);
        return growth >= 0
            ? 1L << DiscountBits
            : Math.Min(1L << DiscountBits, Multiply(parameters.LossMarkup, DiscountAt(term, -growth)));
    }

    private static long Multiply(long millionths, long discount) => (long)((Int128)millionths * discount / MarginParameters.Unit);

    /// <summary>⌊millionths·power⌋ from 2⁻³⁴ to 2⁻²⁴.</summary>
    private static long Scaled(long millionths, long power) =>
        (long)(((Int128)millionths * power / MarginParameters.Unit) >> (PowerBits - MultiplierBits));
}
