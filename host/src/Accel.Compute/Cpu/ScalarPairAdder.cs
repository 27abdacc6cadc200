using System.Runtime.CompilerServices;

namespace Accel.Compute.Cpu;

/// <summary>Pairs added in portable 64-bit arithmetic.</summary>
internal sealed unsafe class ScalarPairAdder<TField, TCurve> : IPairAdder<TField, TCurve>
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    private readonly TField[] _inverses = new TField[IPairAdder<TField, TCurve>.CapacityMax];

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<PointPair> pairs, AffinePoint<TField, TCurve>* sums)
    {
        Span<TField> inverses = _inverses.AsSpan(0, pairs.Length);
        for (int i = 0; i < pairs.Length; i++)
        {
            inverses[i] = AffineAddition<TField, TCurve>.Denominator(pairs[i].A.Read<TField, TCurve>(), pairs[i].B.Read<TField, TCurve>());
        }

        BatchInversion.InvertAll(inverses);
        for (int i = 0; i < pairs.Length; i++)
        {
            sums[i] = AffineAddition<TField, TCurve>.Finish(pairs[i].A.Read<TField, TCurve>(), pairs[i].B.Read<TField, TCurve>(), inverses[i]);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
