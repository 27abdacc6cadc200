using System.Runtime.InteropServices;

namespace Accel.Compute.Ilgpu.Arithmetic;

/// <summary>
/// 256 bits in a kernel's registers, little-endian: a field element in Montgomery form with the memory image of <c>Fr</c> and <c>Fq</c>, or an integer.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Limbs
{
    public ulong L0;
    public ulong L1;
    public ulong L2;
    public ulong L3;

    public Limbs(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        L0 = l0;
        L1 = l1;
        L2 = l2;
        L3 = l3;
    }

    /// <summary>Whether all bits are zero.</summary>
    public static bool IsZero(Limbs value) => (value.L0 | value.L1 | value.L2 | value.L3) == 0;

    /// <summary>Whether a &gt; b as integers.</summary>
    public static bool IsAbove(Limbs a, Limbs b)
    {
        if (a.L3 != b.L3)
        {
            return a.L3 > b.L3;
        }

        if (a.L2 != b.L2)
        {
            return a.L2 > b.L2;
        }

        return a.L1 != b.L1 ? a.L1 > b.L1 : a.L0 > b.L0;
    }

    /// <summary>The integer shifted right by <paramref name="bits"/>, 1 to 63.</summary>
    public static Limbs ShiftRight(Limbs value, int bits)
    {
        int up = 64 - bits;
        return new Limbs(
            (value.L0 >> bits) | (value.L1 << up),
            (value.L1 >> bits) | (value.L2 << up),
            (value.L2 >> bits) | (value.L3 << up),
            value.L3 >> bits);
    }
}
