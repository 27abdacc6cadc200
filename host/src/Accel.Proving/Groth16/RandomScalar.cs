using System.Security.Cryptography;

namespace Accel.Proving.Groth16;

/// <summary>Uniform scalars from the operating system's generator.</summary>
internal static class RandomScalar
{
    /// <summary>A uniform scalar, by rejection of 254-bit integers that are not below r; about four in three draws.</summary>
    public static Fr Next()
    {
        Span<byte> bytes = stackalloc byte[Fr.ByteLength];
        Fr value;
        do
        {
            SystemRandom.Fill(bytes);
            bytes[^1] &= 0x3f;
        }
        while (!Fr.TryReadCanonical(bytes, out value));

        CryptographicOperations.ZeroMemory(bytes);
        return value;
    }

    /// <summary>A uniform scalar that is not zero.</summary>
    public static Fr NextNonZero()
    {
        Fr value;
        do
        {
            value = Next();
        }
        while (value.IsZero);

        return value;
    }
}
