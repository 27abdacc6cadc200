using System.Numerics;
using Accel.Compute.Cpu;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>The bucket method under every window size, on inputs that fill, starve and crowd its buckets.</summary>
public class PippengerTests
{
    /// <summary>Every window size.</summary>
    public static TheoryData<int> WindowSizes => [.. Enumerable.Range(WindowPlan.BitsMin, WindowPlan.BitsMax - WindowPlan.BitsMin + 1)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(WindowSizes))]
    public async Task Every_window_size_gives_the_sum_over_G1(int bits)
    {
        await Check<Fq, Bn254G1>(bits, 1, Samples.Scalars);
        await Check<Fq, Bn254G1>(bits, 33, Samples.Scalars);
        await Check<Fq, Bn254G1>(bits, 600, Samples.Scalars);
        await Check<Fq, Bn254G1>(bits, 1500, Samples.WitnessScalars);
        await Check<Fq, Bn254G1>(bits, 900, (_, count) => [.. Enumerable.Repeat(-Fr.One, count)]);
    }

    [Theory]
    [MemberData(nameof(WindowSizes))]
    public async Task Every_window_size_gives_the_sum_over_G2(int bits)
    {
        await Check<Fq2, Bn254G2>(bits, 50, Samples.Scalars);
        await Check<Fq2, Bn254G2>(bits, 400, Samples.WitnessScalars);
    }

    [Theory]
    [MemberData(nameof(WindowSizes))]
    public void Digits_recompose_to_the_scalar(int bits)
    {
        WindowPlan plan = new(bits);
        Random random = new(3);
        Fr half = ((Fr)2).Inverse();
        Fr[] scalars = [0, 1, 2, -Fr.One, half, half - 1, -half, (Fr)(1UL << (bits - 1)), (Fr)((1UL << (bits - 1)) - 1), .. Samples.Scalars(random, 50)];
        using RecodedScalars recoded = RecodedScalars.Create(scalars);
        recoded.Bias(plan);
        for (int i = 0; i < scalars.Length; i++)
        {
            Fr sum = Fr.Zero;
            for (int window = plan.Count - 1; window >= 0; window--)
            {
                int digit = plan.Digit(recoded.Limbs(i), window);
                Assert.InRange(digit, -plan.BucketCount, plan.BucketCount);
                sum = (sum * (Fr)(1UL << bits)) + digit;
            }

            Assert.Equal(scalars[i], RecodedScalars.Sign(recoded.Limbs(i)) == 1 ? -sum : sum);
        }
    }

    [Theory]
    [MemberData(nameof(WindowSizes))]
    public void Plus_and_minus_one_cost_one_digit_and_zero_none(int bits)
    {
        WindowPlan plan = new(bits);
        using RecodedScalars recoded = RecodedScalars.Create([0, 1, -Fr.One]);
        recoded.Bias(plan);
        Assert.Equal([0, 1, 1], Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, plan.Count).Count(w => plan.Digit(recoded.Limbs(i), w) != 0)));
    }

    /// <summary>The smallest magnitude that carries into a window has one bit less than the window's place; the shorter scalar beside it makes the window look.</summary>
    [Theory]
    [MemberData(nameof(WindowSizes))]
    public async Task A_carry_into_a_window_counts_even_from_the_shortest_scalar_that_makes_one(int bits)
    {
        WindowPlan plan = new(bits);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(new Random(bits), 2);
        BigInteger bias = BigInteger.Zero;
        for (int window = 1; window < plan.Count; window++)
        {
            bias += BigInteger.One << ((window * bits) - 1);
            BigInteger least = (BigInteger.One << (window * bits)) - bias;
            foreach (BigInteger magnitude in (BigInteger[])[least - 1, least, (BigInteger.One << ((window * bits) - 1)) - 1])
            {
                Fr[] scalars = [Fr.FromBigInteger(magnitude), Fr.One];
                G1 product = await Pippenger<Fq, Bn254G1>.MultiplyAsync(points, new MemoryScalarSource(scalars), new MsmOptions(CpuEngine.Choose(), 1, bits), Cancel);
                Assert.True(Samples.ByLogarithms<Fq, Bn254G1>(scalars, logarithms) == product, $"{magnitude}, window {window} of {bits} bits");
            }
        }
    }

    [Fact]
    public async Task A_few_scalars_of_any_lengths_give_the_sum()
    {
        const int Points = 6;
        const int Cases = 1500;
        Random random = new(17);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, Points);
        for (int i = 0; i < Cases; i++)
        {
            // Runs of ones, which carry farthest, up to a random length.
            Fr[] scalars = [.. Enumerable.Range(0, random.Next(1, Points + 1)).Select(_ => Fr.FromBigInteger(RunOfOnes()))];
            G1 product = await Pippenger<Fq, Bn254G1>.MultiplyAsync(points.AsMemory(0, scalars.Length), new MemoryScalarSource(scalars), new MsmOptions(CpuEngine.Choose(), 1), Cancel);
            Assert.True(Samples.ByLogarithms<Fq, Bn254G1>(scalars, logarithms.AsSpan(0, scalars.Length)) == product, $"case {i}: {string.Join(", ", scalars)}");
        }

        BigInteger RunOfOnes()
        {
            int length = random.Next(RecodedScalars.MagnitudeBits + 1);
            BigInteger hole = BigInteger.One << random.Next(length + 1);
            return (BigInteger.One << length) - (random.Next(4) == 0 ? 0 : hole);
        }
    }

    [Fact]
    public void The_cost_model_widens_windows_with_the_count_and_narrows_them_for_small_scalars()
    {
        int[] lengths = new int[RecodedScalars.MagnitudeBits + 1];
        int previous = 0;
        for (int log2 = 2; log2 <= 20; log2 += 2)
        {
            lengths[^1] = 1 << log2;
            int bits = WindowPlan.Choose(lengths).Bits;
            Assert.InRange(bits, Math.Max(previous, WindowPlan.BitsMin), WindowPlan.BitsMax);
            previous = bits;
        }

        Assert.InRange(previous, 15, 16);
        int[] ones = new int[RecodedScalars.MagnitudeBits + 1];
        ones[1] = 1 << 20;
        Assert.Equal(WindowPlan.BitsMin, WindowPlan.Choose(ones).Bits);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public async Task The_sum_does_not_depend_on_the_chunk_size_or_on_where_scalars_lie(int chunkSize)
    {
        Random random = new(chunkSize);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, 100);
        Fr[] scalars = Samples.Scalars(random, 100);
        foreach (IScalarSource source in (IScalarSource[])[new MemoryScalarSource(scalars), new ChunkedScalarSource(scalars)])
        {
            G1 product = await Pippenger<Fq, Bn254G1>.MultiplyAsync(points, source, new MsmOptions(CpuEngine.Choose(), 2, ChunkSize: chunkSize), Cancel);
            Assert.True(Samples.ByLogarithms<Fq, Bn254G1>(scalars, logarithms) == product, $"chunks of {chunkSize} from {source}, seed {chunkSize}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(1000)]
    public async Task The_sum_does_not_depend_on_how_many_windows_are_in_memory(int atOnce)
    {
        Random random = new(atOnce);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, 3000);
        foreach (int count in (int[])[20, 3000])
        {
            // Some buckets are longer than a part, so that pieces of them are kept apart.
            Fr[] scalars = [.. Samples.Scalars(random, count / 2), .. Enumerable.Repeat(Samples.Scalar(random), count - (count / 2))];
            MsmOptions options = new(CpuEngine.Choose(), 2, WindowBits: 9, WindowsAtOnce: atOnce);
            G1 product = await Pippenger<Fq, Bn254G1>.MultiplyAsync(points.AsMemory(0, count), new MemoryScalarSource(scalars), options, Cancel);
            Assert.True(Samples.ByLogarithms<Fq, Bn254G1>(scalars, logarithms.AsSpan(0, count)) == product, $"{count} points, {atOnce} windows at once, seed {atOnce}");
        }
    }

    private static async Task Check<TField, TCurve>(int bits, int count, Func<Random, int, Fr[]> makeScalars)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        Random random = new(bits);
        (AffinePoint<TField, TCurve>[] points, Fr[] logarithms) = Samples.Points<TField, TCurve>(random, count);
        Fr[] scalars = makeScalars(random, count);
        XyzzPoint<TField, TCurve> product = await Pippenger<TField, TCurve>.MultiplyAsync(points, new MemoryScalarSource(scalars), new MsmOptions(CpuEngine.Choose(), 2, bits), Cancel);
        Assert.True(Samples.ByLogarithms<TField, TCurve>(scalars, logarithms) == product, $"{count} points, window {bits}, seed {bits}");
    }
}
