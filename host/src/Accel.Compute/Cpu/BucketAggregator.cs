using System.Numerics;

namespace Accel.Compute.Cpu;

/// <summary>
/// Σ b·Bᵦ over a window's buckets. As a matrix of rows and columns, b = row·columns + column, it is columns·Σ row·(sum of the row) + Σ column·(sum of the column):
/// two sums of about √n points instead of one of n, and all row and column sums are independent additions for the pair adder.
/// The two are cut again, until so few points are left that running sums take them. One instance serves one thread at a time.
/// </summary>
internal sealed unsafe class BucketAggregator<TField, TCurve> : IDisposable
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>Up to so many points running sums are faster than two more matrices.</summary>
    private const int RunningMax = 16;

    private readonly IPairAdder<TField, TCurve> _adder;
    private readonly PinnedPoints<TField, TCurve> _sums;
    private readonly PointPair[] _pairs = new PointPair[IPairAdder<TField, TCurve>.CapacityMax];
    private int _used;
    private int _queued;

    /// <summary>Makes an aggregator.</summary>
    /// <param name="adder">The pair adder, which it owns.</param>
    /// <param name="bucketCount">The most buckets of a window, a power of two.</param>
    public BucketAggregator(IPairAdder<TField, TCurve> adder, int bucketCount)
    {
        _adder = adder;

        // Each level of matrices takes fewer than two sums a point, and the two below it together at most half as many points.
        _sums = new PinnedPoints<TField, TCurve>(4 * Math.Max(bucketCount, RunningMax));
    }

    /// <summary>Σ b·buckets[b], b = 1 … count, where count is a power of two; a bucket that is empty holds infinity.</summary>
    public XyzzPoint<TField, TCurve> Sum(AffinePoint<TField, TCurve>* buckets, int count)
    {
        _used = 0;
        _queued = 0;
        PointRef[] refs = new PointRef[count];
        for (int i = 1; i < count; i++)
        {
            refs[i] = buckets[i].IsInfinity ? PointRef.None : PointRef.To(buckets + i);
        }

        return Weighted(refs) + XyzzPoint<TField, TCurve>.FromAffine(buckets[count]).Multiply(count);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sums.Dispose();
        _adder.Dispose();
    }

    /// <summary>Σ i·pointᵢ.</summary>
    private XyzzPoint<TField, TCurve> Weighted(PointRef[] points)
    {
        if (points.Length <= RunningMax)
        {
            XyzzPoint<TField, TCurve> running = default;
            XyzzPoint<TField, TCurve> total = default;
            for (int i = points.Length - 1; i > 0; i--)
            {
                running += points[i].Read<TField, TCurve>();
                total += running;
            }

            return total;
        }

        int columns = 1 << ((BitOperations.Log2((uint)points.Length) + 1) / 2);
        int rows = points.Length / columns;
        PointRef[] rowSums = points;
        PointRef[] columnSums = points;
        int width = columns;
        int height = rows;
        while (width > 1 || height > 1)
        {
            if (width > 1)
            {
                width /= 2;
                rowSums = Halve(rowSums, rows, width, stride: 2 * width, distance: width);
            }

            if (height > 1)
            {
                height /= 2;
                columnSums = Halve(columnSums, height, columns, stride: columns, distance: height * columns);
            }

            Flush();
        }

        return Weighted(rowSums).Multiply(columns) + Weighted(columnSums);
    }

    /// <summary>The sums of entries (r, c) and of those <paramref name="distance"/> further, r &lt; height, c &lt; width, of a matrix with rows <paramref name="stride"/> apart.</summary>
    private PointRef[] Halve(PointRef[] matrix, int height, int width, int stride, int distance)
    {
        PointRef[] result = new PointRef[height * width];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                int source = (row * stride) + column;
                result[(row * width) + column] = Queue(matrix[source], matrix[source + distance]);
            }
        }

        return result;
    }

    /// <summary>Where the sum of two points will be after the next flush.</summary>
    private PointRef Queue(PointRef a, PointRef b)
    {
        if (a.IsNone || b.IsNone)
        {
            return a.IsNone ? b : a;
        }

        if (_queued == _pairs.Length)
        {
            Flush();
        }

        PointRef sum = PointRef.To(_sums.First + _used + _queued);
        _pairs[_queued++] = new PointPair(a, b);
        return sum;
    }

    private void Flush()
    {
        if (_queued > 0)
        {
            _adder.Add(_pairs.AsSpan(0, _queued), _sums.First + _used);
            _used += _queued;
            _queued = 0;
        }
    }
}
