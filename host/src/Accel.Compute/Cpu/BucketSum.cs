using System.Buffers;

namespace Accel.Compute.Cpu;

/// <summary>
/// Σ bucket·point over a stretch of a sorted window. Points of one bucket lie side by side, so they are added in affine pairs that share an inversion,
/// all buckets of a block at once; what is left of each bucket enters the running sums of the bucket method (Bernstein et al., eprint 2012/549, §4),
/// from the largest bucket down, so that no bucket is ever stored.
/// </summary>
internal ref struct BucketSum<TField, TCurve>
    where TField : struct, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>Points that are gathered at once: 256 KiB over G1, so that a block stays in the second-level cache.</summary>
    private const int BlockSize = 4096;

    // One inversion costs some 320 products and an affine pair saves about four against a mixed addition.
    private const int PairsMin = 80;

    /// <summary>Beyond this distance doubling and adding beats stepping from bucket to bucket.</summary>
    internal const int GapMax = 8;

    private readonly SortedWindow _window;
    private readonly ReadOnlySpan<AffinePoint<TField, TCurve>> _bases;
    private readonly Span<TField> _inverses;
    private readonly Span<Run> _runs;
    private Span<AffinePoint<TField, TCurve>> _points;
    private Span<AffinePoint<TField, TCurve>> _spare;
    private XyzzPoint<TField, TCurve> _running;
    private XyzzPoint<TField, TCurve> _total;
    private int _bucket;

    private BucketSum(SortedWindow window, ReadOnlySpan<AffinePoint<TField, TCurve>> bases, AffinePoint<TField, TCurve>[] points, TField[] inverses, Run[] runs)
    {
        _window = window;
        _bases = bases;
        _inverses = inverses;
        _runs = runs;
        _points = points.AsSpan(0, BlockSize);
        _spare = points.AsSpan(BlockSize, BlockSize);
    }

    /// <summary>Σ bucket·(±base) over the entries [from, to) of a window.</summary>
    public static XyzzPoint<TField, TCurve> Compute(
        SortedWindow window, ReadOnlySpan<AffinePoint<TField, TCurve>> bases, int from, int to, CancellationToken cancel)
    {
        AffinePoint<TField, TCurve>[] points = ArrayPool<AffinePoint<TField, TCurve>>.Shared.Rent(2 * BlockSize);
        TField[] inverses = ArrayPool<TField>.Shared.Rent(BlockSize / 2);
        Run[] runs = ArrayPool<Run>.Shared.Rent(BlockSize);
        BucketSum<TField, TCurve> sum = new(window, bases, points, inverses, runs) { _bucket = window.BucketAt(from) };
        for (int position = from; position < to; position += BlockSize)
        {
            cancel.ThrowIfCancellationRequested();
            sum.AddBlock(position, Math.Min(to, position + BlockSize));
        }

        ArrayPool<Run>.Shared.Return(runs);
        ArrayPool<TField>.Shared.Return(inverses);
        ArrayPool<AffinePoint<TField, TCurve>>.Shared.Return(points);
        return sum._total + Times(sum._running, sum._bucket);
    }

    private void AddBlock(int from, int to)
    {
        Gather(_window.Entries[from..to]);
        Span<Run> runs = FindRuns(from, to);
        while (CountPairs(runs) >= PairsMin)
        {
            AddPairs(runs);
        }

        int position = 0;
        foreach (Run run in runs)
        {
            StepTo(run.Bucket);
            for (int end = position + run.Length; position < end; position++)
            {
                _running += _points[position];
            }
        }
    }

    private readonly void Gather(ReadOnlySpan<uint> entries)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            ref readonly AffinePoint<TField, TCurve> point = ref _bases[SortedWindow.Index(entries[i])];
            _points[i] = SortedWindow.IsNegative(entries[i]) ? -point : point;
        }
    }

    /// <summary>The non-empty buckets of the entries [from, to), in order.</summary>
    private readonly Span<Run> FindRuns(int from, int to)
    {
        int count = 0;
        for (int bucket = _window.BucketAt(from); from < to; bucket--)
        {
            int end = Math.Min(_window.EndOf(bucket), to);
            if (end > from)
            {
                _runs[count++] = new Run(bucket, end - from);
                from = end;
            }
        }

        return _runs[..count];
    }

    private static int CountPairs(ReadOnlySpan<Run> runs)
    {
        int pairs = 0;
        foreach (Run run in runs)
        {
            pairs += run.Length >> 1;
        }

        return pairs;
    }

    /// <summary>Halves every bucket: its points are added two by two, an odd last one is kept.</summary>
    private void AddPairs(Span<Run> runs)
    {
        int pair = 0;
        int position = 0;
        foreach (Run run in runs)
        {
            for (int end = position + run.Length; position + 1 < end; position += 2)
            {
                _inverses[pair++] = AffineAddition<TField, TCurve>.Denominator(_points[position], _points[position + 1]);
            }

            position += run.Length & 1;
        }

        BatchInversion.InvertAll(_inverses[..pair]);
        FinishPairs(runs);
        Span<AffinePoint<TField, TCurve>> sums = _spare;
        _spare = _points;
        _points = sums;
    }

    private readonly void FinishPairs(Span<Run> runs)
    {
        int pair = 0;
        int source = 0;
        int target = 0;
        foreach (ref Run run in runs)
        {
            int end = source + run.Length;
            for (; source + 1 < end; source += 2)
            {
                _spare[target++] = AffineAddition<TField, TCurve>.Finish(_points[source], _points[source + 1], _inverses[pair++]);
            }

            if (source < end)
            {
                _spare[target++] = _points[source++];
            }

            run = run with { Length = (run.Length + 1) >> 1 };
        }
    }

    /// <summary>Moves down to <paramref name="bucket"/>: each step adds the running sum once more.</summary>
    private void StepTo(int bucket)
    {
        int gap = _bucket - bucket;
        _bucket = bucket;
        if (gap > GapMax)
        {
            _total += Times(_running, gap);
            return;
        }

        for (; gap > 0; gap--)
        {
            _total += _running;
        }
    }

    private static XyzzPoint<TField, TCurve> Times(in XyzzPoint<TField, TCurve> point, int factor) => factor == 1 ? point : point.Multiply(factor);

    /// <summary>Neighbouring points that belong to one bucket.</summary>
    private readonly record struct Run(int Bucket, int Length);
}
