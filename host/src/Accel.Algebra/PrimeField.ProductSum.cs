using System.Numerics;
using System.Runtime.CompilerServices;

namespace Accel.Algebra;

public readonly partial struct PrimeField<TModulus>
{
    /// <summary>
    /// Σ aᵢ·bᵢ ± Σ cᵢ with one reduction at the end: products are added up unreduced in nine limbs, which halves their cost.
    /// Up to <see cref="TermsMax"/> terms. A mutable struct: keep it in a local.
    /// </summary>
    public struct ProductSum
    {
        /// <summary>Terms that the nine limbs, and the estimate of the last quotient, hold.</summary>
        public const int TermsMax = 1 << 16;

        /// <summary>Bits dropped from the upper half before its quotient by p is estimated.</summary>
        private const int QuotientShift = 240;

        /// <summary>⌊2⁶³·2²⁴⁰/p⌋ ≤ 2⁵⁰: with an upper half below 2²⁷² its product stays within 128 bits.</summary>
        private static readonly ulong QuotientFactor = (ulong)((BigInteger.One << (63 + QuotientShift)) / Modulus);

        private ulong _t0;
        private ulong _t1;
        private ulong _t2;
        private ulong _t3;
        private ulong _t4;
        private ulong _t5;
        private ulong _t6;
        private ulong _t7;
        private ulong _t8;

        /// <summary>Adds a·b.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void AddProduct(in PrimeField<TModulus> a, in PrimeField<TModulus> b)
        {
            ulong b0 = b._l0, b1 = b._l1, b2 = b._l2, b3 = b._l3;
            ulong x = a._l0;
            ulong carry = MultiplyAdd(x, b0, _t0, 0, out _t0);
            carry = MultiplyAdd(x, b1, _t1, carry, out ulong t1);
            carry = MultiplyAdd(x, b2, _t2, carry, out ulong t2);
            carry = MultiplyAdd(x, b3, _t3, carry, out ulong t3);
            ulong over = 0;
            ulong t4 = AddCarry(_t4, carry, ref over);
            x = a._l1;
            carry = MultiplyAdd(x, b0, t1, 0, out _t1);
            carry = MultiplyAdd(x, b1, t2, carry, out t2);
            carry = MultiplyAdd(x, b2, t3, carry, out t3);
            carry = MultiplyAdd(x, b3, t4, carry, out t4);
            ulong t5 = AddCarry(_t5, carry, ref over);
            x = a._l2;
            carry = MultiplyAdd(x, b0, t2, 0, out _t2);
            carry = MultiplyAdd(x, b1, t3, carry, out t3);
            carry = MultiplyAdd(x, b2, t4, carry, out t4);
            carry = MultiplyAdd(x, b3, t5, carry, out t5);
            ulong t6 = AddCarry(_t6, carry, ref over);
            x = a._l3;
            carry = MultiplyAdd(x, b0, t3, 0, out _t3);
            carry = MultiplyAdd(x, b1, t4, carry, out _t4);
            carry = MultiplyAdd(x, b2, t5, carry, out _t5);
            carry = MultiplyAdd(x, b3, t6, carry, out _t6);
            _t7 = AddCarry(_t7, carry, ref over);
            _t8 += over;
        }

        /// <summary>Adds c. In Montgomery form c stands for c·R, so it goes to the upper half.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(in PrimeField<TModulus> c)
        {
            ulong carry = 0;
            _t4 = AddCarry(_t4, c._l0, ref carry);
            _t5 = AddCarry(_t5, c._l1, ref carry);
            _t6 = AddCarry(_t6, c._l2, ref carry);
            _t7 = AddCarry(_t7, c._l3, ref carry);
            _t8 += carry;
        }

        /// <summary>Subtracts c.</summary>
        public void Subtract(in PrimeField<TModulus> c) => Add(-c);

        /// <summary>The sum so far.</summary>
        public readonly PrimeField<TModulus> ToElement()
        {
            // The lower half is divided by R like any product by one; the upper half is already the value of its terms, up to multiples of p.
            PrimeField<TModulus> lower = ReduceLower();
            return lower + ReduceUpper();
        }

        private readonly PrimeField<TModulus> ReduceLower()
        {
            ulong t0 = _t0, t1 = _t1, t2 = _t2, t3 = _t3;
            Divide(ref t0, ref t1, ref t2, ref t3);
            Divide(ref t0, ref t1, ref t2, ref t3);
            Divide(ref t0, ref t1, ref t2, ref t3);
            Divide(ref t0, ref t1, ref t2, ref t3);
            return ReduceOnce(t0, t1, t2, t3);
        }

        /// <summary>t ← (t + m·p) / 2⁶⁴ with m chosen so that the division is exact; after four of them t is at most p.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Divide(ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3)
        {
            ulong m = t0 * TModulus.NegativeInverse;
            ulong carry = WideMultiply.High(m, TModulus.Limb0) + Bit(t0 != 0);
            carry = MultiplyAdd(m, TModulus.Limb1, t1, carry, out t0);
            carry = MultiplyAdd(m, TModulus.Limb2, t2, carry, out t1);
            carry = MultiplyAdd(m, TModulus.Limb3, t3, carry, out t2);
            t3 = carry;
        }

        /// <summary>h − q·p for a quotient estimate q that is never too large; what the dropped bits and the floors take away is below one and a bit, so one subtraction ends it.</summary>
        private readonly PrimeField<TModulus> ReduceUpper()
        {
            ulong top = (_t8 << 16) | (_t7 >> 48);
            ulong high = WideMultiply.High(top, QuotientFactor);
            ulong quotient = (high << 1) | ((top * QuotientFactor) >> 63);
            ulong borrow = WideMultiply.High(quotient, TModulus.Limb0);
            ulong low = quotient * TModulus.Limb0;
            ulong under = 0;
            ulong r0 = SubtractBorrow(_t4, low, ref under);
            borrow = MultiplyAdd(quotient, TModulus.Limb1, borrow, 0, out low);
            ulong r1 = SubtractBorrow(_t5, low, ref under);
            borrow = MultiplyAdd(quotient, TModulus.Limb2, borrow, 0, out low);
            ulong r2 = SubtractBorrow(_t6, low, ref under);
            MultiplyAdd(quotient, TModulus.Limb3, borrow, 0, out low);
            ulong r3 = SubtractBorrow(_t7, low, ref under);
            return ReduceOnce(r0, r1, r2, r3);
        }
    }
}
