using Accel.Compute;

namespace Accel.Proving.Tests.Groth16;

/// <summary>The CPU backend, but its products over G1 are off by the generator.</summary>
internal sealed class FaultyBackend : IComputeBackend
{
    private readonly CpuBackend _inner = new();

    public BackendInfo Info => _inner.Info with { Kind = "faulty" };

    public ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel) => _inner.NttAsync(plan, values, cancel);

    public ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel) => _inner.LoadBasesAsync(bases, cancel);

    public ValueTask<IBaseSet<G2Affine>> LoadBasesAsync(ReadOnlyMemory<G2Affine> bases, CancellationToken cancel) => _inner.LoadBasesAsync(bases, cancel);

    public async ValueTask<G1> MsmAsync(IBaseSet<G1Affine> bases, IScalarSource scalars, CancellationToken cancel) =>
        await _inner.MsmAsync(bases, scalars, cancel) + G1Affine.Generator;

    public ValueTask<G2> MsmAsync(IBaseSet<G2Affine> bases, IScalarSource scalars, CancellationToken cancel) => _inner.MsmAsync(bases, scalars, cancel);

    public ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel) => _inner.QuotientAsync(input, cancel);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
