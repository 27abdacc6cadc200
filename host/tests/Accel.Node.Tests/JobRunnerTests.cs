using Accel.Network.Jobs;
using Accel.Testing;
using Xunit;

namespace Accel.Node.Tests;

/// <summary>What becomes of jobs while the node lives.</summary>
public sealed class JobRunnerTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedProver _prover = new();
    private readonly JobStore _store;
    private readonly JobRunner _runner;

    public JobRunnerTests()
    {
        _store = JobStore.Open(_folder["jobs.db"], new JobLimits { AttemptsMax = 2 }, TimeProvider.System);
        _runner = JobRunner.Start(_store, _prover, TimeProvider.System);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_proved_and_who_listens_early_or_late_hears_the_same_changes_in_order()
    {
        JobId id = Submit("1").Id;
        Task<List<JobEvent>> early = ListenAsync(id);
        await _prover.StartedAsync(Cancel);
        _prover.End();
        List<JobEvent> heard = await early;
        Assert.Equal([JobState.Queued, JobState.Running, JobState.Proved], Changes(heard));
        Assert.Equal([1L, 2, 3], heard.Where(happened => happened.Phase is null).Select(happened => happened.Sequence));
        Assert.Equal([JobState.Queued, JobState.Running, JobState.Proved], Changes(await ListenAsync(id)));
        Assert.Equal([JobState.Proved], Changes(await ListenAsync(id, after: 2)));
        Assert.NotNull(_runner.FindProof(id));
    }

    [Fact]
    public async Task A_failing_backend_is_tried_again_and_an_unprovable_job_is_not()
    {
        JobId flaky = Submit("1").Id;
        _prover.End(new IOException("the card is gone"));
        _prover.End();
        List<JobEvent> heard = await ListenAsync(flaky);
        Assert.Equal([JobState.Queued, JobState.Running, JobState.Queued, JobState.Running, JobState.Proved], Changes(heard));
        Assert.Contains(heard, happened => happened.Reason == "the card is gone");

        JobId broken = Submit("2").Id;
        _prover.End(new IOException("the card is gone"));
        _prover.End(new IOException("the card is gone"));
        Assert.Equal(JobState.Failed, (await ListenAsync(broken))[^1].State);

        JobId wrong = Submit("3").Id;
        _prover.End(new UnprovableRequestException("constraint 3"));
        Assert.Equal([JobState.Queued, JobState.Running, JobState.Failed], Changes(await ListenAsync(wrong)));
    }

    [Fact]
    public async Task A_job_that_is_taken_back_at_work_ends_cancelled_and_the_next_begins()
    {
        JobId first = Submit("1").Id;
        JobId second = Submit("2").Id;
        await _prover.StartedAsync(Cancel);
        Assert.False(_runner.Remove("mallory", first));
        Assert.True(_runner.Remove("alice", first));
        await _prover.StartedAsync(Cancel);
        _prover.End();
        Assert.Equal(JobState.Proved, (await ListenAsync(second))[^1].State);
        Assert.Equal([JobState.Queued, JobState.Running, JobState.Cancelled], Changes(await ListenAsync(first)));
        Assert.Null(_runner.Find("mallory", second));
    }

    [Fact]
    public async Task Draining_lets_the_proof_at_work_end_within_the_grace_and_begins_no_other()
    {
        JobId first = Submit("1").Id;
        JobId second = Submit("2").Id;
        await _prover.StartedAsync(Cancel);
        Task drain = _runner.DrainAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(RefusalCause.Draining, Assert.Throws<JobRefusedException>(() => Submit("3")).Cause);
        _prover.End();
        await drain;
        Assert.False(_runner.IsReady);
        Assert.Equal((JobState.Proved, JobState.Queued), (_store.Find(first)!.State, _store.Find(second)!.State));
    }

    [Fact]
    public async Task Draining_without_grace_puts_the_proof_at_work_back_without_an_attempt()
    {
        JobId id = Submit("1").Id;
        await _prover.StartedAsync(Cancel);
        await _runner.DrainAsync(TimeSpan.Zero);
        Assert.Equal((JobState.Queued, 0), (_store.Find(id)!.State, _store.Find(id)!.Attempts));
    }

    [Fact]
    public async Task A_store_that_fails_ends_the_runner_with_the_error()
    {
        Submit("1");
        await _prover.StartedAsync(Cancel);
        _store.BeforeStatement = statement => _ = statement == "COMMIT" ? throw new IOException("the disk is gone") : 0;
        _prover.End();
        Assert.Contains("the disk is gone", (await Assert.ThrowsAsync<IOException>(() => _runner.Completion)).Message, StringComparison.Ordinal);
        Assert.False(_runner.IsReady);
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.DrainAsync(TimeSpan.Zero).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _store.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<JobState> Changes(IEnumerable<JobEvent> heard) => heard.Where(happened => happened.Phase is null).Select(happened => happened.State);

    private Job Submit(string key) => _runner.Submit(new JobSubmission("alice", key, "any", new byte[] { 1 }), ClientQuota.None).Job;

    private async Task<List<JobEvent>> ListenAsync(JobId id, long after = 0)
    {
        List<JobEvent> heard = [];
        await foreach (JobEvent happened in _runner.ListenAsync(id, after, Cancel))
        {
            heard.Add(happened);
        }

        return heard;
    }
}
