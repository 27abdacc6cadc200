using System.Buffers;
using System.Runtime.InteropServices;
using Accel.Compute;

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

    /// <summary>
    /// Releases the pages of values that lie in a mapped file, until they are next read; values that lie elsewhere stay as they are.
    /// </summary>
    public static void ReleasePages(ReadOnlyMemory<T> values)
    {
        if (MemoryMarshal.TryGetMemoryManager(values, out MappedValues<T>? owner, out int start, out int length))
        {
            owner.ReleasePages(start, length);
        }
    }

    protected override void Dispose(bool disposing)
    {
        // The content owns them.
    }

    private void ReleasePages(int first, int length)
    {
        if (content.IsMapped && !content.IsReleased)
        {
            ResidentPages.ReleaseMapped(start + first, (long)length * sizeof(T));
        }
    }
}
