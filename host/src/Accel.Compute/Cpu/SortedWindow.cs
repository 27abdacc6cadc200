using System.Buffers;

namespace Accel.Compute.Cpu;

/// <summary>The non-zero digits of one window, sorted by magnitude, largest first, by counting.</summary>
internal sealed class SortedWindow : IDisposable
{
    private const int SignShift = 31;
    private const uint IndexMask = (1u << SignShift) - 1;

    // Entries before the end of bucket b, that is, in buckets b and above; [buckets + 1] is 0.
    private readonly int[] _ends;
    private readonly uint[] _entries;

    private SortedWindow(int[] ends, uint[] entries)
    {
        _ends = ends;
        _entries = entries;
    }

    /// <summary>The number of non-zero digits.</summary>
    public int Count => _ends[1];

    /// <summary>The number of buckets, empty ones included.</summary>
    public int BucketCount => _ends.Length - 2;

    /// <summary>The entries in order; each is read by <see cref="Index"/> and <see cref="IsNegative"/>.</summary>
    public ReadOnlySpan<uint> Entries => _entries.AsSpan(0, Count);

    /// <summary>Sorts window <paramref name="window"/> of biased scalars.</summary>
    public static SortedWindow Create(RecodedScalars scalars, WindowPlan plan, int window)
    {
        int[] ends = new int[plan.BucketCount + 2];
        for (int i = 0; i < scalars.Count; i++)
        {
            ends[Math.Abs(plan.Digit(scalars.Limbs(i), window))]++;
        }

        ends[0] = 0;
        for (int bucket = plan.BucketCount; bucket > 0; bucket--)
        {
            ends[bucket] += ends[bucket + 1];
        }

        uint[] entries = ArrayPool<uint>.Shared.Rent(ends[1]);
        Scatter(scalars, plan, window, ends, entries);
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

    /// <inheritdoc />
    public void Dispose() => ArrayPool<uint>.Shared.Return(_entries);

    /// <summary>Places each entry; a bucket begins where the one above it ends.</summary>
    private static void Scatter(RecodedScalars scalars, WindowPlan plan, int window, ReadOnlySpan<int> ends, uint[] entries)
    {
        int[] cursors = ArrayPool<int>.Shared.Rent(ends.Length);
        ends[1..].CopyTo(cursors);
        for (int i = 0; i < scalars.Count; i++)
        {
            ReadOnlySpan<ulong> limbs = scalars.Limbs(i);
            int digit = plan.Digit(limbs, window);
            if (digit != 0)
            {
                uint sign = RecodedScalars.Sign(limbs) ^ (digit < 0 ? 1u : 0u);
                entries[cursors[Math.Abs(digit)]++] = (uint)i | (sign << SignShift);
            }
        }

        ArrayPool<int>.Shared.Return(cursors);
    }
}
