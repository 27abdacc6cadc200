using Accel.Compute;

namespace Accel.Proving.Tests.Groth16;

/// <summary>The CPU backend, but each product over G2 (one a proof) waits until it is let through; it tells how many proofs are at work.</summary>
internal sealed class GatedBackend : IComputeBackend
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CpuBackend _inner = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _gate = new(0);
    private int _inside;
    private int _insideMax;

    public BackendInfo Info => _inner.Info;

    /// <summary>The most proofs that were at work at once.</summary>
    public int InsideMax => Volatile.Read(ref _insideMax);

    /// <summary>Completes when one more proof has reached the gate.</summary>
    public async Task ArrivalAsync(CancellationToken cancel)
    {
        if (!await _arrived.WaitAsync(Deadline, cancel))
        {
            throw new TimeoutException($"no proof came to the gate within {Deadline}");
        }
    }

    /// <summary>Lets this many proofs through.</summary>
    public void Open(int proofs) => _gate.Release(proofs);

    public ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel) => _inner.NttAsync(plan, values, cancel);

    public ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel) => _inner.LoadBasesAsync(bases, cancel);

    public ValueTask<IBaseSet<G2Affine>> LoadBasesAsync(ReadOnlyMemory<G2Affine> bases, CancellationToken cancel) => _inner.LoadBasesAsync(bases, cancel);

    public ValueTask<G1> MsmAsync(IBaseSet<G1Affine> bases, IScalarSource scalars, CancellationToken cancel) => _inner.MsmAsync(bases, scalars, cancel);

    public async ValueTask<G2> MsmAsync(IBaseSet<G2Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        int inside = Interlocked.Increment(ref _inside);
        InterlockedMax(inside);
        _arrived.Release();
        try
        {
            await _gate.WaitAsync(cancel);
            return await _inner.MsmAsync(bases, scalars, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel) => _inner.QuotientAsync(input, cancel);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private void InterlockedMax(int value)
    {
        for (int seen = InsideMax; value > seen; seen = InsideMax)
        {
            Interlocked.CompareExchange(ref _insideMax, value, seen);
        }
    }
}
