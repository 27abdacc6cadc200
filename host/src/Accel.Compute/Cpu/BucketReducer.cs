using System.Runtime.CompilerServices;

namespace Accel.Compute.Cpu;

/// <summary>
/// Sums each bucket of a stretch of a sorted window to one point. The window is taken a block at a time, and in rounds: each round adds the points of
/// every bucket two by two, all in one call of the pair adder, until every bucket has one left. One instance serves one thread at a time.
/// </summary>
internal sealed unsafe class BucketReducer<TField, TCurve> : IDisposable
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    // Large enough that the short rounds, whose inversions few pairs share, are rare.
    private const int BlockSize = 8 * IPairAdder<TField, TCurve>.CapacityMax;

    private readonly IPairAdder<TField, TCurve> _adder;

    // Sums of one block, fewer than its points; then the two places of the point that is carried into the next block, in turns.
    private readonly PinnedPoints<TField, TCurve> _sums = new(BlockSize + 2);
    private readonly PointRef[] _refs = new PointRef[BlockSize];
    private readonly PointPair[] _pairs = new PointPair[BlockSize / 2];
    private readonly Run[] _runs = new Run[BlockSize];

    public BucketReducer(IPairAdder<TField, TCurve> adder) => _adder = adder;

    /// <summary>Writes the sum of each bucket that ends in the entries [from, to), or that they cut off, to <paramref name="store"/>.</summary>
    /// <param name="window">The window.</param>
    /// <param name="bases">Pinned bases that the entries index.</param>
    /// <param name="from">The first entry.</param>
    /// <param name="to">The entry after the last.</param>
    /// <param name="store">Receives bucket and sum, from the largest bucket down, each bucket once.</param>
    /// <param name="cancel">Cancels the work.</param>
    public void Reduce(SortedWindow window, AffinePoint<TField, TCurve>* bases, int from, int to, BucketStore store, CancellationToken cancel)
    {
        PointRef carried = PointRef.None;
        int carries = 0;
        while (from < to)
        {
            cancel.ThrowIfCancellationRequested();
            int taken = carried.IsNone ? 0 : 1;
            int end = Math.Min(to, from + BlockSize - taken);
            _refs[0] = carried;
            Gather(window.Entries[from..end], bases, taken);
            Span<Run> runs = FindRuns(window, from, end, taken);
            Rounds(runs);
            Run last = runs[^1];
            bool continues = end < to && window.EndOf(last.Bucket) > end;
            int position = 0;
            foreach (Run run in continues ? runs[..^1] : runs)
            {
                store(run.Bucket, _refs[position++].Read<TField, TCurve>());
            }

            carried = PointRef.None;
            if (continues)
            {
                AffinePoint<TField, TCurve>* place = _sums.First + BlockSize + (carries++ & 1);
                *place = _refs[position].Read<TField, TCurve>();
                carried = PointRef.To(place);
            }

            from = end;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sums.Dispose();
        _adder.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(ReadOnlySpan<uint> entries, AffinePoint<TField, TCurve>* bases, int position)
    {
        foreach (uint entry in entries)
        {
            _refs[position++] = PointRef.To(bases + SortedWindow.Index(entry), SortedWindow.IsNegative(entry));
        }
    }

    /// <summary>The non-empty buckets of the entries [from, to), in order; the carried point counts to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Span<Run> FindRuns(SortedWindow window, int from, int to, int carried)
    {
        int count = 0;
        for (int bucket = window.BucketAt(from); from < to; bucket--)
        {
            int end = Math.Min(window.EndOf(bucket), to);
            if (end > from)
            {
                _runs[count++] = new Run(bucket, end - from + carried);
                carried = 0;
                from = end;
            }
        }

        return _runs.AsSpan(0, count);
    }

    /// <summary>Halves every bucket until it has one point; the references then stand in the buckets' order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rounds(Span<Run> runs)
    {
        int used = 0;
        while (true)
        {
            int pairs = 0;
            int source = 0;
            int target = 0;
            foreach (ref Run run in runs)
            {
                int end = source + run.Length;
                for (; source + 1 < end; source += 2)
                {
                    _pairs[pairs] = new PointPair(_refs[source], _refs[source + 1]);
                    _refs[target++] = PointRef.To(_sums.First + used + pairs++);
                }

                if (source < end)
                {
                    _refs[target++] = _refs[source++];
                }

                run = run with { Length = (run.Length + 1) >> 1 };
            }

            if (pairs == 0)
            {
                return;
            }

            for (int added = 0; added < pairs; added += IPairAdder<TField, TCurve>.CapacityMax)
            {
                int count = Math.Min(IPairAdder<TField, TCurve>.CapacityMax, pairs - added);
                _adder.Add(_pairs.AsSpan(added, count), _sums.First + used + added);
            }

            used += pairs;
        }
    }

    /// <summary>Takes the sum of a bucket.</summary>
    public delegate void BucketStore(int bucket, in AffinePoint<TField, TCurve> sum);

    /// <summary>Neighbouring references that belong to one bucket.</summary>
    private readonly record struct Run(int Bucket, int Length);
}
