using System.Numerics;

namespace Accel.Algebra;

/// <summary>What BN254's tower Fq2[v]/(v³ − ξ), Fq6[w]/(w² − v) needs: the non-residue ξ = 9 + u and its powers that Frobenius maps multiply by.</summary>
internal static class Bn254Tower
{
    /// <summary>The curve's parameter u; q and r are its polynomials.</summary>
    public const ulong Parameter = 4965661367192848881;

    private static readonly Fq2[] FrobeniusPowers = DeriveFrobeniusPowers();

    /// <summary>ξ^(k(q−1)/6), the factor w^(kq)/w^k of Frobenius on wᵏ, for k = 0 … 5.</summary>
    public static ReadOnlySpan<Fq2> FrobeniusFactors => FrobeniusPowers;

    /// <summary>ξ·a = (9·a₀ − a₁) + (9·a₁ + a₀)·u, by additions.</summary>
    public static Fq2 MultiplyByNonResidue(in Fq2 a)
    {
        Fq2 nine = a.Double().Double().Double() + a;
        return new(nine.C0 - a.C1, nine.C1 + a.C0);
    }

    /// <summary>ψ, the Frobenius map carried to the twist: (x̄·ξ^((q−1)/3), ȳ·ξ^((q−1)/2)). On the subgroup it multiplies by q.</summary>
    public static G2Affine TwistFrobenius(in G2Affine point) =>
        new(point.X.Conjugate() * FrobeniusPowers[2], point.Y.Conjugate() * FrobeniusPowers[3]);

    private static Fq2[] DeriveFrobeniusPowers()
    {
        Fq2 factor = Power(new Fq2(9, 1), (Fq.Modulus - 1) / 6);
        Fq2[] powers = new Fq2[6];
        powers[0] = Fq2.One;
        for (int k = 1; k < powers.Length; k++)
        {
            powers[k] = powers[k - 1] * factor;
        }

        return powers;
    }

    private static Fq2 Power(Fq2 value, BigInteger exponent)
    {
        Fq2 result = Fq2.One;
        for (BigInteger rest = exponent; !rest.IsZero; rest >>= 1)
        {
            result = rest.IsEven ? result : result * value;
            value = value.Square();
        }

        return result;
    }
}
