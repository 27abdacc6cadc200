using System.Buffers.Binary;

namespace Accel.Device;

/// <summary>A 64-byte descriptor; <c>hdl/README.md</c> defines it. Its tag is the queue's.</summary>
/// <param name="Opcode">What to do.</param>
/// <param name="Flags">How.</param>
/// <param name="Count">MSM: scalars in this chunk; NTT: log₂ of the size; pointwise: elements.</param>
/// <param name="Source0">MSM: scalars; NTT: input; pointwise: a.</param>
/// <param name="Source1">MSM: bases; NTT: scratch; pointwise: b.</param>
/// <param name="Destination">MSM with <see cref="DeviceCommandFlags.Last"/>: sums; NTT: output; pointwise: d.</param>
public readonly record struct DeviceCommand(
    DeviceOpcode Opcode, DeviceCommandFlags Flags, uint Count, DeviceAddress Source0, DeviceAddress Source1, DeviceAddress Destination)
{
    /// <summary>Bytes of a descriptor.</summary>
    public const int LengthBytes = DescriptorLayout.Bytes;

    /// <summary>Bytes 32–63, as four little-endian words.</summary>
    public (ulong Word0, ulong Word1, ulong Word2, ulong Word3) Argument { get; init; }

    /// <summary>Does nothing.</summary>
    public static DeviceCommand Nop(DeviceCommandFlags flags = DeviceCommandFlags.None) => new(DeviceOpcode.Nop, flags, 0, default, default, default);

    /// <summary>One chunk of a multi-scalar product.</summary>
    /// <param name="flags"><see cref="DeviceCommandFlags.First"/> on the first chunk, <see cref="DeviceCommandFlags.Last"/> on the last.</param>
    /// <param name="count">Scalars in the chunk.</param>
    /// <param name="scalars">count·32 bytes, canonical.</param>
    /// <param name="bases">count·64 bytes, affine, Montgomery.</param>
    /// <param name="sums">Receives the bit-plane sums with the last chunk; zero otherwise.</param>
    /// <param name="windowBits">Bits of a window, the same for all chunks.</param>
    public static DeviceCommand Msm(DeviceCommandFlags flags, uint count, DeviceAddress scalars, DeviceAddress bases, DeviceAddress sums, int windowBits) =>
        new(DeviceOpcode.Msm, flags, count, scalars, bases, sums) { Argument = ((byte)windowBits, 0, 0, 0) };

    /// <summary>A transform.</summary>
    /// <param name="flags"><see cref="DeviceCommandFlags.Inverse"/>, <see cref="DeviceCommandFlags.Coset"/>.</param>
    /// <param name="log2Size">The size is 2 to this power.</param>
    /// <param name="source">Input, canonical.</param>
    /// <param name="scratch">As many bytes as the input.</param>
    /// <param name="destination">Output; may be the input.</param>
    /// <param name="shift">32 bytes, Montgomery: g forward, 1/g inverse; empty without a coset.</param>
    public static DeviceCommand Ntt(
        DeviceCommandFlags flags, int log2Size, DeviceAddress source, DeviceAddress scratch, DeviceAddress destination, ReadOnlySpan<byte> shift) =>
        new(DeviceOpcode.Ntt, flags, (uint)log2Size, source, scratch, destination) { Argument = shift.IsEmpty ? default : Words(shift) };

    /// <summary>d = a·b − c.</summary>
    public static DeviceCommand Pointwise(uint count, DeviceAddress a, DeviceAddress b, DeviceAddress c, DeviceAddress d) =>
        new(DeviceOpcode.Pointwise, DeviceCommandFlags.None, count, a, b, d) { Argument = (c.Bytes, 0, 0, 0) };

    /// <summary>Writes the descriptor.</summary>
    /// <param name="tag">Returned in the completion.</param>
    /// <param name="destination">64 bytes.</param>
    public void Encode(ushort tag, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, LengthBytes);
        destination[DescriptorLayout.Opcode] = (byte)Opcode;
        destination[DescriptorLayout.Flags] = (byte)Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[DescriptorLayout.Tag..], tag);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[DescriptorLayout.Count..], Count);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[DescriptorLayout.Source0..], Source0.Bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[DescriptorLayout.Source1..], Source1.Bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[DescriptorLayout.Destination..], Destination.Bytes);
        Span<byte> argument = destination[DescriptorLayout.Argument..];
        BinaryPrimitives.WriteUInt64LittleEndian(argument, Argument.Word0);
        BinaryPrimitives.WriteUInt64LittleEndian(argument[8..], Argument.Word1);
        BinaryPrimitives.WriteUInt64LittleEndian(argument[16..], Argument.Word2);
        BinaryPrimitives.WriteUInt64LittleEndian(argument[24..], Argument.Word3);
    }

    /// <inheritdoc />
    public override string ToString() => $"{Opcode} ({Flags}) of {Count}, sources {Source0} and {Source1}, destination {Destination}";

    private static (ulong Word0, ulong Word1, ulong Word2, ulong Word3) Words(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, 32);
        return (
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
    }
}
