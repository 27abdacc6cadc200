using System.Diagnostics;
using Accel.Proving.Groth16;

namespace Accel.Network.Jobs;

/// <summary>
/// A node's engine, without a server: takes jobs in, proves them one after another in the order in which they came, and keeps the store true. A job
/// is accepted when it is stored, finished when its proof is.
/// </summary>
public sealed class JobRunner : IAsyncDisposable
{
    /// <summary>The meter under which it counts.</summary>
    public const string MeterName = JobMeter.Name;

    private const double SecondsAJobAtFirst = 5;
    private const double NewestShare = 0.25;

    private readonly JobStore _store;
    private readonly IJobProver _prover;
    private readonly TimeProvider _time;
    private readonly JobEventHub _events;
    private readonly JobMeter _meter;
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Lock _lock = new();
    private (JobId Id, CancellationTokenSource Cancel)? _current;
    private double _secondsAJob = SecondsAJobAtFirst;

    private JobRunner(JobStore store, IJobProver prover, TimeProvider time)
    {
        (_store, _prover, _time) = (store, prover, time);
        _events = new JobEventHub(store);
        _meter = new JobMeter(store);
        store.Changed = _events.Publish;
        Completion = Task.Run(WorkAsync);
    }

    /// <summary>What it proves, by name.</summary>
    public IReadOnlyDictionary<string, JobCircuit> Circuits => _prover.Circuits;

    /// <summary>Whether jobs are accepted.</summary>
    public bool IsReady => !_drain.IsCancellationRequested && !Completion.IsCompleted && !_store.HasFailed;

    /// <summary>Ends when the runner is drained, or with what keeps it from going on: a store that cannot be written.</summary>
    public Task Completion { get; }

    /// <summary>Starts with the jobs that the store has.</summary>
    /// <param name="store">The jobs; used by nobody else meanwhile.</param>
    /// <param name="prover">What makes the proofs.</param>
    /// <param name="time">The clock.</param>
    public static JobRunner Start(JobStore store, IJobProver prover, TimeProvider time) => new(store, prover, time);

    /// <summary>Accepts a job, or finds the one that the same request made before.</summary>
    /// <param name="submission">The request.</param>
    /// <param name="quota">How much its client may.</param>
    /// <returns>The job, and whether it is new.</returns>
    /// <exception cref="UnprovableRequestException">No proof can be made of it.</exception>
    /// <exception cref="JobConflictException">The client used the key for another request.</exception>
    /// <exception cref="JobRefusedException">Not now.</exception>
    public (Job Job, bool IsNew) Submit(JobSubmission submission, ClientQuota quota)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (!JobSubmission.IsClientKey(submission.ClientKey))
        {
            throw new UnprovableRequestException($"a client's key is 1 to {JobSubmission.ClientKeyLengthMax} printable ASCII characters without spaces");
        }

        try
        {
            if (_store.FindSame(submission) is { } same)
            {
                return (same, false);
            }

            if (_drain.IsCancellationRequested)
            {
                throw new JobRefusedException(RefusalCause.Draining, "this node is about to end", TimeSpan.FromSeconds(30));
            }

            // Before the check, which takes longer than all else; the store asks again.
            _store.RequireRoom(submission.Client, quota, submission.Witness.Length, _secondsAJob);
            _prover.Check(submission.Circuit, submission.Witness);
            (Job job, bool isNew) = _store.Submit(submission, quota, _secondsAJob);
            if (isNew)
            {
                _meter.Accepted();
                _arrivals.Release();
            }

            return (job, isNew);
        }
        catch (JobRefusedException refusal)
        {
            _meter.Refused(refusal.Cause);
            throw;
        }
        catch (UnprovableRequestException)
        {
            _meter.Declined();
            throw;
        }
    }

    /// <summary>A client's job; null when the client has none of that name.</summary>
    public Job? Find(string client, JobId id) => _store.Find(id) is { } job && job.Client == client ? job : null;

    /// <summary>A job's proof; null until it has one.</summary>
    public JobProof? FindProof(JobId id) => _store.FindProof(id);

    /// <summary>What happened to a job, and what happens until it is finished, or the runner is drained.</summary>
    /// <param name="id">The job.</param>
    /// <param name="after">Leaves out the changes of state up to this number.</param>
    /// <param name="cancel">Ends the stream.</param>
    public IAsyncEnumerable<JobEvent> ListenAsync(JobId id, long after, CancellationToken cancel) => _events.ListenAsync(id, after, cancel);

    /// <summary>Takes back a client's job that is not finished, at work or not; forgets one that is, with its proof.</summary>
    /// <returns>False when the client has none of that name.</returns>
    public bool Remove(string client, JobId id)
    {
        if (Find(client, id) is null || _store.Remove(id) is null)
        {
            return false;
        }

        lock (_lock)
        {
            if (_current is { } current && current.Id == id)
            {
                current.Cancel.Cancel();
            }
        }

        return true;
    }

    /// <summary>Accepts nothing more, begins nothing more, and lets the proof at work end; after the grace it is given up, and its job waits for the next start.</summary>
    /// <param name="grace">How long the proof at work may take.</param>
    public async Task DrainAsync(TimeSpan grace)
    {
        await _drain.CancelAsync();
        if (await Task.WhenAny(Completion, Task.Delay(grace, _time, CancellationToken.None)) != Completion)
        {
            await _abandon.CancelAsync();
        }

        try
        {
            await Completion;
        }
        finally
        {
            _events.Close();
        }
    }

    /// <summary>Drains without grace.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await DrainAsync(TimeSpan.Zero);
        }
        finally
        {
            _meter.Dispose();
            _arrivals.Dispose();
            _drain.Dispose();
            _abandon.Dispose();
        }
    }

    private async Task WorkAsync()
    {
        while (!_drain.IsCancellationRequested)
        {
            if (_store.TryStart() is { } work)
            {
                await ProveAsync(work);
                continue;
            }

            try
            {
                await _arrivals.WaitAsync(_drain.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ProveAsync(JobWork work)
    {
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token);
        lock (_lock)
        {
            _current = (work.Job.Id, cancel);
        }

        long sequence = _store.Events(work.Job.Id, after: 0)[^1].Sequence;
        long started = Stopwatch.GetTimestamp();
        try
        {
            // Its client may have taken it back before it was there to be cancelled.
            if (_store.Find(work.Job.Id) is not { State: JobState.Running })
            {
                return;
            }

            JobProof proof = await _prover.ProveAsync(work.Job.Circuit, work.Witness, new Relay(this, work.Job, sequence), cancel.Token);
            if (_store.Finish(work.Job, proof))
            {
                double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                _secondsAJob += NewestShare * (seconds - _secondsAJob);
                _meter.Proved(work.Job.Circuit, seconds);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Taken back, then nothing is left to do; or given up to end in good order.
            _store.PutBack(work.Job, "the node was stopped while it was proved", isAttempt: false);
        }
        catch (UnprovableRequestException unprovable)
        {
            _meter.Failed(work.Job.Circuit);
            _store.Fail(work.Job, unprovable.Message);
        }
        catch (Exception failure) when (!_store.HasFailed && failure is not (OutOfMemoryException or Storage.CorruptStoreException))
        {
            _meter.Failed(work.Job.Circuit);
            _store.PutBack(work.Job, failure.Message, isAttempt: true);
        }
        finally
        {
            lock (_lock)
            {
                _current = null;
            }
        }
    }

    private sealed class Relay(JobRunner runner, Job job, long sequence) : IProgress<ProofPhase>
    {
        public void Report(ProofPhase value) =>
            runner._events.Publish(new JobEvent(job.Id, sequence, JobState.Running, job.Attempts, value, null, runner._time.GetUtcNow()));
    }
}
