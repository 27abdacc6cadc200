using Xunit;

namespace Accel.Compute.Tests;

/// <summary>What every backend must do. An heir supplies the backend and adds only what is its own.</summary>
public abstract partial class ComputeBackendContract
{
    private const int Seed = 20250611;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Info_names_the_backend_its_curve_and_its_limits()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Assert.NotEmpty(backend.Info.Kind);
        Assert.NotEmpty(backend.Info.Device);
        Assert.Contains("bn254", backend.Info.Curves);
        Assert.InRange(backend.Info.NttLog2SizeMax, 1, 28);
        Assert.InRange(backend.Info.MsmCountMax, 1, long.MaxValue);
    }

    [Fact]
    public async Task Concurrent_calls_do_not_disturb_each_other()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        Task[] calls = [.. Enumerable.Range(0, 6).Select(i => i switch
        {
            0 or 1 => CheckMsm<Fq, Bn254G1>(backend, Seed + i, 300),
            2 => CheckMsm<Fq2, Bn254G2>(backend, Seed + i, 100),
            3 => CheckQuotient(backend, Seed + i, log2: 6),
            _ => CheckRoundTrip(backend, Seed + i, log2: 12),
        })];
        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task A_cancelled_token_stops_every_call()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        CancellationToken cancelled = new(canceled: true);
        IBaseSet<G1Affine> bases1 = await backend.LoadBasesAsync(new[] { G1Affine.Generator }, Cancel);
        IBaseSet<G2Affine> bases2 = await backend.LoadBasesAsync(new[] { G2Affine.Generator }, Cancel);
        MemoryScalarSource one = new(new[] { Fr.One });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backend.LoadBasesAsync(new[] { G1Affine.Generator }, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backend.LoadBasesAsync(new[] { G2Affine.Generator }, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backend.MsmAsync(bases1, one, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backend.MsmAsync(bases2, one, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backend.NttAsync(new NttPlan(2, NttDirection.Forward), new Fr[4], cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => backend.QuotientAsync(new QuotientInput(new Fr[4], new Fr[4], new Fr[4]), cancelled).AsTask());
    }

    [Fact]
    public async Task A_product_can_be_cancelled_while_it_runs()
    {
        await using IComputeBackend backend = await CreateBackendAsync();
        using CancellationTokenSource source = new();
        Random random = new(Seed);
        (G1Affine[] points, _) = Samples.Points<Fq, Bn254G1>(random, 64);
        G1Affine[] many = [.. Enumerable.Range(0, 1 << 14).Select(i => points[i % points.Length])];
        IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(many, Cancel);
        Task<G1> product = backend.MsmAsync(bases, new CancellingSource(Samples.Scalars(random, many.Length), source), source.Token).AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => product);
    }

    [Fact]
    public async Task A_disposed_backend_refuses_work()
    {
        IComputeBackend backend = await CreateBackendAsync();
        await backend.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => backend.NttAsync(new NttPlan(0, NttDirection.Forward), new Fr[1], Cancel).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => backend.LoadBasesAsync(Array.Empty<G1Affine>(), Cancel).AsTask());
    }

    /// <summary>A fresh backend.</summary>
    protected abstract ValueTask<IComputeBackend> CreateBackendAsync();

    /// <summary>Hands out its scalars and cancels, so that the product is under way when the token falls.</summary>
    private sealed class CancellingSource(Fr[] scalars, CancellationTokenSource source) : IScalarSource
    {
        public int Count => scalars.Length;

        public async ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel)
        {
            scalars.AsMemory(offset, destination.Length).CopyTo(destination);
            await source.CancelAsync();
        }

        public bool TryGetMemory(out ReadOnlyMemory<Fr> memory)
        {
            memory = default;
            return false;
        }
    }
}
