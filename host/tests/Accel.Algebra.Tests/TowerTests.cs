using System.Numerics;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class TowerTests
{
    private const int Seed = 20251;
    private const int Repetitions = 20;

    [Fact]
    public void Fq2IsAFieldWithUSquaredMinusOne()
    {
        Fq2 u = new(0, 1);
        Assert.Equal(-Fq2.One, u * u);
        Assert.Equal(2 * Fq.ByteLength, Fq2.ByteLength);
        ForEachSeed(random =>
        {
            (Fq2 a, Fq2 b, Fq2 c) = (random.NextFq2(), random.NextFq2(), random.NextFq2());
            Fq k = random.NextFq();
            Assert.Equal((a * b) + (a * c), a * (b + c));
            Assert.Equal(a * a, a.Square());
            Assert.Equal(a + a, a.Double());
            Assert.Equal(Fq2.Zero, a + (-a));
            Assert.Equal(a * new Fq2(k, Fq.Zero), a * k);
            Assert.Equal(Fq2.One, a * a.Inverse());
            Assert.Equal((a.C0.Square() + a.C1.Square(), Fq.Zero), ((a * a.Conjugate()).C0, (a * a.Conjugate()).C1));
            Assert.True(a != b && !(a == b) && !a.IsZero);
        });
        Assert.Equal(Fq2.Zero, Fq2.Zero.Inverse());
    }

    [Fact]
    public void SquareRootsInFq2AreFoundExactlyForSquares()
    {
        ForEachSeed(random =>
        {
            Fq2 a = random.NextFq2();
            AssertIsRoot(a.Square());
            AssertIsRoot(new Fq2(random.NextFq(), Fq.Zero));
            AssertIsRoot(new Fq2(Fq.Zero, random.NextFq().Square().Double()));

            // ξ is no square, so a square times ξ is none either.
            Assert.False((a.Square() * new Fq2(9, 1)).TrySqrt(out _));
        });
        AssertIsRoot(Fq2.Zero);
    }

    [Fact]
    public void Fq6HasVCubedEqualToXi()
    {
        Fq6 v = new(Fq2.Zero, Fq2.One, Fq2.Zero);
        Assert.Equal(new Fq6(new Fq2(9, 1), Fq2.Zero, Fq2.Zero), v * v * v);
        ForEachSeed(random =>
        {
            (Fq6 a, Fq6 b, Fq6 c) = (random.NextFq6(), random.NextFq6(), random.NextFq6());
            Fq2 k = random.NextFq2();
            Assert.Equal((a * b) + (a * c), a * (b + c));
            Assert.Equal((a * b) * c, a * (b * c));
            Assert.Equal(a * a, a.Square());
            Assert.Equal(Fq6.Zero, a - b + b + (-a));
            Assert.Equal(v * a, a.MultiplyByV());
            Assert.Equal(new Fq6(k, Fq2.Zero, Fq2.Zero) * a, a * k);
            Assert.Equal(Fq6.One, a * a.Inverse());
        });
        Assert.Equal(Fq6.Zero, Fq6.Zero.Inverse());
    }

    [Fact]
    public void Fq12HasWSquaredEqualToV()
    {
        Fq12 w = new(Fq6.Zero, Fq6.One);
        Assert.Equal(new Fq12(Fq6.One.MultiplyByV(), Fq6.Zero), w * w);
        ForEachSeed(random =>
        {
            (Fq12 a, Fq12 b, Fq12 c) = (random.NextFq12(), random.NextFq12(), random.NextFq12());
            Assert.Equal((a * b) + (a * c), a * (b + c));
            Assert.Equal((a * b) * c, a * (b * c));
            Assert.Equal(a * a, a.Square());
            Assert.Equal(Fq12.Zero, a - a);
            Assert.Equal(Fq12.One, a * a.Inverse());
            Assert.True((a * a.Inverse()).IsOne);
            Assert.False(a.IsOne);
        });
        Assert.Equal(Fq12.Zero, Fq12.Zero.Inverse());
    }

    [Fact]
    public void FrobeniusIsThePowerQAndConjugationItsSixfold()
    {
        Fq12 a = new Random(Seed).NextFq12();
        Assert.Equal(Power(a, Fq.Modulus), a.Frobenius());
        Fq12 sixfold = a;
        for (int i = 0; i < 6; i++)
        {
            sixfold = sixfold.Frobenius();
        }

        Assert.Equal(a.Conjugate(), sixfold);
    }

    [Fact]
    public void CyclotomicSquareIsTheSquareInTheCyclotomicSubgroup()
    {
        Fq12 a = new Random(Seed).NextFq12();
        Fq12 unitary = a.Conjugate() * a.Inverse();
        Fq12 cyclotomic = unitary.Frobenius().Frobenius() * unitary;
        Assert.Equal(cyclotomic.Square(), cyclotomic.CyclotomicSquare());
        Assert.NotEqual(a.Square(), a.CyclotomicSquare());
    }

    internal static Fq12 Power(Fq12 value, BigInteger exponent)
    {
        Fq12 result = Fq12.One;
        for (BigInteger rest = exponent; !rest.IsZero; rest >>= 1)
        {
            result = rest.IsEven ? result : result * value;
            value = value.Square();
        }

        return result;
    }

    private static void AssertIsRoot(Fq2 square)
    {
        Assert.True(square.TrySqrt(out Fq2 root), $"{square} has a root");
        Assert.Equal(square, root.Square());
    }

    private static void ForEachSeed(Action<Random> check)
    {
        for (int seed = Seed; seed < Seed + Repetitions; seed++)
        {
            try
            {
                check(new Random(seed));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"failed with seed {seed}", error);
            }
        }
    }
}
