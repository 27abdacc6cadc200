using System.Buffers;

namespace Accel.Compute.Cpu;

/// <summary>For each window k the multiples d·2^(ck)·P, d = 1 … 2^(c−1).</summary>
internal sealed class FixedBaseTable<TField, TCurve>
    where TField : struct, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>Results that advance together: enough that an inversion's share of each addition is below a product, few enough for the cache.</summary>
    public const int BlockSize = 1024;

    private readonly WindowPlan _plan;
    private readonly AffinePoint<TField, TCurve>[][] _windows;

    private FixedBaseTable(WindowPlan plan)
    {
        _plan = plan;
        _windows = new AffinePoint<TField, TCurve>[plan.Count][];
    }

    /// <summary>Builds the table that suits <paramref name="count"/> products.</summary>
    public static async Task<FixedBaseTable<TField, TCurve>> CreateAsync(
        AffinePoint<TField, TCurve> basePoint, int count, int threads, CancellationToken cancel)
    {
        FixedBaseTable<TField, TCurve> table = new(ChoosePlan(count));
        AffinePoint<TField, TCurve>[] firsts = table.WindowBases(basePoint);
        await ParallelWork.ForEachAsync(firsts.Length, threads, window => table._windows[window] = Multiples(firsts[window], table._plan.BucketCount), cancel);
        return table;
    }

    /// <summary>resultsᵢ = scalarᵢ·P, for at most <see cref="BlockSize"/> scalars.</summary>
    public void Multiply(ReadOnlySpan<Fr> scalars, Span<AffinePoint<TField, TCurve>> results)
    {
        AffinePoint<TField, TCurve>[] addends = ArrayPool<AffinePoint<TField, TCurve>>.Shared.Rent(scalars.Length);
        TField[] scratch = ArrayPool<TField>.Shared.Rent(scalars.Length);
        using RecodedScalars recoded = RecodedScalars.Create(scalars);
        recoded.Bias(_plan);
        results.Clear();
        for (int window = 0; window < _plan.Count; window++)
        {
            for (int i = 0; i < scalars.Length; i++)
            {
                addends[i] = Entry(recoded.Limbs(i), window);
            }

            AffineAddition<TField, TCurve>.AddAll(results, addends.AsSpan(0, results.Length), scratch);
        }

        ArrayPool<TField>.Shared.Return(scratch);
        ArrayPool<AffinePoint<TField, TCurve>>.Shared.Return(addends);
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

    /// <summary>1·P … count·P, where count is a power of two: the first m and m·P give the next m.</summary>
    private static AffinePoint<TField, TCurve>[] Multiples(AffinePoint<TField, TCurve> point, int count)
    {
        AffinePoint<TField, TCurve>[] multiples = new AffinePoint<TField, TCurve>[count];
        AffinePoint<TField, TCurve>[] step = new AffinePoint<TField, TCurve>[BlockSize];
        TField[] scratch = new TField[BlockSize];
        multiples[0] = point;
        for (int known = 1; known < count; known *= 2)
        {
            step.AsSpan().Fill(multiples[known - 1]);
            for (int from = 0; from < known; from += BlockSize)
            {
                int length = Math.Min(BlockSize, known - from);
                Span<AffinePoint<TField, TCurve>> target = multiples.AsSpan(known + from, length);
                multiples.AsSpan(from, length).CopyTo(target);
                AffineAddition<TField, TCurve>.AddAll(target, step.AsSpan(0, length), scratch);
            }
        }

        return multiples;
    }

    private AffinePoint<TField, TCurve> Entry(ReadOnlySpan<ulong> limbs, int window)
    {
        int digit = _plan.Digit(limbs, window);
        if (digit == 0)
        {
            return AffinePoint<TField, TCurve>.Infinity;
        }

        AffinePoint<TField, TCurve> multiple = _windows[window][Math.Abs(digit) - 1];
        return (RecodedScalars.Sign(limbs) == 1) == (digit < 0) ? multiple : -multiple;
    }
}
