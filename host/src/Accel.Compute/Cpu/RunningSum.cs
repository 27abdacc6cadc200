namespace Accel.Compute.Cpu;

/// <summary>
/// Σ bucket·point over a sorted window by the running sums of the bucket method (Bernstein et al., eprint 2012/549, §4), from the largest bucket down:
/// no bucket is stored and nothing is inverted, which suits a few hundred points.
/// </summary>
internal static class RunningSum<TField, TCurve>
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>Beyond this distance doubling and adding beats stepping from bucket to bucket.</summary>
    private const int GapMax = 8;

    /// <summary>The sum over all entries of <paramref name="window"/>.</summary>
    public static XyzzPoint<TField, TCurve> Compute(SortedWindow window, ReadOnlySpan<AffinePoint<TField, TCurve>> bases)
    {
        XyzzPoint<TField, TCurve> running = default;
        XyzzPoint<TField, TCurve> total = default;
        ReadOnlySpan<uint> entries = window.Entries;
        int current = window.BucketCount;
        for (int position = 0; position < window.Count;)
        {
            int bucket = window.BucketAt(position);
            total += Steps(running, current - bucket);
            current = bucket;
            for (; position < window.EndOf(bucket); position++)
            {
                uint entry = entries[position];
                AffinePoint<TField, TCurve> point = bases[SortedWindow.Index(entry)];
                running += SortedWindow.IsNegative(entry) ? -point : point;
            }
        }

        return total + Steps(running, current);
    }

    private static XyzzPoint<TField, TCurve> Steps(in XyzzPoint<TField, TCurve> point, int count)
    {
        if (count > GapMax)
        {
            return point.Multiply(count);
        }

        XyzzPoint<TField, TCurve> sum = default;
        for (; count > 0; count--)
        {
            sum += point;
        }

        return sum;
    }
}
