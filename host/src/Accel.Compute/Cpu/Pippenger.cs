namespace Accel.Compute.Cpu;

/// <summary>
/// Multi-scalar multiplication by the bucket method with signed digits (Bernstein et al., eprint 2012/549, §4), over any curve.
/// Scalars are taken in chunks of bounded size. Of a chunk, each window's digits are sorted; then all windows together are cut into parts of equal length,
/// which are what the threads share: so neither few windows nor one crowded bucket leaves a thread idle.
/// </summary>
internal static class Pippenger<TField, TCurve>
    where TField : struct, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    private const int PartSizeMin = 1 << 11;
    private const int PartSizeMax = 1 << 16;
    private const int PartsPerThread = 12;

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
        await recoded.BiasAsync(plan, threads, cancel);
        SortedWindow[] windows = new SortedWindow[plan.Count];
        await ParallelWork.ForEachAsync(plan.Count, threads, window => windows[window] = SortedWindow.Create(recoded, plan, window), cancel);
        Part[] parts = Cut(windows, threads);
        XyzzPoint<TField, TCurve>[] sums = new XyzzPoint<TField, TCurve>[parts.Length];
        await ParallelWork.ForEachAsync(parts.Length, threads, i => sums[i] = Sum(parts[i]), cancel);
        foreach (SortedWindow window in windows)
        {
            window.Dispose();
        }

        return Combine(plan, parts, sums);

        XyzzPoint<TField, TCurve> Sum(Part part) => BucketSum<TField, TCurve>.Compute(windows[part.Window], bases.Span, part.From, part.To, cancel);
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
            for (int from = 0; from < windows[window].Count; from += size)
            {
                parts.Add(new Part(window, from, Math.Min(windows[window].Count, from + size)));
            }
        }

        return [.. parts];
    }

    /// <summary>Σ over windows of 2^(c·window) times the window's parts, by Horner's rule.</summary>
    private static XyzzPoint<TField, TCurve> Combine(WindowPlan plan, ReadOnlySpan<Part> parts, ReadOnlySpan<XyzzPoint<TField, TCurve>> sums)
    {
        XyzzPoint<TField, TCurve> result = default;
        int part = parts.Length - 1;
        for (int window = plan.Count - 1; window >= 0; window--)
        {
            for (int i = 0; i < plan.Bits; i++)
            {
                result = result.Double();
            }

            for (; part >= 0 && parts[part].Window == window; part--)
            {
                result += sums[part];
            }
        }

        return result;
    }

    /// <summary>Entries [From, To) of one sorted window.</summary>
    private readonly record struct Part(int Window, int From, int To);
}

/// <summary>How a product is computed.</summary>
/// <param name="Threads">Threads to use, at least 1.</param>
/// <param name="WindowBits">The window size, or null to take the cost model's.</param>
/// <param name="ChunkSize">Scalars that are worked on at once; the default bounds the working memory to about 150 MiB whatever n is.</param>
internal readonly record struct MsmOptions(int Threads, int? WindowBits = null, int ChunkSize = 1 << 20);
