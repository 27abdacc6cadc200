using System.Numerics;
using System.Text.Json;
using Xunit;

namespace Accel.Algebra.Tests;

public sealed class G1Tests : CurveTests<Fq, Bn254G1>
{
    protected override string[] VectorFiles => ["crypto_kat/constantine_BN254_Snarks_scalar_mul_G1_32bit.json", "crypto_kat/constantine_BN254_Snarks_scalar_mul_G1_254bit.json"];

    protected override Fq ReadCoordinate(JsonElement element) => Fq.Parse(element.GetString()!);

    [Fact]
    public void ConstantsAreThoseOfEip196() =>
        Assert.Equal(("G1", (Fq)3, (Fq)1, (Fq)2), (Bn254G1.Name, Bn254G1.B, Bn254G1.GeneratorX, Bn254G1.GeneratorY));
}

public sealed class G2Tests : CurveTests<Fq2, Bn254G2>
{
    protected override string[] VectorFiles => ["crypto_kat/constantine_BN254_Snarks_scalar_mul_G2_254bit.json"];

    protected override Fq2 ReadCoordinate(JsonElement element) =>
        new(Fq.Parse(element.GetProperty("c0").GetString()!), Fq.Parse(element.GetProperty("c1").GetString()!));

    [Fact]
    public void TwistDividesByXi()
    {
        Assert.Equal("G2", Bn254G2.Name);
        Assert.Equal(new Fq2(3, 0), Bn254G2.B * new Fq2(9, 1));
    }
}

/// <summary>What holds in every group.</summary>
public abstract class CurveTests<TField, TCurve>
    where TField : struct, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    private const int Seed = 99;

    protected abstract string[] VectorFiles { get; }

    private static XyzzPoint<TField, TCurve> Generator => XyzzPoint<TField, TCurve>.Generator;

    private static XyzzPoint<TField, TCurve> Infinity => XyzzPoint<TField, TCurve>.Infinity;

    protected abstract TField ReadCoordinate(JsonElement element);

    [Fact]
    public void MultiplicationGivesTheOutsideResults()
    {
        foreach (JsonElement vector in VectorFiles.SelectMany(file => OutsideVectors.Read(file).GetProperty("vectors").EnumerateArray()))
        {
            BigInteger scalar = BigInteger.Parse("0" + vector.GetProperty("scalar").GetString()![2..], System.Globalization.NumberStyles.HexNumber, null);
            XyzzPoint<TField, TCurve> product = XyzzPoint<TField, TCurve>.FromAffine(ReadPoint(vector.GetProperty("P"))).Multiply(scalar);
            Assert.Equal(ReadPoint(vector.GetProperty("Q")), product.ToAffine());
        }
    }

    [Fact]
    public void GeneratorIsOnTheCurveWithOrderR()
    {
        Assert.True(AffinePoint<TField, TCurve>.Generator.IsOnCurve);
        Assert.True(Generator.Multiply(Fr.Modulus).IsInfinity);
        Assert.Equal(-Generator, Generator.Multiply(Fr.Modulus - 1));
    }

    [Fact]
    public void ProjectivePointsHaveManyRepresentatives()
    {
        for (int i = 1; i < 50; i++)
        {
            AffinePoint<TField, TCurve> point = Generator.Multiply(i).ToAffine();
            TField z = Generator.Multiply(1000 + i).ToAffine().X;
            Assert.Equal(XyzzPoint<TField, TCurve>.FromAffine(point), XyzzPoint<TField, TCurve>.FromProjective(point.X * z, point.Y * z, z));
            Assert.Equal(point, XyzzPoint<TField, TCurve>.FromProjective(point.X * z, point.Y * z, z).ToAffine());
        }

        Assert.True(XyzzPoint<TField, TCurve>.FromProjective(TField.Zero, TField.One, TField.Zero).IsInfinity);
    }

    [Fact]
    public void MultiplicationIsRepeatedAddition()
    {
        XyzzPoint<TField, TCurve> sum = Infinity;
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(sum, Generator.Multiply(i));
            sum += AffinePoint<TField, TCurve>.Generator;
        }

        Assert.Equal(sum, Generator * (Fr)300);
        Assert.Throws<ArgumentOutOfRangeException>(() => Generator.Multiply(-1));
    }

    /// <summary>The formulas divide by x₂ − x₁, so equal, opposite and infinite operands are where additions go wrong.</summary>
    [Fact]
    public void AdditionIsRightForExceptionalOperands()
    {
        XyzzPoint<TField, TCurve> p = Generator.Multiply(123456789);
        XyzzPoint<TField, TCurve> sameButRescaled = p.Double() - p;
        AffinePoint<TField, TCurve> affine = p.ToAffine();
        XyzzPoint<TField, TCurve> twice = Generator.Multiply(2 * 123456789);
        Assert.Equal(twice, p + sameButRescaled);
        Assert.Equal(twice, sameButRescaled + affine);
        Assert.Equal(twice, p.Double());
        Assert.True((p - sameButRescaled).IsInfinity);
        Assert.True((sameButRescaled - affine).IsInfinity);
        Assert.Equal(p, p + Infinity);
        Assert.Equal(p, Infinity + p);
        Assert.Equal(p, Infinity + affine);
        Assert.Equal(p, p + AffinePoint<TField, TCurve>.Infinity);
        Assert.True((Infinity + Infinity).IsInfinity);
        Assert.True((Infinity + AffinePoint<TField, TCurve>.Infinity).IsInfinity);
        Assert.True(Infinity.Double().IsInfinity);
        Assert.True((-Infinity).IsInfinity);
        Assert.True(Infinity.Multiply(5).IsInfinity);
    }

    [Fact]
    public void AdditionIsAGroupLaw()
    {
        Random random = new(Seed);
        XyzzPoint<TField, TCurve> a = Generator * random.NextFr();
        XyzzPoint<TField, TCurve> b = Generator * random.NextFr();
        XyzzPoint<TField, TCurve> c = Generator * random.NextFr();
        Assert.Equal(a + b, b + a);
        Assert.Equal((a + b) + c, a + (b + c));
        Assert.Equal(a, a + b - b);
        Assert.Equal(a + b, a + b.ToAffine());
        Assert.Equal(a - b, a - b.ToAffine());
        Assert.True((a + b).ToAffine().IsOnCurve);
    }

    [Fact]
    public void EqualityIsOfPointsNotOfRepresentatives()
    {
        XyzzPoint<TField, TCurve> p = Generator.Multiply(6);
        XyzzPoint<TField, TCurve> rescaled = Generator.Multiply(2) + Generator.Multiply(4);
        Assert.True(p == rescaled && p.Equals((object)rescaled) && p.GetHashCode() == rescaled.GetHashCode());
        Assert.True(p != -p && p != Infinity && Infinity != p && Infinity == default);
        Assert.False(p.Equals(new object()));
    }

    [Fact]
    public void ManyPointsBecomeAffineAtOnceWithInfinityAmongThem()
    {
        XyzzPoint<TField, TCurve>[] points = [Infinity, Generator, Generator.Multiply(7), Infinity, -Generator.Multiply(9)];
        AffinePoint<TField, TCurve>[] affine = new AffinePoint<TField, TCurve>[points.Length];
        XyzzPoint<TField, TCurve>.ToAffine(points, affine);
        Assert.Equal(points.Select(point => point.ToAffine()), affine);
        Assert.True(affine[0].IsInfinity && affine[3].IsInfinity && (-affine[0]).IsInfinity);
        Assert.Throws<ArgumentOutOfRangeException>(() => XyzzPoint<TField, TCurve>.ToAffine(points, affine.AsSpan(1)));
    }

    private AffinePoint<TField, TCurve> ReadPoint(JsonElement point) =>
        new(ReadCoordinate(point.GetProperty("x")), ReadCoordinate(point.GetProperty("y")));
}
