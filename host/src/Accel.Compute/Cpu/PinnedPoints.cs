using System.Runtime.InteropServices;

namespace Accel.Compute.Cpu;

/// <summary>Points at an address that does not change, aligned to cache lines.</summary>
internal sealed unsafe class PinnedPoints<TField, TCurve> : IDisposable
    where TField : unmanaged, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>Allocates <paramref name="count"/> points of unspecified value.</summary>
    public PinnedPoints(int count)
    {
        Count = count;
        First = (AffinePoint<TField, TCurve>*)NativeBlock.Allocate((nuint)count * (nuint)sizeof(AffinePoint<TField, TCurve>));
    }

    /// <summary>The number of points.</summary>
    public int Count { get; }

    /// <summary>The address of the first.</summary>
    public AffinePoint<TField, TCurve>* First { get; private set; }

    /// <summary>Makes every point infinity.</summary>
    public void Clear() => NativeMemory.Clear(First, (nuint)Count * (nuint)sizeof(AffinePoint<TField, TCurve>));

    /// <inheritdoc />
    public void Dispose()
    {
        NativeBlock.Free(First);
        First = null;
    }
}
