using System.Numerics;

namespace Accel.Derivatives.Matching;

/// <summary>
/// Order name → slot of the order pool: open addressing with linear probing, at most half full, deletion by shifting back (Knuth 6.4 R).
/// </summary>
internal sealed class OrderIndex
{
    // Drawn anew in each process, so that no sender of names can aim at one bucket; no answer depends on it.
    private readonly ulong _key = (ulong)Random.Shared.NextInt64();
    private readonly Entry[] _entries;
    private readonly int _mask;

    public OrderIndex(int ordersMax)
    {
        _entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)ordersMax * 2)];
        _mask = _entries.Length - 1;
    }

    /// <summary>The slot, or −1.</summary>
    public int Find(ulong order)
    {
        for (int i = Home(order); _entries[i].SlotPlusOne != 0; i = (i + 1) & _mask)
        {
            if (_entries[i].Order == order)
            {
                return _entries[i].SlotPlusOne - 1;
            }
        }

        return -1;
    }

    /// <summary>Adds a name that is absent.</summary>
    public void Add(ulong order, int slot)
    {
        int i = Home(order);
        while (_entries[i].SlotPlusOne != 0)
        {
            i = (i + 1) & _mask;
        }

        _entries[i] = new Entry { Order = order, SlotPlusOne = slot + 1 };
    }

    /// <summary>Removes a name that is present.</summary>
    public void Remove(ulong order)
    {
        int hole = Home(order);
        while (_entries[hole].Order != order || _entries[hole].SlotPlusOne == 0)
        {
            hole = (hole + 1) & _mask;
        }

        for (int i = (hole + 1) & _mask; _entries[i].SlotPlusOne != 0; i = (i + 1) & _mask)
        {
            int distanceFromHome = (i - Home(_entries[i].Order)) & _mask;
            if (distanceFromHome >= ((i - hole) & _mask))
            {
                _entries[hole] = _entries[i];
                hole = i;
            }
        }

        _entries[hole] = default;
    }

    private int Home(ulong order)
    {
        ulong x = (order ^ _key) * 0x9E37_79B9_7F4A_7C15;
        x = (x ^ (x >> 32)) * 0xD6E8_FEB8_6659_FD93;
        return (int)(x >> 32) & _mask;
    }

    private struct Entry
    {
        public ulong Order;
        public int SlotPlusOne;
    }
}
