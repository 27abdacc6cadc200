using System.Buffers;

namespace Accel.Compute;

/// <summary>
/// Values outside the garbage collector's heap, aligned to cache lines: a large vector takes its own size and no more, from its first use to its disposal
/// and not until some later collection. Dispose it when nobody uses it any more; its memory throws from then on. Nobody else frees it: a finalizer
/// could do so while a span of it is still in use.
/// </summary>
/// <typeparam name="T">The type of a value.</typeparam>
public sealed unsafe class NativeVector<T> : MemoryManager<T>
    where T : unmanaged
{
    private T* _values;

    /// <summary>Allocates values of unspecified content.</summary>
    /// <param name="length">The number of values, at least 0.</param>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public NativeVector(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _values = (T*)NativeBlock.Allocate((nuint)length * (nuint)sizeof(T));
    }

    /// <summary>The number of values.</summary>
    public int Length { get; }

    /// <inheritdoc />
    /// <exception cref="ObjectDisposedException">The vector was disposed.</exception>
    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_values == null, this);
        return new Span<T>(_values, Length);
    }

    /// <inheritdoc />
    /// <exception cref="ObjectDisposedException">The vector was disposed.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_values == null, this);
        return new MemoryHandle(_values + elementIndex);
    }

    /// <inheritdoc />
    public override void Unpin()
    {
        // The values never move.
    }

    /// <summary>Gives the memory back to the operating system until it is next used; what the values are then is unspecified.</summary>
    /// <exception cref="ObjectDisposedException">The vector was disposed.</exception>
    public void Discard()
    {
        ObjectDisposedException.ThrowIf(_values == null, this);
        ResidentPages.ReleasePrivate(_values, (long)Length * sizeof(T));
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        NativeBlock.Free(_values);
        _values = null;
    }
}
