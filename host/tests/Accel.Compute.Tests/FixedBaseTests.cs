using Xunit;

namespace Accel.Compute.Tests;

public class FixedBaseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(1500, 2)]
    public async Task Products_of_one_G1_point_equal_double_and_add(int count, int threads) => await Check<Fq, Bn254G1>(count, threads);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 2)]
    public async Task Products_of_one_G2_point_equal_double_and_add(int count, int threads) => await Check<Fq2, Bn254G2>(count, threads);

    [Fact]
    public async Task Zero_gives_infinity_and_minus_one_the_opposite()
    {
        G1Affine point = (G1.Generator * 77).ToAffine();
        G1Affine[] results = new G1Affine[4];
        await FixedBase.MultiplyAsync(point, new Fr[] { 0, 1, -Fr.One, 2 }, results, threads: 1, Cancel);
        Assert.Equal([G1Affine.Infinity, point, -point, (G1.Generator * 154).ToAffine()], results);
    }

    [Fact]
    public async Task Products_of_infinity_are_infinity()
    {
        G2Affine[] results = [G2Affine.Generator, G2Affine.Generator];
        await FixedBase.MultiplyAsync(G2Affine.Infinity, new Fr[] { 5, -Fr.One }, results, threads: 2, Cancel);
        Assert.All(results, result => Assert.True(result.IsInfinity));
    }

    [Fact]
    public async Task Wrong_lengths_no_threads_and_a_cancelled_token_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => FixedBase.MultiplyAsync(G1Affine.Generator, new Fr[3], new G1Affine[2], threads: 1, Cancel).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => FixedBase.MultiplyAsync(G1Affine.Generator, new Fr[1], new G1Affine[1], threads: 0, Cancel).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => FixedBase.MultiplyAsync(G1Affine.Generator, new Fr[1], new G1Affine[1], threads: 1, new CancellationToken(canceled: true)).AsTask());
    }

    private static async Task Check<TField, TCurve>(int count, int threads)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        Random random = new(count);
        AffinePoint<TField, TCurve> point = Samples.Points<TField, TCurve>(random, 1).Points[0];
        Fr[] scalars = [.. Samples.Scalars(random, count / 2), .. Samples.WitnessScalars(random, count - (count / 2))];
        AffinePoint<TField, TCurve>[] results = new AffinePoint<TField, TCurve>[count];
        await FixedBase.MultiplyAsync(point, scalars, results, threads, Cancel);
        XyzzPoint<TField, TCurve> start = XyzzPoint<TField, TCurve>.FromAffine(point);
        for (int i = 0; i < count; i++)
        {
            Assert.True((start * scalars[i]).ToAffine() == results[i], $"product {i} of {count} over {TCurve.Name}, seed {count}");
        }
    }
}
