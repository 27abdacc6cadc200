using System.Numerics;

namespace Accel.Derivatives.State;

/// <summary>
/// Words of a published difference: 248 bits each, so that a word is below r whatever its bits are, and 31 bytes of calldata. Fields stand side by
/// side, the first highest; a signed field of b bits is biased by 2^(b−1).
/// </summary>
public static class DiffWord
{
    /// <summary>Bits of a word.</summary>
    public const int Bits = 8 * Bytes;

    /// <summary>Bytes of a word.</summary>
    public const int Bytes = 31;

    /// <summary>The words as they are published: 31 little-endian bytes each.</summary>
    /// <exception cref="ArgumentException">An element is not below 2²⁴⁸.</exception>
    public static byte[] ToBytes(ReadOnlySpan<Fr> words)
    {
        byte[] bytes = new byte[words.Length * Bytes];
        Span<byte> canonical = stackalloc byte[Fr.ByteLength];
        for (int i = 0; i < words.Length; i++)
        {
            words[i].WriteCanonical(canonical);
            if (canonical[Bytes] != 0)
            {
                throw new ArgumentException($"word {i} is not below 2^{Bits}", nameof(words));
            }

            canonical[..Bytes].CopyTo(bytes.AsSpan(i * Bytes));
        }

        return bytes;
    }

    /// <summary>The words that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="StateDiffException">The bytes are no whole number of words.</exception>
    public static Fr[] FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % Bytes != 0)
        {
            throw new StateDiffException($"{bytes.Length} bytes are no whole number of words of {Bytes}");
        }

        Fr[] words = new Fr[bytes.Length / Bytes];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = Fr.FromBigInteger(new BigInteger(bytes.Slice(i * Bytes, Bytes), isUnsigned: true));
        }

        return words;
    }

    /// <summary>A word of fields, the first highest.</summary>
    internal static Fr Pack(params ReadOnlySpan<(BigInteger Value, int Bits)> fields)
    {
        BigInteger word = 0;
        int total = 0;
        foreach ((BigInteger value, int bits) in fields)
        {
            if (value.Sign < 0 || value.GetBitLength() > bits)
            {
                throw new ArgumentException($"{value} does not fit {bits} bits", nameof(fields));
            }

            word = (word << bits) + value;
            total += bits;
        }

        return Fr.FromBigInteger(word << (Bits - total));
    }
}

/// <summary>Reads the fields of a word, highest first; what is left at the end must be zero.</summary>
internal ref struct DiffWordReader(Fr word)
{
    private readonly BigInteger _word = word.ToBigInteger();
    private int _left = DiffWord.Bits;

    public BigInteger Read(int bits)
    {
        _left -= bits;
        return (_word >> _left) & ((BigInteger.One << bits) - 1);
    }

    public readonly bool IsRestZero => (_word & ((BigInteger.One << _left) - 1)).IsZero;
}
