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
            };
        }
        catch
        {
            await DisposeAllAsync(loaded);
            hold?.Dispose();
            throw;
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
        await DisposeAllAsync([A, B1, B2, C, H]);
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
