namespace Accel.Compute.Cpu;

/// <summary>A block of points and their odd multiples 1·P, 3·P … 15·P; their products with one scalar advance in lockstep.</summary>
internal sealed unsafe class CommonScalarBlock<TField, TCurve> : IDisposable
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>Points of a block.</summary>
    public const int Size = IPairAdder<TField, TCurve>.CapacityMax;

    private const int Multiples = 1 << (CommonScalarDigits.Width - 2);

    private readonly IPairAdder<TField, TCurve> _adder;
    private readonly PinnedPoints<TField, TCurve> _multiples;
    private readonly PointPair[] _pairs;
    private readonly TField[] _inverses;
    private readonly int _count;

    public CommonScalarBlock(CpuEngine engine, ReadOnlySpan<AffinePoint<TField, TCurve>> points)
    {
        _count = points.Length;
        _adder = engine.CreatePairAdder<TField, TCurve>();
        _multiples = new PinnedPoints<TField, TCurve>((Multiples + 1) * _count);
        _pairs = new PointPair[_count];
        _inverses = new TField[_count];

        AffinePoint<TField, TCurve>* twice = Multiple(Multiples);
        points.CopyTo(new Span<AffinePoint<TField, TCurve>>(Multiple(0), _count));
        points.CopyTo(new Span<AffinePoint<TField, TCurve>>(twice, _count));
        Double(new Span<AffinePoint<TField, TCurve>>(twice, _count));
        for (int k = 1; k < Multiples; k++)
        {
            Add(Multiple(k - 1), twice, negative: false, Multiple(k));
        }
    }

    /// <summary>resultsᵢ = Σ digitⱼ·2ʲ·Pᵢ.</summary>
    public void Multiply(ReadOnlySpan<sbyte> digits, Span<AffinePoint<TField, TCurve>> results)
    {
        results.Clear();
        fixed (AffinePoint<TField, TCurve>* sums = results)
        {
            for (int i = digits.Length - 1; i >= 0; i--)
            {
                if (i < digits.Length - 1)
                {
                    Double(results);
                }

                if (digits[i] != 0)
                {
                    Add(sums, Multiple(Math.Abs(digits[i]) / 2), digits[i] < 0, sums);
                }
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _adder.Dispose();
        _multiples.Dispose();
    }

    /// <summary>The block of (2k + 1)·P, and after the last of them that of 2·P.</summary>
    private AffinePoint<TField, TCurve>* Multiple(int k) => _multiples.First + (k * _count);

    private void Add(AffinePoint<TField, TCurve>* a, AffinePoint<TField, TCurve>* b, bool negative, AffinePoint<TField, TCurve>* sums)
    {
        for (int i = 0; i < _pairs.Length; i++)
        {
            _pairs[i] = new PointPair(PointRef.To(a + i), PointRef.To(b + i, negative));
        }

        _adder.Add(_pairs, sums);
    }

    /// <summary>Doublings in portable arithmetic, 5M + 2S each: the lanes take a pair of equal points for an exception.</summary>
    private void Double(Span<AffinePoint<TField, TCurve>> points)
    {
        for (int i = 0; i < points.Length; i++)
        {
            _inverses[i] = points[i].Y.Double();
        }

        BatchInversion.InvertAll(_inverses.AsSpan());
        for (int i = 0; i < points.Length; i++)
        {
            // At infinity y is zero, and so are its inverse, the slope and the sum.
            ref AffinePoint<TField, TCurve> point = ref points[i];
            TField square = point.X.Square();
            TField slope = (square.Double() + square) * _inverses[i];
            TField x = slope.Square() - point.X.Double();
            point = new(x, (slope * (point.X - x)) - point.Y);
        }
    }
}
