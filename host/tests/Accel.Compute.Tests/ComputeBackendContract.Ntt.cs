using Xunit;

namespace Accel.Compute.Tests;

public abstract partial class ComputeBackendContract
{
    /// <summary>Sizes from one value to 2⁸, where direct evaluation is cheap.</summary>
    public static TheoryData<int> SmallSizes => [.. Enumerable.Range(0, 9)];

    /// <summary>Sizes to 2¹⁶.</summary>
    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, 17)];

    [Theory]
    [MemberData(nameof(SmallSizes))]
    public async Task Forward_evaluates_at_the_powers_of_the_root_in_natural_order(int log2)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Fr[] coefficients = Samples.Scalars(new Random(Seed), 1 << log2);
        Assert.Equal(Samples.NaiveTransform(coefficients, Fr.One), await Transform(backend, new NttPlan(log2, NttDirection.Forward), coefficients));
    }

    [Theory]
    [MemberData(nameof(SmallSizes))]
    public async Task Forward_on_a_coset_evaluates_there(int log2)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        Fr shift = Samples.Scalar(random);
        Fr[] coefficients = Samples.Scalars(random, 1 << log2);
        Assert.Equal(Samples.NaiveTransform(coefficients, shift), await Transform(backend, new NttPlan(log2, NttDirection.Forward, shift), coefficients));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Large_transforms_agree_with_direct_evaluation_at_sampled_points(int log2)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        Fr shift = Samples.Scalar(random);
        Fr[] coefficients = Samples.Scalars(random, 1 << log2);
        Fr[] plain = await Transform(backend, new NttPlan(log2, NttDirection.Forward), coefficients);
        Fr[] coset = await Transform(backend, new NttPlan(log2, NttDirection.Forward, shift), coefficients);
        Fr root = Fr.RootOfUnity(log2);
        foreach (int index in (int[])[0, 1, 2, 7, 8, 9, 63, 64, 65, (1 << log2) / 2, (1 << log2) - 1, .. Enumerable.Range(0, 8).Select(_ => random.Next(1 << log2))])
        {
            Assert.True(Samples.Evaluate(coefficients, root.Pow(index)) == plain[index], $"value {index}, seed {Seed}");
            Assert.True(Samples.Evaluate(coefficients, shift * root.Pow(index)) == coset[index], $"coset value {index}, seed {Seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Inverse_undoes_forward(int log2)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        await CheckRoundTrip(backend, Seed, log2);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    public async Task The_transform_is_linear(int log2)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        NttPlan plan = new(log2, NttDirection.Forward);
        Fr[] a = Samples.Scalars(random, 1 << log2);
        Fr[] b = Samples.Scalars(random, 1 << log2);
        Fr factor = Samples.Scalar(random);
        Fr[] combined = await Transform(backend, plan, [.. a.Zip(b, (x, y) => (x * factor) + y)]);
        Fr[] expected = [.. (await Transform(backend, plan, a)).Zip(await Transform(backend, plan, b), (x, y) => (x * factor) + y)];
        Assert.Equal(expected, combined);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public async Task Products_of_values_are_cyclic_convolutions_of_coefficients(int log2)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        int n = 1 << log2;
        Fr[] a = Samples.Scalars(random, n);
        Fr[] b = Samples.Scalars(random, n);
        Fr[] convolution = new Fr[n];
        for (int i = 0; i < n * n; i++)
        {
            convolution[((i / n) + (i % n)) % n] += a[i / n] * b[i % n];
        }

        NttPlan forward = new(log2, NttDirection.Forward);
        Fr[] product = [.. (await Transform(backend, forward, a)).Zip(await Transform(backend, forward, b), (x, y) => x * y)];
        Assert.Equal(convolution, await Transform(backend, new NttPlan(log2, NttDirection.Inverse), product));
    }

    [Fact]
    public async Task Transforms_refuse_wrong_sizes_and_a_zero_shift()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        NttPlan[] plans = [new(3, NttDirection.Forward), new(-1, NttDirection.Forward), new(29, NttDirection.Inverse), new(2, NttDirection.Forward, Fr.Zero)];
        foreach (NttPlan plan in plans)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => backend.NttAsync(plan, new Fr[4], Cancel).AsTask());
        }
    }

    private static async Task<Fr[]> Transform(IComputeBackend backend, NttPlan plan, Fr[] values)
    {
        Fr[] copy = [.. values];
        await backend.NttAsync(plan, copy, Cancel);
        return copy;
    }

    protected static async Task CheckRoundTrip(IComputeBackend backend, int seed, int log2)
    {
        Random random = new(seed);
        Fr[] values = Samples.Scalars(random, 1 << log2);
        foreach (Fr? shift in new Fr?[] { null, Samples.Scalar(random) })
        {
            Fr[] transformed = await Transform(backend, new NttPlan(log2, NttDirection.Forward, shift), values);
            Fr[] back = await Transform(backend, new NttPlan(log2, NttDirection.Inverse, shift), transformed);
            Assert.True(values.AsSpan().SequenceEqual(back), $"size 2^{log2}, shift {shift}, seed {seed}");
        }
    }
}
