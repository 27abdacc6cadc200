using System.Buffers;
using System.Runtime.CompilerServices;

namespace Accel.Compute.Cpu;

/// <summary>The non-zero digits of one window, sorted by magnitude, largest first, by counting.</summary>
internal sealed class SortedWindow
{
    private const int SignShift = 31;
    private const uint IndexMask = (1u << SignShift) - 1;

    // Entries before the end of bucket b, that is, in buckets b and above; [buckets + 1] is 0.
    private readonly int[] _ends;
    private readonly Memory<uint> _entries;

    private SortedWindow(int[] ends, Memory<uint> entries)
    {
        _ends = ends;
        _entries = entries;
    }

    /// <summary>The number of non-zero digits.</summary>
    public int Count => _ends[1];

    /// <summary>The number of buckets, empty ones included.</summary>
    public int BucketCount => _ends.Length - 2;

    /// <summary>Entry b is the number of entries in bucket b and above, for b from 0, which is empty, to the last bucket and one more, which has none.</summary>
    public ReadOnlySpan<int> Ends => _ends;

    /// <summary>The entries in order; each is read by <see cref="Index"/> and <see cref="IsNegative"/>.</summary>
    public ReadOnlySpan<uint> Entries => _entries.Span;

    /// <summary>Sorts window <paramref name="window"/> of biased scalars.</summary>
    /// <param name="scalars">The scalars.</param>
    /// <param name="plan">How they split.</param>
    /// <param name="window">Which window.</param>
    /// <param name="memory">Room for an entry of each scalar; the sorted window keeps it.</param>
    public static SortedWindow Create(RecodedScalars scalars, WindowPlan plan, int window, Memory<uint> memory)
    {
        int count = scalars.CountReaching(plan.ShortestReaching(window));
        int[] ends = new int[plan.BucketCount + 2];
        uint[] digits = ArrayPool<uint>.Shared.Rent(count);
        ReadOnlySpan<int> order = scalars.Positions is { } classes ? classes.AsSpan(0, count) : default;
        ReadDigits(scalars, plan, window, order, digits.AsSpan(0, count), ends);
        ends[0] = 0;
        for (int bucket = plan.BucketCount; bucket > 0; bucket--)
        {
            ends[bucket] += ends[bucket + 1];
        }

        Memory<uint> entries = memory[..ends[1]];
        Scatter(digits.AsSpan(0, count), order, ends, entries.Span);
        ArrayPool<uint>.Shared.Return(digits);
        return new SortedWindow(ends, entries);
    }

    /// <summary>The index of an entry's scalar and base.</summary>
    public static int Index(uint entry) => (int)(entry & IndexMask);

    /// <summary>Whether an entry's base is to be subtracted.</summary>
    public static bool IsNegative(uint entry) => entry >> SignShift != 0;

    /// <summary>The bucket, 1 or more, that holds the entry at <paramref name="position"/>.</summary>
    public int BucketAt(int position)
    {
        int low = 1;
        int high = _ends.Length - 2;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            (low, high) = _ends[middle] > position ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>The position after the last entry of <paramref name="bucket"/>.</summary>
    public int EndOf(int bucket) => _ends[bucket];

    /// <summary>Cuts each scalar's digit out, its magnitude in the low bits and the sign of digit times scalar at the top, and counts magnitudes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadDigits(RecodedScalars scalars, WindowPlan plan, int window, ReadOnlySpan<int> order, Span<uint> digits, Span<int> counts)
    {
        WindowCut cut = plan.CutOf(window);
        ReadOnlySpan<ulong> all = scalars.AllLimbs;
        for (int i = 0; i < digits.Length; i++)
        {
            ReadOnlySpan<ulong> limbs = all.Slice((order.IsEmpty ? i : order[i]) * RecodedScalars.LimbsPerScalar, RecodedScalars.LimbsPerScalar);
            int digit = cut.Digit(limbs);
            uint negative = (uint)(digit >> 31);
            uint magnitude = ((uint)digit ^ negative) - negative;
            counts[(int)magnitude]++;
            digits[i] = magnitude | ((RecodedScalars.Sign(limbs) ^ (negative & 1)) << SignShift);
        }
    }

    /// <summary>Places each entry; a bucket begins where the one above it ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ReadOnlySpan<uint> digits, ReadOnlySpan<int> order, ReadOnlySpan<int> ends, Span<uint> entries)
    {
        int[] cursors = ArrayPool<int>.Shared.Rent(ends.Length);
        ends[1..].CopyTo(cursors);
        for (int i = 0; i < digits.Length; i++)
        {
            uint magnitude = digits[i] & IndexMask;
            if (magnitude != 0)
            {
                uint index = (uint)(order.IsEmpty ? i : order[i]);
                entries[cursors[magnitude]++] = index | (digits[i] & ~IndexMask);
            }
        }

        ArrayPool<int>.Shared.Return(cursors);
    }
}
