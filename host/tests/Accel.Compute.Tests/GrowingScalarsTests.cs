using Xunit;

namespace Accel.Compute.Tests;

/// <summary>Chunks are shown when nothing of them is missing, in the order in which that happened, and a failure ends every wait.</summary>
public sealed class GrowingScalarsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_range_is_read_when_its_last_scalar_is_final()
    {
        Fr[] values = [1, 2, 3, 4, 5, 6, 7];
        GrowingScalars scalars = new(values, chunkScalars: 4);
        Fr[] read = new Fr[3];
        Task reading = scalars.ReadAsync(3, read, Cancel).AsTask();
        scalars.Publish(1, 3);
        Assert.True(scalars.IsFinal(1));
        scalars.Publish(0, 3);
        Assert.False(scalars.IsFinal(0) || reading.IsCompleted || scalars.TryGetMemory(out _));
        Assert.Throws<InvalidOperationException>(scalars.Complete);
        scalars.Publish(0, 1);
        await reading;
        Assert.Equal([4, 5, 6], read);
        Assert.False(scalars.Whole.IsCompleted);
        scalars.Complete();
        Assert.True(scalars.Whole.IsCompletedSuccessfully && scalars.TryGetMemory(out ReadOnlyMemory<Fr> memory) && memory.Length == 7);
    }

    [Fact]
    public void The_log_gives_runs_of_neighbours_among_those_that_came_together()
    {
        ChunkLog log = new(8);
        foreach (int chunk in new[] { 5, 2, 7, 3, 4 })
        {
            log.Add(chunk);
        }

        Assert.Equal([(2, 1), (5, 1)], log.Runs(0, 2, runMax: 8));
        Assert.Equal([(2, 4), (7, 1)], log.Runs(0, 5, runMax: 8));
        Assert.Equal([(2, 3), (5, 1), (7, 1)], log.Runs(0, 5, runMax: 3));
    }

    [Fact]
    public async Task A_failure_ends_waits_under_way_and_to_come()
    {
        GrowingScalars scalars = new(new Fr[4], chunkScalars: 2);
        Task waiting = scalars.ReadAsync(0, new Fr[1], Cancel).AsTask();
        scalars.Fail(new InvalidOperationException("no more"));
        Assert.Equal("no more", (await Assert.ThrowsAsync<InvalidOperationException>(() => waiting)).Message);
        Assert.Equal("no more", (await Assert.ThrowsAsync<InvalidOperationException>(() => scalars.ReadAsync(2, new Fr[2], Cancel).AsTask())).Message);
        Assert.Equal("no more", (await Assert.ThrowsAsync<InvalidOperationException>(() => scalars.Whole)).Message);
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GrowingScalars(new Fr[4], chunkScalars: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GrowingScalars(new Fr[4], chunkScalars: 0));
        GrowingScalars scalars = new(new Fr[4], chunkScalars: 2);
        scalars.Publish(1, 1);
        Assert.Contains("1 scalars too many", Assert.Throws<InvalidOperationException>(() => scalars.Publish(1, 2)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scalars.ReadAsync(3, new Fr[2], Cancel).AsTask());
        using CancellationTokenSource source = new();
        Task waiting = scalars.ReadAsync(0, new Fr[2], source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
