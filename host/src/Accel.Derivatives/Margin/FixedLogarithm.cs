using System.Numerics;

namespace Accel.Derivatives.Margin;

/// <summary>
/// ln n for integers n in [1, 2²⁷), truncated once to 2⁻³². With n = 2ᵉ·(1 + i/32)·(1 + z), i in [0, 32) and z in [0, 1/32), it is
/// e·ln 2 + ln(1 + i/32) + z − z²/2 + … − z⁶/6; z is truncated to 2⁻³⁴, and everything after it is exact until the last truncation (249 bits).
/// </summary>
public static class FixedLogarithm
{
    /// <summary>Arguments are below 2^<see cref="ArgumentBits"/>.</summary>
    public const int ArgumentBits = 27;

    /// <summary>Fractional bits of the result.</summary>
    public const int ResultBits = 32;

    /// <summary>Bits of the table index i.</summary>
    public const int IndexBits = 5;

    /// <summary>Bits of the normalised argument below the index.</summary>
    public const int LowBits = ArgumentBits - 1 - IndexBits;

    /// <summary>Fractional bits of z.</summary>
    public const int OffsetBits = 34;

    /// <summary>Bits cut when z is formed.</summary>
    public const int OffsetTruncatedBits = 20;

    /// <summary>Degree of the series.</summary>
    public const int Degree = 6;

    /// <summary>Fractional bits of a coefficient 1/k.</summary>
    public const int CoefficientBits = 40;

    /// <summary>Fractional bits of the exact sum.</summary>
    public const int SumBits = (Degree * OffsetBits) + CoefficientBits;

    /// <summary>Bits cut from the exact sum.</summary>
    public const int TruncatedBits = SumBits - ResultBits;

    /// <summary>ln 2 with <see cref="SumBits"/> fractional bits.</summary>
    public static BigInteger Ln2 { get; } = RationalSeries.Round(RationalSeries.Log(2, 1), SumBits);

    private static readonly BigInteger[] Logs = [.. Enumerable.Range(0, 1 << IndexBits).Select(i => RationalSeries.Round(RationalSeries.Log(32 + i, 32), SumBits))];

    private static readonly long[] Reciprocals =
        [.. Enumerable.Range(0, 1 << IndexBits).Select(i => ((2L << (OffsetBits - LowBits + OffsetTruncatedBits)) + 32 + i) / (2 * (32 + i)))];

    private static readonly long[] Coefficients = [.. Enumerable.Range(1, Degree).Select(k => (k % 2 == 0 ? -1 : 1) * (((2L << CoefficientBits) + k) / (2 * k)))];

    /// <summary>ln(1 + i/32) with <see cref="SumBits"/> fractional bits, for i in [0, 32).</summary>
    public static ReadOnlySpan<BigInteger> LogTable => Logs;

    /// <summary>round(2³³ / (32 + i)) for i in [0, 32): low·that / 2²⁰ is z in units of 2⁻³⁴.</summary>
    public static ReadOnlySpan<long> ReciprocalTable => Reciprocals;

    /// <summary>round(±2⁴⁰ / k) for k in [1, 6]: the series' coefficients.</summary>
    public static ReadOnlySpan<long> SeriesCoefficients => Coefficients;

    /// <summary>2³²·ln n, truncated; the error is below 2⁻³⁰.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not in [1, 2²⁷).</exception>
    public static long Of(long n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, 1L << ArgumentBits);
        int exponent = BitOperations.Log2((ulong)n);
        long normalised = n << (ArgumentBits - 1 - exponent);
        int index = (int)((normalised >> LowBits) & ((1 << IndexBits) - 1));
        long low = normalised & ((1L << LowBits) - 1);
        long z = (low * Reciprocals[index]) >> OffsetTruncatedBits;

        // Horner at full precision: ((c₆·z + c₅·2³⁴)·z + c₄·2⁶⁸)·z + …
        BigInteger series = 0;
        for (int k = Degree; k >= 1; k--)
        {
            series = (series + ((BigInteger)Coefficients[k - 1] << (OffsetBits * (Degree - k)))) * z;
        }

        return (long)((series + (exponent * Ln2) + Logs[index]) >> TruncatedBits);
    }
}
