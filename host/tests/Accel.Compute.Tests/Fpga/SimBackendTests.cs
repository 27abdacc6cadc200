using Xunit;

namespace Accel.Compute.Tests;

/// <summary>The contract on the RTL, over a memory that answers in time.</summary>
[Trait("speed", "slow")]
public class SimBackendTests : ComputeBackendContract
{
    [Fact]
    public async Task Info_says_what_stays_on_the_host()
    {
        await using FpgaBackend backend = await SimulatedCard.OpenAsync();
        Assert.Contains(backend.Info.OnHost, part => part.Contains("G2", StringComparison.Ordinal));
        Assert.Contains("libaccel_sim.so", backend.Info.Device, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cycles_of_every_operation_are_recorded()
    {
        await using FpgaBackend backend = await SimulatedCard.OpenAsync(settings: new FpgaBackendOptions { WindowBits = 6, ChunkScalars = 40 });
        Random random = new(3);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, 100);
        Fr[] scalars = Samples.Scalars(random, 100);
        Assert.Equal(Samples.ByLogarithms<Fq, Bn254G1>(scalars, logarithms), await Msm(backend, points, new MemoryScalarSource(scalars)));
        await backend.NttAsync(new NttPlan(5, NttDirection.Forward), Samples.Scalars(random, 32), Cancel);
        await backend.QuotientAsync(new QuotientInput(new Fr[8], new Fr[8], new Fr[8]), Cancel);
        Assert.Equal(["msm", "ntt", "ntt", "ntt", "ntt", "ntt", "ntt", "ntt", "pointwise"], backend.Operations.Select(operation => operation.Operation));
        DeviceOperation msm = backend.Operations[0];
        Assert.Equal((100L, 6, 43), (msm.Count, msm.WindowBits, msm.Windows));

        // Every non-zero digit needs a visit, and at most one is fed a cycle.
        Assert.InRange(msm.AccumulateCycles!.Value, 4000ul, msm.Cycles);
        Assert.InRange(msm.AggregateCycles!.Value, 1ul, msm.Cycles);
        Assert.True(msm.Steps > 0);
        Assert.Equal(80ul, backend.Operations[1].Steps);
    }

    [Fact]
    public async Task A_window_that_does_not_fit_is_refused()
    {
        await using FpgaBackend backend = await SimulatedCard.OpenAsync(settings: new FpgaBackendOptions { WindowBits = 30 });
        await Assert.ThrowsAsync<NotSupportedException>(() => Msm(backend, [G1Affine.Generator], new MemoryScalarSource(new[] { Fr.One })));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(13)]
    public async Task Every_window_gives_the_sum(int windowBits)
    {
        await using FpgaBackend backend = await SimulatedCard.OpenAsync(settings: new FpgaBackendOptions { WindowBits = windowBits, ChunkScalars = 34 });
        Random random = new(windowBits);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, 120);
        Fr[] scalars = [.. Samples.Scalars(random, 60), .. Samples.WitnessScalars(random, 60)];
        Assert.True(Samples.ByLogarithms<Fq, Bn254G1>(scalars, logarithms) == await Msm(backend, points, new MemoryScalarSource(scalars)), $"window {windowBits}, seed {windowBits}");
    }

    [Fact]
    public async Task A_quotient_goes_from_device_memory_into_its_product()
    {
        await using FpgaBackend backend = await SimulatedCard.OpenAsync();
        Random random = new(8);
        const int N = 64;
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, N);
        IScalarSource quotient = await backend.QuotientAsync(new QuotientInput(Samples.Scalars(random, N), Samples.Scalars(random, N), Samples.Scalars(random, N)), Cancel);
        Fr[] values = new Fr[N];
        await quotient.ReadAsync(0, values, Cancel);
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, Cancel);

        // The first product reads the device's copy and lets go of it, the second is sent the host's.
        Assert.Equal(Samples.ByLogarithms<Fq, Bn254G1>(values, logarithms), await backend.MsmAsync(bases, quotient, Cancel));
        Assert.Equal(Samples.ByLogarithms<Fq, Bn254G1>(values, logarithms), await backend.MsmAsync(bases, quotient, Cancel));
    }

    protected override async ValueTask<IComputeBackend> CreateBackendAsync() => await SimulatedCard.OpenAsync();
}

/// <summary>The contract on the RTL, over a memory that stalls, reorders and is slow.</summary>
[Trait("speed", "slow")]
public class StallingSimBackendTests : ComputeBackendContract
{
    protected override async ValueTask<IComputeBackend> CreateBackendAsync() => await SimulatedCard.OpenAsync("latency=300,stalls=40,seed=5");
}
