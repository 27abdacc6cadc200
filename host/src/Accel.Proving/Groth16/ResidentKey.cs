using Accel.Compute;

namespace Accel.Proving.Groth16;

/// <summary>
/// A proving key's points on a backend. They are made resident one set after another, in the order in which a proof asks for them; whoever needs a
/// set awaits it, so that on a device the transfer of one goes on while another is in use.
/// </summary>
internal sealed class ResidentKey : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _mayBegin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Func<ValueTask>> _disposals = [];
    private readonly IDisposable? _hold;
    private readonly ProvingKey _key;
    private readonly IComputeBackend _backend;
    private Task _previous = Task.CompletedTask;

    /// <summary>Begins to load.</summary>
    /// <param name="key">The key.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="waits">The bases of a proof's products in G1 wait for <see cref="Begin"/>; those of its commitments, which come first, do not.</param>
    public ResidentKey(ProvingKey key, IComputeBackend backend, bool waits)
    {
        // A CPU multiplies by the points where they lie, so they must outlive the key's disposal.
        _hold = key.Hold();
        _key = key;
        _backend = backend;
        ProvingKeyPoints points = key.Points;
        Commitments = [.. Enumerable.Range(0, key.Commitments?.Items.Count ?? 0).Select(LoadCommitment)];
        B2 = Load(points.B2, backend.LoadBasesAsync);
        _previous = waits ? _mayBegin.Task : _previous;
        C = Load(points.C, backend.LoadBasesAsync);
        Knowledge = key.Commitments is { } commitments ? Load(commitments.KnowledgeBasis, backend.LoadBasesAsync) : null;
        A = Load(points.A, backend.LoadBasesAsync);
        B1 = Load(points.B1, backend.LoadBasesAsync);
        H = Load(points.H, backend.LoadBasesAsync);
    }

    public Task<IBaseSet<G1Affine>> A { get; }

    public Task<IBaseSet<G1Affine>> B1 { get; }

    public Task<IBaseSet<G2Affine>> B2 { get; }

    public Task<IBaseSet<G1Affine>> C { get; }

    public Task<IBaseSet<G1Affine>> H { get; }

    /// <summary>The basis of each commitment.</summary>
    public IReadOnlyList<Task<IBaseSet<G1Affine>>> Commitments { get; }

    /// <summary>The bases of the proof of knowledge, commitment after commitment; null for a key without commitments.</summary>
    public Task<IBaseSet<G1Affine>>? Knowledge { get; }

    /// <summary>Waits until everything is there.</summary>
    public Task WholeAsync(CancellationToken cancel) => Task.WhenAll([A, B1, B2, C, H, .. Commitments, Knowledge ?? Task.CompletedTask]).WaitAsync(cancel);

    /// <summary>Lets the bases of the products follow.</summary>
    public void Begin() => _mayBegin.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Begin();
        foreach (Func<ValueTask> disposal in _disposals)
        {
            await disposal();
        }

        _closing.Dispose();
        _hold?.Dispose();
    }

    private Task<IBaseSet<G1Affine>> LoadCommitment(int index)
    {
        ProvingKeyCommitments commitments = _key.Commitments!;
        return Load(commitments.Basis.Slice(commitments.FirstOf(index), commitments.Items[index].WireCount), _backend.LoadBasesAsync);
    }

    private Task<IBaseSet<TPoint>> Load<TPoint>(ReadOnlyMemory<TPoint> points, Func<ReadOnlyMemory<TPoint>, CancellationToken, ValueTask<IBaseSet<TPoint>>> load)
        where TPoint : struct
    {
        Task before = _previous;
        Task<IBaseSet<TPoint>> loading = LoadAsync();
        _disposals.Add(async () =>
        {
            await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (loading.IsCompletedSuccessfully)
            {
                await (await loading).DisposeAsync();
            }
        });
        _previous = loading;
        return loading;

        async Task<IBaseSet<TPoint>> LoadAsync()
        {
            // One that failed says so to who awaits it; the others are loaded all the same.
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await load(points, _closing.Token);
        }
    }
}
