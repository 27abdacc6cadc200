using Accel.Compute.Tests;
using Xunit;

namespace Accel.Compute.Ilgpu.Tests;

/// <summary>The contract on ILGPU's CPU accelerator.</summary>
public sealed class IlgpuBackendTests : ComputeBackendContract
{
    [Fact]
    public async Task Info_says_aloud_that_the_cpu_accelerator_is_for_tests()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Assert.Equal(IlgpuBackend.Kind, backend.Info.Kind);
        Assert.Contains("ILGPU CPU accelerator", backend.Info.Device, StringComparison.Ordinal);
        Assert.Contains("for tests, slow", backend.Info.Device, StringComparison.Ordinal);
        Assert.Contains(backend.Info.OnHost, part => part.Contains("G2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(16)]
    public async Task Every_window_gives_the_sum_in_any_chunks(int windowBits)
    {
        Random random = new(windowBits);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, 200);
        Fr half = ((Fr)2).Inverse();
        Fr[] scalars = [.. Samples.Scalars(random, 100), .. Samples.WitnessScalars(random, 95), half, half - 1, -half, -Fr.One, Fr.Zero];
        G1 expected = Samples.ByLogarithms<Fq, Bn254G1>(scalars, logarithms);
        foreach (int chunk in (int[])[1000, 77, 200])
        {
            IlgpuBackendOptions sizes = new() { Threads = 2, WindowBits = windowBits, ChunkScalars = chunk };
            await using IlgpuBackend backend = IlgpuBackend.OpenCpu(sizes);
            G1 product = await Msm(backend, points, new MemoryScalarSource(scalars));
            Assert.True(expected == product, $"window {windowBits}, chunks of {chunk}, seed {windowBits}");
        }
    }

    [Fact]
    public async Task One_hot_bucket_over_many_slices_gives_the_sum()
    {
        // 20,000 ones fill 2,500 slices of one bucket: four levels of heads. Around them are buckets that begin and end within a slice.
        const int Hot = 20_000;
        Random random = new(4);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, 300);
        G1Affine[] many = [.. Enumerable.Range(0, Hot).Select(i => points[i % points.Length])];
        Fr[] manyLogarithms = [.. Enumerable.Range(0, Hot).Select(i => logarithms[i % points.Length])];
        await using IlgpuBackend backend = IlgpuBackend.OpenCpu(new IlgpuBackendOptions { Threads = 2, WindowBits = 7 });
        foreach (int others in (int[])[0, 1, 50, 400])
        {
            Fr[] scalars = [.. Enumerable.Range(0, Hot).Select(i => i < Hot - others ? Fr.One : (Fr)random.Next(1 << 20))];
            G1 expected = Samples.ByLogarithms<Fq, Bn254G1>(scalars, manyLogarithms);
            Assert.True(expected == await Msm(backend, many, new MemoryScalarSource(scalars)), $"{others} others");
        }
    }

    [Fact]
    public async Task A_quotient_goes_from_the_devices_memory_into_its_product()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Random random = new(8);
        const int N = 64;
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, N);
        QuotientInput input = new(Samples.Scalars(random, N), Samples.Scalars(random, N), Samples.Scalars(random, N));
        IScalarSource quotient = await backend.QuotientAsync(input, Cancel);
        Assert.False(quotient.TryGetMemory(out _));
        Fr[] values = new Fr[N];
        await quotient.ReadAsync(0, values, Cancel);
        Fr[] part = new Fr[10];
        await quotient.ReadAsync(20, part, Cancel);
        Assert.Equal(values[20..30], part);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => quotient.ReadAsync(60, part, Cancel).AsTask());
        G1 expected = Samples.ByLogarithms<Fq, Bn254G1>(values, logarithms);
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, Cancel);
        Assert.Equal(expected, await backend.MsmAsync(bases, quotient, Cancel));

        // A product that reads a quotient of its own device piece by piece, and one of another backend on it.
        Task<G1> read = backend.MsmAsync(bases, new ReadOnlySource(quotient), Cancel).AsTask();
        Assert.Equal(expected, await read.WaitAsync(TimeSpan.FromMinutes(1), Cancel));
        await using IComputeBackend other = await CreateBackendAsync();
        Assert.Equal(expected, await Msm(other, points, quotient).WaitAsync(TimeSpan.FromMinutes(1), Cancel));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => IlgpuBackend.OpenCpu(new IlgpuBackendOptions { Threads = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => IlgpuBackend.OpenCpu(new IlgpuBackendOptions { WindowBits = 17 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => IlgpuBackend.OpenCpu(new IlgpuBackendOptions { ChunkScalars = 0 }));
        await using IComputeBackend backend = await CreateBackendAsync();
        Assert.InRange(backend.Info.MsmCountMax, 1 << 20, Array.MaxLength);
        Assert.InRange(backend.Info.NttLog2SizeMax, 20, 28);
    }

    protected override ValueTask<IComputeBackend> CreateBackendAsync() => new(IlgpuBackend.OpenCpu(new IlgpuBackendOptions { Threads = 2 }));

    /// <summary>Hides what a source is.</summary>
    private sealed class ReadOnlySource(IScalarSource inner) : IScalarSource
    {
        public int Count => inner.Count;

        public ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel) => inner.ReadAsync(offset, destination, cancel);

        public bool TryGetMemory(out ReadOnlyMemory<Fr> memory) => inner.TryGetMemory(out memory);
    }
}
