using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Accel.Algebra;

/// <summary>
/// An element of a prime field of up to 254 bits, in Montgomery form with R = 2²⁵⁶, always fully reduced.
/// Four little-endian 64-bit limbs; the in-memory image is the one that snarkjs keys store.
/// Carries are computed without branches; this is the portable reference for every faster engine.
/// </summary>
/// <typeparam name="TModulus">The prime.</typeparam>
[StructLayout(LayoutKind.Sequential)]
public readonly partial struct PrimeField<TModulus> : IField<PrimeField<TModulus>>
    where TModulus : struct, IPrimeModulus
{
    private readonly ulong _l0;
    private readonly ulong _l1;
    private readonly ulong _l2;
    private readonly ulong _l3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PrimeField(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        _l0 = l0;
        _l1 = l1;
        _l2 = l2;
        _l3 = l3;
    }

    /// <inheritdoc />
    public static PrimeField<TModulus> Zero => default;

    /// <inheritdoc />
    public static PrimeField<TModulus> One => Constants.One;

    /// <inheritdoc />
    public static int ByteLength => 32;

    /// <inheritdoc />
    public bool IsZero => (_l0 | _l1 | _l2 | _l3) == 0;

    /// <summary>Whether this is the multiplicative identity.</summary>
    public bool IsOne => this == One;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PrimeField<TModulus> operator +(in PrimeField<TModulus> a, in PrimeField<TModulus> b)
    {
        // Both are below 2²⁵⁴, so the sum fits four limbs.
        ulong carry = 0;
        ulong s0 = AddCarry(a._l0, b._l0, ref carry);
        ulong s1 = AddCarry(a._l1, b._l1, ref carry);
        ulong s2 = AddCarry(a._l2, b._l2, ref carry);
        ulong s3 = a._l3 + b._l3 + carry;
        return ReduceOnce(s0, s1, s2, s3);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PrimeField<TModulus> operator -(in PrimeField<TModulus> a, in PrimeField<TModulus> b)
    {
        ulong borrow = 0;
        ulong d0 = SubtractBorrow(a._l0, b._l0, ref borrow);
        ulong d1 = SubtractBorrow(a._l1, b._l1, ref borrow);
        ulong d2 = SubtractBorrow(a._l2, b._l2, ref borrow);
        ulong d3 = SubtractBorrow(a._l3, b._l3, ref borrow);
        ulong mask = 0 - borrow;
        ulong carry = 0;
        d0 = AddCarry(d0, TModulus.Limb0 & mask, ref carry);
        d1 = AddCarry(d1, TModulus.Limb1 & mask, ref carry);
        d2 = AddCarry(d2, TModulus.Limb2 & mask, ref carry);
        d3 = d3 + (TModulus.Limb3 & mask) + carry;
        return new PrimeField<TModulus>(d0, d1, d2, d3);
    }

    /// <inheritdoc />
    public static PrimeField<TModulus> operator -(in PrimeField<TModulus> a) => default(PrimeField<TModulus>) - a;

    /// <inheritdoc />
    public static bool operator ==(in PrimeField<TModulus> a, in PrimeField<TModulus> b) =>
        ((a._l0 ^ b._l0) | (a._l1 ^ b._l1) | (a._l2 ^ b._l2) | (a._l3 ^ b._l3)) == 0;

    /// <inheritdoc />
    public static bool operator !=(in PrimeField<TModulus> a, in PrimeField<TModulus> b) => !(a == b);

    /// <summary>Montgomery product, coarsely integrated operand scanning without the fifth limb (Acar, "High-speed algorithms &amp; architectures for number-theoretic cryptosystems", §2.3.2; the bound p &lt; 2²⁵⁵ drops it).</summary>
    /// <remarks>Fully optimised from the first call: it is too large to inline and has no profile to gain from, and one-off set-up would otherwise run it unoptimised.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static PrimeField<TModulus> operator *(in PrimeField<TModulus> a, in PrimeField<TModulus> b)
    {
        ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0;
        Row(a._l0, b, ref t0, ref t1, ref t2, ref t3);
        Row(a._l1, b, ref t0, ref t1, ref t2, ref t3);
        Row(a._l2, b, ref t0, ref t1, ref t2, ref t3);
        Row(a._l3, b, ref t0, ref t1, ref t2, ref t3);
        return ReduceOnce(t0, t1, t2, t3);
    }

    /// <inheritdoc />
    public PrimeField<TModulus> Square() => this * this;

    /// <inheritdoc />
    public PrimeField<TModulus> Double() => this + this;

    /// <inheritdoc />
    public bool Equals(PrimeField<TModulus> other) => this == other;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is PrimeField<TModulus> other && this == other;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_l0, _l1, _l2, _l3);

    /// <summary>t ← (t + x·b + m·p) / 2⁶⁴ with m chosen so that the division is exact; t stays below 2p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(ulong x, in PrimeField<TModulus> b, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3)
    {
        ulong high = MultiplyAdd(x, b._l0, t0, 0, out ulong r0);
        ulong m = r0 * TModulus.NegativeInverse;

        // m makes the lowest limb of r + m·p zero, so its carry is one unless both addends are zero.
        ulong carry = WideMultiply.High(m, TModulus.Limb0) + Bit(r0 != 0);
        high = MultiplyAdd(x, b._l1, t1, high, out ulong r1);
        carry = MultiplyAdd(m, TModulus.Limb1, r1, carry, out t0);
        high = MultiplyAdd(x, b._l2, t2, high, out ulong r2);
        carry = MultiplyAdd(m, TModulus.Limb2, r2, carry, out t1);
        high = MultiplyAdd(x, b._l3, t3, high, out ulong r3);
        carry = MultiplyAdd(m, TModulus.Limb3, r3, carry, out t2);
        t3 = high + carry;
    }

    /// <summary>x·y + c + d as (returned high, low); it cannot overflow 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong x, ulong y, ulong c, ulong d, out ulong low)
    {
        ulong high = WideMultiply.High(x, y);
        ulong first = (x * y) + c;
        high += Bit(first < c);
        low = first + d;
        return high + Bit(low < d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddCarry(ulong a, ulong b, ref ulong carry)
    {
        ulong sum = a + b;
        ulong overflow = Bit(sum < a);
        ulong result = sum + carry;
        carry = overflow | Bit(result < sum);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SubtractBorrow(ulong a, ulong b, ref ulong borrow)
    {
        ulong difference = a - b;
        ulong underflow = Bit(a < b);
        ulong result = difference - borrow;
        borrow = underflow | Bit(difference < borrow);
        return result;
    }

    /// <summary>s mod p for s &lt; 2p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PrimeField<TModulus> ReduceOnce(ulong s0, ulong s1, ulong s2, ulong s3)
    {
        ulong borrow = 0;
        ulong d0 = SubtractBorrow(s0, TModulus.Limb0, ref borrow);
        ulong d1 = SubtractBorrow(s1, TModulus.Limb1, ref borrow);
        ulong d2 = SubtractBorrow(s2, TModulus.Limb2, ref borrow);
        ulong d3 = SubtractBorrow(s3, TModulus.Limb3, ref borrow);
        ulong keep = 0 - borrow;
        return new PrimeField<TModulus>(
            d0 ^ ((d0 ^ s0) & keep),
            d1 ^ ((d1 ^ s1) & keep),
            d2 ^ ((d2 ^ s2) & keep),
            d3 ^ ((d3 ^ s3) & keep));
    }

    /// <summary>0 or 1; a bool is one byte holding just that, and reading it keeps the JIT from branching.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bit(bool condition) => Unsafe.BitCast<bool, byte>(condition);
}
