using System.Collections.Concurrent;
using Accel.Compute;
using Accel.Proving.Formats;

namespace Accel.Proving.Groth16;

/// <summary>The products of one proof, before blinding; Knowledge is infinity for a circuit without commitments.</summary>
internal sealed record ProofProducts(G1 A, G1 B1, G2 B2, G1 C, G1 H, G1 Knowledge);

/// <summary>A witness that is still being solved.</summary>
/// <param name="Wires">Its wires.</param>
/// <param name="Sent">The same, on the way to the device.</param>
/// <param name="MayMultiply">Ends when the solver does not need the device any more, so that products may keep it while they wait for wires.</param>
internal sealed record WitnessInFlight(GrowingScalars Wires, IStreamedScalars Sent, Task MayMultiply);

/// <summary>
/// Runs the expensive steps of one proof on a backend and times them. Only the product of the quotient waits for another step; the
/// others start as soon as there is room, so that a backend has work where one call's steps meet and part of it would idle.
/// While the witness is still being solved, the products in G1 take what has reached the device. The quotient needs all wires and so waits for them, and so does
/// the product in G2, which devices leave to the host.
/// </summary>
internal sealed class ProofComputation(
    ProvingKey key,
    IComputeBackend backend,
    ResidentKey bases,
    ReadOnlyMemory<Fr> witness,
    WitnessInFlight? inFlight,
    WitnessCommitments? commitments,
    ProofWorkspace workspace,
    ProofTimings timings,
    ProverOptions options,
    CancellationToken cancel) : IDisposable
{
    /// <summary>The calls that can run at once: the quotient with its product, and the four products of the witness.</summary>
    public const int CallCount = 5;

    private const int RowsPerTask = 2048;

    // One failed step makes the others pointless.
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);

    private G1 _a;
    private G1 _b1;
    private G2 _b2;
    private G1 _c;
    private G1 _h;
    private G1 _knowledge = G1.Infinity;

    /// <summary>Computes all five products; ends only when no step runs any more.</summary>
    /// <param name="callsAtOnce">Calls that the backend is given at once, at least 1.</param>
    public async Task<ProofProducts> RunAsync(int callsAtOnce)
    {
        int firstPrivate = key.Header.PublicCount + 1;
        IScalarSource all = inFlight?.Sent.From(0) ?? new MemoryScalarSource(witness);
        IScalarSource privates = inFlight?.Sent.From(firstPrivate) ?? new MemoryScalarSource(witness[firstPrivate..]);

        // The longest first, so that what is left over at the end is short.
        ConcurrentQueue<Func<Task>> steps = new(
        [
            async () => _h = await ProductAsync(ProofPhase.ProductH, bases.H, key.Points.H, await QuotientAsync()),
            async () => _b2 = await ProductB2Async(),
            async () => _c = await ProductAsync(ProofPhase.ProductC, bases.C, key.Points.C, privates, KnowledgeAsync),
            async () => _a = await ProductAsync(ProofPhase.ProductA, bases.A, key.Points.A, all),
            async () => _b1 = await ProductAsync(ProofPhase.ProductB1, bases.B1, key.Points.B1, all),
        ]);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(callsAtOnce, CallCount)).Select(_ => Task.Run(() => RunAsync(steps), CancellationToken.None)));
        return new ProofProducts(_a, _b1, _b2, _c, _h, _knowledge);
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(ConcurrentQueue<Func<Task>> steps)
    {
        try
        {
            while (steps.TryDequeue(out Func<Task>? step))
            {
                await step();
            }
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }
    }

    private Task WitnessAsync() => inFlight?.Wires.Whole.WaitAsync(_stop.Token) ?? Task.CompletedTask;

    private async Task<IScalarSource> QuotientAsync()
    {
        await WitnessAsync();
        QuotientInput input = await timings.MeasureAsync(ProofPhase.WitnessMap, () => ValueTask.FromResult(MapWitness()));
        IScalarSource quotient = await timings.MeasureAsync(
            ProofPhase.Quotient,
            () => backend is IOrderedTransfers ordered ? ordered.QuotientAsync(input, bases.Begin, _stop.Token) : backend.QuotientAsync(input, _stop.Token));
        workspace.DiscardFactors();
        return quotient;
    }

    /// <summary>⟨C,w⟩ is taken to be the product of the other two: the key has no C, and a witness for which it is not fails the final check.</summary>
    private QuotientInput MapWitness()
    {
        int domain = key.Header.DomainSize;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.ThreadCount, CancellationToken = _stop.Token };
        Parallel.For(0, (domain + RowsPerTask - 1) / RowsPerTask, parallel, task =>
        {
            int first = task * RowsPerTask;
            int end = Math.Min(domain, first + RowsPerTask);
            Span<Fr> a = workspace.A.Span;
            Span<Fr> b = workspace.B.Span;
            Span<Fr> c = workspace.C.Span;
            key.Constraints.A.MultiplyRows(witness.Span, a, first, end);
            key.Constraints.B.MultiplyRows(witness.Span, b, first, end);
            for (int row = first; row < end; row++)
            {
                c[row] = a[row] * b[row];
            }
        });
        return new QuotientInput(workspace.A, workspace.B, workspace.C);
    }

    private async Task<G1> ProductAsync(
        ProofPhase phase, Task<IBaseSet<G1Affine>> set, ReadOnlyMemory<G1Affine> points, IScalarSource scalars, Func<ValueTask>? andThen = null)
    {
        await (inFlight?.MayMultiply.WaitAsync(_stop.Token) ?? Task.CompletedTask);
        G1 product = await timings.MeasureAsync(phase, async () =>
        {
            G1 sum = await MultiplyAsync(set, scalars);
            await (andThen?.Invoke() ?? ValueTask.CompletedTask);
            return sum;
        });
        Release(points);
        return product;
    }

    private async ValueTask<G1> MultiplyAsync(Task<IBaseSet<G1Affine>> set, IScalarSource scalars) =>
        scalars.Count == 0 ? G1.Infinity : await backend.MsmAsync(await set.WaitAsync(_stop.Token), scalars, _stop.Token);

    /// <summary>Σ ρʲwᵢ·σⱼKᵢ over the wires i of all commitments j; nothing for a circuit without commitments.</summary>
    private async ValueTask KnowledgeAsync()
    {
        if (commitments is null)
        {
            return;
        }

        ProvingKeyCommitments parts = key.Commitments!;
        Fr[] scalars = new Fr[parts.Wires.Length];
        Fr power = Fr.One;
        int next = 0;
        foreach (ProvingKeyCommitment item in parts.Items)
        {
            for (int end = next + item.WireCount; next < end; next++)
            {
                scalars[next] = power * witness.Span[(int)parts.Wires.Span[next]];
            }

            power *= commitments.Folding;
        }

        _knowledge = await MultiplyAsync(bases.Knowledge!, new MemoryScalarSource(scalars));
        Release(parts.KnowledgeBasis);
    }

    private async Task<G2> ProductB2Async()
    {
        await WitnessAsync();
        MemoryScalarSource scalars = new(witness);
        G2 product = await timings.MeasureAsync(ProofPhase.ProductB2, async () => await backend.MsmAsync(await bases.B2.WaitAsync(_stop.Token), scalars, _stop.Token));
        Release(key.Points.B2);
        return product;
    }

    private void Release<TPoint>(ReadOnlyMemory<TPoint> points)
        where TPoint : unmanaged
    {
        if (options.ReleasesKeyPages)
        {
            MappedValues<TPoint>.ReleasePages(points);
        }
    }
}
