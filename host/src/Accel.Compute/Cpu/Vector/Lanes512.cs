using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Accel.Compute.Cpu.Vector;

/// <summary>Eight lanes: AVX-512.</summary>
internal unsafe partial struct Lanes512 : IFieldLanes
{
    /// <inheritdoc />
    public static int Count => 8;

    /// <inheritdoc />
    public static bool IsAccelerated => Avx512F.IsSupported;

    /// <summary>Word i of every row, in vector i: rows l and l + 4 share a register, in which four words transpose as in <see cref="Lanes256"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(
        ulong** rows, int offset, out Vector512<ulong> w0, out Vector512<ulong> w1, out Vector512<ulong> w2, out Vector512<ulong> w3)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<ulong> a = Rows(rows[0] + offset, rows[4] + offset);
            Vector512<ulong> b = Rows(rows[1] + offset, rows[5] + offset);
            Vector512<ulong> c = Rows(rows[2] + offset, rows[6] + offset);
            Vector512<ulong> d = Rows(rows[3] + offset, rows[7] + offset);
            Vector512<ulong> evenAb = Avx512F.UnpackLow(a, b);
            Vector512<ulong> oddAb = Avx512F.UnpackHigh(a, b);
            Vector512<ulong> evenCd = Avx512F.UnpackLow(c, d);
            Vector512<ulong> oddCd = Avx512F.UnpackHigh(c, d);
            Vector512<ulong> lower = Vector512.Create(0UL, 1, 8, 9, 4, 5, 12, 13);
            Vector512<ulong> upper = Vector512.Create(2UL, 3, 10, 11, 6, 7, 14, 15);
            w0 = Avx512F.PermuteVar8x64x2(evenAb, lower, evenCd);
            w1 = Avx512F.PermuteVar8x64x2(oddAb, lower, oddCd);
            w2 = Avx512F.PermuteVar8x64x2(evenAb, upper, evenCd);
            w3 = Avx512F.PermuteVar8x64x2(oddAb, upper, oddCd);
            return;
        }

        w0 = Column(rows, offset);
        w1 = Column(rows, offset + 1);
        w2 = Column(rows, offset + 2);
        w3 = Column(rows, offset + 3);
    }

    /// <summary>Writes what <see cref="Gather"/> reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter(ulong** rows, int offset, Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<ulong> even01 = Avx512F.UnpackLow(w0, w1);
            Vector512<ulong> odd01 = Avx512F.UnpackHigh(w0, w1);
            Vector512<ulong> even23 = Avx512F.UnpackLow(w2, w3);
            Vector512<ulong> odd23 = Avx512F.UnpackHigh(w2, w3);
            Vector512<ulong> lower = Vector512.Create(0UL, 1, 8, 9, 4, 5, 12, 13);
            Vector512<ulong> upper = Vector512.Create(2UL, 3, 10, 11, 6, 7, 14, 15);
            StoreRows(rows[0] + offset, rows[4] + offset, Avx512F.PermuteVar8x64x2(even01, lower, even23));
            StoreRows(rows[1] + offset, rows[5] + offset, Avx512F.PermuteVar8x64x2(odd01, lower, odd23));
            StoreRows(rows[2] + offset, rows[6] + offset, Avx512F.PermuteVar8x64x2(even01, upper, even23));
            StoreRows(rows[3] + offset, rows[7] + offset, Avx512F.PermuteVar8x64x2(odd01, upper, odd23));
            return;
        }

        for (int lane = 0; lane < Count; lane++)
        {
            ulong* row = rows[lane] + offset;
            row[0] = w0[lane];
            row[1] = w1[lane];
            row[2] = w2[lane];
            row[3] = w3[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Rows(ulong* lower, ulong* upper) => Vector512.Create(Vector256.Load(lower), Vector256.Load(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRows(ulong* lower, ulong* upper, Vector512<ulong> rows)
    {
        rows.GetLower().Store(lower);
        rows.GetUpper().Store(upper);
    }

    private static Vector512<ulong> Column(ulong** rows, int offset) => Vector512.Create(
        rows[0][offset], rows[1][offset], rows[2][offset], rows[3][offset], rows[4][offset], rows[5][offset], rows[6][offset], rows[7][offset]);
}
