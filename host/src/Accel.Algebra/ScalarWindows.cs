using System.Numerics;

namespace Accel.Algebra;

/// <summary>Fixed 4-bit windows of a scalar, so that group code reads small digits instead of shifting integers.</summary>
internal static class ScalarWindows
{
    /// <summary>The multiples 0 … 15 that unsigned digits pick from; signed digits need 0 … 8.</summary>
    public const int TableSize = 16;

    /// <summary>Bits of one window.</summary>
    public const int Bits = 4;

    /// <summary>Digits in [0, 15], least significant first; at least <paramref name="digitsMin"/> of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scalar is negative.</exception>
    public static byte[] Unsigned(BigInteger scalar, int digitsMin = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scalar.Sign, nameof(scalar));
        byte[] bytes = scalar.ToByteArray(isUnsigned: true);
        byte[] digits = new byte[Math.Max(digitsMin, 2 * bytes.Length)];
        for (int i = 0; i < bytes.Length; i++)
        {
            digits[2 * i] = (byte)(bytes[i] & 15);
            digits[(2 * i) + 1] = (byte)(bytes[i] >> 4);
        }

        return digits;
    }

    /// <summary>Digits in [−7, 8], least significant first; Σ digit·16ⁱ is the scalar.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scalar is negative.</exception>
    public static sbyte[] Signed(BigInteger scalar)
    {
        byte[] digits = Unsigned(scalar);
        sbyte[] recoded = new sbyte[digits.Length + 1];
        int carry = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[i] + carry;
            carry = digit > 8 ? 1 : 0;
            recoded[i] = (sbyte)(digit - (carry << Bits));
        }

        recoded[^1] = (sbyte)carry;
        return recoded;
    }
}
