namespace Accel.Compute;

/// <summary>
/// Scalars that are read while they are still being computed, such as a witness under its solver.
/// </summary>
/// <remarks>
/// One array is everything: the producer's working memory, the buffer between it and its readers, and in the end the result. So nothing is copied to be handed
/// over, memory does not grow with the distance between the two, and the producer never waits for a reader: what is bounded is the readers' transfers.
/// The array is cut into chunks. A producer may set scalars in any order and from any thread, and counts what it has set with <see cref="Publish"/>; a chunk is
/// final, and readable, when nothing of it is missing. Chunks become final in any order too, since a solver works by levels and not by index; readers take
/// them as they come, which the addressed memory of a device and the sum of a product allow, or wait for a range with <see cref="ReadAsync"/>.
/// That every chunk is final does not yet mean that the scalars are right: <see cref="Whole"/> ends when the producer says so, or with its failure,
/// which every wait then ends with as well.
/// </remarks>
public sealed class GrowingScalars : IScalarSource
{
    /// <summary>Scalars of a chunk, unless given: 32 KiB, small enough that few chunks of a small circuit wait for their last scalar.</summary>
    public const int ChunkScalarsUsual = 1 << 10;

    private readonly Memory<Fr> _values;
    private readonly int[] _missing;
    private readonly TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A stream of which nothing is final.</summary>
    /// <param name="values">Where the scalars will be; only the producer writes there.</param>
    /// <param name="chunkScalars">Scalars of a chunk, an even number from 2.</param>
    public GrowingScalars(Memory<Fr> values, int chunkScalars = ChunkScalarsUsual)
    {
        if (chunkScalars < 2 || (chunkScalars & 1) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(chunkScalars), chunkScalars, "chunks have an even number of scalars from 2: they begin on whole beats of a card's memory");
        }

        _values = values;
        ChunkScalars = chunkScalars;
        _missing = new int[(values.Length + chunkScalars - 1) / chunkScalars];
        for (int i = 0; i < _missing.Length; i++)
        {
            _missing[i] = Math.Min(chunkScalars, values.Length - (i * chunkScalars));
        }

        Final = new ChunkLog(_missing.Length);

        // Whoever fails a stream that nobody reads has no one to tell.
        _ = _whole.Task.ContinueWith(task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <inheritdoc />
    public int Count => _values.Length;

    /// <summary>Scalars of every chunk but the last, which may have fewer.</summary>
    public int ChunkScalars { get; }

    /// <summary>The number of chunks.</summary>
    public int ChunkCount => _missing.Length;

    /// <summary>Chunks that are final.</summary>
    public int FinalCount => Final.Count;

    /// <summary>Whether nothing of a chunk is missing.</summary>
    public bool IsFinal(int chunk) => Volatile.Read(ref _missing[chunk]) == 0;

    /// <summary>Ends when all scalars are final and the producer vouches for them; fails as it failed.</summary>
    public Task Whole => _whole.Task;

    /// <summary>The producer's memory; of other chunks than final ones nobody else reads.</summary>
    public Memory<Fr> Values => _values;

    /// <summary>Chunks in the order in which they became final.</summary>
    internal ChunkLog Final { get; }

    /// <summary>Says of scalars that the producer has set that they will not change any more; each is to be counted once.</summary>
    /// <param name="chunk">Their chunk.</param>
    /// <param name="count">How many of it.</param>
    /// <exception cref="InvalidOperationException">More scalars were counted than the chunk has.</exception>
    public void Publish(int chunk, int count)
    {
        int missing = Interlocked.Add(ref _missing[chunk], -count);
        if (missing < 0)
        {
            throw new InvalidOperationException($"chunk {chunk} was counted {-missing} scalars too many: a scalar was set twice");
        }

        if (missing == 0 && count > 0)
        {
            Final.Add(chunk);
        }
    }

    /// <summary>Says that the scalars are whole and right.</summary>
    /// <exception cref="InvalidOperationException">A chunk is not final.</exception>
    public void Complete()
    {
        if (FinalCount < ChunkCount)
        {
            throw new InvalidOperationException($"{ChunkCount - FinalCount} of {ChunkCount} chunks are not final");
        }

        _whole.TrySetResult();
    }

    /// <summary>Ends every wait, under way or to come, with the producer's failure.</summary>
    public void Fail(Exception failure)
    {
        Final.Fail(failure);
        if (failure is OperationCanceledException cancelled)
        {
            _whole.TrySetCanceled(cancelled.CancellationToken);
        }
        else
        {
            _whole.TrySetException(failure);
        }
    }

    /// <inheritdoc />
    /// <remarks>Waits until the range is final.</remarks>
    public async ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (offset < 0 || offset > _values.Length - destination.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"scalars [{offset}, {(long)offset + destination.Length}) were asked of a source that has {_values.Length}");
        }

        for (int chunk = offset / ChunkScalars; chunk * (long)ChunkScalars < offset + destination.Length; chunk++)
        {
            // Counted before it is looked at: a chunk that becomes final in between makes the log longer than what is known of it.
            int known = FinalCount;
            while (!IsFinal(chunk))
            {
                known = await Final.WhenMoreAsync(known, cancel);
            }
        }

        _values.Slice(offset, destination.Length).CopyTo(destination);
    }

    /// <inheritdoc />
    /// <remarks>Only what is whole is shown.</remarks>
    public bool TryGetMemory(out ReadOnlyMemory<Fr> memory)
    {
        memory = Whole.IsCompletedSuccessfully ? _values : default;
        return Whole.IsCompletedSuccessfully;
    }
}
