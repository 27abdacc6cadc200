using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching;

/// <summary>
/// The occupied prices of one side, best last, in one sorted array. A price is held as its rank (higher is better on both sides) in the high bits
/// with the slot of its level below, so the search touches one array and work near the best price moves few entries, however sparse prices are.
/// </summary>
internal sealed class LevelLadder(BookSide side, int levelsMax)
{
    private const int SlotBits = 26;
    private const long RankMax = (1L << PriceTicks.Bits) - 1;

    private readonly long[] _entries = new long[levelsMax];

    public int Count { get; private set; }

    public bool IsFull => Count == _entries.Length;

    /// <summary>Slot of the best level; only when there is one.</summary>
    public int Best => SlotAt(0);

    /// <summary>Slot of the level at a depth, 0 being the best.</summary>
    public int SlotAt(int depth) => (int)(_entries[Count - 1 - depth] & ((1L << SlotBits) - 1));

    /// <summary>Slot of the level at a price, or −1.</summary>
    public int Find(long price)
    {
        int position = LowerBound(Rank(price));
        return position < Count && _entries[position] >> SlotBits == Rank(price) ? (int)(_entries[position] & ((1L << SlotBits) - 1)) : -1;
    }

    /// <summary>Adds a price that is absent.</summary>
    public void Add(long price, int slot)
    {
        int position = LowerBound(Rank(price));
        _entries.AsSpan(position, Count - position).CopyTo(_entries.AsSpan(position + 1));
        _entries[position] = (Rank(price) << SlotBits) | (uint)slot;
        Count++;
    }

    /// <summary>Removes a price that is present.</summary>
    public void Remove(long price)
    {
        int position = LowerBound(Rank(price));
        _entries.AsSpan(position + 1, Count - position - 1).CopyTo(_entries.AsSpan(position));
        Count--;
    }

    private long Rank(long price) => side == BookSide.Bid ? price : RankMax - price;

    /// <summary>First position whose rank is not below <paramref name="rank"/>.</summary>
    private int LowerBound(long rank)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (_entries[middle] >> SlotBits < rank)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
