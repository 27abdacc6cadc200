using Accel.Compute;
using BenchmarkDotNet.Attributes;

namespace Accel.Benchmarks;

/// <summary>Transforms and the quotient on the CPU backend.</summary>
[SimpleJob(warmupCount: 1, iterationCount: 5)]
public class NttBenchmarks : IAsyncDisposable
{
    private CpuBackend _backend = new();
    private Fr[] _values = [];
    private QuotientInput _quotient;

    [Params(10, 14, 18, 20)]
    public int Log2Size { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _backend = new CpuBackend(Threads);
        _values = Inputs.Elements(1 << Log2Size, Fr.FromBigInteger);
        _quotient = new QuotientInput(_values.ToArray(), _values.ToArray(), _values.ToArray());
    }

    [Benchmark(Baseline = true)]
    public async Task Forward() => await _backend.NttAsync(new NttPlan(Log2Size, NttDirection.Forward), _values, CancellationToken.None);

    [Benchmark]
    public async Task InverseOnCoset() => await _backend.NttAsync(new NttPlan(Log2Size, NttDirection.Inverse, 7), _values, CancellationToken.None);

    [Benchmark]
    public async Task<IScalarSource> Quotient() => await _backend.QuotientAsync(_quotient, CancellationToken.None);

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
