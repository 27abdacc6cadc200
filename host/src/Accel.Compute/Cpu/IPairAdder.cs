namespace Accel.Compute.Cpu;

/// <summary>The address of an affine point in pinned memory, and whether its inverse is meant; none is the point at infinity.</summary>
/// <param name="Bits">The address, the sign in bit 63.</param>
internal readonly unsafe record struct PointRef(ulong Bits)
{
    private const ulong SignBit = 1UL << 63;

    /// <summary>Infinity.</summary>
    public static PointRef None => default;

    /// <summary>Whether this is <see cref="None"/>.</summary>
    public bool IsNone => Bits == 0;

    /// <summary>Whether the point's inverse is meant.</summary>
    public bool IsNegative => Bits >> 63 != 0;

    /// <summary>All ones in bit 63 when the inverse is meant, else zero: the sign bit of a double.</summary>
    public ulong SignMask => Bits & SignBit;

    /// <summary>The point's words.</summary>
    /// <remarks>Not public: a record prints its public members, and printing a pointer is no valid code, which the native compiler refuses.</remarks>
    internal ulong* Words => (ulong*)(Bits & ~SignBit);

    /// <summary>Refers to a point at <paramref name="address"/>.</summary>
    public static PointRef To(void* address, bool negative = false) => new((ulong)address | (negative ? SignBit : 0));

    /// <summary>The point itself.</summary>
    public AffinePoint<TField, TCurve> Read<TField, TCurve>()
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        if (IsNone)
        {
            return AffinePoint<TField, TCurve>.Infinity;
        }

        AffinePoint<TField, TCurve> point = *(AffinePoint<TField, TCurve>*)Words;
        return IsNegative ? -point : point;
    }
}

/// <summary>Two points to be added.</summary>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
internal readonly record struct PointPair(PointRef A, PointRef B);

/// <summary>
/// Adds many pairs of affine points with one inversion. Right for every pair: equal, opposite, infinity on either side.
/// This is the one primitive that a product is made of, and what each instruction set implements. Not thread-safe: it owns its scratch memory.
/// </summary>
internal unsafe interface IPairAdder<TField, TCurve> : IDisposable
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>The most pairs of one call.</summary>
    const int CapacityMax = 1024;

    /// <summary>sumsᵢ ← Aᵢ + Bᵢ. A sum may take the place of its own pair's points, and of no other's.</summary>
    /// <param name="pairs">At most <see cref="CapacityMax"/> pairs of points that are there: neither is <see cref="PointRef.None"/>, though either may lie at infinity.</param>
    /// <param name="sums">Pinned memory for as many points.</param>
    void Add(ReadOnlySpan<PointPair> pairs, AffinePoint<TField, TCurve>* sums);
}
