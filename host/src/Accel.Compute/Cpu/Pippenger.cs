using System.Buffers;
using System.Collections.Concurrent;

namespace Accel.Compute.Cpu;

/// <summary>
/// Multi-scalar multiplication by the bucket method with signed digits (Bernstein et al., eprint 2012/549, §4), over any curve and any pair adder.
/// Scalars are taken in chunks of bounded size, and of a large chunk some windows at a time, which bounds the memory for digits and buckets. Each window's
/// digits are sorted; then those windows together are cut into parts of about equal length, which are what the threads share: so neither few windows nor
/// one crowded bucket leaves a thread idle. Parts end where buckets do, except in a bucket that is longer than a part.
/// </summary>
internal static class Pippenger<TField, TCurve>
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>Below so many scalars the inversions of the pair adder cost more than they save.</summary>
    internal const int PairsMin = 192;

    private const int PartSizeMin = 1 << 11;
    private const int PartSizeMax = 1 << 16;
    private const int PartsPerThread = 12;

    // Of a chunk this long or longer, about so many windows are in memory at a time.
    private const int ChunkSizeLarge = 1 << 13;
    private const int WindowsAtOnce = 8;

    /// <summary>Σ scalarᵢ·baseᵢ.</summary>
    /// <param name="bases">n points on the curve.</param>
    /// <param name="scalars">n scalars.</param>
    /// <param name="options">How to go about it; the sum does not depend on it.</param>
    /// <param name="cancel">Cancels the product.</param>
    public static async Task<XyzzPoint<TField, TCurve>> MultiplyAsync(
        ReadOnlyMemory<AffinePoint<TField, TCurve>> bases, IScalarSource scalars, MsmOptions options, CancellationToken cancel)
    {
        XyzzPoint<TField, TCurve> sum = default;
        await foreach ((int offset, ReadOnlyMemory<Fr> chunk) in ScalarChunks.ReadAsync(scalars, options.ChunkSize, cancel))
        {
            sum += await MultiplyChunkAsync(bases.Slice(offset, chunk.Length), chunk, options, cancel);
        }

        return sum;
    }

    private static async Task<XyzzPoint<TField, TCurve>> MultiplyChunkAsync(
        ReadOnlyMemory<AffinePoint<TField, TCurve>> bases, ReadOnlyMemory<Fr> scalars, MsmOptions options, CancellationToken cancel)
    {
        int threads = options.Threads;
        using RecodedScalars recoded = await RecodedScalars.CreateAsync(scalars, bases, threads, cancel);
        WindowPlan plan = options.WindowBits is int bits ? new(bits) : WindowPlan.Choose(recoded.BitLengths);
        recoded.Classify();
        await recoded.BiasAsync(plan, threads, cancel);

        // A multiple of the threads, so that each round of their aggregation has work for all.
        int atOnce = options.WindowsAtOnce ?? (scalars.Length < ChunkSizeLarge ? plan.Count : Math.Max(threads, WindowsAtOnce / threads * threads));
        XyzzPoint<TField, TCurve>[] sums = new XyzzPoint<TField, TCurve>[plan.Count];
        using NativeVector<uint> entries = new(checked(Math.Min(atOnce, plan.Count) * scalars.Length));
        using MemoryHandle pin = bases.Pin();
        using WindowSums? work = scalars.Length < PairsMin ? null : new(plan, Math.Min(atOnce, plan.Count), pin, options, cancel);
        for (int first = 0; first < plan.Count; first += atOnce)
        {
            SortedWindow[] windows = new SortedWindow[Math.Min(atOnce, plan.Count - first)];
            await ParallelWork.ForEachAsync(
                windows.Length, threads, i => windows[i] = SortedWindow.Create(recoded, plan, first + i, entries.Memory.Slice(i * scalars.Length, scalars.Length)), cancel);
            if (work is null)
            {
                await ParallelWork.ForEachAsync(windows.Length, threads, i => sums[first + i] = RunningSum<TField, TCurve>.Compute(windows[i], bases.Span), cancel);
                continue;
            }

            work.Begin(windows);
            Part[] parts = Cut(windows, threads);
            await ParallelWork.ForEachAsync(parts.Length, threads, i => work.Reduce(parts[i]), cancel);
            await ParallelWork.ForEachAsync(windows.Length, threads, i => sums[first + i] = work.Aggregate(i), cancel);
        }

        return Combine(plan, sums);
    }

    private static Part[] Cut(ReadOnlySpan<SortedWindow> windows, int threads)
    {
        long entries = 0;
        foreach (SortedWindow window in windows)
        {
            entries += window.Count;
        }

        int size = (int)Math.Clamp(entries / ((long)threads * PartsPerThread), PartSizeMin, PartSizeMax);
        List<Part> parts = [];
        for (int window = 0; window < windows.Length; window++)
        {
            int from = 0;
            while (from < windows[window].Count)
            {
                int to = Math.Min(windows[window].Count, from + size);
                int bucketEnd = windows[window].EndOf(windows[window].BucketAt(to - 1));
                to = bucketEnd - from <= 2 * size ? bucketEnd : to;
                parts.Add(new Part(window, from, to));
                from = to;
            }
        }

        return [.. parts];
    }

    /// <summary>Σ over windows of 2^(c·window) times the window's sum, by Horner's rule.</summary>
    private static XyzzPoint<TField, TCurve> Combine(WindowPlan plan, ReadOnlySpan<XyzzPoint<TField, TCurve>> sums)
    {
        XyzzPoint<TField, TCurve> result = default;
        for (int window = plan.Count - 1; window >= 0; window--)
        {
            for (int i = 0; i < plan.Bits; i++)
            {
                result = result.Double();
            }

            result += sums[window];
        }

        return result;
    }

    /// <summary>Entries [From, To) of one sorted window.</summary>
    private readonly record struct Part(int Window, int From, int To);

    /// <summary>The buckets of some windows at a time, filled part by part, and their sums.</summary>
    private sealed unsafe class WindowSums : IDisposable
    {
        private readonly WindowPlan _plan;
        private readonly AffinePoint<TField, TCurve>* _bases;
        private readonly MsmOptions _options;
        private readonly CancellationToken _cancel;
        private readonly PinnedPoints<TField, TCurve> _buckets;
        private readonly ConcurrentBag<(int Window, int Bucket, AffinePoint<TField, TCurve> Sum)> _pieces = [];
        private readonly ConcurrentBag<BucketReducer<TField, TCurve>> _reducers = [];
        private readonly ConcurrentBag<BucketAggregator<TField, TCurve>> _aggregators = [];
        private SortedWindow[] _windows = [];

        public WindowSums(WindowPlan plan, int windowsMax, MemoryHandle bases, MsmOptions options, CancellationToken cancel)
        {
            _plan = plan;
            _bases = (AffinePoint<TField, TCurve>*)bases.Pointer;
            _options = options;
            _cancel = cancel;
            _buckets = new PinnedPoints<TField, TCurve>(windowsMax * Stride);
        }

        // Bucket 0 stays empty, so that a bucket's number is its index.
        private int Stride => _plan.BucketCount + 1;

        /// <summary>Takes up the next windows, with empty buckets.</summary>
        public void Begin(SortedWindow[] windows)
        {
            _windows = windows;
            _pieces.Clear();
            _buckets.Clear();
        }

        /// <summary>Fills the buckets of a part; pieces of a bucket that parts share are kept apart.</summary>
        public void Reduce(Part part)
        {
            SortedWindow window = _windows[part.Window];
            AffinePoint<TField, TCurve>* buckets = BucketsOf(part.Window);
            if (!_reducers.TryTake(out BucketReducer<TField, TCurve>? reducer))
            {
                reducer = new BucketReducer<TField, TCurve>(_options.Engine.CreatePairAdder<TField, TCurve>());
            }

            try
            {
                reducer.Reduce(
                    window,
                    _bases,
                    part.From,
                    part.To,
                    (bucket, in sum) =>
                    {
                        if (window.EndOf(bucket + 1) < part.From || window.EndOf(bucket) > part.To)
                        {
                            _pieces.Add((part.Window, bucket, sum));
                        }
                        else
                        {
                            buckets[bucket] = sum;
                        }
                    },
                    _cancel);
            }
            finally
            {
                _reducers.Add(reducer);
            }
        }

        /// <summary>Σ b·Bᵦ of a window; call it when all parts are done.</summary>
        public XyzzPoint<TField, TCurve> Aggregate(int window)
        {
            _cancel.ThrowIfCancellationRequested();
            if (_windows[window].Count == 0)
            {
                return default;
            }

            AffinePoint<TField, TCurve>* buckets = BucketsOf(window);
            foreach (IGrouping<int, (int Window, int Bucket, AffinePoint<TField, TCurve> Sum)> bucket in _pieces.Where(p => p.Window == window).GroupBy(p => p.Bucket))
            {
                buckets[bucket.Key] = bucket.Aggregate(default(XyzzPoint<TField, TCurve>), (sum, piece) => sum + piece.Sum).ToAffine();
            }

            if (!_aggregators.TryTake(out BucketAggregator<TField, TCurve>? aggregator))
            {
                aggregator = new BucketAggregator<TField, TCurve>(_options.Engine.CreatePairAdder<TField, TCurve>(), _plan.BucketCount);
            }

            try
            {
                return aggregator.Sum(buckets, _plan.BucketCount);
            }
            finally
            {
                _aggregators.Add(aggregator);
            }
        }

        public void Dispose()
        {
            _buckets.Dispose();
            foreach (IDisposable worker in _reducers.Concat<IDisposable>(_aggregators))
            {
                worker.Dispose();
            }
        }

        private AffinePoint<TField, TCurve>* BucketsOf(int window) => _buckets.First + ((long)window * Stride);
    }
}

/// <summary>How a product is computed.</summary>
/// <param name="Engine">What does the arithmetic.</param>
/// <param name="Threads">Threads to use, at least 1.</param>
/// <param name="WindowBits">The window size, or null to take the cost model's.</param>
/// <param name="ChunkSize">Scalars that are worked on at once; the default bounds the working memory to about 150 MiB whatever n is.</param>
/// <param name="WindowsAtOnce">Windows that are in memory at a time, or null for all of a small chunk and about eight of a large one.</param>
internal readonly record struct MsmOptions(CpuEngine Engine, int Threads, int? WindowBits = null, int ChunkSize = 1 << 20, int? WindowsAtOnce = null);
