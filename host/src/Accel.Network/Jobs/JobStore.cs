using Accel.Storage;

namespace Accel.Network.Jobs;

/// <summary>
/// The jobs of a node in one SQLite file. When a member returns, what it did is on the device; whenever the process ends, each job is in one state.
/// Members may be called from any thread, one after another.
/// </summary>
public sealed class JobStore : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly StoreConnection _connection;
    private readonly JobLimits _limits;
    private readonly TimeProvider _time;
    private bool _failed;

    private JobStore(StoreConnection connection, JobLimits limits, TimeProvider time) => (_connection, _limits, _time) = (connection, limits, time);

    /// <summary>How much it takes.</summary>
    public JobLimits Limits => _limits;

    /// <summary>Whether a write ended so that only opening the file again tells what it holds; nothing more is read or written.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_lock)
            {
                return _failed;
            }
        }
    }

    /// <summary>The copy that a migration left of the file as it was; null when none was needed.</summary>
    public string? MigratedFrom { get; private set; }

    /// <summary>Told of each change of state once it is on the device, in order. Set before the store is used.</summary>
    internal Action<JobEvent>? Changed { get; set; }

    /// <summary>Where a test may crash; see <see cref="StoreConnection.BeforeStatement"/>.</summary>
    internal Action<string>? BeforeStatement
    {
        set => _connection.BeforeStatement = value;
    }

    /// <summary>Opens a store, makes it where there is none, and settles what an earlier process left: a job that it was proving waits again, or has failed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How much it takes.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CorruptStoreException">The file is not a job store, or does not hold what was written to it.</exception>
    /// <exception cref="NotSupportedException">A newer program wrote the file.</exception>
    /// <exception cref="IOException">Another process holds the file, or it cannot be written.</exception>
    public static JobStore Open(string path, JobLimits limits, TimeProvider time) => Open(path, limits, time, JobRows.Steps);

    internal static JobStore Open(string path, JobLimits limits, TimeProvider time, IReadOnlyList<IReadOnlyList<string>> steps)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.UnfinishedMax, 1, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.AttemptsMax, 1, nameof(limits));
        StoreConnection connection = StoreConnection.Open(path, create: !File.Exists(path));
        try
        {
            string? copy = new StoreMigrations("job store", steps).Apply(connection);
            JobStore store = new(connection, limits, time) { MigratedFrom = copy };
            store.SettleInterrupted();
            return store;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The client's job of a key, if the request is the same.</summary>
    /// <returns>Null when the client has not used the key.</returns>
    /// <exception cref="JobConflictException">The client used it for another request.</exception>
    public Job? FindSame(JobSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        return Read(() => Same(submission, JobRows.ContentHash(submission)));
    }

    /// <summary>Refuses a client's next job, or does nothing.</summary>
    /// <param name="client">The client.</param>
    /// <param name="quota">How much it may.</param>
    /// <param name="witnessBytes">Length of the job's witness.</param>
    /// <param name="secondsAJob">What a job takes, for when to ask again.</param>
    /// <exception cref="JobRefusedException">There is no room, or the quota is spent.</exception>
    public void RequireRoom(string client, ClientQuota quota, long witnessBytes, double secondsAJob) => Read(() =>
    {
        JobCounts counts = CountNow();
        TimeSpan next = TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(secondsAJob), 1, 300));
        if (counts.Unfinished >= _limits.UnfinishedMax)
        {
            throw new JobRefusedException(RefusalCause.QueueFull, $"{counts.Unfinished} jobs are unfinished, which is the most that may be", next);
        }

        if (Number(JobRows.SumWitnesses) + witnessBytes > _limits.WitnessBytesMax)
        {
            throw new JobRefusedException(RefusalCause.QueueFull, $"the witnesses of unfinished jobs may take {_limits.WitnessBytesMax:N0} bytes in all", next);
        }

        if (Number(JobRows.CountUnfinishedOfClient, ("$client", client)) >= quota.UnfinishedMax)
        {
            throw new JobRefusedException(RefusalCause.QuotaSpent, $"{quota.UnfinishedMax} of this client's jobs are unfinished, which is the most that may be", next);
        }

        if (Number(JobRows.CountSubmissions, ("$client", client), ("$since", NowMs() - (long)Day.TotalMilliseconds)) >= quota.PerDayMax)
        {
            throw new JobRefusedException(
                RefusalCause.QuotaSpent, $"{quota.PerDayMax} jobs of this client were accepted in the last 24 hours, which is the most that may be", TimeSpan.FromHours(1));
        }

        return true;
    });

    /// <summary>Accepts a job, or finds the one that the same request made before.</summary>
    /// <param name="submission">The request.</param>
    /// <param name="quota">How much its client may.</param>
    /// <param name="secondsAJob">What a job takes, for when to ask again.</param>
    /// <returns>The job, and whether it is new.</returns>
    /// <exception cref="JobConflictException">The client used the key for another request.</exception>
    /// <exception cref="JobRefusedException">There is no room, or the quota is spent.</exception>
    public (Job Job, bool IsNew) Submit(JobSubmission submission, ClientQuota quota, double secondsAJob)
    {
        ArgumentNullException.ThrowIfNull(submission);
        byte[] hash = JobRows.ContentHash(submission);
        lock (_lock)
        {
            if (Read(() => Same(submission, hash)) is { } same)
            {
                return (same, false);
            }

            RequireRoom(submission.Client, quota, submission.Witness.Length, secondsAJob);
            JobId id = JobId.Next();
            (string, object?) name = ("$id", id.ToString());
            (string, object?) now = ("$now", NowMs());
            Write(id, () =>
            {
                _connection.Execute(JobRows.DeleteSubmissions, ("$since", NowMs() - (long)Day.TotalMilliseconds));
                _connection.Execute(JobRows.InsertSubmission, ("$client", submission.Client), now);
                _connection.Execute(
                    JobRows.InsertJob, name, ("$client", submission.Client), ("$key", submission.ClientKey), ("$hash", hash), ("$circuit", submission.Circuit), now);
                _connection.Execute(JobRows.InsertWitness, name, ("$bytes", submission.Witness.Length), ("$content", submission.Witness.ToArray()));
                WriteEvent(id, JobState.Queued, attempt: 0, reason: null);
                return true;
            });
            return (Find(id)!, true);
        }
    }

    /// <summary>A job; null when there is none of that name.</summary>
    public Job? Find(JobId id) => Read(() => Query(JobRows.SelectById, ("$id", id.ToString())).Select(row => row.Job).SingleOrDefault());

    /// <summary>A job's proof; null until it has one.</summary>
    public JobProof? FindProof(JobId id) => Read(() => _connection.Query(
        JobRows.SelectProof, reader => new JobProof(reader.GetString(0), reader.GetString(1)), ("$id", id.ToString())).SingleOrDefault());

    /// <summary>A job's changes of state, oldest first.</summary>
    /// <param name="id">The job.</param>
    /// <param name="after">Leaves out those up to this number.</param>
    public IReadOnlyList<JobEvent> Events(JobId id, long after) => Read(() => _connection.Query(
        JobRows.SelectEvents, reader => JobRows.ReadEvent(reader, id, _connection.Name), ("$id", id.ToString()), ("$after", after)));

    /// <summary>How many jobs wait and run.</summary>
    public JobCounts Count() => Read(CountNow);

    /// <summary>Takes the job that has waited longest, and counts the attempt before it begins.</summary>
    /// <returns>Null when none waits.</returns>
    public JobWork? TryStart()
    {
        lock (_lock)
        {
            if (Read(() => Query(JobRows.SelectByState, ("$state", (int)JobState.Queued), ("$count", 1)).Select(row => row.Job).SingleOrDefault()) is not { } job)
            {
                return null;
            }

            byte[] witness = Read(() => _connection.Query(JobRows.SelectWitness, reader => reader.GetFieldValue<byte[]>(0), ("$id", job.Id.ToString())).SingleOrDefault())
                ?? throw new CorruptStoreException(_connection.Name, $"witnesses: there is none for job {job.Id}, which waits");
            Write(job.Id, () => Move(job, JobState.Running, job.Attempts + 1, reason: null));
            return new JobWork(Find(job.Id)!, witness);
        }
    }

    /// <summary>Gives a running job its proof.</summary>
    /// <returns>False when it does not run in this attempt any more, because its client took it back.</returns>
    public bool Finish(Job job, JobProof proof)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Write(job.Id, () =>
        {
            bool moved = Move(job, JobState.Proved, job.Attempts, reason: null);
            if (moved)
            {
                _connection.Execute(JobRows.InsertProof, ("$id", job.Id.ToString()), ("$proof", proof.Proof), ("$inputs", proof.PublicInputs));
                _connection.Execute(JobRows.DeleteWitness, ("$id", job.Id.ToString()));
            }

            return moved;
        });
    }

    /// <summary>Fails a running job for good.</summary>
    /// <returns>As for <see cref="Finish"/>.</returns>
    public bool Fail(Job job, string reason) => End(job, JobState.Failed, reason);

    /// <summary>Puts a running job back where it was in the queue, or fails it when its attempts are used up.</summary>
    /// <param name="job">The job.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isAttempt">Whether the attempt counts: not when the node ends in good order.</param>
    /// <returns>As for <see cref="Finish"/>.</returns>
    public bool PutBack(Job job, string reason, bool isAttempt)
    {
        ArgumentNullException.ThrowIfNull(job);
        return isAttempt && job.Attempts >= _limits.AttemptsMax
            ? Fail(job, $"attempt {job.Attempts} of {_limits.AttemptsMax}: {reason}")
            : Write(job.Id, () => Move(job, JobState.Queued, isAttempt ? job.Attempts : job.Attempts - 1, reason));
    }

    /// <summary>Takes back a job that is not finished, or forgets one that is, with its proof; its client's key is free then.</summary>
    /// <returns>The job as it was; null when there is none.</returns>
    public Job? Remove(JobId id)
    {
        lock (_lock)
        {
            if (Find(id) is not { } job)
            {
                return null;
            }

            if (job.IsFinished)
            {
                Write(id, () =>
                {
                    foreach (string statement in new[] { JobRows.DeleteProof, JobRows.DeleteEvents, JobRows.DeleteJob })
                    {
                        _connection.Execute(statement, ("$id", id.ToString()));
                    }

                    return false;
                });
            }
            else
            {
                End(job, JobState.Cancelled, reason: null);
            }

            return job;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _failed = true;
            _connection.Dispose();
        }
    }

    /// <summary>What ran when an earlier process ended has had its attempt.</summary>
    private void SettleInterrupted()
    {
        foreach ((Job job, _) in Query(JobRows.SelectByState, ("$state", (int)JobState.Running), ("$count", int.MaxValue)))
        {
            PutBack(job, "the node ended while it was proved", isAttempt: true);
        }
    }

    private bool End(Job job, JobState state, string? reason) => Write(job.Id, () =>
    {
        bool moved = Move(job, state, job.Attempts, reason);
        if (moved)
        {
            _connection.Execute(JobRows.DeleteWitness, ("$id", job.Id.ToString()));
        }

        return moved;
    });

    private bool Move(Job job, JobState to, int attempts, string? reason)
    {
        bool moved = _connection.Execute(
            JobRows.Move, ("$id", job.Id.ToString()), ("$from", (int)job.State), ("$known", job.Attempts), ("$to", (int)to), ("$attempts", attempts), ("$reason", reason),
            ("$now", NowMs())) == 1;
        if (moved)
        {
            WriteEvent(job.Id, to, attempts, reason);
        }

        return moved;
    }

    private void WriteEvent(JobId id, JobState state, int attempt, string? reason) => _connection.Execute(
        JobRows.InsertEvent, ("$id", id.ToString()), ("$state", (int)state), ("$attempt", attempt), ("$reason", reason), ("$now", NowMs()));

    private Job? Same(JobSubmission submission, byte[] hash)
    {
        List<(Job Job, byte[] ContentHash)> rows = Query(JobRows.SelectByKey, ("$client", submission.Client), ("$key", submission.ClientKey));
        return rows is not [(var job, var stored)] ? null
            : stored.AsSpan().SequenceEqual(hash) ? job
            : throw new JobConflictException(submission.ClientKey, job.Id);
    }

    private JobCounts CountNow() => new(Number(JobRows.CountByState, ("$state", (int)JobState.Queued)), Number(JobRows.CountByState, ("$state", (int)JobState.Running)));

    private List<(Job Job, byte[] ContentHash)> Query(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        _connection.Query(sql, reader => JobRows.ReadJob(reader, _connection.Name), parameters);

    private long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        _connection.Query(sql, reader => reader.GetInt64(0), parameters).Single();

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            RequireSound();
            return read();
        }
    }

    /// <summary>Runs statements as one, and tells of what they did to a job. They return whether its state changed.</summary>
    private bool Write(JobId id, Func<bool> work)
    {
        lock (_lock)
        {
            RequireSound();
            (bool changed, bool isCommitting) = (false, false);
            try
            {
                _connection.InTransaction(() =>
                {
                    changed = work();
                    isCommitting = true;
                });
            }
            catch when (isCommitting)
            {
                // What the file holds now only opening it tells. What fails before the commit is rolled back.
                _failed = true;
                throw;
            }

            if (changed)
            {
                Changed?.Invoke(Events(id, after: 0)[^1]);
            }

            return changed;
        }
    }

    private void RequireSound()
    {
        if (_failed)
        {
            throw new IOException($"{_connection.Name} is closed, or an earlier write to it failed; start the node again");
        }
    }
}
