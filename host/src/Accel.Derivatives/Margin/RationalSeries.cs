using System.Numerics;

namespace Accel.Derivatives.Margin;

/// <summary>Constants of the fixed-point functions, by integer series with 64 guard bits, so that every machine derives the same tables.</summary>
internal static class RationalSeries
{
    /// <summary>Fractional bits of the values that the series return.</summary>
    public const int WorkingBits = 320;

    private static readonly BigInteger One = BigInteger.One << WorkingBits;

    /// <summary>e^(−numerator·2^−shift) with <see cref="WorkingBits"/> fractional bits; shift may be negative.</summary>
    public static BigInteger ExpNegative(int numerator, int shift)
    {
        // Halve the argument until it is below 2⁻⁸, then square back.
        BigInteger argument = shift >= 0 ? ((BigInteger)numerator << WorkingBits) >> shift : (BigInteger)numerator << (WorkingBits - shift);
        int halvings = (int)Math.Max(0, (long)argument.GetBitLength() - WorkingBits + 8);
        argument >>= halvings;
        BigInteger term = One;
        BigInteger sum = One;
        for (int k = 1; !term.IsZero; k++)
        {
            term = -((term * argument) >> WorkingBits) / k;
            sum += term;
        }

        for (int i = 0; i < halvings; i++)
        {
            sum = (sum * sum) >> WorkingBits;
        }

        return sum;
    }

    /// <summary>ln(numerator / denominator) with <see cref="WorkingBits"/> fractional bits, for a positive ratio: 2·artanh((n − d)/(n + d)) after taking out powers of two.</summary>
    public static BigInteger Log(BigInteger numerator, BigInteger denominator)
    {
        int exponent = (int)((long)numerator.GetBitLength() - (long)denominator.GetBitLength());
        BigInteger n = exponent < 0 ? numerator << -exponent : numerator;
        BigInteger d = exponent > 0 ? denominator << exponent : denominator;
        return (2 * Artanh(n - d, n + d)) + (exponent * 2 * Artanh(1, 3));
    }

    /// <summary>A working value rounded to the nearest integer at <paramref name="bits"/> fractional bits.</summary>
    public static BigInteger Round(BigInteger value, int bits) => (value + (BigInteger.One << (WorkingBits - bits - 1))) >> (WorkingBits - bits);

    private static BigInteger Artanh(BigInteger numerator, BigInteger denominator)
    {
        BigInteger x = (numerator << WorkingBits) / denominator;
        BigInteger square = (x * x) >> WorkingBits;
        BigInteger power = x;
        BigInteger sum = x;
        for (int k = 3; !power.IsZero && power != BigInteger.MinusOne; k += 2)
        {
            power = (power * square) >> WorkingBits;
            sum += power / k;
        }

        return sum;
    }
}
