using System.Diagnostics;
using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Proving.Groth16;

/// <summary>
/// Keeps one key resident on one backend and proves with it. Calls may come from any number of threads: a bounded number of proofs runs
/// at once, each in its own working memory, and the others wait in the order in which they came.
/// </summary>
public sealed class ProvingService : IAsyncDisposable
{
    private readonly ProofEngine _engine;
    private readonly ProofSlots _slots;
    private readonly ProverOptions _options;
    private readonly Lazy<Task> _disposal;

    private ProvingService(ProofEngine engine, ProvingServiceOptions options)
    {
        _engine = engine;
        _slots = new ProofSlots(engine.CreateWorkspace, options.ProofsAtOnce, options.QueueMax);
        _options = options.Prover;
        _disposal = new Lazy<Task>(async () =>
        {
            await _slots.CloseAsync();
            await _engine.DisposeAsync();
        });
    }

    /// <summary>Proofs that are being made.</summary>
    public int RunningCount => _slots.TakenCount;

    /// <summary>Proofs that wait for their turn.</summary>
    public int QueuedCount => _slots.WaitingCount;

    /// <summary>Makes a key's points resident on a backend.</summary>
    /// <param name="key">The key; its points stay in place until the service is disposed, even if the key is disposed before.</param>
    /// <param name="backend">The backend; it must stay open while the service is used.</param>
    /// <param name="options">How much to do at once; null for the defaults.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static async Task<ProvingService> StartAsync(ProvingKey key, IComputeBackend backend, ProvingServiceOptions? options, CancellationToken cancel)
    {
        options ??= new ProvingServiceOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ProofsAtOnce, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.QueueMax, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Prover.ThreadCount, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Prover.CallsAtOnce ?? 1, 1, nameof(options));
        return new ProvingService(await ProofEngine.LoadAsync(key, backend, options.IsForOneProof, cancel), options);
    }

    /// <summary>Proves that the witness satisfies the key's circuit; the two blinding scalars are fresh from the operating system's generator.</summary>
    /// <param name="witness">The value of every wire; it must not change until the proof is done.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels this proof alone, in the queue or at work.</param>
    /// <exception cref="ArgumentException">
    /// The witness has another length than the key's wires, its wire 0 is not one, or the key draws challenges, which a finished witness cannot have.
    /// </exception>
    /// <exception cref="ProvingQueueFullException">Too many proofs wait.</exception>
    /// <exception cref="InvalidFileException">The key's file was shortened.</exception>
    /// <exception cref="UnverifiedProofException">The finished proof fails its check.</exception>
    /// <exception cref="ObjectDisposedException">The service was disposed before it was this proof's turn.</exception>
    public Task<ProofResult> ProveAsync(ReadOnlyMemory<Fr> witness, IProgress<ProofPhase>? progress, CancellationToken cancel) =>
        ProveAsync(new CommittedWitness(witness, commitments: null), progress, cancel);

    /// <summary>
    /// Computes every wire of a circuit. Challenges that the circuit draws come from commitments that are made here with the key, on the backend,
    /// so that such a witness comes only from here; a circuit without commitments may be solved elsewhere too.
    /// </summary>
    /// <param name="circuit">The key's circuit.</param>
    /// <param name="assignment">Values of its inputs.</param>
    /// <param name="cancel">Cancels the work.</param>
    /// <exception cref="ArgumentException">The key is for another circuit.</exception>
    /// <exception cref="UnsatisfiedConstraintException">The inputs satisfy no witness.</exception>
    public Task<CommittedWitness> SolveAsync(CompiledCircuit circuit, Assignment assignment, CancellationToken cancel) =>
        Task.Run(() => _engine.Solve(circuit, assignment, _options.ThreadCount, cancel), cancel);

    /// <summary>Proves a witness of <see cref="SolveAsync"/>, as <see cref="ProveAsync(ReadOnlyMemory{Fr}, IProgress{ProofPhase}?, CancellationToken)"/> does.</summary>
    /// <param name="witness">The witness, solved by a service of the same key.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels this proof alone, in the queue or at work.</param>
    /// <exception cref="ArgumentException">The witness was solved without the key's commitments, or is of another circuit.</exception>
    /// <exception cref="ProvingQueueFullException">Too many proofs wait.</exception>
    /// <exception cref="InvalidFileException">The key's file was shortened.</exception>
    /// <exception cref="UnverifiedProofException">The finished proof fails its check.</exception>
    /// <exception cref="ObjectDisposedException">The service was disposed before it was this proof's turn.</exception>
    public async Task<ProofResult> ProveAsync(CommittedWitness witness, IProgress<ProofPhase>? progress, CancellationToken cancel)
    {
        _engine.RequireWitness(witness);
        return await InTurnAsync(workspace => _engine.ProveAsync(witness, Blinding.Random(), workspace, _options, progress, cancel), cancel);
    }

    /// <summary>
    /// Solves a circuit and proves it. A device that can takes the witness while it is solved, chunk by chunk, and works on it; otherwise the proof begins when the
    /// witness is whole, as on the CPU. The solver runs in the proof's turn, so that no more witnesses are in memory than proofs are made at once.
    /// </summary>
    /// <param name="circuit">The key's circuit.</param>
    /// <param name="assignment">Values of its inputs.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels this proof alone, in the queue or at work.</param>
    /// <exception cref="ArgumentException">The key is for another circuit.</exception>
    /// <exception cref="UnsatisfiedConstraintException">The inputs satisfy no witness.</exception>
    /// <exception cref="ProvingQueueFullException">Too many proofs wait.</exception>
    /// <exception cref="InvalidFileException">The key's file was shortened.</exception>
    /// <exception cref="UnverifiedProofException">The finished proof fails its check.</exception>
    /// <exception cref="ObjectDisposedException">The service was disposed before it was this proof's turn.</exception>
    public Task<ProofResult> ProveAsync(CompiledCircuit circuit, Assignment assignment, IProgress<ProofPhase>? progress, CancellationToken cancel) =>
        InTurnAsync(workspace => _engine.ProveAsync(circuit, assignment, Blinding.Random(), workspace, _options, progress, cancel), cancel);

    /// <summary>Turns away the proofs that wait, waits for those that run, and lets go of the key.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task<ProofResult> InTurnAsync(Func<ProofWorkspace, Task<ProofResult>> prove, CancellationToken cancel)
    {
        long asked = Stopwatch.GetTimestamp();
        ProofWorkspace workspace = await _slots.TakeAsync(cancel);
        try
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(asked);
            return await prove(workspace) with { Waited = waited };
        }
        finally
        {
            _slots.Return(workspace);
        }
    }
}

/// <summary>How much a <see cref="ProvingService"/> does at once.</summary>
public sealed record ProvingServiceOptions
{
    /// <summary>
    /// Proofs that run at once, at least 1. Each takes 96 bytes of working memory per point of the domain besides what the backend takes
    /// for its products. Two keep the processors busy through the steps that have one thread, such as the final check.
    /// </summary>
    public int ProofsAtOnce { get; init; } = 2;

    /// <summary>Proofs that may wait, at least 0; one more is refused. Each keeps its witness alive.</summary>
    public int QueueMax { get; init; } = 1024;

    /// <summary>Whether only one proof is made, which does not wait until all of the key is resident.</summary>
    internal bool IsForOneProof { get; init; }

    /// <summary>How each proof is made.</summary>
    public ProverOptions Prover { get; init; } = new();
}

/// <summary>A proof was refused because as many wait as may.</summary>
public sealed class ProvingQueueFullException : Exception
{
    /// <summary>A full queue.</summary>
    /// <param name="queueMax">The number of proofs that may wait.</param>
    public ProvingQueueFullException(int queueMax)
        : base($"{queueMax} proofs wait already, which is the most that may; ask again when some are done")
    {
        QueueMax = queueMax;
    }

    /// <summary>The number of proofs that may wait.</summary>
    public int QueueMax { get; }
}
