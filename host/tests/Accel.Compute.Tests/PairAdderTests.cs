using System.Numerics;
using System.Runtime.InteropServices;
using Accel.Compute.Cpu;
using Accel.Compute.Cpu.Native;
using Accel.Compute.Cpu.Vector;
using Accel.Compute.Tests.Native;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>Every implementation of the pair adder against the complete XYZZ addition.</summary>
public abstract unsafe class PairAdderTests<TField, TCurve>
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(1024)]
    public void Sums_of_any_pairs_are_right(int count)
    {
        Random random = new(count);
        AffinePoint<TField, TCurve>[] points = Points();
        PointRef[] refs = new PointRef[2 * count];
        AffinePoint<TField, TCurve>* memory = (AffinePoint<TField, TCurve>*)NativeMemory.AlignedAlloc((nuint)((points.Length + count) * sizeof(AffinePoint<TField, TCurve>)), 64);
        points.CopyTo(new Span<AffinePoint<TField, TCurve>>(memory, points.Length));
        PointPair[] pairs = new PointPair[count];
        for (int i = 0; i < count; i++)
        {
            // Half of the pairs are of one point with itself or its inverse, and one point is infinity.
            int a = random.Next(points.Length);
            int b = random.Next(2) == 0 ? a : random.Next(points.Length);
            pairs[i] = new PointPair(PointRef.To(memory + a, random.Next(2) == 0), PointRef.To(memory + b, random.Next(2) == 0));
        }

        using IPairAdder<TField, TCurve> adder = Create();
        adder.Add(pairs, memory + points.Length);
        for (int i = 0; i < count; i++)
        {
            AffinePoint<TField, TCurve> expected =
                (XyzzPoint<TField, TCurve>.FromAffine(pairs[i].A.Read<TField, TCurve>()) + pairs[i].B.Read<TField, TCurve>()).ToAffine();
            Assert.Equal(expected, memory[points.Length + i]);
        }

        NativeMemory.AlignedFree(memory);
    }

    [Fact]
    public void Sums_may_take_the_place_of_their_own_points()
    {
        Random random = new(9);
        AffinePoint<TField, TCurve>[] points = Points();
        AffinePoint<TField, TCurve>* memory = (AffinePoint<TField, TCurve>*)NativeMemory.AlignedAlloc((nuint)((points.Length + 100) * sizeof(AffinePoint<TField, TCurve>)), 64);
        points.CopyTo(new Span<AffinePoint<TField, TCurve>>(memory, points.Length));
        PointPair[] pairs = new PointPair[100];
        AffinePoint<TField, TCurve>[] expected = new AffinePoint<TField, TCurve>[100];
        for (int i = 0; i < pairs.Length; i++)
        {
            memory[points.Length + i] = points[random.Next(points.Length)];
            int b = random.Next(3) == 0 ? Array.IndexOf(points, memory[points.Length + i]) : random.Next(points.Length);
            pairs[i] = new PointPair(PointRef.To(memory + points.Length + i), PointRef.To(memory + b, random.Next(2) == 0));
            expected[i] = (XyzzPoint<TField, TCurve>.FromAffine(pairs[i].A.Read<TField, TCurve>()) + pairs[i].B.Read<TField, TCurve>()).ToAffine();
        }

        using IPairAdder<TField, TCurve> adder = Create();
        adder.Add(pairs, memory + points.Length);
        Assert.Equal(expected, new Span<AffinePoint<TField, TCurve>>(memory + points.Length, 100).ToArray());
        NativeMemory.AlignedFree(memory);
    }

    [Fact]
    public void Coordinates_at_the_edges_of_their_words_are_added_by_the_same_formula()
    {
        const int Count = 1000;
        Random random = new(254);
        BigInteger[] edges =
        [
            1, 2, Fq.Modulus - 1, Fq.Modulus - 2, BigInteger.One << 208, (BigInteger.One << 208) - 1, Fq.Modulus >> 208 << 208, BigInteger.One << 253,
        ];
        PinnedPoints<TField, TCurve> memory = new(4 * Count);
        memory.Clear();
        Span<byte> bytes = new(memory.First, 2 * Count * sizeof(AffinePoint<TField, TCurve>));
        for (int at = 0; at < bytes.Length; at += Fq.ByteLength)
        {
            // Not points of a curve, which the formula does not ask for; only pairs of equal x would need it, and are left out.
            edges[random.Next(edges.Length)].TryWriteBytes(bytes.Slice(at, Fq.ByteLength), out _, isUnsigned: true);
        }

        PointRef Signed(int i) => PointRef.To(memory.First + i, random.Next(2) == 0);
        PointPair[] pairs = [.. Enumerable.Range(0, Count)
            .Select(i => new PointPair(Signed(2 * i), Signed((2 * i) + 1)))
            .Where(pair => pair.A.Read<TField, TCurve>().X != pair.B.Read<TField, TCurve>().X)];
        Assert.InRange(pairs.Length, Count / 2, Count);
        using IPairAdder<TField, TCurve> adder = Create();
        using ScalarPairAdder<TField, TCurve> reference = new();
        AffinePoint<TField, TCurve>* expected = memory.First + (2 * Count);
        AffinePoint<TField, TCurve>* actual = expected + Count;
        reference.Add(pairs, expected);
        adder.Add(pairs, actual);
        Assert.Equal(
            new Span<AffinePoint<TField, TCurve>>(expected, pairs.Length).ToArray(),
            new Span<AffinePoint<TField, TCurve>>(actual, pairs.Length).ToArray());
        memory.Dispose();
    }

    private protected abstract IPairAdder<TField, TCurve> Create();

    private static AffinePoint<TField, TCurve>[] Points()
    {
        AffinePoint<TField, TCurve>[] points = new AffinePoint<TField, TCurve>[40];
        XyzzPoint<TField, TCurve> next = XyzzPoint<TField, TCurve>.FromAffine(AffinePoint<TField, TCurve>.Generator);
        for (int i = 1; i < points.Length; i++)
        {
            points[i] = next.ToAffine();
            next += points[1 + (i / 2)];
        }

        return points;
    }
}

public sealed class ScalarG1PairAdderTests : PairAdderTests<Fq, Bn254G1>
{
    private protected override IPairAdder<Fq, Bn254G1> Create() => new ScalarPairAdder<Fq, Bn254G1>();
}

public sealed class FourLaneG1PairAdderTests : PairAdderTests<Fq, Bn254G1>
{
    private protected override IPairAdder<Fq, Bn254G1> Create() => new LanePairAdder<Fq, Bn254G1, PrimeLanes<Bn254BaseModulus, Lanes256>>();
}

public sealed class EightLaneG1PairAdderTests : PairAdderTests<Fq, Bn254G1>
{
    private protected override IPairAdder<Fq, Bn254G1> Create() => new LanePairAdder<Fq, Bn254G1, PrimeLanes<Bn254BaseModulus, Lanes512>>();
}

public sealed class ScalarG2PairAdderTests : PairAdderTests<Fq2, Bn254G2>
{
    private protected override IPairAdder<Fq2, Bn254G2> Create() => new ScalarPairAdder<Fq2, Bn254G2>();
}

public sealed class FourLaneG2PairAdderTests : PairAdderTests<Fq2, Bn254G2>
{
    private protected override IPairAdder<Fq2, Bn254G2> Create() => new LanePairAdder<Fq2, Bn254G2, QuadraticLanes<Bn254BaseModulus, Lanes256>>();
}

public sealed class EightLaneG2PairAdderTests : PairAdderTests<Fq2, Bn254G2>
{
    private protected override IPairAdder<Fq2, Bn254G2> Create() => new LanePairAdder<Fq2, Bn254G2, QuadraticLanes<Bn254BaseModulus, Lanes512>>();
}

public sealed class NativeG1PairAdderTests : PairAdderTests<Fq, Bn254G1>
{
    private protected override IPairAdder<Fq, Bn254G1> Create() => new NativePairAdder<Fq, Bn254G1>(PortableKernels.Load());
}

public sealed class NativeG2PairAdderTests : PairAdderTests<Fq2, Bn254G2>
{
    private protected override IPairAdder<Fq2, Bn254G2> Create() => new NativePairAdder<Fq2, Bn254G2>(PortableKernels.Load());
}
