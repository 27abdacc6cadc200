using System.Numerics;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class SubgroupTests
{
    private static readonly BigInteger Cofactor = (2 * Fq.Modulus) - Fr.Modulus;

    [Fact]
    public void EndomorphismTestAgreesWithMultiplicationByR()
    {
        for (int seed = 1; seed <= 8; seed++)
        {
            Random random = new(seed);
            G2Affine outside = random.NextOnTwist();
            G2 cleared = G2.FromAffine(outside).Multiply(Cofactor);
            G2 torsion = G2.FromAffine(outside).Multiply(Fr.Modulus);
            foreach (G2 point in new[] { G2.FromAffine(outside), cleared, torsion, cleared + torsion, cleared + G2.Generator })
            {
                G2Affine affine = point.ToAffine();
                Assert.True(affine.IsOnCurve);
                Assert.True(point.Multiply(Fr.Modulus).IsInfinity == affine.IsInSubgroup(), $"seed {seed}: {affine}");
            }

            Assert.True(cleared.ToAffine().IsInSubgroup());
            Assert.False(torsion.ToAffine().IsInSubgroup());
        }
    }

    /// <summary>The relation a + bψ has norm a² + abt + b²q. Were it to share a factor with the cofactor, points of that order could pass.</summary>
    [Fact]
    public void RelationOfTheEndomorphismTestHoldsForNoPointOfTheCofactor()
    {
        BigInteger u = 4965661367192848881;
        BigInteger trace = Fq.Modulus + 1 - Fr.Modulus;
        BigInteger[] relation = [u + 1, u, u, -2 * u];
        for (int degree = 3; degree >= 2; degree--)
        {
            // ψ² = tψ − q.
            relation[degree - 1] += relation[degree] * trace;
            relation[degree - 2] -= relation[degree] * Fq.Modulus;
        }

        BigInteger norm = (relation[0] * relation[0]) + (relation[0] * relation[1] * trace) + (relation[1] * relation[1] * Fq.Modulus);
        Assert.True(BigInteger.GreatestCommonDivisor(norm, Cofactor).IsOne);
        Assert.True((norm % Fr.Modulus).IsZero);
    }

    [Fact]
    public void EveryPointOfG1sCurveIsInTheSubgroup()
    {
        G1Affine point = new Random(1).NextG1();
        Assert.True(point.IsInSubgroup());
        Assert.True(G1.FromAffine(point).Multiply(Fr.Modulus).IsInfinity);
        Assert.True(G1Affine.Infinity.IsInSubgroup());
        Assert.True(G2Affine.Infinity.IsInSubgroup());
        Assert.False(new G1Affine(1, 1).IsInSubgroup());
        Assert.False(new G2Affine(Fq2.One, Fq2.One).IsInSubgroup());
        Assert.True(Bn254G1.IsInSubgroup(point.X, point.Y));
        Assert.True(Bn254G2.IsInSubgroup(Bn254G2.GeneratorX, Bn254G2.GeneratorY));
    }
}
