using Xunit;

namespace Accel.Compute.Tests;

public abstract partial class ComputeBackendContract
{
    [Theory]
    [InlineData(Group.G1)]
    [InlineData(Group.G2)]
    public Task Msm_equals_the_sum_of_products_for_every_count_to_64(Group group) => group == Group.G1 ? EveryCount<Fq, Bn254G1>() : EveryCount<Fq2, Bn254G2>();

    [Theory]
    [InlineData(Group.G1, 100)]
    [InlineData(Group.G1, 257)]
    [InlineData(Group.G1, 511)]
    [InlineData(Group.G1, 2048)]
    [InlineData(Group.G1, 5000)]
    [InlineData(Group.G2, 100)]
    [InlineData(Group.G2, 255)]
    [InlineData(Group.G2, 1500)]
    public async Task Msm_equals_the_sum_of_products_for_larger_counts(Group group, int count)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        await (group == Group.G1 ? CheckMsm<Fq, Bn254G1>(backend, Seed + count, count) : CheckMsm<Fq2, Bn254G2>(backend, Seed + count, count));
    }

    [Theory]
    [InlineData(Group.G1)]
    [InlineData(Group.G2)]
    public Task Msm_is_right_on_the_edges(Group group) => group == Group.G1 ? Edges<Fq, Bn254G1>() : Edges<Fq2, Bn254G2>();

    [Theory]
    [InlineData(Group.G1)]
    [InlineData(Group.G2)]
    public Task Msm_is_right_for_equal_points_and_equal_scalars(Group group) => group == Group.G1 ? AllEqual<Fq, Bn254G1>() : AllEqual<Fq2, Bn254G2>();

    [Theory]
    [InlineData(Group.G1)]
    [InlineData(Group.G2)]
    public Task Msm_is_right_for_witness_scalars(Group group) => group == Group.G1 ? Witness<Fq, Bn254G1>(3000) : Witness<Fq2, Bn254G2>(1200);

    [Theory]
    [InlineData(Group.G1)]
    [InlineData(Group.G2)]
    public Task Msm_takes_a_prefix_of_the_bases_and_scalars_in_chunks(Group group) => group == Group.G1 ? Prefix<Fq, Bn254G1>() : Prefix<Fq2, Bn254G2>();

    [Fact]
    public async Task Msm_waits_for_scalars_that_are_still_being_computed()
    {
        const int Count = 300;
        const int Chunk = 100;
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, Count);
        Fr[] expected = Samples.WitnessScalars(random, Count);
        Fr[] values = new Fr[Count];
        GrowingScalars scalars = new(values, Chunk);
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, Cancel);
        Task<G1> product = Task.Run(async () => await backend.MsmAsync(bases, scalars, Cancel), Cancel);
        foreach (int chunk in new[] { 2, 0, 1 })
        {
            expected.AsSpan(chunk * Chunk, Chunk).CopyTo(values.AsSpan(chunk * Chunk));
            scalars.Publish(chunk, Chunk);
            await Task.Yield();
        }

        Assert.Equal(Samples.ByLogarithms<Fq, Bn254G1>(expected, logarithms), await product);
    }

    [Theory]
    [InlineData(Group.G1)]
    [InlineData(Group.G2)]
    public async Task Msm_refuses_more_scalars_than_bases(Group group)
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        ArgumentException error = await Assert.ThrowsAnyAsync<ArgumentException>(() => group == Group.G1
            ? Msm<Fq, Bn254G1>(backend, new G1Affine[3], new MemoryScalarSource(new Fr[4]))
            : Msm<Fq2, Bn254G2>(backend, new G2Affine[3], new MemoryScalarSource(new Fr[4])));
        Assert.Contains("4 scalars", error.Message, StringComparison.Ordinal);
        Assert.Contains("3 bases", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Msm_refuses_bases_of_another_backend_and_disposed_bases()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        await using IComputeBackend other = await CreateBackendAsync();
        MemoryScalarSource scalars = new(new[] { Fr.One });
        IBaseSet<G1Affine> foreign = await other.LoadBasesAsync(new[] { G1Affine.Generator }, Cancel);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => backend.MsmAsync(foreign, scalars, Cancel).AsTask());

        IBaseSet<G1Affine> disposed = await backend.LoadBasesAsync(new[] { G1Affine.Generator }, Cancel);
        Assert.Equal(1, disposed.Count);
        await disposed.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => backend.MsmAsync(disposed, scalars, Cancel).AsTask());
    }

    /// <summary>One product through the interface, whichever group.</summary>
    protected static async Task<XyzzPoint<TField, TCurve>> Msm<TField, TCurve>(
        IComputeBackend backend, AffinePoint<TField, TCurve>[] points, IScalarSource scalars)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        if (points is G1Affine[] points1)
        {
            await using IBaseSet<G1Affine> bases1 = await backend.LoadBasesAsync(points1, Cancel);
            return (XyzzPoint<TField, TCurve>)(object)await backend.MsmAsync(bases1, scalars, Cancel);
        }

        await using IBaseSet<G2Affine> bases2 = await backend.LoadBasesAsync((G2Affine[])(object)points, Cancel);
        return (XyzzPoint<TField, TCurve>)(object)await backend.MsmAsync(bases2, scalars, Cancel);
    }

    private static Task<XyzzPoint<TField, TCurve>> Msm<TField, TCurve>(IComputeBackend backend, AffinePoint<TField, TCurve>[] points, Fr[] scalars)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField> => Msm(backend, points, new MemoryScalarSource(scalars));

    protected static async Task CheckMsm<TField, TCurve>(IComputeBackend backend, int seed, int count)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        Random random = new(seed);
        (AffinePoint<TField, TCurve>[] points, Fr[] logarithms) = Samples.Points<TField, TCurve>(random, count);
        Fr[] scalars = Samples.Scalars(random, count);
        XyzzPoint<TField, TCurve> product = await Msm(backend, points, scalars);
        Assert.True(Samples.ByLogarithms<TField, TCurve>(scalars, logarithms) == product, $"wrong sum of {count} over {TCurve.Name}, seed {seed}");
    }

    private async Task EveryCount<TField, TCurve>()
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        (AffinePoint<TField, TCurve>[] points, _) = Samples.Points<TField, TCurve>(random, 64);
        Fr[] scalars = Samples.Scalars(random, 64);
        XyzzPoint<TField, TCurve> expected = default;
        for (int count = 0; count <= 64; count++)
        {
            XyzzPoint<TField, TCurve> product = await Msm(backend, points[..count], scalars[..count]);
            Assert.True(expected == product, $"wrong sum of {count} over {TCurve.Name}, seed {Seed}");
            if (count < 64)
            {
                expected += XyzzPoint<TField, TCurve>.FromAffine(points[count]) * scalars[count];
            }
        }
    }

    private async Task Edges<TField, TCurve>()
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        AffinePoint<TField, TCurve> p = Samples.Points<TField, TCurve>(random, 1).Points[0];
        AffinePoint<TField, TCurve> infinity = AffinePoint<TField, TCurve>.Infinity;
        Fr half = ((Fr)2).Inverse();
        (AffinePoint<TField, TCurve>[] Points, Fr[] Scalars)[] cases =
        [
            ([p], [Fr.Zero]),
            ([p], [Fr.One]),
            ([p], [-Fr.One]),
            ([p], [half]),
            ([p], [half - 1]),
            ([p], [-half]),
            ([infinity], [Samples.Scalar(random)]),
            ([infinity, p, infinity], [5, 7, -Fr.One]),
            ([p, p], [3, 3]),
            ([p, -p], [9, 9]),
            ([p, -p, p], [9, 9, 1]),
            ([p, p], [9, -(Fr)9]),
            ([p, p, p, p], [1, -Fr.One, 1, -Fr.One]),
            .. Enumerable.Range(0, 254).Select(bit => (new[] { p }, new[] { Fr.FromBigInteger(System.Numerics.BigInteger.One << bit) })),
        ];
        foreach ((AffinePoint<TField, TCurve>[] points, Fr[] scalars) in cases)
        {
            string name = string.Join(' ', scalars.Select(s => s.ToSignedBigInteger()));
            Assert.True(Samples.NaiveMsm<TField, TCurve>(points, scalars) == await Msm(backend, points, scalars), $"wrong for scalars {name}, seed {Seed}");
        }
    }

    private async Task AllEqual<TField, TCurve>()
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        const int Count = 700;
        (AffinePoint<TField, TCurve>[] points, Fr[] logarithms) = Samples.Points<TField, TCurve>(random, Count);
        AffinePoint<TField, TCurve>[] samePoints = [.. Enumerable.Repeat(points[0], Count)];
        AffinePoint<TField, TCurve>[] opposites = [.. Enumerable.Range(0, Count).Select(i => i % 2 == 0 ? points[0] : -points[0])];
        foreach (Fr scalar in new[] { Fr.One, -Fr.One, 2, Samples.Scalar(random) })
        {
            Fr[] same = [.. Enumerable.Repeat(scalar, Count)];
            XyzzPoint<TField, TCurve> expected = XyzzPoint<TField, TCurve>.FromAffine(points[0]) * (scalar * Count);
            Assert.True(expected == await Msm(backend, samePoints, same), $"equal points, scalar {scalar}");
            Assert.True((await Msm(backend, opposites, same)).IsInfinity, $"opposite points, scalar {scalar}");
            Assert.True(Samples.ByLogarithms<TField, TCurve>(same, logarithms) == await Msm(backend, points, same), $"equal scalars {scalar}");
        }
    }

    private async Task Witness<TField, TCurve>(int count)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        (AffinePoint<TField, TCurve>[] points, Fr[] logarithms) = Samples.Points<TField, TCurve>(random, count);
        Fr[] scalars = Samples.WitnessScalars(random, count);
        for (int i = 0; i < count; i += 9)
        {
            (points[i], logarithms[i]) = (AffinePoint<TField, TCurve>.Infinity, Fr.Zero);
        }

        Assert.True(Samples.ByLogarithms<TField, TCurve>(scalars, logarithms) == await Msm(backend, points, scalars), $"seed {Seed}");
    }

    private async Task Prefix<TField, TCurve>()
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(Seed);
        (AffinePoint<TField, TCurve>[] points, Fr[] logarithms) = Samples.Points<TField, TCurve>(random, 200);
        Fr[] scalars = Samples.Scalars(random, 130);
        XyzzPoint<TField, TCurve> expected = Samples.ByLogarithms<TField, TCurve>(scalars, logarithms);
        Assert.True(expected == await Msm(backend, points, scalars), $"from memory, seed {Seed}");
        Assert.True(expected == await Msm(backend, points, new ChunkedScalarSource(scalars)), $"in chunks, seed {Seed}");
    }
}
