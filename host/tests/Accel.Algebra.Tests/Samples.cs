namespace Accel.Algebra.Tests;

/// <summary>Seeded random values.</summary>
internal static class Samples
{
    public static Fr NextFr(this Random random) => Fr.FromBigInteger(random.NextInteger());

    public static Fq NextFq(this Random random) => Fq.FromBigInteger(random.NextInteger());

    public static Fq2 NextFq2(this Random random) => new(random.NextFq(), random.NextFq());

    public static Fq6 NextFq6(this Random random) => new(random.NextFq2(), random.NextFq2(), random.NextFq2());

    public static Fq12 NextFq12(this Random random) => new(random.NextFq6(), random.NextFq6());

    public static G1Affine NextG1(this Random random) => (G1.Generator * random.NextFr()).ToAffine();

    public static G2Affine NextG2(this Random random) => (G2.Generator * random.NextFr()).ToAffine();

    /// <summary>A point of G2's curve that is, but for a chance of one in 2²⁵⁴, outside the subgroup.</summary>
    public static G2Affine NextOnTwist(this Random random)
    {
        while (true)
        {
            Fq2 x = random.NextFq2();
            if (((x.Square() * x) + Bn254G2.B).TrySqrt(out Fq2 y))
            {
                return new(x, y);
            }
        }
    }

    private static System.Numerics.BigInteger NextInteger(this Random random)
    {
        Span<byte> bytes = stackalloc byte[40];
        random.NextBytes(bytes);
        return new(bytes, isUnsigned: true);
    }
}
