namespace Accel.Compute.Cpu;

/// <summary>For each window k the multiples d·2^(ck)·P, d = 1 … 2^(c−1).</summary>
internal sealed unsafe class FixedBaseTable<TField, TCurve> : IDisposable
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>Results that advance together, with one inversion a window.</summary>
    public const int BlockSize = IPairAdder<TField, TCurve>.CapacityMax;

    private readonly CpuEngine _engine;
    private readonly WindowPlan _plan;
    private readonly PinnedPoints<TField, TCurve>[] _windows;

    private FixedBaseTable(CpuEngine engine, WindowPlan plan)
    {
        _engine = engine;
        _plan = plan;
        _windows = new PinnedPoints<TField, TCurve>[plan.Count];
    }

    /// <summary>Builds the table that suits <paramref name="count"/> products.</summary>
    public static FixedBaseTable<TField, TCurve> Create(
        CpuEngine engine, in AffinePoint<TField, TCurve> basePoint, int count, int threads, CancellationToken cancel)
    {
        FixedBaseTable<TField, TCurve> table = new(engine, ChoosePlan(count));
        AffinePoint<TField, TCurve>[] firsts = table.WindowBases(basePoint);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        try
        {
            Parallel.For(0, firsts.Length, options, window => table._windows[window] = table.Multiples(firsts[window]));
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>resultsᵢ = scalarᵢ·P, for at most <see cref="BlockSize"/> scalars.</summary>
    public void Multiply(ReadOnlySpan<Fr> scalars, Span<AffinePoint<TField, TCurve>> results)
    {
        using IPairAdder<TField, TCurve> adder = _engine.CreatePairAdder<TField, TCurve>();
        using RecodedScalars recoded = RecodedScalars.Create(scalars);
        recoded.Bias(_plan);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Entry(recoded.Limbs(i), window: 0).Read<TField, TCurve>();
        }

        AffinePoint<TField, TCurve> infinity = default;
        PointPair[] pairs = new PointPair[scalars.Length];
        fixed (AffinePoint<TField, TCurve>* sums = results)
        {
            for (int window = 1; window < _plan.Count; window++)
            {
                for (int i = 0; i < pairs.Length; i++)
                {
                    PointRef entry = Entry(recoded.Limbs(i), window);
                    pairs[i] = new PointPair(PointRef.To(sums + i), entry.IsNone ? PointRef.To(&infinity) : entry);
                }

                adder.Add(pairs, sums);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (PinnedPoints<TField, TCurve> window in _windows)
        {
            window?.Dispose();
        }
    }

    /// <summary>The window size with the fewest additions, those of the table included.</summary>
    private static WindowPlan ChoosePlan(int count)
    {
        WindowPlan best = new(WindowPlan.BitsMin);
        for (int bits = WindowPlan.BitsMin + 1; bits <= WindowPlan.BitsMax; bits++)
        {
            WindowPlan plan = new(bits);
            if (Additions(plan, count) < Additions(best, count))
            {
                best = plan;
            }
        }

        return best;
    }

    private static long Additions(WindowPlan plan, int count) => plan.Count * ((long)count + plan.BucketCount);

    private AffinePoint<TField, TCurve>[] WindowBases(in AffinePoint<TField, TCurve> basePoint)
    {
        XyzzPoint<TField, TCurve>[] bases = new XyzzPoint<TField, TCurve>[_plan.Count];
        XyzzPoint<TField, TCurve> current = XyzzPoint<TField, TCurve>.FromAffine(basePoint);
        for (int window = 0; window < bases.Length; window++)
        {
            bases[window] = current;
            for (int i = 0; i < _plan.Bits; i++)
            {
                current = current.Double();
            }
        }

        AffinePoint<TField, TCurve>[] affine = new AffinePoint<TField, TCurve>[bases.Length];
        XyzzPoint<TField, TCurve>.ToAffine(bases, affine);
        return affine;
    }

    /// <summary>1·P … 2^(c−1)·P: the first m and m·P give the next m.</summary>
    private PinnedPoints<TField, TCurve> Multiples(AffinePoint<TField, TCurve> point)
    {
        using IPairAdder<TField, TCurve> adder = _engine.CreatePairAdder<TField, TCurve>();
        PinnedPoints<TField, TCurve> multiples = new(_plan.BucketCount);
        PointPair[] pairs = new PointPair[BlockSize];
        multiples.First[0] = point;
        for (int known = 1; known < multiples.Count; known *= 2)
        {
            PointRef step = PointRef.To(multiples.First + known - 1);
            for (int from = 0; from < known; from += BlockSize)
            {
                int length = Math.Min(BlockSize, known - from);
                for (int i = 0; i < length; i++)
                {
                    pairs[i] = new PointPair(PointRef.To(multiples.First + from + i), step);
                }

                adder.Add(pairs.AsSpan(0, length), multiples.First + known + from);
            }
        }

        return multiples;
    }

    private PointRef Entry(ReadOnlySpan<ulong> limbs, int window)
    {
        int digit = _plan.Digit(limbs, window);
        return digit == 0
            ? PointRef.None
            : PointRef.To(_windows[window].First + Math.Abs(digit) - 1, (RecodedScalars.Sign(limbs) == 1) != (digit < 0));
    }
}
