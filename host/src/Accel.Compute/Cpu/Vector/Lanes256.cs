using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Accel.Compute.Cpu.Vector;

/// <summary>Four lanes: AVX2 with FMA.</summary>
internal unsafe partial struct Lanes256 : IFieldLanes
{
    /// <inheritdoc />
    public static int Count => 4;

    /// <inheritdoc />
    public static bool IsAccelerated => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Word i of every row, in vector i: a 4 × 4 transposition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(
        ulong** rows, int offset, out Vector256<ulong> w0, out Vector256<ulong> w1, out Vector256<ulong> w2, out Vector256<ulong> w3)
    {
        Transpose(
            Vector256.Load(rows[0] + offset), Vector256.Load(rows[1] + offset), Vector256.Load(rows[2] + offset), Vector256.Load(rows[3] + offset),
            out w0, out w1, out w2, out w3);
    }

    /// <summary>Writes what <see cref="Gather"/> reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter(ulong** rows, int offset, Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3)
    {
        Transpose(w0, w1, w2, w3, out Vector256<ulong> r0, out Vector256<ulong> r1, out Vector256<ulong> r2, out Vector256<ulong> r3);
        r0.Store(rows[0] + offset);
        r1.Store(rows[1] + offset);
        r2.Store(rows[2] + offset);
        r3.Store(rows[3] + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        Vector256<ulong> a,
        Vector256<ulong> b,
        Vector256<ulong> c,
        Vector256<ulong> d,
        out Vector256<ulong> first,
        out Vector256<ulong> second,
        out Vector256<ulong> third,
        out Vector256<ulong> fourth)
    {
        if (Avx2.IsSupported)
        {
            Vector256<ulong> evenAb = Avx2.UnpackLow(a, b);
            Vector256<ulong> oddAb = Avx2.UnpackHigh(a, b);
            Vector256<ulong> evenCd = Avx2.UnpackLow(c, d);
            Vector256<ulong> oddCd = Avx2.UnpackHigh(c, d);
            first = Avx2.Permute2x128(evenAb, evenCd, 0x20);
            second = Avx2.Permute2x128(oddAb, oddCd, 0x20);
            third = Avx2.Permute2x128(evenAb, evenCd, 0x31);
            fourth = Avx2.Permute2x128(oddAb, oddCd, 0x31);
            return;
        }

        first = Vector256.Create(a[0], b[0], c[0], d[0]);
        second = Vector256.Create(a[1], b[1], c[1], d[1]);
        third = Vector256.Create(a[2], b[2], c[2], d[2]);
        fourth = Vector256.Create(a[3], b[3], c[3], d[3]);
    }
}
