using System.Numerics;
using System.Runtime.CompilerServices;

namespace Accel.Algebra;

/// <summary>
/// The matrix of 62 division steps, scaled by 2⁶²: (f, g) ← (u·f + v·g, q·f + r·g)/2⁶² (Bernstein and Yang, eprint 2019/266, §9 to §11).
/// The rows' absolute sums are at most 2⁶², so that a row times two signed 62-bit limbs and a carry fits 128 bits.
/// </summary>
internal readonly struct DivisionSteps
{
    /// <summary>Limbs of a number below 2²⁵⁶ with a sign.</summary>
    public const int Limbs = 5;

    /// <summary>The bits of a limb.</summary>
    public const ulong Mask = ulong.MaxValue >> 2;

    private const int LimbBits = 62;

    private readonly long _u;
    private readonly long _v;
    private readonly long _q;
    private readonly long _r;

    private DivisionSteps(ulong u, ulong v, ulong q, ulong r)
    {
        _u = (long)u;
        _v = (long)v;
        _q = (long)q;
        _r = (long)r;
    }

    /// <summary>Runs 62 steps on the low bits of an odd f and of g; <paramref name="eta"/> is −δ.</summary>
    public static DivisionSteps Run(ref long eta, ulong f, ulong g)
    {
        ulong u = 1, v = 0, q = 0, r = 1;
        int left = LimbBits;
        while (true)
        {
            // Steps on an even g only halve it; the matrix doubles its first row instead.
            int zeros = BitOperations.TrailingZeroCount(g | (ulong.MaxValue << left));
            g >>= zeros;
            u <<= zeros;
            v <<= zeros;
            eta -= zeros;
            left -= zeros;
            if (left == 0)
            {
                return new(u, v, q, r);
            }

            if (eta < 0)
            {
                eta = -eta;
                (f, g) = (g, 0 - f);
                (u, q) = (q, 0 - u);
                (v, r) = (r, 0 - v);
            }

            // Until η turns negative each step adds f to an odd g and halves, so a multiple of f clears several bits at once.
            // f·(f² − 2) = −1/f mod 2⁶ for odd f.
            int bits = Math.Min(6, (int)Math.Min(eta + 1, left));
            ulong multiple = (g * f * ((f * f) - 2)) & ((1UL << bits) - 1);
            g += f * multiple;
            q += u * multiple;
            r += v * multiple;
        }
    }

    /// <summary>Applies the matrix to f and g, whose low 62 bits it clears.</summary>
    public void ApplyExact(Span<long> f, Span<long> g)
    {
        Accumulator first = default;
        Accumulator second = default;
        for (int i = 0; i < Limbs; i++)
        {
            first.AddProducts(_u, f[i], _v, g[i]);
            second.AddProducts(_q, f[i], _r, g[i]);
            long firstLimb = first.ShiftOut();
            long secondLimb = second.ShiftOut();
            if (i > 0)
            {
                f[i - 1] = firstLimb;
                g[i - 1] = secondLimb;
            }
        }

        f[Limbs - 1] = first.Rest;
        g[Limbs - 1] = second.Rest;
    }

    /// <summary>Applies the matrix to d and e mod p: multiples of p make the low 62 bits zero before the division. Both stay in (−2p, p).</summary>
    public void ApplyModulo(Span<long> d, Span<long> e, ReadOnlySpan<long> modulus, ulong modulusInverse)
    {
        // A negative d or e counts as d + p or e + p, which keeps the result above −2p.
        long dSign = d[Limbs - 1] >> 63;
        long eSign = e[Limbs - 1] >> 63;
        long dMultiple = (_u & dSign) + (_v & eSign);
        long eMultiple = (_q & dSign) + (_r & eSign);
        ulong dLow = ((ulong)_u * (ulong)d[0]) + ((ulong)_v * (ulong)e[0]);
        ulong eLow = ((ulong)_q * (ulong)d[0]) + ((ulong)_r * (ulong)e[0]);
        dMultiple -= (long)(((modulusInverse * dLow) + (ulong)dMultiple) & Mask);
        eMultiple -= (long)(((modulusInverse * eLow) + (ulong)eMultiple) & Mask);
        Accumulator first = default;
        Accumulator second = default;
        for (int i = 0; i < Limbs; i++)
        {
            first.AddProducts(_u, d[i], _v, e[i]);
            first.AddProduct(modulus[i], dMultiple);
            second.AddProducts(_q, d[i], _r, e[i]);
            second.AddProduct(modulus[i], eMultiple);
            long firstLimb = first.ShiftOut();
            long secondLimb = second.ShiftOut();
            if (i > 0)
            {
                d[i - 1] = firstLimb;
                e[i - 1] = secondLimb;
            }
        }

        d[Limbs - 1] = first.Rest;
        e[Limbs - 1] = second.Rest;
    }

    /// <summary>±d mod p in [0, p), for d in (−2p, p).</summary>
    public static void Normalise(Span<long> d, bool negate, ReadOnlySpan<long> modulus)
    {
        AddWhenNegative(d, modulus);
        if (negate)
        {
            long carry = 0;
            for (int i = 0; i < Limbs; i++)
            {
                d[i] = Carry(-d[i], i, ref carry);
            }
        }

        AddWhenNegative(d, modulus);
    }

    private static void AddWhenNegative(Span<long> d, ReadOnlySpan<long> modulus)
    {
        long mask = d[Limbs - 1] >> 63;
        long carry = 0;
        for (int i = 0; i < Limbs; i++)
        {
            d[i] = Carry(d[i] + (modulus[i] & mask), i, ref carry);
        }
    }

    /// <summary>Passes what exceeds 62 bits on; the topmost limb keeps its sign.</summary>
    private static long Carry(long limb, int index, ref long carry)
    {
        limb += carry;
        carry = limb >> LimbBits;
        return index == Limbs - 1 ? limb : limb & (long)Mask;
    }

    /// <summary>A signed 128-bit sum of products of signed words.</summary>
    private struct Accumulator
    {
        private long _high;
        private ulong _low;

        /// <summary>What is left after the last limb; it fits one word.</summary>
        public readonly long Rest => (long)_low;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddProducts(long a, long b, long c, long d)
        {
            AddProduct(a, b);
            AddProduct(c, d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddProduct(long a, long b)
        {
            ulong low = (ulong)a * (ulong)b;
            _low += low;
            _high += WideMultiply.SignedHigh(a, b) + Unsafe.BitCast<bool, byte>(_low < low);
        }

        /// <summary>Takes the low 62 bits off.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long ShiftOut()
        {
            long limb = (long)(_low & Mask);
            _low = (_low >> LimbBits) | ((ulong)_high << 2);
            _high >>= LimbBits;
            return limb;
        }
    }
}
