using System.Buffers.Binary;

namespace Accel.Device;

/// <summary>A 64-byte completion; <c>hdl/README.md</c> defines it.</summary>
public readonly record struct DeviceCompletion
{
    /// <summary>Bytes of a completion.</summary>
    public const int LengthBytes = CompletionLayout.Bytes;

    /// <summary>The command's tag.</summary>
    public ushort Tag { get; init; }

    /// <summary>0, or what went wrong.</summary>
    public byte Status { get; init; }

    /// <summary>The command's opcode.</summary>
    public DeviceOpcode Opcode { get; init; }

    /// <summary>Number of this completion since the reset, from 0.</summary>
    public uint Sequence { get; init; }

    /// <summary>Cycles from the command's start to its completion.</summary>
    public ulong Cycles { get; init; }

    /// <summary>The cycle counter at completion.</summary>
    public ulong CompletedAtCycle { get; init; }

    /// <summary>MSM, last chunk: cycles from the first scalar accepted to the last bucket settled.</summary>
    public ulong AccumulateCycles { get; init; }

    /// <summary>MSM, last chunk: cycles of the aggregation.</summary>
    public ulong AggregateCycles { get; init; }

    /// <summary>MSM, last chunk: point additions; NTT: butterflies.</summary>
    public ulong Operations { get; init; }

    /// <summary>MSM: CRC-32C of the scalars' bytes as the engine read them.</summary>
    public uint ScalarChecksum { get; init; }

    /// <summary>MSM: CRC-32C of the bases' bytes as the engine read them.</summary>
    public uint BaseChecksum { get; init; }

    /// <summary>Cycles in which the engine waited for memory.</summary>
    public ulong MemoryWaitCycles { get; init; }

    /// <summary>Whether the command did what it was asked to.</summary>
    public bool IsOk => Status == 0;

    /// <summary>The status in words.</summary>
    public string StatusName => Enum.IsDefined((DeviceStatus)Status) ? $"{Status} ({(DeviceStatus)Status})" : $"{Status} (unknown)";

    /// <summary>Reads a completion.</summary>
    /// <param name="source">64 bytes.</param>
    public static DeviceCompletion Decode(ReadOnlySpan<byte> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, LengthBytes);
        return new DeviceCompletion
        {
            Tag = BinaryPrimitives.ReadUInt16LittleEndian(source[CompletionLayout.Tag..]),
            Status = source[CompletionLayout.Status],
            Opcode = (DeviceOpcode)source[CompletionLayout.Opcode],
            Sequence = BinaryPrimitives.ReadUInt32LittleEndian(source[CompletionLayout.Sequence..]),
            Cycles = BinaryPrimitives.ReadUInt64LittleEndian(source[CompletionLayout.Cycles..]),
            CompletedAtCycle = BinaryPrimitives.ReadUInt64LittleEndian(source[CompletionLayout.Timestamp..]),
            AccumulateCycles = BinaryPrimitives.ReadUInt64LittleEndian(source[CompletionLayout.AccumulateCycles..]),
            AggregateCycles = BinaryPrimitives.ReadUInt64LittleEndian(source[CompletionLayout.AggregateCycles..]),
            Operations = BinaryPrimitives.ReadUInt64LittleEndian(source[CompletionLayout.Operations..]),
            ScalarChecksum = BinaryPrimitives.ReadUInt32LittleEndian(source[CompletionLayout.ScalarCrc..]),
            BaseChecksum = BinaryPrimitives.ReadUInt32LittleEndian(source[CompletionLayout.BaseCrc..]),
            MemoryWaitCycles = BinaryPrimitives.ReadUInt64LittleEndian(source[CompletionLayout.StallCycles..]),
        };
    }
}
