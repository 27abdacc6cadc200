using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>Many proofs at once: all verify, none disturbs another, and no more run than may.</summary>
public sealed class ProvingServiceTests : IAsyncLifetime
{
    private const int Count = 16;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly CompiledCircuit _circuit = CompiledCircuit.Compile(new PreimageCircuit());
    private readonly GatedBackend _backend = new();
    private ProvingKey _key = null!;

    public async ValueTask InitializeAsync() =>
        _key = await Groth16Setup.CreateDevelopmentKeyAsync(_circuit, Environment.ProcessorCount, progress: null, Cancel);

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _key.Dispose();
        _circuit.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(Count)]
    public async Task Sixteen_proofs_of_different_witnesses_at_once_all_verify(int proofsAtOnce)
    {
        await using ProvingService service = await StartAsync(proofsAtOnce);
        _backend.Open(Count);

        ProofResult[] results = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(() => ProveAsync(service, i))));

        for (int i = 0; i < Count; i++)
        {
            AssertProves(i, results[i]);
        }

        Assert.InRange(_backend.InsideMax, 1, proofsAtOnce);
        Assert.Equal(Count, results.Select(result => result.Proof).Distinct().Count());
    }

    [Fact]
    public async Task Cancelled_proofs_end_as_cancelled_and_the_others_verify()
    {
        await using ProvingService service = await StartAsync(proofsAtOnce: 4);
        using CancellationTokenSource source = new();
        Task<ProofResult>[] proofs = [.. Enumerable.Range(0, Count).Select(i => ProveAsync(service, i, IsCancelled(i) ? source.Token : Cancel))];
        for (int i = 0; i < 4; i++)
        {
            await _backend.ArrivalAsync(Cancel);
        }

        // Proofs 0 and 3 are at work, the others wait.
        await source.CancelAsync();
        _backend.Open(Count);

        for (int i = 0; i < Count; i++)
        {
            if (IsCancelled(i))
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => proofs[i]);
            }
            else
            {
                AssertProves(i, await proofs[i]);
            }
        }

        static bool IsCancelled(int i) => i % 3 == 0;
    }

    [Fact]
    public async Task Proofs_begin_in_the_order_in_which_they_were_asked_for()
    {
        await using ProvingService service = await StartAsync(proofsAtOnce: 1);
        PhaseLog<int> log = new();
        Task<ProofResult>[] proofs = [.. Enumerable.Range(0, 5).Select(i => service.ProveAsync(Witness(i), new Relay(log, i), Cancel))];

        Assert.Equal((1, 4), (service.RunningCount, service.QueuedCount));
        _backend.Open(5);
        ProofResult[] results = await Task.WhenAll(proofs);

        Assert.Equal(Enumerable.Range(0, 5), log.Entries);
        Assert.Equal((0, 0), (service.RunningCount, service.QueuedCount));
        Assert.True(results[4].Waited > results[1].Waited);
    }

    [Fact]
    public async Task More_than_may_wait_are_refused_until_there_is_room()
    {
        await using ProvingService service = await StartAsync(proofsAtOnce: 1, queueMax: 1);
        using CancellationTokenSource source = new();
        Task<ProofResult> running = ProveAsync(service, 0);
        Task<ProofResult> waiting = ProveAsync(service, 1, source.Token);

        ProvingQueueFullException exception = await Assert.ThrowsAsync<ProvingQueueFullException>(() => ProveAsync(service, 2));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Task<ProofResult> next = ProveAsync(service, 3);
        _backend.Open(2);

        Assert.Equal(1, exception.QueueMax);
        AssertProves(0, await running);
        AssertProves(3, await next);
    }

    [Fact]
    public async Task Disposal_waits_for_what_runs_and_turns_away_what_waits()
    {
        ProvingService service = await StartAsync(proofsAtOnce: 1);
        Task<ProofResult> running = ProveAsync(service, 0);
        Task<ProofResult> waiting = ProveAsync(service, 1);
        await _backend.ArrivalAsync(Cancel);

        Task disposal = service.DisposeAsync().AsTask();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ProveAsync(service, 2));
        Assert.False(disposal.IsCompleted);
        _backend.Open(1);
        await disposal;
        Assert.True(running.IsCompleted);
        AssertProves(0, await running);
    }

    [Fact]
    public async Task A_failed_proof_leaves_room_for_the_next()
    {
        await using ProvingService service = await StartAsync(proofsAtOnce: 1);
        _backend.Open(2);
        Fr[] wrong = Witness(0);
        wrong[^1] += Fr.One;

        await Assert.ThrowsAsync<UnverifiedProofException>(() => service.ProveAsync(wrong, progress: null, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => service.ProveAsync(wrong.AsMemory(1), progress: null, Cancel));
        AssertProves(1, await ProveAsync(service, 1));
    }

    [Fact]
    public async Task Options_outside_their_range_are_refused()
    {
        foreach (ProvingServiceOptions options in (ProvingServiceOptions[])
            [
                new() { ProofsAtOnce = 0 }, new() { QueueMax = -1 }, new() { Prover = new() { ThreadCount = 0 } }, new() { Prover = new() { CallsAtOnce = 0 } },
            ])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ProvingService.StartAsync(_key, _backend, options, Cancel));
        }
    }

    private Task<ProvingService> StartAsync(int proofsAtOnce, int queueMax = Count) =>
        ProvingService.StartAsync(_key, _backend, new ProvingServiceOptions { ProofsAtOnce = proofsAtOnce, QueueMax = queueMax }, Cancel);

    private Fr[] Witness(int i) => PreimageCircuit.Witness(_circuit, i, i + 1);

    private Task<ProofResult> ProveAsync(ProvingService service, int i, CancellationToken? cancel = null) =>
        service.ProveAsync(Witness(i), progress: null, cancel ?? Cancel);

    private void AssertProves(int i, ProofResult result)
    {
        Assert.Equal([PreimageCircuit.HashOf(i, i + 1)], result.PublicInputs.ToArray());
        Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(_key), result.PublicInputs.Span, result.Proof));
    }

    /// <summary>Notes a proof's number when its first step begins.</summary>
    private sealed class Relay(PhaseLog<int> log, int number) : IProgress<ProofPhase>
    {
        private int _begun;

        public void Report(ProofPhase value)
        {
            if (Interlocked.Exchange(ref _begun, 1) == 0)
            {
                log.Report(number);
            }
        }
    }
}
