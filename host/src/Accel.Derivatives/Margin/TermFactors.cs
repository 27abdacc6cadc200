using Accel.Derivatives.Pricing;

namespace Accel.Derivatives.Margin;

/// <summary>
/// How the margin rule discounts one expiry; 30 fractional bits, each product truncated once. A negative rate counts as zero, as in the
/// published rule.
/// </summary>
/// <param name="Discount">D: value now of one USD at expiry, at most 2³⁰.</param>
/// <param name="GainDiscount">D⁺: applied to an expiry's shocked undiscounted value when that is not negative; below 2³².</param>
/// <param name="LossDiscount">D⁻: applied when it is negative; at most 2³⁰.</param>
public sealed record TermFactors(long Discount, long GainDiscount, long LossDiscount)
{
    /// <summary>Fractional bits of the discounts.</summary>
    public const int DiscountBits = Exponential.FractionBits;

    /// <summary>A rate of 10⁻¹² per year times a term in seconds, divided by this, is an exponent.</summary>
    public static Int128 RateDivisor { get; } = (Int128)ExpiryRisk.SecondsPerYear * MarginParameters.Unit * MarginParameters.Unit;

    /// <summary>The factors of one expiry.</summary>
    /// <param name="parameters">Valid parameters.</param>
    /// <param name="termSeconds">Seconds to expiry, at least one; saturates as the pricer's do.</param>
    /// <param name="rateMillionths">Rate of the expiry, 10⁻⁶ per year, in [−10⁶, 10⁶].</param>
    public static TermFactors Of(MarginParameters parameters, long termSeconds, long rateMillionths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(termSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(rateMillionths), MarginParameters.Unit);
        long term = Math.Min(termSeconds, (long)ExpiryRisk.SecondsMax);
        long rate = Math.Max(rateMillionths, 0);
        long gainRate = (rate * (MarginParameters.Unit + parameters.GainRateScale)) + (parameters.GainRateAdd * MarginParameters.Unit);
        long lossRate = (rate * (MarginParameters.Unit - parameters.LossRateScale)) - (parameters.LossRateAdd * MarginParameters.Unit);
        return new TermFactors(
            DiscountAt(term, rate * MarginParameters.Unit),
            Multiply(parameters.GainDiscount, DiscountAt(term, gainRate)),
            Math.Min(1L << DiscountBits, Multiply(parameters.LossMarkup, DiscountAt(term, Math.Max(lossRate, 0)))));
    }

    /// <summary>2³⁰·e^(−term·rate), the exponent truncated to 2⁻³⁰ and saturating as <see cref="Exponential"/> does.</summary>
    /// <param name="termSeconds">Seconds, in [0, 2²⁷).</param>
    /// <param name="rate">Rate in 10⁻¹² per year, in [0, 2⁴⁵).</param>
    public static long DiscountAt(long termSeconds, long rate) =>
        Exponential.Compute((long)-((((Int128)termSeconds * rate) << Exponential.FractionBits) / RateDivisor));

    private static long Multiply(long millionths, long discount) => (long)((Int128)millionths * discount / MarginParameters.Unit);
}
