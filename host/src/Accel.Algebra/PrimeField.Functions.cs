using System.Numerics;

namespace Accel.Algebra;

public readonly partial struct PrimeField<TModulus>
{
    /// <summary>The element to a non-negative power, by square and multiply; time depends on the exponent.</summary>
    public PrimeField<TModulus> Pow(BigInteger exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exponent.Sign, nameof(exponent));
        PrimeField<TModulus> result = One;
        foreach (byte bits in exponent.ToByteArray(isUnsigned: true, isBigEndian: true))
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                result = result.Square();
                if (((bits >> bit) & 1) == 1)
                {
                    result *= this;
                }
            }
        }

        return result;
    }

    /// <summary>Replaces each element by its inverse with one inversion in all (Montgomery's trick); zeros stay zero.</summary>
    /// <param name="values">Elements to invert in place.</param>
    public static void InvertAll(Span<PrimeField<TModulus>> values) => BatchInversion.InvertAll(values);

    /// <summary>A primitive 2^<paramref name="log2"/>-th root of unity: g^((p−1)/2^log2) for the multiplicative generator g.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="log2"/> is negative or above the two-adicity.</exception>
    public static PrimeField<TModulus> RootOfUnity(int log2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(log2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(log2, TModulus.TwoAdicity);
        PrimeField<TModulus> generator = TModulus.MultiplicativeGenerator;
        return generator.Pow((Modulus - 1) >> log2);
    }

    /// <inheritdoc />
    /// <remarks>Tonelli–Shanks (Shanks 1973; Cohen, "A Course in Computational Algebraic Number Theory", algorithm 1.5.1). The even representative of the two is returned.</remarks>
    public bool TrySqrt(out PrimeField<TModulus> root)
    {
        root = default;
        if (IsZero)
        {
            return true;
        }

        int s = TModulus.TwoAdicity;
        BigInteger odd = (Modulus - 1) >> s;
        PrimeField<TModulus> power = Pow((odd - 1) >> 1);
        PrimeField<TModulus> x = this * power;
        PrimeField<TModulus> t = x * power;
        PrimeField<TModulus> z = RootOfUnity(s);
        while (!t.IsOne)
        {
            int order = 0;
            for (PrimeField<TModulus> u = t; !u.IsOne; u = u.Square())
            {
                if (++order == s)
                {
                    return false;
                }
            }

            for (int i = order + 1; i < s; i++)
            {
                z = z.Square();
            }

            x *= z;
            z = z.Square();
            t *= z;
            s = order;
        }

        root = x.ToBigInteger().IsEven ? x : -x;
        return true;
    }
}
