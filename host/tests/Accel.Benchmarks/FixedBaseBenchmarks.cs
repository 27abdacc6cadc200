using Accel.Compute;
using BenchmarkDotNet.Attributes;

namespace Accel.Benchmarks;

/// <summary>Products of one point, as a set-up computes them by the million.</summary>
[SimpleJob(warmupCount: 1, iterationCount: 5)]
public class FixedBaseBenchmarks
{
    private readonly Fr[] _scalars = Inputs.Elements(1 << 16, Fr.FromBigInteger);
    private readonly G1Affine[] _results1 = new G1Affine[1 << 16];
    private readonly G2Affine[] _results2 = new G2Affine[1 << 16];

    [Params(1, 2)]
    public int Threads { get; set; }

    [Benchmark(Baseline = true)]
    public async Task MultiplyG1() => await FixedBase.MultiplyAsync(G1Affine.Generator, _scalars, _results1, Threads, CancellationToken.None);

    [Benchmark]
    public async Task MultiplyG2() => await FixedBase.MultiplyAsync(G2Affine.Generator, _scalars, _results2, Threads, CancellationToken.None);
}
