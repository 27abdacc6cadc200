using System.Numerics;
using System.Runtime.InteropServices;

namespace Accel.Device.Link;

/// <summary>
/// CRC-32C (Castagnoli; RFC 3720, appendix B.4). The processor's instruction where there is one, a table where there is not:
/// <see cref="BitOperations.Crc32C(uint, ulong)"/> chooses.
/// </summary>
public static class Crc32C
{
    /// <summary>The state before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>The checksum of bytes that are all there.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(Start, bytes);

    /// <summary>The state after more bytes; the checksum is its complement.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            state = BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, rest);
        }

        return state;
    }
}
