using System.Numerics;
using System.Runtime.InteropServices;

namespace Accel.Compute.Cpu.Vector;

/// <summary>
/// The constants of a modulus for <see cref="IFieldLanes"/>, each repeated in all lanes, in memory that is never freed. In vectors:
/// 0–19 the limbs of 2^(51(k−4)) mod p for k = 0 … 3, 20–24 those of p, 25 −p⁻¹ mod 2⁵¹, all centred; 26 the double 2²⁰⁴/p; 27 the integer ⌊p/2²⁰⁴⌋; 28 p's four words;
/// 29 zero, which the compiler can't see: what is added to it gets a second name.
/// </summary>
internal static unsafe class LaneModulus<TModulus, TLanes>
    where TModulus : struct, IPrimeModulus
    where TLanes : struct, IFieldLanes
{
    private const int TopShift = 51 * (IFieldLanes.Limbs - 1);

    /// <summary>The table, aligned to a cache line.</summary>
    public static readonly double* Table = Build();

    /// <summary>Five centred limbs of an integer: all but the top one within ±2⁵⁰.</summary>
    public static double[] Limbs(BigInteger value)
    {
        double[] limbs = new double[IFieldLanes.Limbs];
        for (int i = 0; i < limbs.Length - 1; i++)
        {
            BigInteger limb = LaneModulus.Centred(value, BigInteger.One << 51);
            limbs[i] = (double)limb;
            value = (value - limb) >> 51;
        }

        limbs[^1] = (double)value;
        return limbs;
    }

    private static double* Build()
    {
        BigInteger modulus = PrimeField<TModulus>.Modulus;
        double* table = (double*)NativeMemory.AlignedAlloc((nuint)(30 * TLanes.Count * sizeof(double)), 64);
        int next = 0;
        for (int k = 0; k < 4; k++)
        {
            BigInteger power = BigInteger.ModPow(BigInteger.One << (51 * (4 - k)), modulus - 2, modulus);
            AppendAll(Limbs(LaneModulus.Centred(power, modulus)));
        }

        AppendAll(Limbs(modulus));
        BigInteger unit = BigInteger.One << 51;
        Append((double)LaneModulus.Centred(-LaneModulus.InverseModulo(modulus, unit), unit));
        Append(1 / ((double)(modulus >> (TopShift - 64)) / Math.Pow(2, 64)));
        Append(BitConverter.UInt64BitsToDouble((ulong)(modulus >> TopShift)));
        ulong* words = (ulong*)(table + (next * TLanes.Count));
        words[0] = TModulus.Limb0;
        words[1] = TModulus.Limb1;
        words[2] = TModulus.Limb2;
        words[3] = TModulus.Limb3;
        next++;
        Append(0);
        return table;

        void Append(double value) => new Span<double>(table + (next++ * TLanes.Count), TLanes.Count).Fill(value);

        void AppendAll(double[] values) => Array.ForEach(values, Append);
    }
}

/// <summary>What needs no type arguments.</summary>
internal static unsafe class LaneModulus
{
    private const int WordsVector = 28;

    /// <summary>The representative of a residue nearest to zero.</summary>
    public static BigInteger Centred(BigInteger value, BigInteger modulus)
    {
        BigInteger rest = ((value % modulus) + modulus) % modulus;
        return 2 * rest >= modulus ? rest - modulus : rest;
    }

    /// <summary>a⁻¹ mod 2ᵏ for odd a, by Newton's iteration, which doubles the right bits.</summary>
    public static BigInteger InverseModulo(BigInteger a, BigInteger unit)
    {
        BigInteger inverse = 1;
        for (int bits = 1; bits < 64; bits *= 2)
        {
            inverse = inverse * (2 - (a * inverse)) % unit;
        }

        return inverse;
    }

    /// <summary>Brings rows that rounding left in [−p, 2p), two's complement, into [0, p).</summary>
    public static void Settle(ulong** rows, int count, int offset, double* modulus)
    {
        ulong* prime = (ulong*)(modulus + (WordsVector * count));
        for (int lane = 0; lane < count; lane++)
        {
            ulong* row = rows[lane] + offset;
            bool negative = row[3] >> 63 != 0;
            if (negative || !IsBelow(row, prime))
            {
                AddMultiple(row, prime, negative);
            }
        }
    }

    private static bool IsBelow(ulong* a, ulong* b)
    {
        for (int i = 3; i > 0; i--)
        {
            if (a[i] != b[i])
            {
                return a[i] < b[i];
            }
        }

        return a[0] < b[0];
    }

    private static void AddMultiple(ulong* row, ulong* prime, bool add)
    {
        Int128 carry = 0;
        for (int i = 0; i < 4; i++)
        {
            carry += (Int128)row[i] + (add ? prime[i] : -(Int128)prime[i]);
            row[i] = (ulong)carry;
            carry >>= 64;
        }
    }
}
