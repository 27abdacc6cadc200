using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Accel.Algebra;

/// <summary>High halves of 64-bit products; the low half is the plain product. Two multiplications instead of one: .NET returns mulx's low half through memory, and the reload costs more than a second product.</summary>
internal static class WideMultiply
{
    /// <summary>⌊x·y / 2⁶⁴⌋.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong x, ulong y) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(x, y) : Math.BigMul(x, y, out _);

    /// <summary>⌊x·y / 2⁶⁴⌋ for signed operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long SignedHigh(long x, long y) =>
        (long)High((ulong)x, (ulong)y) - ((x >> 63) & y) - ((y >> 63) & x);
}
