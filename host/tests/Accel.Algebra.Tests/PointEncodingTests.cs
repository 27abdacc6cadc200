using System.Numerics;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class PointEncodingTests
{
    private const int Seed = 77;

    [Fact]
    public void EveryPointReadsBackInBothEncodings()
    {
        Random random = new(Seed);
        byte[] g1Bytes = new byte[PointEncoding.G1Length];
        byte[] g2Bytes = new byte[PointEncoding.G2Length];
        G1Affine[] g1Points = [G1Affine.Infinity, G1Affine.Generator, random.NextG1(), random.NextG1()];
        G2Affine[] g2Points = [G2Affine.Infinity, G2Affine.Generator, random.NextG2(), random.NextG2()];
        foreach ((G1Affine p, G2Affine q) in g1Points.Zip(g2Points))
        {
            PointEncoding.WriteMontgomery(p, g1Bytes);
            PointEncoding.WriteMontgomery(q, g2Bytes);
            Assert.True(PointEncoding.TryReadMontgomery(g1Bytes, out G1Affine p1, out PointError error));
            Assert.True(PointEncoding.TryReadMontgomery(g2Bytes, out G2Affine q1, out _));
            PointEncoding.WriteBigEndian(p, g1Bytes);
            PointEncoding.WriteBigEndian(q, g2Bytes);
            Assert.True(PointEncoding.TryReadBigEndian(g1Bytes, out G1Affine p2, out _));
            Assert.True(PointEncoding.TryReadBigEndian(g2Bytes, out G2Affine q2, out _));
            Assert.Equal((p, p, q, q), (p1, p2, q1, q2));
            Assert.Equal(PointError.None, error);
        }
    }

    /// <summary>The Montgomery form of 1 is R mod q, and snarkjs stores c₀ first; EIP-197 stores the imaginary part first.</summary>
    [Fact]
    public void BytesAreInTheOrderOfEachFormat()
    {
        byte[] g1 = new byte[PointEncoding.G1Length];
        byte[] g2 = new byte[PointEncoding.G2Length];
        PointEncoding.WriteMontgomery(G1Affine.Generator, g1);
        Assert.Equal((BigInteger.One << 256) % Fq.Modulus, new BigInteger(g1.AsSpan(0, 32), isUnsigned: true));
        PointEncoding.WriteMontgomery(G2Affine.Generator, g2);
        Assert.Equal((G2Affine.Generator.X.C0.ToBigInteger() << 256) % Fq.Modulus, new BigInteger(g2.AsSpan(0, 32), isUnsigned: true));
        PointEncoding.WriteBigEndian(G1Affine.Generator, g1);
        Assert.Equal("1", $"{new BigInteger(g1.AsSpan(0, 32), isUnsigned: true, isBigEndian: true)}");
        PointEncoding.WriteBigEndian(G2Affine.Generator, g2);
        Assert.Equal(G2Affine.Generator.X.C1.ToBigInteger(), new BigInteger(g2.AsSpan(0, 32), isUnsigned: true, isBigEndian: true));
    }

    [Fact]
    public void AWrongLengthIsNamed()
    {
        AssertRefused(new byte[63], new byte[129], PointError.WrongLength);
        AssertRefused([], [], PointError.WrongLength);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    public void ACoordinateAtTheModulusIsNamed(int g1Coordinate, int g2Coordinate)
    {
        byte[] g1 = new byte[PointEncoding.G1Length];
        byte[] g2 = new byte[PointEncoding.G2Length];
        Fq.Modulus.TryWriteBytes(g1.AsSpan(32 * g1Coordinate), out _, isUnsigned: true);
        Fq.Modulus.TryWriteBytes(g2.AsSpan(32 * g2Coordinate), out _, isUnsigned: true);
        Assert.False(PointEncoding.TryReadMontgomery(g1, out G1Affine _, out PointError g1Error));
        Assert.False(PointEncoding.TryReadMontgomery(g2, out G2Affine _, out PointError g2Error));
        Assert.Equal((PointError.CoordinateOutOfRange, PointError.CoordinateOutOfRange), (g1Error, g2Error));

        g1.AsSpan().Reverse();
        g2.AsSpan().Reverse();
        AssertBigEndianRefused(g1, g2, PointError.CoordinateOutOfRange);
    }

    [Fact]
    public void APointOffTheCurveIsNamed()
    {
        byte[] g1 = new byte[PointEncoding.G1Length];
        byte[] g2 = new byte[PointEncoding.G2Length];
        g1[0] = g2[0] = 1;
        AssertRefused(g1, g2, PointError.NotOnCurve);
    }

    [Fact]
    public void APointOutsideTheSubgroupIsNamedUnlessTheCheckIsSkipped()
    {
        byte[] montgomery = new byte[PointEncoding.G2Length];
        byte[] bigEndian = new byte[PointEncoding.G2Length];
        G2Affine outside = new Random(Seed).NextOnTwist();
        PointEncoding.WriteMontgomery(outside, montgomery);
        PointEncoding.WriteBigEndian(outside, bigEndian);
        Assert.False(PointEncoding.TryReadMontgomery(montgomery, out G2Affine refused, out PointError first));
        Assert.False(PointEncoding.TryReadBigEndian(bigEndian, out G2Affine _, out PointError second));
        Assert.Equal((PointError.NotInSubgroup, PointError.NotInSubgroup), (first, second));
        Assert.True(refused.IsInfinity);
        Assert.True(PointEncoding.TryReadMontgomery(montgomery, out G2Affine a, out _, checkSubgroup: false));
        Assert.True(PointEncoding.TryReadBigEndian(bigEndian, out G2Affine b, out _, checkSubgroup: false));
        Assert.Equal((outside, outside), (a, b));
    }

    [Fact]
    public void EveryErrorExplainsItself()
    {
        string[] texts = [.. Enum.GetValues<PointError>().Select(error => error.Explain())];
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((PointError)99).Explain());
    }

    private static void AssertRefused(byte[] g1, byte[] g2, PointError expected)
    {
        Assert.False(PointEncoding.TryReadMontgomery(g1, out G1Affine _, out PointError g1Error));
        Assert.False(PointEncoding.TryReadMontgomery(g2, out G2Affine _, out PointError g2Error));
        Assert.Equal((expected, expected), (g1Error, g2Error));
        AssertBigEndianRefused(g1, g2, expected);
    }

    private static void AssertBigEndianRefused(byte[] g1, byte[] g2, PointError expected)
    {
        Assert.False(PointEncoding.TryReadBigEndian(g1, out G1Affine _, out PointError g1Error));
        Assert.False(PointEncoding.TryReadBigEndian(g2, out G2Affine _, out PointError g2Error));
        Assert.Equal((expected, expected), (g1Error, g2Error));
    }
}
