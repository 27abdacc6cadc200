using System.Buffers;
using Accel.Compute.Cpu;
using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>
/// One product over G1: the host recodes a chunk of scalars and sorts each window's digits by bucket; the device sums buckets and windows. While it works on
/// some windows the host sorts the next ones and their entries are copied.
/// </summary>
internal sealed class OpenClMsm
{
    /// <summary>The device's steps in field products: a mixed addition, two full ones for a bucket, a doubling on the host, and a launch's share.</summary>
    internal static readonly WindowCosts Costs = new(10, 30, 20, 8_000);

    private const int PointBytes = 128;
    private const int GroupLength = 32;
    private const int FanIn = 16;

    // Batches that are under way: one on the device while the host prepares the other.
    private const int Slots = 2;

    // Below so many scalars a launch costs more than its work, so all windows go at once.
    private const int ManyScalars = 1 << 13;
    private const int EntriesAtOnce = 1 << 22;

    private readonly OpenClWorker _worker;
    private readonly OpenClSizes _sizes;
    private readonly OpenClOptions _options;
    private readonly CancellationToken _cancel;

    public OpenClMsm(OpenClWorker worker, OpenClSizes sizes, OpenClOptions options, CancellationToken cancel)
    {
        _worker = worker;
        _sizes = sizes;
        _options = options;
        _cancel = cancel;
    }

    /// <summary>Σ scalarᵢ·baseᵢ.</summary>
    /// <param name="bases">Bases, at least as many as there are scalars.</param>
    /// <param name="resident">The same on the device.</param>
    /// <param name="scalars">The scalars.</param>
    public async Task<G1> MultiplyAsync(ReadOnlyMemory<G1Affine> bases, OpenClBuffer resident, IScalarSource scalars)
    {
        G1 sum = default;
        await foreach ((int offset, ReadOnlyMemory<Fr> chunk) in ScalarChunks.ReadAsync(scalars, _options.ChunkScalars, _cancel))
        {
            sum += await MultiplyChunkAsync(bases.Slice(offset, chunk.Length), resident, offset, chunk);
        }

        return sum;
    }

    private async Task<G1> MultiplyChunkAsync(ReadOnlyMemory<G1Affine> bases, OpenClBuffer resident, int firstBase, ReadOnlyMemory<Fr> scalars)
    {
        using RecodedScalars recoded = await RecodedScalars.CreateAsync(scalars, bases, _options.Threads, _cancel);
        WindowPlan plan = _options.WindowBits is int bits ? new(bits) : WindowPlan.Choose(recoded.BitLengths, Costs);
        recoded.Classify();
        await recoded.BiasAsync(plan, _options.Threads, _cancel);

        int n = scalars.Length;
        int atOnce = n < ManyScalars ? plan.Count : Math.Clamp(EntriesAtOnce / n, 1, (plan.Count + Slots) / (Slots + 1));
        Batch[] slots = [.. Enumerable.Range(0, Math.Min(Slots, (plan.Count + atOnce - 1) / atOnce)).Select(slot => new Batch(slot, n, plan, atOnce))];
        G1[] sums = new G1[plan.Count];
        try
        {
            for (int first = 0, turn = 0; first < plan.Count; first += atOnce, turn++)
            {
                _cancel.ThrowIfCancellationRequested();
                Batch batch = slots[turn % slots.Length];
                batch.Collect(sums);
                SortedWindow[] windows = new SortedWindow[Math.Min(atOnce, plan.Count - first)];
                await ParallelWork.ForEachAsync(
                    windows.Length, _options.Threads, i => windows[i] = SortedWindow.Create(recoded, plan, first + i, batch.Entries.Memory.Slice(i * n, n)), _cancel);
                Enqueue(batch, first, windows, resident, (uint)firstBase);
            }

            foreach (Batch batch in slots)
            {
                batch.Collect(sums);
            }
        }
        finally
        {
            _worker.Drain();
            foreach (Batch batch in slots)
            {
                batch.Dispose();
            }
        }

        return Combine(plan, sums);
    }

    /// <summary>Sends a batch of sorted windows on its way.</summary>
    private unsafe void Enqueue(Batch batch, int first, SortedWindow[] windows, OpenClBuffer resident, uint firstBase)
    {
        int longest = windows.Max(window => window.Count);
        if (longest == 0)
        {
            return;
        }

        int count = windows.Length;
        int buckets = batch.Plan.BucketCount;
        int segmentLength = _sizes.SegmentLength(windows.Sum(window => (long)window.Count));
        int segments = (longest + segmentLength - 1) / segmentLength;
        int groups = Math.Max(1, segments / GroupLength);
        OpenClBuffer entries = _worker.Buffer($"entries {batch.Slot}", (long)count * batch.Length * sizeof(uint));
        OpenClBuffer ends = _worker.Buffer($"ends {batch.Slot}", (long)count * (buckets + 2) * sizeof(int));
        OpenClBuffer sums = _worker.Buffer("sums", (long)count * buckets * PointBytes);
        OpenClBuffer heads = _worker.Buffer("heads", (long)count * segments * PointBytes);
        OpenClBuffer tails = _worker.Buffer("tails", (long)count * segments * PointBytes);
        OpenClBuffer groupSums = _worker.Buffer("groups", (long)count * groups * PointBytes);
        OpenClBuffer results = _worker.Buffer($"results {batch.Slot}", (long)count * PointBytes);

        Span<int> allEnds = batch.Ends.GetSpan();
        OpenClEvent[] written = new OpenClEvent[count + 1];
        uint* entriesAt = (uint*)batch.EntriesPin.Pointer;
        for (int i = 0; i < count; i++)
        {
            windows[i].Ends.CopyTo(allEnds[(i * (buckets + 2))..]);
            long at = (long)i * batch.Length;
            written[i] = _worker.Keep(_worker.Transfer.Write(entries, at * sizeof(uint), entriesAt + at, Math.Max(1, windows[i].Count) * sizeof(uint)));
        }

        written[count] = _worker.Keep(_worker.Transfer.Write(ends, 0, batch.EndsPin.Pointer, (long)count * (buckets + 2) * sizeof(int)));
        _worker.Transfer.Flush();

        Run("accumulate", (segments, count), written, resident, firstBase, entries, (uint)batch.Length, ends, (uint)buckets, (uint)segmentLength, (uint)segments, sums, heads, tails);
        Run("merge_heads", (groups, count), [], ends, (uint)buckets, (uint)segmentLength, (uint)segments, GroupLength, heads, (uint)groups, groupSums);
        Run("merge_buckets", (buckets, count), [], ends, (uint)buckets, (uint)segmentLength, (uint)segments, GroupLength, heads, tails, (uint)groups, groupSums, sums);
        OpenClBuffer plain = sums;
        OpenClBuffer weighted = sums;
        int unitLog2 = 0;
        for (int length = buckets, level = 0; level == 0 || length > 1; level++)
        {
            int blocks = (length + FanIn - 1) / FanIn;
            OpenClBuffer nextPlain = _worker.Buffer($"plain {level}", (long)count * blocks * PointBytes);
            OpenClBuffer nextWeighted = _worker.Buffer($"weighted {level}", (long)count * blocks * PointBytes);
            Run("aggregate", (blocks, count), [], plain, weighted, level == 0 ? 0u : 1u, (uint)length, FanIn, (uint)unitLog2, nextPlain, nextWeighted);
            (plain, weighted, length) = (nextPlain, nextWeighted, blocks);
            unitLog2 += System.Numerics.BitOperations.Log2(FanIn);
        }

        OpenClEvent finished = Run("finish", (count, 1), [], plain, weighted, (uint)count, results);
        batch.Begin(first, count, _worker.Keep(_worker.Compute.Read(results, 0, batch.ResultsPin.Pointer, (long)count * PointBytes, finished)));
        _worker.Compute.Flush();
    }

    private OpenClEvent Run(string name, (long X, long Y) size, ReadOnlySpan<OpenClEvent> after, params ReadOnlySpan<KernelArgument> arguments)
    {
        OpenClKernel kernel = _worker.Msm(name);
        kernel.Set(arguments);
        return _worker.Keep(_worker.Compute.Run(kernel, size, _sizes.MsmGroup, after));
    }

    /// <summary>Σ over windows of 2^(c·window) times the window's sum, by Horner's rule.</summary>
    private static G1 Combine(WindowPlan plan, ReadOnlySpan<G1> sums)
    {
        G1 result = default;
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

    /// <summary>Host memory of some windows that are under way together.</summary>
    private sealed class Batch : IDisposable
    {
        private readonly NativeVector<G1> _results;
        private OpenClEvent? _done;
        private int _first;
        private int _count;

        public Batch(int slot, int length, WindowPlan plan, int windowsMax)
        {
            Slot = slot;
            Length = length;
            Plan = plan;
            Entries = new NativeVector<uint>(checked(windowsMax * length));
            Ends = new NativeVector<int>(windowsMax * (plan.BucketCount + 2));
            _results = new NativeVector<G1>(windowsMax);
            EntriesPin = Entries.Pin();
            EndsPin = Ends.Pin();
            ResultsPin = _results.Pin();
        }

        public int Slot { get; }

        public int Length { get; }

        public WindowPlan Plan { get; }

        public NativeVector<uint> Entries { get; }

        public MemoryHandle EntriesPin { get; }

        public NativeVector<int> Ends { get; }

        public MemoryHandle EndsPin { get; }

        public MemoryHandle ResultsPin { get; }

        public void Begin(int first, int count, OpenClEvent done)
        {
            _first = first;
            _count = count;
            _done = done;
        }

        /// <summary>Waits for the windows under way, if any, and stores their sums.</summary>
        public void Collect(G1[] sums)
        {
            if (_done is null)
            {
                return;
            }

            _done.Wait();
            _done = null;
            _results.GetSpan()[.._count].CopyTo(sums.AsSpan(_first));
        }

        public void Dispose()
        {
            foreach (IDisposable vector in new IDisposable[] { Entries, Ends, _results })
            {
                vector.Dispose();
            }
        }
    }
}
