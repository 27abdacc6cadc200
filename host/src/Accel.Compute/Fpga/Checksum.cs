using System.Buffers.Binary;
using System.Numerics;

namespace Accel.Compute.Fpga;

/// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4), as the card computes it over what it reads.</summary>
internal static class Checksum
{
    /// <summary>The checksum of a whole number of 8-byte words.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length % sizeof(ulong), 0);
        uint crc = uint.MaxValue;
        for (int i = 0; i < bytes.Length; i += sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]));
        }

        return ~crc;
    }
}
