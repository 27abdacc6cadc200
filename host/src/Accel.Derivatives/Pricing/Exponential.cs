using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>
/// eˣ with 30 binary places in and out: z = x·log₂e = q + f, 2ᶠ by sixteen segments of a quartic, then a shift by q.
/// For the powers of the volatility shock and for discount factors.
/// </summary>
/// <remarks>Relative error below 4·10⁻⁹, plus one unit of 2⁻³⁰. Arguments saturate to [−22, 4.8], so the result is below 2⁷.</remarks>
public static class Exponential
{
    /// <summary>Binary places of argument and result.</summary>
    public const int FractionBits = 30;

    /// <summary>Binary places of the table's sum: below 2⁷⁷ + 2⁴⁶.</summary>
    public const int ScaleBits = 76;

    /// <summary>Binary places that 2ᶠ is floored to before the shift.</summary>
    internal const int MantissaBits = 32;

    /// <summary>Added to q, so that the shift is never negative.</summary>
    internal const int ExponentBias = 32;

    /// <summary>Bits of an offset inside a segment.</summary>
    internal const int OffsetBits = FractionBits - 4;

    /// <summary>The least argument that does not saturate: −22.</summary>
    public const long ArgumentMin = -22L << FractionBits;

    /// <summary>The greatest argument that does not saturate: 4.8.</summary>
    public const long ArgumentMax = (48L << FractionBits) / 10;

    /// <summary>Binary places of <see cref="Log2E"/>.</summary>
    internal const int Log2EBits = 36;

    private static readonly int[] Shifts = [0, 0, 2, 10, 14];

    private static readonly Lazy<SegmentedPolynomial> LazyTable = new(Build);

    /// <summary>log₂e, times 2³⁶, floored.</summary>
    internal static readonly long Log2E = (long)(((HighPrecision.One << HighPrecision.Bits) / HighPrecision.Ln2) >> (HighPrecision.Bits - Log2EBits));

    /// <summary>2ˣ on [0, 1) by segment; offsets by degree are those of <see cref="OffsetShift"/>.</summary>
    public static SegmentedPolynomial Table => LazyTable.Value;

    /// <summary>How many low bits of the offset the power k drops.</summary>
    internal static int OffsetShift(int degree) => Shifts[degree];

    /// <summary>eˣ, times 2³⁰.</summary>
    /// <param name="x">x, times 2³⁰.</param>
    public static long Compute(long x)
    {
        long clamped = Math.Clamp(x, ArgumentMin, ArgumentMax);
        long z = (long)((Int128)clamped * Log2E >> Log2EBits);
        int shift = (int)(z >> FractionBits) + ExponentBias;
        int segment = (int)(z >> OffsetBits) & (SegmentedPolynomial.SegmentCount - 1);
        long low = z & ((1L << OffsetBits) - 1);
        Span<long> offsets = stackalloc long[Shifts.Length];
        for (int k = 1; k < Shifts.Length; k++)
        {
            offsets[k] = (low >> Shifts[k]) - (1L << (OffsetBits - 1 - Shifts[k]));
        }

        Int128 mantissa = Table.Evaluate(segment, offsets) >> (ScaleBits - MantissaBits);
        return (long)(mantissa << shift >> (ExponentBias + MantissaBits - FractionBits));
    }

    private static SegmentedPolynomial Build()
    {
        BigInteger[] units = Shifts.Select(shift => HighPrecision.One >> (FractionBits - shift)).ToArray();
        return new SegmentedPolynomial(
            x => HighPrecision.Exp(HighPrecision.Multiply(x, HighPrecision.Ln2)), 0, HighPrecision.One >> 4, units, 0, ScaleBits);
    }
}
