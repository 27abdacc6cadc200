using System.Numerics;

namespace Accel.Derivatives.Margin;

/// <summary>
/// e⁻ˣ for x in [0, 32) by tables, truncated once. x has 32 fractional bits; its bits 17 to 36 form four digits of five bits, and
/// e⁻ˣ is the product of four table entries and of 1 − y + y²/2 for the low 17 bits y, whose error y³/6 is below 2⁻⁴⁷.
/// The product of the five factors is exact (241 bits), so that a circuit needs one range check for the single truncation.
/// </summary>
public static class FixedExponential
{
    /// <summary>Fractional bits of the argument.</summary>
    public const int ArgumentBits = 32;

    /// <summary>Fractional bits of the result.</summary>
    public const int ResultBits = 40;

    /// <summary>Number of five-bit digits that are looked up.</summary>
    public const int Digits = 4;

    /// <summary>Bits of one digit.</summary>
    public const int DigitBits = 5;

    /// <summary>Low bits of the argument, taken by the quadratic.</summary>
    public const int LowBits = 17;

    /// <summary>Fractional bits of a table entry.</summary>
    public const int TableBits = 44;

    /// <summary>Fractional bits of the quadratic: twice the argument's and one for the half.</summary>
    public const int QuadraticBits = (2 * ArgumentBits) + 1;

    /// <summary>Bits cut from the exact product.</summary>
    public const int TruncatedBits = (Digits * TableBits) + QuadraticBits - ResultBits;

    /// <summary>The largest argument; larger ones saturate to it, where the result is below 2⁻⁴⁰ and truncates to zero.</summary>
    public const long ArgumentMax = (1L << (LowBits + (Digits * DigitBits))) - 1;

    private static readonly long[][] Tables = [.. Enumerable.Range(0, Digits).Select(BuildTable)];

    /// <summary>The entries round(e^(−i·2^(17+5d−32))·2⁴⁴) for i in [0, 32) of digit d; digit 0 is the lowest.</summary>
    public static ReadOnlySpan<long> Table(int digit) => Tables[digit];

    /// <summary>⌊2⁴⁰·e⁻ˣ⌋ up to the method's error, which is below 2⁻³⁹·⁸ absolute.</summary>
    /// <param name="argument">x·2³², at least zero; saturates at <see cref="ArgumentMax"/>.</param>
    /// <returns>In [0, 2⁴⁰].</returns>
    public static long OfNegative(long argument)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(argument);
        long x = Math.Min(argument, ArgumentMax);
        long low = x & ((1L << LowBits) - 1);

        // (2⁶⁵ − 2³³·y + y²) / 2⁶⁵ with y in units of 2⁻³².
        BigInteger product = (BigInteger.One << QuadraticBits) - ((BigInteger)low << (ArgumentBits + 1)) + ((BigInteger)low * low);
        for (int digit = 0; digit < Digits; digit++)
        {
            product *= Tables[digit][(x >> (LowBits + (DigitBits * digit))) & ((1 << DigitBits) - 1)];
        }

        return (long)(product >> TruncatedBits);
    }

    private static long[] BuildTable(int digit)
    {
        int shift = ArgumentBits - LowBits - (DigitBits * digit);
        var table = new long[1 << DigitBits];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (long)RationalSeries.Round(RationalSeries.ExpNegative(i, shift), TableBits);
        }

        return table;
    }
}
