using Accel.Network.Jobs;
using Accel.Storage;
using Accel.Testing;
using Xunit;

namespace Accel.Node.Tests;

/// <summary>What a job store promises, whenever the process ends.</summary>
public sealed class JobStoreTests : IDisposable
{
    private static readonly JobLimits Limits = new() { UnfinishedMax = 3, AttemptsMax = 2 };
    private static readonly JobProof Proof = new("{}", "[]");

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["jobs.db"];

    [Fact]
    public void The_same_request_is_the_same_job_and_another_under_its_key_is_refused()
    {
        using JobStore store = Open(File);
        (Job first, bool isNew) = Submit(store, "alice", "key", 1);
        Assert.True(isNew);
        Assert.Equal((first, false), Submit(store, "alice", "key", 1));
        Assert.Equal(first.Id, Assert.Throws<JobConflictException>(() => Submit(store, "alice", "key", 2)).Job);
        Assert.Throws<JobConflictException>(() => store.Submit(new JobSubmission("alice", "key", "other", new byte[] { 1 }), ClientQuota.None, 1));
        Assert.NotEqual(first.Id, Submit(store, "bob", "key", 1).Job.Id);
        Assert.Equal(new JobCounts(2, 0), store.Count());
    }

    [Fact]
    public void A_full_queue_and_a_spent_quota_refuse_with_a_time_and_forgotten_jobs_count_for_the_day()
    {
        using JobStore store = Open(File);
        ClientQuota quota = new(UnfinishedMax: 2, PerDayMax: 3);
        Job first = Submit(store, "alice", "1", 1, quota).Job;
        Job second = Submit(store, "alice", "2", 2, quota).Job;
        JobRefusedException unfinished = Assert.Throws<JobRefusedException>(() => Submit(store, "alice", "3", 3, quota));
        Assert.Equal((RefusalCause.QuotaSpent, TimeSpan.FromSeconds(7)), (unfinished.Cause, unfinished.RetryAfter));

        Submit(store, "bob", "1", 1);
        Assert.Equal(RefusalCause.QueueFull, Assert.Throws<JobRefusedException>(() => Submit(store, "bob", "2", 2)).Cause);
        Assert.False(Submit(store, "alice", "1", 1, quota).IsNew);

        store.Remove(first.Id);
        store.Remove(first.Id);
        store.Remove(second.Id);
        Assert.Null(store.Find(first.Id));
        Submit(store, "alice", "3", 3, quota);
        Assert.Contains("24 hours", Assert.Throws<JobRefusedException>(() => Submit(store, "alice", "4", 4, quota)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_crash_before_any_statement_leaves_each_job_whole_and_in_one_state()
    {
        List<(string Path, string Doing)> crashes = [];
        string doing = "submit";
        using (JobStore store = Open(File))
        {
            store.BeforeStatement = _ => crashes.Add((Copy($"crash{crashes.Count}"), doing));
            Job job = Submit(store, "alice", "key", 1).Job;
            doing = "start";
            JobWork work = store.TryStart()!;
            doing = "finish";
            Assert.True(store.Finish(work.Job, Proof));
            doing = "forget";
            store.Remove(job.Id);
        }

        Assert.True(crashes.Count > 15, $"{crashes.Count} statements");
        Assert.Equal(["submit", "start", "finish", "forget"], crashes.Select(crash => crash.Doing).Distinct());
        foreach ((string path, string at) in crashes)
        {
            using JobStore opened = Open(path);
            bool wasNew = Submit(opened, "alice", "key", 1).IsNew;
            Assert.Equal(at == "submit", wasNew);
            if (opened.TryStart() is { } work)
            {
                // It was in the middle of its first attempt, or before it.
                Assert.NotEqual("forget", at);
                Assert.Equal(at == "finish" ? 2 : 1, work.Job.Attempts);
                Assert.Equal(1, work.Witness.Span[0]);
                Assert.True(opened.Finish(work.Job, Proof));
                Assert.False(opened.Finish(work.Job, Proof));
                Assert.Equal(Proof, opened.FindProof(work.Job.Id));
            }
            else
            {
                Assert.Equal("forget", at);
            }

            Assert.Null(opened.TryStart());
        }
    }

    [Fact]
    public void A_job_that_ends_the_node_as_often_as_it_may_is_failed_with_the_reason()
    {
        JobId id;
        using (JobStore store = Open(File))
        {
            id = Submit(store, "alice", "key", 1).Job.Id;
        }

        for (int attempt = 1; attempt <= Limits.AttemptsMax; attempt++)
        {
            using JobStore store = Open(File);
            Assert.Equal(attempt, store.TryStart()!.Job.Attempts);
        }

        using JobStore last = Open(File);
        Job failed = last.Find(id)!;
        Assert.Equal((JobState.Failed, 2), (failed.State, failed.Attempts));
        Assert.Contains("attempt 2 of 2: the node ended while it was proved", failed.Reason, StringComparison.Ordinal);
        Assert.Null(last.TryStart());
        Assert.Equal(
            [JobState.Queued, JobState.Running, JobState.Queued, JobState.Running, JobState.Failed], last.Events(id, after: 0).Select(change => change.State));
        Assert.Equal([1L, 2, 3, 4, 5], last.Events(id, after: 0).Select(change => change.Sequence));
    }

    [Fact]
    public void A_job_that_was_put_back_in_good_order_keeps_its_attempts_and_its_place()
    {
        using JobStore store = Open(File);
        Job first = Submit(store, "alice", "1", 1).Job;
        Submit(store, "alice", "2", 2);
        for (int i = 0; i < 2 * Limits.AttemptsMax; i++)
        {
            Job running = store.TryStart()!.Job;
            Assert.Equal((first.Id, 1), (running.Id, running.Attempts));
            Assert.True(store.PutBack(running, "the node was stopped", isAttempt: false));
        }
    }

    [Fact]
    public void A_migration_leaves_a_copy_that_the_older_program_opens()
    {
        JobId id;
        using (JobStore store = Open(File))
        {
            id = Submit(store, "alice", "key", 1).Job.Id;
            Assert.Null(store.MigratedFrom);
        }

        string copy;
        using (JobStore migrated = JobStore.Open(File, Limits, TimeProvider.System, [.. JobRows.Steps, ["ALTER TABLE jobs ADD COLUMN price INTEGER"]]))
        {
            copy = Assert.IsType<string>(migrated.MigratedFrom);
            Assert.Equal(JobState.Queued, migrated.Find(id)!.State);
        }

        Assert.Contains("version 2", Assert.Throws<NotSupportedException>(() => Open(File)).Message, StringComparison.Ordinal);
        using JobStore older = Open(copy);
        Assert.Equal(1, older.TryStart()!.Witness.Span[0]);
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_file_as_it_was()
    {
        Open(File).Dispose();
        Assert.ThrowsAny<Exception>(() => JobStore.Open(
            File, Limits, TimeProvider.System, [.. JobRows.Steps, ["ALTER TABLE jobs ADD COLUMN price INTEGER", "ALTER TABLE nothing ADD COLUMN price INTEGER"]]));
        using JobStore store = Open(File);
        Assert.True(Submit(store, "alice", "key", 1).IsNew);
    }

    [Fact]
    public void Other_files_and_files_in_use_are_refused()
    {
        StateStore.Create(_folder["state.db"]).Dispose();
        Assert.Contains("not a job store", Assert.Throws<CorruptStoreException>(() => Open(_folder["state.db"])).Message, StringComparison.Ordinal);
        using JobStore store = Open(File);
        Assert.Contains("in use", Assert.Throws<IOException>(() => Open(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_before_its_commit_is_undone_and_one_that_fails_in_it_closes_the_store()
    {
        using JobStore store = Open(File);
        store.BeforeStatement = statement => throw new IOException("the disk is full");
        Assert.Throws<IOException>(() => Submit(store, "alice", "key", 1));
        store.BeforeStatement = null;
        Assert.Equal(new JobCounts(0, 0), store.Count());
        Assert.True(Submit(store, "alice", "key", 1).IsNew);

        store.BeforeStatement = statement => _ = statement == "COMMIT" ? throw new IOException("the disk is full") : 0;
        Assert.Throws<IOException>(() => Submit(store, "alice", "other", 1));
        Assert.True(store.HasFailed);
        Assert.Contains("start the node again", Assert.Throws<IOException>(store.TryStart).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static JobStore Open(string path) => JobStore.Open(path, Limits, TimeProvider.System);

    private static (Job Job, bool IsNew) Submit(JobStore store, string client, string key, byte witness, ClientQuota? quota = null) =>
        store.Submit(new JobSubmission(client, key, "any", new[] { witness }), quota ?? ClientQuota.None, secondsAJob: 6.5);

    /// <summary>The files as the operating system would have them if the process ended now.</summary>
    private string Copy(string name)
    {
        System.IO.File.Copy(File, _folder[$"{name}.db"]);
        System.IO.File.Copy(File + "-wal", _folder[$"{name}.db"] + "-wal");
        return _folder[$"{name}.db"];
    }
}
