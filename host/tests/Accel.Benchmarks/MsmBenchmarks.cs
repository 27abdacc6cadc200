using Accel.Compute;
using BenchmarkDotNet.Attributes;

namespace Accel.Benchmarks;

/// <summary>Multi-scalar products on the CPU backend.</summary>
[SimpleJob(warmupCount: 1, iterationCount: 5)]
public class MsmBenchmarks : IAsyncDisposable
{
    private CpuBackend _backend = new();
    private IBaseSet<G1Affine>? _bases1;
    private IBaseSet<G2Affine>? _bases2;
    private MemoryScalarSource _uniform = new(default);
    private MemoryScalarSource _witness = new(default);

    [Params(12, 14, 16, 18)]
    public int Log2Count { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public async Task SetUp()
    {
        int count = 1 << Log2Count;
        _backend = new CpuBackend(Threads);
        _bases1 = await _backend.LoadBasesAsync(await Inputs.PointsAsync<Fq, Bn254G1>(count), CancellationToken.None);
        _bases2 = await _backend.LoadBasesAsync(await Inputs.PointsAsync<Fq2, Bn254G2>(count), CancellationToken.None);
        _uniform = new MemoryScalarSource(Inputs.Elements(count, Fr.FromBigInteger));
        _witness = new MemoryScalarSource(Inputs.WitnessScalars(count));
    }

    [Benchmark(Baseline = true)]
    public async Task<G1> UniformG1() => await _backend.MsmAsync(_bases1!, _uniform, CancellationToken.None);

    [Benchmark]
    public async Task<G1> WitnessG1() => await _backend.MsmAsync(_bases1!, _witness, CancellationToken.None);

    [Benchmark]
    public async Task<G2> UniformG2() => await _backend.MsmAsync(_bases2!, _uniform, CancellationToken.None);

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
