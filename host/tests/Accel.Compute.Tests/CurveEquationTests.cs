using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Accel.Compute.Cpu;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>The curve's equation as each engine checks it, against the equation itself.</summary>
public abstract class CurveEquationTests<TField, TCurve>
    where TField : unmanaged, IField<TField>
    where TCurve : unmanaged, ICurve<TField>
{
    private const int Seed = 20;

    /// <summary>Every engine, those that this processor does not accelerate included: they give the same answers.</summary>
    public static TheoryData<string> Engines => [.. CpuEngine.All.Select(engine => engine.Name)];

    private static int Scale => Environment.GetEnvironmentVariable("ACCEL_TEST_SCALE") == "long" ? 1000 : 1;

    [Theory]
    [MemberData(nameof(Engines))]
    public void Points_on_the_curve_and_infinity_pass_however_many(string engine)
    {
        AffinePoint<TField, TCurve>[] points = [.. Points(20), AffinePoint<TField, TCurve>.Infinity, .. Points(3), .. Extremes()];
        Assert.All(points, point => Assert.True(point.IsOnCurve));
        for (int count = 0; count <= points.Length; count++)
        {
            Assert.Equal(-1, Find(engine, points.AsSpan(0, count)));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_point_off_the_curve_is_found_at_every_place(string engine)
    {
        AffinePoint<TField, TCurve>[] points = Points(21);
        foreach (AffinePoint<TField, TCurve> wrong in Wrong(points[0]))
        {
            Assert.False(wrong.IsOnCurve);
            for (int place = 0; place < points.Length; place++)
            {
                AffinePoint<TField, TCurve>[] copy = [.. points];
                copy[place] = wrong;
                Assert.Equal(place, Find(engine, copy));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Of_several_the_first_is_named(string engine)
    {
        AffinePoint<TField, TCurve>[] points = Points(21);
        points[6] = points[7] = points[18] = Wrong(points[0])[0];
        Assert.Equal(6, Find(engine, points));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Any_flipped_bit_is_found(string engine)
    {
        Random random = new(Seed);
        AffinePoint<TField, TCurve>[] points = Points(9);
        for (int i = 0; i < 300 * Scale; i++)
        {
            AffinePoint<TField, TCurve>[] copy = [.. points];
            int place = random.Next(copy.Length);
            Span<ulong> words = MemoryMarshal.Cast<AffinePoint<TField, TCurve>, ulong>(copy.AsSpan(place, 1));
            int word = random.Next(words.Length);

            // The top word keeps its top bits, so that the coordinate stays below the modulus.
            words[word] ^= 1UL << random.Next(word % 4 == 3 ? 40 : 64);
            Assert.True(Find(engine, copy) == (copy[place].IsOnCurve ? -1 : place), $"round {i}, seed {Seed}");
            Assert.False(copy[place].IsOnCurve);
        }
    }

    /// <summary>Wrong in each coordinate, on the curve of another constant, and with one coordinate of infinity.</summary>
    private static AffinePoint<TField, TCurve>[] Wrong(AffinePoint<TField, TCurve> right) =>
    [
        new(right.X + TField.One, right.Y),
        new(right.X, right.Y + TField.One),
        new(right.Y, right.X),
        new(right.X + right.X, right.Y),
        new(TField.Zero, right.Y),
        new(right.X, TField.Zero),
        new(TField.Zero, TField.One),
        new(-right.X, right.Y),
    ];

    private static AffinePoint<TField, TCurve>[] Points(int count) => Samples.Points<TField, TCurve>(new Random(Seed), count).Points;

    /// <summary>Points whose x has a stored form of many zeros, of many ones, or just below the modulus.</summary>
    private static List<AffinePoint<TField, TCurve>> Extremes()
    {
        List<AffinePoint<TField, TCurve>> found = [];
        BigInteger[] centres = [0, Fq.Modulus, (BigInteger.One << 253) + 20, (BigInteger.One << 204) + 20, BigInteger.One << 102, Fq.Modulus / 2];
        Span<byte> bytes = stackalloc byte[32];
        foreach (BigInteger centre in centres)
        {
            for (int i = 0; i < 40; i++)
            {
                BigInteger word = centre < 50 ? centre + i : centre - 1 - i;
                bytes.Clear();
                word.TryWriteBytes(bytes, out _, isUnsigned: true);
                Assert.True(Fq.TryReadMontgomery(bytes, out Fq value));
                TField x = default;
                MemoryMarshal.Cast<TField, Fq>(new Span<TField>(ref x))[(i % (Unsafe.SizeOf<TField>() / Unsafe.SizeOf<Fq>()))..].Fill(value);
                if (((x.Square() * x) + TCurve.B).TrySqrt(out TField y))
                {
                    found.Add(new(x, y));
                }
            }
        }

        Assert.True(found.Count > 50);
        return found;
    }

    private static int Find(string engine, ReadOnlySpan<AffinePoint<TField, TCurve>> points) =>
        CpuEngine.All.Single(candidate => candidate.Name == engine).FindOffCurve(points);
}

public sealed class CurveEquationG1Tests : CurveEquationTests<Fq, Bn254G1>
{
    [Fact]
    public void The_public_face_finds_what_the_engines_find()
    {
        G1Affine good = G1Affine.Generator;
        G1Affine bad = new(good.Y, good.X);
        Assert.Equal(2, CurveEquation.FindViolation<Fq, Bn254G1>([good, G1Affine.Infinity, bad, bad]));
        Assert.Equal(-1, CurveEquation.FindViolation<Fq, Bn254G1>([good, G1Affine.Infinity]));
    }
}

public sealed class CurveEquationG2Tests : CurveEquationTests<Fq2, Bn254G2>;
