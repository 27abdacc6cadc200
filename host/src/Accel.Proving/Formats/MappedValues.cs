using System.Buffers;

namespace Accel.Proving.Formats;

/// <summary>A part of a mapped file, seen as values in their in-memory image. Nothing is copied; values need not be aligned.</summary>
internal sealed unsafe class MappedValues<T>(SectionedFile file, T* start, int count) : MemoryManager<T>
    where T : unmanaged
{
    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(file.IsDisposed, file);
        return new Span<T>(start, count);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(file.IsDisposed, file);
        return new MemoryHandle(start + elementIndex);
    }

    public override void Unpin()
    {
        // The mapping never moves.
    }

    protected override void Dispose(bool disposing)
    {
        // The file owns the mapping.
    }
}
