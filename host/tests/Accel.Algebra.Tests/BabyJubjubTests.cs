using System.Numerics;
using System.Text.Json;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class BabyJubjubTests
{
    /// <summary>A point of order 8 times l: EIP-2494's generator of the whole curve.</summary>
    private static readonly BabyJubjubPoint WholeCurve = new(
        Fr.Parse("995203441582195749578291179787384436505546430278305826713579947235728471134"),
        Fr.Parse("5472060717959818805561601436314318772137091100104008585924551046643952123905"));

    /// <summary>(0, −1), the point of order two.</summary>
    private static readonly BabyJubjubPoint OrderTwo = new(Fr.Zero, -Fr.One);

    [Fact]
    public void AdditionAndMultiplicationGiveTheOutsideResults()
    {
        JsonElement vectors = OutsideVectors.Read("crypto_kat/babyjub_eddsa_iden3.json");
        foreach (JsonElement vector in vectors.GetProperty("add").EnumerateArray())
        {
            Assert.Equal(ReadPoint(vector, "c"), ReadPoint(vector, "a") + ReadPoint(vector, "b"));
        }

        foreach (JsonElement vector in vectors.GetProperty("mul").EnumerateArray())
        {
            BigInteger scalar = BigInteger.Parse(vector.GetProperty("s").GetString()!, null);
            Assert.Equal(ReadPoint(vector, "r"), ReadPoint(vector, "p").Multiply(scalar));
        }
    }

    [Fact]
    public void Base8IsEightTimesTheCurvesGenerator()
    {
        Assert.True(WholeCurve.IsOnCurve);
        Assert.False(WholeCurve.IsInSubgroup());
        Assert.Equal(BabyJubjubPoint.Base8, WholeCurve.Multiply(8));
        Assert.True(BabyJubjubPoint.Base8.IsInSubgroup());
        Assert.Equal(BabyJubjubPoint.Identity, WholeCurve.Multiply(BabyJubjubPoint.Suborder * 8));
        Assert.NotEqual(BabyJubjubPoint.Identity, WholeCurve.Multiply(BabyJubjubPoint.Suborder * 4));
    }

    [Fact]
    public void MultiplicationIsRepeatedAddition()
    {
        BabyJubjubPoint sum = BabyJubjubPoint.Identity;
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(sum, WholeCurve.Multiply(i));
            sum += WholeCurve;
        }

        Assert.Equal(WholeCurve, WholeCurve.Multiply((BabyJubjubPoint.Suborder << 10) + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WholeCurve.Multiply(-1));
    }

    [Fact]
    public void DifferenceUndoesTheSum()
    {
        BabyJubjubPoint other = WholeCurve.Multiply(12345);
        Assert.Equal(WholeCurve, WholeCurve + other - other);
        Assert.Equal(BabyJubjubPoint.Identity, other + (-other));
        Assert.Equal(BabyJubjubPoint.Identity, OrderTwo + OrderTwo);
    }

    [Fact]
    public void CoefficientsMakeTheAdditionLawComplete()
    {
        Assert.True(BabyJubjubPoint.A.TrySqrt(out _));
        Assert.False(BabyJubjubPoint.D.TrySqrt(out _));
        Assert.False(new BabyJubjubPoint(1, 1).IsOnCurve);
        Assert.False(new BabyJubjubPoint(1, 1).IsInSubgroup());
    }

    [Fact]
    public void PackedPointsUnpackToThemselves()
    {
        byte[] packed = new byte[BabyJubjubPoint.PackedLength];
        BabyJubjubPoint[] points = [WholeCurve, -WholeCurve, BabyJubjubPoint.Base8, -BabyJubjubPoint.Base8, BabyJubjubPoint.Identity, OrderTwo];
        foreach (BabyJubjubPoint point in points)
        {
            point.Pack(packed);
            Assert.True(BabyJubjubPoint.TryUnpack(packed, out BabyJubjubPoint unpacked));
            Assert.Equal(point, unpacked);
        }
    }

    [Fact]
    public void UnpackingRefusesWhatNoPointPacksTo()
    {
        byte[] aboveModulus = Fr.Modulus.ToByteArray(isUnsigned: true);
        byte[] negativeZero = BigInteger.One.ToByteArray();
        Array.Resize(ref negativeZero, 32);
        negativeZero[31] = 0x80;
        byte[] notASquare = new byte[32];
        notASquare[0] = 2;
        Assert.False(BabyJubjubPoint.TryUnpack(aboveModulus, out _));
        Assert.False(BabyJubjubPoint.TryUnpack(negativeZero, out _));
        Assert.False(BabyJubjubPoint.TryUnpack(notASquare, out _));
        Assert.False(BabyJubjubPoint.TryUnpack(new byte[31], out _));
    }

    internal static BabyJubjubPoint ReadPoint(JsonElement parent, string name)
    {
        Fr[] coordinates = parent.GetProperty(name).ReadElements();
        return new(coordinates[0], coordinates[1]);
    }
}
