using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>
/// ln n of a positive integer below 2³⁶ with 30 binary places: n = m·2^(e−35) with m in [2³⁵, 2³⁶), ln n = e·ln 2 + ln(m/2³⁵),
/// the latter by sixteen segments of a quartic whose higher powers see fewer bits of the offset.
/// </summary>
/// <remarks>
/// Between −0.7 and +1.7 units of 2⁻³⁰ from the real value: one unit is added before the floor, so that ln 1 is not negative, and it cancels in every
/// difference. The sum before the floor is below 25·2⁸⁸ &lt; 2⁹³.
/// </remarks>
public static class NaturalLogarithm
{
    /// <summary>Binary places of the result.</summary>
    public const int FractionBits = 30;

    /// <summary>Arguments are below 2³⁶.</summary>
    public const int ArgumentBits = 36;

    /// <summary>Binary places of the sum before the floor.</summary>
    public const int ScaleBits = 88;

    /// <summary>Bits of an offset inside a segment: 35 bits of mantissa less four of selector.</summary>
    internal const int OffsetBits = ArgumentBits - 1 - 4;

    private static readonly int[] Shifts = [0, 3, 7, 11, 17];

    private static readonly Lazy<SegmentedPolynomial> LazyTable = new(Build);

    /// <summary>ln 2 with <see cref="ScaleBits"/> binary places, nearest.</summary>
    internal static readonly Int128 Ln2 = (Int128)((HighPrecision.Ln2 + (BigInteger.One << (HighPrecision.Bits - ScaleBits - 1))) >> (HighPrecision.Bits - ScaleBits));

    /// <summary>ln(1 + x) on [0, 1) by segment; offsets by degree are those of <see cref="OffsetShift"/>.</summary>
    public static SegmentedPolynomial Table => LazyTable.Value;

    /// <summary>What is added before the floor: one unit of the result.</summary>
    internal static Int128 Bias => Int128.One << (ScaleBits - FractionBits);

    /// <summary>How many low bits of the offset the power k drops.</summary>
    internal static int OffsetShift(int degree) => Shifts[degree];

    /// <summary>ln n, times 2³⁰.</summary>
    /// <param name="n">Below 2³⁶; zero counts as one.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is 2³⁶ or more.</exception>
    public static long Compute(ulong n)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, 1UL << ArgumentBits);
        int exponent = BitOperations.Log2(n | 1);
        ulong mantissa = (n | (n == 0 ? 1UL : 0)) << (ArgumentBits - 1 - exponent);
        int segment = (int)(mantissa >> OffsetBits) & (SegmentedPolynomial.SegmentCount - 1);
        long low = (long)(mantissa & ((1UL << OffsetBits) - 1));
        Span<long> offsets = stackalloc long[Shifts.Length];
        for (int k = 1; k < Shifts.Length; k++)
        {
            offsets[k] = (low >> Shifts[k]) - (1L << (OffsetBits - 1 - Shifts[k]));
        }

        return (long)((Table.Evaluate(segment, offsets) + exponent * Ln2 + Bias) >> (ScaleBits - FractionBits));
    }

    private static SegmentedPolynomial Build()
    {
        BigInteger[] units = Shifts.Select(shift => HighPrecision.One >> (ArgumentBits - 1 - shift)).ToArray();
        return new SegmentedPolynomial(HighPrecision.Ln, HighPrecision.One, HighPrecision.One >> 4, units, 0, ScaleBits);
    }
}
