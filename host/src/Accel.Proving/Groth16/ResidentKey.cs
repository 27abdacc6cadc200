using Accel.Compute;

namespace Accel.Proving.Groth16;

/// <summary>A proving key's points on a backend.</summary>
internal sealed class ResidentKey : IAsyncDisposable
{
    private readonly IDisposable? _hold;

    private ResidentKey(IDisposable? hold) => _hold = hold;

    public required IBaseSet<G1Affine> A { get; init; }

    public required IBaseSet<G1Affine> B1 { get; init; }

    public required IBaseSet<G2Affine> B2 { get; init; }

    public required IBaseSet<G1Affine> C { get; init; }

    public required IBaseSet<G1Affine> H { get; init; }

    /// <summary>The basis of each commitment.</summary>
    public required IReadOnlyList<IBaseSet<G1Affine>> Commitments { get; init; }

    /// <summary>The bases of the proof of knowledge, commitment after commitment; null for a key without commitments.</summary>
    public required IBaseSet<G1Affine>? Knowledge { get; init; }

    public static async Task<ResidentKey> LoadAsync(ProvingKey key, IComputeBackend backend, CancellationToken cancel)
    {
        // A CPU multiplies by the points where they lie, so they must outlive the key's disposal.
        IDisposable? hold = key.Hold();
        ProvingKeyPoints points = key.Points;
        List<IAsyncDisposable> loaded = [];
        try
        {
            return new ResidentKey(hold)
            {
                A = await Track(backend.LoadBasesAsync(points.A, cancel)),
                B1 = await Track(backend.LoadBasesAsync(points.B1, cancel)),
                B2 = await Track(backend.LoadBasesAsync(points.B2, cancel)),
                C = await Track(backend.LoadBasesAsync(points.C, cancel)),
                H = await Track(backend.LoadBasesAsync(points.H, cancel)),
                Commitments = await LoadCommitmentsAsync(),
                Knowledge = key.Commitments is { } commitments ? await Track(backend.LoadBasesAsync(commitments.KnowledgeBasis, cancel)) : null,
            };
        }
        catch
        {
            await DisposeAllAsync(loaded);
            hold?.Dispose();
            throw;
        }

        async ValueTask<IReadOnlyList<IBaseSet<G1Affine>>> LoadCommitmentsAsync()
        {
            List<IBaseSet<G1Affine>> sets = [];
            for (int i = 0; i < key.Commitments?.Items.Count; i++)
            {
                ReadOnlyMemory<G1Affine> basis = key.Commitments.Basis.Slice(key.Commitments.FirstOf(i), key.Commitments.Items[i].WireCount);
                sets.Add(await Track(backend.LoadBasesAsync(basis, cancel)));
            }

            return sets;
        }

        async ValueTask<IBaseSet<TPoint>> Track<TPoint>(ValueTask<IBaseSet<TPoint>> load)
            where TPoint : struct
        {
            IBaseSet<TPoint> set = await load;
            loaded.Add(set);
            return set;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeAllAsync([A, B1, B2, C, H, .. Commitments]);
        if (Knowledge is not null)
        {
            await Knowledge.DisposeAsync();
        }

        _hold?.Dispose();
    }

    private static async ValueTask DisposeAllAsync(List<IAsyncDisposable> sets)
    {
        foreach (IAsyncDisposable set in sets)
        {
            await set.DisposeAsync();
        }
    }
}
