using System.Globalization;
using System.Numerics;

namespace Accel.Network.Evm;

/// <summary>A 20-byte account or contract address.</summary>
public readonly record struct EvmAddress
{
    private const int ByteLength = 20;

    /// <summary>An address from its integer.</summary>
    /// <param name="value">In [0, 2¹⁶⁰).</param>
    /// <exception cref="ArgumentOutOfRangeException">The integer is negative or needs more than 160 bits.</exception>
    public EvmAddress(BigInteger value)
    {
        if (value.Sign < 0 || value.GetBitLength() > 8 * ByteLength)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "an address is an integer in [0, 2^160)");
        }

        Value = value;
    }

    /// <summary>The address as an integer, as the ABI encodes it.</summary>
    public BigInteger Value { get; }

    /// <summary>Parses 40 hexadecimal digits after <c>0x</c>, in either case; a mixed-case checksum is not examined.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static EvmAddress Parse(string text)
    {
        byte[] bytes = Hex.Decode(text);
        return bytes.Length == ByteLength
            ? new EvmAddress(new BigInteger(bytes, isUnsigned: true, isBigEndian: true))
            : throw new FormatException($"'{text}' holds {bytes.Length} bytes; an address has {ByteLength}");
    }

    /// <summary>Lower-case hexadecimal after <c>0x</c>.</summary>
    public override string ToString()
    {
        string digits = Value.ToString("x40", CultureInfo.InvariantCulture);
        return "0x" + digits[^(2 * ByteLength)..];
    }
}
