using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>Real functions in fixed point with 192 fraction bits: what the coefficient tables are generated from, alike on every machine.</summary>
/// <remarks>Every function is within 2⁻¹⁸⁰ of the real one on the arguments named.</remarks>
internal static class HighPrecision
{
    /// <summary>Fraction bits of every argument and result.</summary>
    public const int Bits = 192;

    /// <summary>The number one.</summary>
    public static readonly BigInteger One = BigInteger.One << Bits;

    /// <summary>ln 2 = 2·artanh(1/3).</summary>
    public static readonly BigInteger Ln2 = 2 * Artanh(One / 3);

    /// <summary>1/√(2π).</summary>
    public static readonly BigInteger InverseSqrtTwoPi = One * One / Sqrt(2 * Pi());

    /// <summary>a·b.</summary>
    public static BigInteger Multiply(BigInteger a, BigInteger b) => (a * b) >> Bits;

    /// <summary>numerator / denominator of two integers.</summary>
    public static BigInteger Ratio(BigInteger numerator, BigInteger denominator) => (numerator << Bits) / denominator;

    /// <summary>√x for x ≥ 0.</summary>
    public static BigInteger Sqrt(BigInteger x) => IntegerSqrt(x << Bits);

    /// <summary>eˣ for |x| ≤ 32: the power series of x/2¹⁶, squared sixteen times.</summary>
    public static BigInteger Exp(BigInteger x)
    {
        const int halvings = 16;
        const int guard = 64;
        BigInteger unit = One << guard;
        BigInteger reduced = x << (guard - halvings);
        BigInteger sum = unit;
        BigInteger term = unit;
        for (int k = 1; !term.IsZero && term != BigInteger.MinusOne; k++)
        {
            term = ((term * reduced) >> (Bits + guard)) / k;
            sum += term;
        }

        for (int i = 0; i < halvings; i++)
        {
            sum = (sum * sum) >> (Bits + guard);
        }

        return sum >> guard;
    }

    /// <summary>ln x for x in [1/2, 4]: 2·artanh((x − 1)/(x + 1)).</summary>
    public static BigInteger Ln(BigInteger x) => 2 * Artanh(((x - One) << Bits) / (x + One));

    /// <summary>The standard normal density φ(x) for |x| ≤ 8.</summary>
    public static BigInteger NormalDensity(BigInteger x) => Multiply(InverseSqrtTwoPi, Exp(-Multiply(x, x) / 2));

    /// <summary>Φ(x) − ½ for |x| ≤ 8: φ(x)·Σ x²ᵏ⁺¹/(1·3·5…(2k+1)) (Abramowitz and Stegun, 26.2.11).</summary>
    public static BigInteger NormalCdfLessHalf(BigInteger x)
    {
        BigInteger square = Multiply(x, x);
        BigInteger sum = x;
        BigInteger term = x;
        for (int k = 3; BigInteger.Abs(term) > 1; k += 2)
        {
            term = Multiply(term, square) / k;
            sum += term;
        }

        return Multiply(sum, NormalDensity(x));
    }

    /// <summary>⌊√n⌋ by Newton's iteration from above.</summary>
    public static BigInteger IntegerSqrt(BigInteger n)
    {
        if (n.IsZero)
        {
            return n;
        }

        BigInteger root = BigInteger.One << (int)((n.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + n / root) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }

    private static BigInteger Artanh(BigInteger x)
    {
        BigInteger square = Multiply(x, x);
        BigInteger sum = x;
        BigInteger power = x;
        for (int k = 3; BigInteger.Abs(power) > 1; k += 2)
        {
            power = Multiply(power, square);
            sum += power / k;
        }

        return sum;
    }

    /// <summary>π = 16·arctan(1/5) − 4·arctan(1/239) (Machin).</summary>
    private static BigInteger Pi() => 16 * ArctanOfInverse(5) - 4 * ArctanOfInverse(239);

    private static BigInteger ArctanOfInverse(int n)
    {
        BigInteger power = One / n;
        BigInteger sum = power;
        for (int k = 3, sign = -1; !power.IsZero; k += 2, sign = -sign)
        {
            power /= n * n;
            sum += sign * power / k;
        }

        return sum;
    }
}
