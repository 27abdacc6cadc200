using Accel.Compute.Ilgpu.Arithmetic;
using ILGPU;

namespace Accel.Compute.Ilgpu.Msm;

/// <summary>Sorts the digits of scalars by bucket: counts them, adds up, places each digit's base index at its bucket's cursor.</summary>
internal static class DigitKernels
{
    /// <summary>The bit of an entry that says that its base is to be subtracted; the others are the base's index.</summary>
    public const uint Negative = 1u << 31;

    /// <summary>Adds the number of digits of each bucket to the cursors.</summary>
    public static void Count(DigitJob job)
    {
        for (int i = KernelGrid.Index; i < job.Count; i += KernelGrid.Stride)
        {
            Limbs magnitude = FrMath.Multiply(job.Scalars[i], new Limbs(1, 0, 0, 0));
            Limbs opposite = Opposite(magnitude, job.Order);
            if (Limbs.IsAbove(magnitude, opposite))
            {
                magnitude = opposite;
            }

            int carry = 0;
            for (int window = 0; window < job.Windows; window++)
            {
                int raw = LowBits(magnitude, job.WindowBits) + carry;
                carry = raw > 1 << (job.WindowBits - 1) ? 1 : 0;
                int digit = raw - (carry << job.WindowBits);
                if (digit != 0)
                {
                    Atomic.Add(ref job.Cursors[(window << (job.WindowBits - 1)) + (digit < 0 ? -digit : digit) - 1], 1);
                }

                magnitude = Limbs.ShiftRight(magnitude, job.WindowBits);
            }
        }
    }

    /// <summary>Places every digit's base index and sign at its bucket's cursor, which ends at the bucket's end. The order in a bucket is any.</summary>
    public static void Place(DigitJob job)
    {
        for (int i = KernelGrid.Index; i < job.Count; i += KernelGrid.Stride)
        {
            Limbs magnitude = FrMath.Multiply(job.Scalars[i], new Limbs(1, 0, 0, 0));
            Limbs opposite = Opposite(magnitude, job.Order);
            bool negative = Limbs.IsAbove(magnitude, opposite);
            if (negative)
            {
                magnitude = opposite;
            }

            int carry = 0;
            for (int window = 0; window < job.Windows; window++)
            {
                int raw = LowBits(magnitude, job.WindowBits) + carry;
                carry = raw > 1 << (job.WindowBits - 1) ? 1 : 0;
                int digit = raw - (carry << job.WindowBits);
                if (digit != 0)
                {
                    int place = Atomic.Add(ref job.Cursors[(window << (job.WindowBits - 1)) + (digit < 0 ? -digit : digit) - 1], 1);
                    job.Entries[place] = (uint)i | (negative != (digit < 0) ? Negative : 0u);
                }

                magnitude = Limbs.ShiftRight(magnitude, job.WindowBits);
            }
        }
    }

    /// <summary>sumsⱼ = Σ of the j-th run of values.</summary>
    public static void SumRuns(ScanJob job)
    {
        int runs = (job.Count + job.Run - 1) / job.Run;
        for (int j = KernelGrid.Index; j < runs; j += KernelGrid.Stride)
        {
            int end = KernelGrid.Least(job.Count, (j + 1) * job.Run);
            int sum = 0;
            for (int i = j * job.Run; i < end; i++)
            {
                sum += job.Values[i];
            }

            job.Sums[j] = sum;
        }
    }

    /// <summary>Replaces the values of the j-th run by the sums before them, from sumsⱼ on, or from 0 where there is one run only.</summary>
    public static void ScanRuns(ScanJob job)
    {
        int runs = (job.Count + job.Run - 1) / job.Run;
        for (int j = KernelGrid.Index; j < runs; j += KernelGrid.Stride)
        {
            int end = KernelGrid.Least(job.Count, (j + 1) * job.Run);
            int sum = runs == 1 ? 0 : job.Sums[j];
            for (int i = j * job.Run; i < end; i++)
            {
                int value = job.Values[i];
                job.Values[i] = sum;
                sum += value;
            }
        }
    }

    private static int LowBits(Limbs magnitude, int bits) => (int)(magnitude.L0 & ((1UL << bits) - 1));

    /// <summary>r − value as integers; of zero that is r, which is above every magnitude.</summary>
    private static Limbs Opposite(Limbs value, Limbs order)
    {
        ulong l0 = order.L0 - value.L0;
        ulong borrow = order.L0 < value.L0 ? 1UL : 0UL;
        ulong l1 = order.L1 - value.L1 - borrow;
        borrow = order.L1 < value.L1 || (order.L1 == value.L1 && borrow != 0) ? 1UL : 0UL;
        ulong l2 = order.L2 - value.L2 - borrow;
        borrow = order.L2 < value.L2 || (order.L2 == value.L2 && borrow != 0) ? 1UL : 0UL;
        return new Limbs(l0, l1, l2, order.L3 - value.L3 - borrow);
    }
}

/// <summary>The operands of <see cref="DigitKernels.Count"/> and <see cref="DigitKernels.Place"/>.</summary>
internal struct DigitJob
{
    /// <summary>Scalars in Montgomery form.</summary>
    public ArrayView<Limbs> Scalars;

    /// <summary>How many.</summary>
    public int Count;

    /// <summary>Bits of a window, 2 to 16.</summary>
    public int WindowBits;

    /// <summary>The number of windows.</summary>
    public int Windows;

    /// <summary>The group's order r.</summary>
    public Limbs Order;

    /// <summary>One for each bucket: its count, then the place of its next entry.</summary>
    public ArrayView<int> Cursors;

    /// <summary>Receives a base index and a sign for each digit that is not zero.</summary>
    public ArrayView<uint> Entries;
}

/// <summary>The operands of <see cref="DigitKernels.SumRuns"/> and <see cref="DigitKernels.ScanRuns"/>.</summary>
internal struct ScanJob
{
    /// <summary>The values of this level.</summary>
    public ArrayView<int> Values;

    /// <summary>How many.</summary>
    public int Count;

    /// <summary>Values of a run.</summary>
    public int Run;

    /// <summary>One value for each run: its sum, then what lies before it.</summary>
    public ArrayView<int> Sums;
}
