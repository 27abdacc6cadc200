using System.Runtime.InteropServices;
using Accel.Compute.Cpu;

namespace Accel.Compute;

/// <summary>
/// The host's processor: vector arithmetic where it has AVX-512 or AVX2, portable 64-bit arithmetic elsewhere; <c>ACCEL_CPU</c> forces one by name.
/// Calls may run concurrently; each uses up to the given number of threads.
/// </summary>
public sealed class CpuBackend : IComputeBackend
{
    /// <summary>The name that selects this backend.</summary>
    public const string Kind = "cpu";

    private readonly int _threads;
    private readonly CpuEngine _engine;
    private bool _disposed;

    /// <summary>Makes a backend that uses one thread per processor.</summary>
    public CpuBackend()
        : this(Environment.ProcessorCount)
    {
    }

    /// <summary>Makes a backend.</summary>
    /// <param name="threads">Threads per call, at least 1. Results do not depend on it.</param>
    /// <exception cref="ArgumentException"><c>ACCEL_CPU</c> names no engine, or one that this processor does not accelerate.</exception>
    public CpuBackend(int threads)
        : this(threads, CpuEngine.Choose())
    {
    }

    internal CpuBackend(int threads, CpuEngine engine)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = threads;
        _engine = engine;
        bool forced = Environment.GetEnvironmentVariable(CpuEngine.Variable) is { Length: > 0 };
        string device = $"{RuntimeInformation.ProcessArchitecture}, {threads} thread{(threads == 1 ? "" : "s")}, {engine.Name}: {engine.Description}, {engine.Reason(forced)}";
        Info = new BackendInfo(Kind, device, ["bn254"], Ntt.Log2SizeMax, Array.MaxLength);
    }

    /// <summary>The arithmetic that there is, the most preferred first: its name, what it needs, and what of that is missing here, empty when nothing is.</summary>
    public static IReadOnlyList<(string Name, string Needs, string Missing)> Engines { get; } =
        [.. CpuEngine.All.Select(engine => (engine.Name, engine.Needs, engine.IsAccelerated ? string.Empty : engine.Missing))];

    /// <inheritdoc />
    public BackendInfo Info { get; }

    /// <inheritdoc />
    /// <remarks>A cancelled transform leaves <paramref name="values"/> in an unspecified state.</remarks>
    public async ValueTask NttAsync(NttPlan plan, Memory<Fr> values, CancellationToken cancel)
    {
        Begin(cancel);
        await Ntt.TransformAsync(_engine, plan, values, _threads, cancel);
    }

    /// <inheritdoc />
    public ValueTask<IBaseSet<G1Affine>> LoadBasesAsync(ReadOnlyMemory<G1Affine> bases, CancellationToken cancel) => Load(bases, cancel);

    /// <inheritdoc />
    public ValueTask<IBaseSet<G2Affine>> LoadBasesAsync(ReadOnlyMemory<G2Affine> bases, CancellationToken cancel) => Load(bases, cancel);

    /// <inheritdoc />
    public async ValueTask<G1> MsmAsync(IBaseSet<G1Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        Begin(cancel);
        return await Pippenger<Fq, Bn254G1>.MultiplyAsync(BasesFor(bases, scalars), scalars, new MsmOptions(_engine, _threads), cancel);
    }

    /// <inheritdoc />
    public async ValueTask<G2> MsmAsync(IBaseSet<G2Affine> bases, IScalarSource scalars, CancellationToken cancel)
    {
        Begin(cancel);
        return await Pippenger<Fq2, Bn254G2>.MultiplyAsync(BasesFor(bases, scalars), scalars, new MsmOptions(_engine, _threads), cancel);
    }

    /// <inheritdoc />
    /// <remarks>Works in the memory of the input: the result lies in A's, and B and C are overwritten.</remarks>
    public async ValueTask<IScalarSource> QuotientAsync(QuotientInput input, CancellationToken cancel)
    {
        Begin(cancel);
        await Quotient.ComputeAsync(_engine, input, _threads, cancel);
        return new MemoryScalarSource(input.A);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return ValueTask.CompletedTask;
    }

    private void Begin(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancel.ThrowIfCancellationRequested();
    }

    private ValueTask<IBaseSet<TPoint>> Load<TPoint>(ReadOnlyMemory<TPoint> bases, CancellationToken cancel)
        where TPoint : struct
    {
        Begin(cancel);
        return ValueTask.FromResult<IBaseSet<TPoint>>(new CpuBaseSet<TPoint>(this, bases));
    }

    /// <summary>The bases that the scalars meet, once the pair is known to fit.</summary>
    private ReadOnlyMemory<TPoint> BasesFor<TPoint>(IBaseSet<TPoint> bases, IScalarSource scalars)
        where TPoint : struct =>
        OwnedBaseSet.For<CpuBaseSet<TPoint>, TPoint>(this, bases, scalars).Points[..scalars.Count];
}
