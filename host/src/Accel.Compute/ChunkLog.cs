using System.Runtime.ExceptionServices;

namespace Accel.Compute;

/// <summary>
/// The numbers of chunks in the order in which something happened to them, each once. Whoever follows keeps its own place in it, so that any number may;
/// adding never waits for a follower. Safe to use from any thread.
/// </summary>
/// <param name="chunkCount">How many chunks there are.</param>
internal sealed class ChunkLog(int chunkCount)
{
    private readonly Lock _lock = new();
    private readonly int[] _chunks = new int[chunkCount];
    private TaskCompletionSource _changed = NewChange();
    private int _count;
    private Exception? _failure;

    /// <summary>How many chunks are in it.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Appends a chunk.</summary>
    public void Add(int chunk)
    {
        lock (_lock)
        {
            _chunks[_count] = chunk;
            Volatile.Write(ref _count, _count + 1);
            Announce();
        }
    }

    /// <summary>Ends it before it is full; every wait, under way or to come, ends with the exception. The first failure counts.</summary>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            Announce();
        }
    }

    /// <summary>Waits until it is longer than a follower knows.</summary>
    /// <param name="known">Entries that the follower has seen, fewer than there are chunks.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Its length now.</returns>
    public async ValueTask<int> WhenMoreAsync(int known, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(known, _chunks.Length);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_failure is { } failure)
                {
                    ExceptionDispatchInfo.Throw(failure);
                }

                if (_count > known)
                {
                    return _count;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>Entries [from, to) as runs of neighbouring chunks in rising order, none longer than <paramref name="runMax"/>.</summary>
    public IReadOnlyList<(int First, int Count)> Runs(int from, int to, int runMax)
    {
        int[] chunks = _chunks[from..to];
        Array.Sort(chunks);
        List<(int First, int Count)> runs = [];
        foreach (int chunk in chunks)
        {
            if (runs.Count > 0 && runs[^1] is var (first, count) && first + count == chunk && count < runMax)
            {
                runs[^1] = (first, count + 1);
            }
            else
            {
                runs.Add((chunk, 1));
            }
        }

        return runs;
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Announce()
    {
        _changed.TrySetResult();
        _changed = NewChange();
    }
}
