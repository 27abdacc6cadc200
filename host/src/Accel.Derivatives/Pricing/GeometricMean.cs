using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>
/// The geometric mean of prices: the mean of their logarithms, split into k·ln 2 and a remainder in [0, ln 2), and back by 2ᵏ·eʳ.
/// </summary>
/// <remarks>
/// An exact integer root of a product of n prices of 36 bits would take arithmetic on 36·n bits. Through the logarithm the relative error is
/// below 8·10⁻⁹ and the result is floored to a tick: <see cref="NaturalLogarithm"/> errs by up to 1.7·2⁻³⁰, <see cref="Exponential"/> by
/// 4·10⁻⁹ and one unit.
/// A zero counts as one tick.
/// </remarks>
public static class GeometricMean
{
    /// <summary>Binary places that the mean of the logarithms has beyond theirs, so that multiples of ln 2 add no error.</summary>
    public const int ExtraBits = 26;

    /// <summary>Powers of two up to 2³⁶ occur.</summary>
    public const int ExponentMax = NaturalLogarithm.ArgumentBits;

    /// <summary>ln 2 with 56 binary places, floored.</summary>
    internal static readonly long Ln2 = (long)(NaturalLogarithm.Ln2 >> (NaturalLogarithm.ScaleBits - NaturalLogarithm.FractionBits - ExtraBits));

    /// <summary>The mean, floored to a tick.</summary>
    /// <param name="prices">At least one, each in [0, 2³⁶).</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static long Compute(ReadOnlySpan<long> prices)
    {
        if (prices.IsEmpty)
        {
            throw new ArgumentException("a mean needs at least one price", nameof(prices));
        }

        BigInteger sum = 0;
        foreach (long price in prices)
        {
            sum += NaturalLogarithm.Compute((ulong)price);
        }

        long mean = (long)((sum << ExtraBits) / prices.Length);
        (long exponent, long remainder) = Math.DivRem(mean, Ln2);
        Int128 power = Exponential.Compute(remainder >> ExtraBits);
        return (long)((power << (int)exponent) >> Exponential.FractionBits);
    }
}
