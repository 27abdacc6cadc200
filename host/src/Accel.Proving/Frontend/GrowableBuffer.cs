using System.Runtime.CompilerServices;

namespace Accel.Proving.Frontend;

/// <summary>An append-only array of unmanaged values; unlike a list it hands out its span without copying and can be filled in bulk.</summary>
internal sealed class GrowableBuffer<T>
    where T : unmanaged
{
    private T[] _items = new T[64];

    public int Count { get; private set; }

    public Span<T> Span => _items.AsSpan(0, Count);

    public ref T this[int index] => ref Span[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        if (Count == _items.Length)
        {
            Grow(Count + 1);
        }

        _items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<T> items)
    {
        if (Count + items.Length > _items.Length)
        {
            Grow(Count + items.Length);
        }

        items.CopyTo(_items.AsSpan(Count));
        Count += items.Length;
    }

    public void EnsureCount(int count)
    {
        if (count > _items.Length)
        {
            Grow(count);
        }

        Count = Math.Max(Count, count);
    }

    private void Grow(int atLeast) => Array.Resize(ref _items, (int)Math.Min(Array.MaxLength, Math.Max(atLeast, _items.Length * 2L)));
}
