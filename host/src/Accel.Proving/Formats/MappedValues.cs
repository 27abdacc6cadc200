using System.Buffers;

namespace Accel.Proving.Formats;

/// <summary>A part of a mapped file, seen as values in their in-memory image. Nothing is copied; values need not be aligned.</summary>
internal sealed unsafe class MappedValues<T>(FileContent content, T* start, int count) : MemoryManager<T>
    where T : unmanaged
{
    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(content.IsReleased, content);
        return new Span<T>(start, count);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(content.IsReleased, content);
        return new MemoryHandle(start + elementIndex);
    }

    public override void Unpin()
    {
        // The bytes never move.
    }

    protected override void Dispose(bool disposing)
    {
        // The content owns them.
    }
}
