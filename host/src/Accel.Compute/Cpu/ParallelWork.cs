namespace Accel.Compute.Cpu;

/// <summary>Runs independent pieces of one call on a bounded number of pool threads; a free thread takes the next piece.</summary>
internal static class ParallelWork
{
    /// <summary>Runs <paramref name="body"/> for each index in [0, count).</summary>
    public static Task ForEachAsync(int count, int threads, Action<int> body, CancellationToken cancel)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        return Parallel.ForAsync(0, count, options, (index, _) =>
        {
            body(index);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Cuts [0, length) into ranges of at most <paramref name="grain"/> and runs <paramref name="body"/>(from, to) for each.</summary>
    public static Task ForRangesAsync(int length, int grain, int threads, Action<int, int> body, CancellationToken cancel)
    {
        int count = (int)(((long)length + grain - 1) / grain);
        return ForEachAsync(count, threads, i => body(i * grain, (int)Math.Min(length, ((long)i + 1) * grain)), cancel);
    }
}
