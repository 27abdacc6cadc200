using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Accel.Compute.Cpu;

/// <summary>
/// Σ digitᵢ·2ⁱ of one scalar: each digit is zero or odd within ±15, and of five neighbours at most one is not zero. Wiped when disposed.
/// </summary>
internal sealed class CommonScalarDigits : IDisposable
{
    /// <summary>Bits of a digit, the sign included.</summary>
    public const int Width = 5;

    private const int Limbs = 4;
    private const int Radix = 1 << Width;

    private readonly sbyte[] _digits = GC.AllocateArray<sbyte>((64 * Limbs) + 1, pinned: true);
    private readonly int _count;

    public CommonScalarDigits(in Fr scalar)
    {
        Span<ulong> rest = stackalloc ulong[Limbs];
        scalar.WriteCanonicalLimbs(rest);
        for (int i = 0; rest.ContainsAnyExcept(0UL); i++)
        {
            if ((rest[0] & 1) != 0)
            {
                int digit = (int)(rest[0] & (Radix - 1));
                digit = digit > Radix / 2 ? digit - Radix : digit;
                _digits[i] = (sbyte)digit;
                _count = i + 1;

                // The scalar has 254 bits, so the carry of a negative digit stays inside the limbs.
                Subtract(rest, digit);
            }

            Halve(rest);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(rest));
    }

    /// <summary>The digits up to the last that is not zero, least significant first.</summary>
    public ReadOnlySpan<sbyte> Digits => _digits.AsSpan(0, _count);

    /// <inheritdoc />
    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_digits.AsSpan()));

    private static void Subtract(Span<ulong> value, int digit)
    {
        Int128 carry = -digit;
        for (int i = 0; i < value.Length; i++)
        {
            carry += value[i];
            value[i] = (ulong)carry;
            carry >>= 64;
        }
    }

    private static void Halve(Span<ulong> value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            value[i] = (value[i] >> 1) | (i + 1 < value.Length ? value[i + 1] << 63 : 0);
        }
    }
}
