using Accel.Compute.Fpga;
using Accel.Device;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>What the host does around the card, without one.</summary>
public class FpgaPartsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DeviceCapabilities Card { get; } = new()
    {
        MinorVersion = 0,
        CurveId = 1,
        HasMsm = true,
        HasNtt = true,
        HasPointwise = true,
        FieldBits = 254,
        ScalarBits = 254,
        FieldRBits = 256,
        ScalarRBits = 256,
        MsmCellsLog2 = 17,
        WindowBitsMin = 2,
        WindowBitsMax = 13,
        AdderLatency = 100,
        NttLanes = 4,
        NttTileLog2Max = 12,
        NttLog2Max = 28,
        MemoryBytes = 1L << 34,
        RingLog2Max = 16,
    };

    [Fact]
    public void Windows_grow_with_the_count_within_the_engines_limits()
    {
        int previous = 0;
        foreach (long count in (long[])[0, 1, 64, 1024, 1 << 14, 1 << 16, 1 << 20, 1L << 26])
        {
            int bits = MsmWindow.Choose(Card, count);
            Assert.InRange(bits, Math.Max(previous, Card.WindowBitsMin), Card.WindowBitsMax);
            previous = bits;
        }

        Assert.Equal(Card.WindowBitsMax, previous);
        Assert.InRange(MsmWindow.Choose(Card, 1 << 16), 11, 13);
        Assert.True(MsmWindow.Choose(Card with { MsmCellsLog2 = 12 }, 1L << 26) < 10);
        Assert.Throws<NotSupportedException>(() => MsmWindow.Choose(Card with { MsmCellsLog2 = 2 }, 1));
    }

    [Fact]
    public void Plane_sums_combine_by_powers_of_two()
    {
        Random random = new(5);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, 20);
        points[3] = G1Affine.Infinity;
        logarithms[3] = Fr.Zero;
        Fr[] weights = [.. Enumerable.Range(0, 20).Select(i => (Fr)(1UL << i))];
        byte[] sums = Encode(points, random);
        Assert.Null(PlaneSums.TryCombine(sums, out G1 product));
        Assert.Equal(Samples.ByLogarithms<Fq, Bn254G1>(weights, logarithms), product);
        Assert.Null(PlaneSums.TryCombine([], out G1 nothing));
        Assert.True(nothing.IsInfinity);
    }

    [Fact]
    public void Every_flipped_bit_of_a_plane_sum_is_found()
    {
        Random random = new(6);
        byte[] sums = Encode(Samples.Points<Fq, Bn254G1>(random, 1).Points, random);
        for (int bit = 0; bit < 8 * sums.Length; bit++)
        {
            byte[] flipped = [.. sums];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotNull(PlaneSums.TryCombine(flipped, out _));
        }

        Assert.Contains("never written", PlaneSums.TryCombine([.. Enumerable.Repeat((byte)0xff, 128)], out _)!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(13)]
    public async Task Both_forms_of_a_polynomial_agree_at_a_random_point_and_any_change_shows(int log2)
    {
        Random random = new(log2);
        Fr[] coefficients = Samples.Scalars(random, 1 << log2);
        Fr[] values = [.. coefficients];
        await using CpuBackend cpu = new(2);
        await cpu.NttAsync(new NttPlan(log2, NttDirection.Forward), values, Cancel);
        Fr point = TransformCheck.RandomPoint();
        Fr expected = Samples.Evaluate(coefficients, point);
        Assert.Equal(expected, await TransformCheck.FromCoefficientsAsync(coefficients, point, 2, Cancel));
        Assert.Equal(expected, await TransformCheck.FromValuesAsync(values, point, 2, Cancel));
        values[random.Next(values.Length)] += Fr.One;
        Assert.NotEqual(expected, await TransformCheck.FromValuesAsync(values, point, 2, Cancel));
    }

    [Fact]
    public void Scalars_above_the_modulus_are_found()
    {
        byte[] bytes = new byte[96];
        ScalarBytes.Write([1, -Fr.One, 2], bytes);
        Fr[] back = new Fr[3];
        Assert.Equal(-1, ScalarBytes.Read(bytes, back));
        Assert.Equal([1, -Fr.One, 2], back);
        bytes[32]++;
        Assert.Equal(1, ScalarBytes.Read(bytes, back));
    }

    /// <summary>Projective sums with random representatives, as the engine writes them.</summary>
    private static byte[] Encode(G1Affine[] points, Random random)
    {
        byte[] sums = new byte[points.Length * PlaneSums.Bytes];
        for (int i = 0; i < points.Length; i++)
        {
            Fq z = Fq.FromBigInteger(Samples.Scalar(random).ToBigInteger());
            Span<byte> sum = sums.AsSpan(i * PlaneSums.Bytes, PlaneSums.Bytes);
            (points[i].X * z).WriteMontgomery(sum);
            (points[i].IsInfinity ? z : points[i].Y * z).WriteMontgomery(sum[32..]);
            (points[i].IsInfinity ? Fq.Zero : z).WriteMontgomery(sum[64..]);
        }

        return sums;
    }
}
