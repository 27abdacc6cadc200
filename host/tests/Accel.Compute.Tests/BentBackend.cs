using Accel.Device;

namespace Accel.Compute.Tests;

/// <summary>The processor, bent: it lies, dies, stalls or lacks a part where a test says so. Parts are ntt, quotient, g1 and g2.</summary>
internal sealed class BentBackend : IComputeBackend
{
    private readonly CpuBackend _inner = new(threads: 1);

    public string? Lies { get; init; }

    public string? Dies { get; init; }

    public Func<string, bool> Lacks { get; init; } = _ => false;

    public Action<string> Before { get; init; } = _ => { };

    /// <summary>Runs within each call.</summary>
    public Func<string, CancellationToken, Task> During { get; init; } = (_, _) => Task.CompletedTask;

    public string Resource { get; init; } = BackendInfo.HostProcessor;

    public BackendInfo Info => _inner.Info with { Kind = "bent", Resource = Resource };

    public async ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel)
    {
        await BeginAsync("ntt", cancel);
        await _inner.NttAsync(plan, values, cancel);
        values.Span[^1] += Lie("ntt");
    }

    public ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel) => _inner.LoadBasesAsync(bases, cancel);

    public ValueTask<IBaseSet<G2Affine>> LoadBasesAsync(ReadOnlyMemory<G2Affine> bases, CancellationToken cancel) => _inner.LoadBasesAsync(bases, cancel);

    public async ValueTask<G1> MsmAsync(IBaseSet<G1Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        await BeginAsync("g1", cancel);
        return await _inner.MsmAsync(bases, scalars, cancel) + (G1.Generator * Lie("g1"));
    }

    public async ValueTask<G2> MsmAsync(IBaseSet<G2Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        await BeginAsync("g2", cancel);
        return await _inner.MsmAsync(bases, scalars, cancel) + (G2.Generator * Lie("g2"));
    }

    public async ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel)
    {
        await BeginAsync("quotient", cancel);
        IScalarSource result = await _inner.QuotientAsync(input, cancel);
        input.A.Span[^1] += Lie("quotient");
        return result;
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private Fr Lie(string part) => part == Lies ? Fr.One : Fr.Zero;

    private async Task BeginAsync(string part, CancellationToken cancel)
    {
        Before(part);
        await During(part, cancel);
        if (Lacks(part))
        {
            throw new NotSupportedException($"no {part} here");
        }

        if (part == Dies)
        {
            throw new DeviceException("the bus did not answer");
        }
    }
}
