using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching;

/// <summary>
/// Layout of the journal, little-endian. Header: magic (8), version (4), orders at most (4), prices a side at most (4), self-trade policy (4),
/// largest quantity (8), CRC-32C of these (4). Then frames, one for each batch that was acknowledged together: command count (4), number of the
/// first command (8), CRC-32C of these (4), the commands, CRC-32C of the commands (4), end mark (4). The end mark is never zero, so a frame whose
/// last bytes are zero was never written whole: space that a crash left unwritten reads as zero.
/// </summary>
internal static class JournalFormat
{
    public const int HeaderBytes = 36;
    public const int FrameHeaderBytes = 16;
    public const int FrameTrailerBytes = 8;
    public const int CommandBytes = 36;
    public const int BatchMax = 4096;
    public const uint EndMark = 0x444E_4546;

    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "ACCLJRNL"u8;

    public static int FrameBytes(int commands) => FrameHeaderBytes + (commands * CommandBytes) + FrameTrailerBytes;

    public static void WriteHeader(Span<byte> target, MatchingOptions options)
    {
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], options.OrdersMax);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], options.LevelsMax);
        BinaryPrimitives.WriteInt32LittleEndian(target[20..], (int)options.SelfTrade);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], options.QuantityMax);
        BinaryPrimitives.WriteUInt32LittleEndian(target[32..], Crc32C(target[..32]));
    }

    /// <summary>The options in a header, or null with what is wrong.</summary>
    public static MatchingOptions? ReadHeader(ReadOnlySpan<byte> source, out string error)
    {
        error = !source.StartsWith(Magic) ? "it does not begin with ACCLJRNL"
            : BinaryPrimitives.ReadUInt32LittleEndian(source[32..]) != Crc32C(source[..32]) ? "the header's checksum is wrong"
            : BinaryPrimitives.ReadUInt32LittleEndian(source[8..]) != Version
                ? $"it has version {BinaryPrimitives.ReadUInt32LittleEndian(source[8..])}; this program reads {Version}"
            : string.Empty;
        return error.Length > 0
            ? null
            : new MatchingOptions
            {
                OrdersMax = BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
                LevelsMax = BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
                SelfTrade = (SelfTradePolicy)BinaryPrimitives.ReadInt32LittleEndian(source[20..]),
                QuantityMax = BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            };
    }

    public static void WriteFrame(Span<byte> target, ReadOnlySpan<MatchingCommand> commands, ulong firstCommand)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, commands.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(target[4..], firstCommand);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], Crc32C(target[..12]));
        Span<byte> body = target.Slice(FrameHeaderBytes, commands.Length * CommandBytes);
        for (int i = 0; i < commands.Length; i++)
        {
            WriteCommand(body[(i * CommandBytes)..], in commands[i]);
        }

        Span<byte> trailer = target.Slice(FrameHeaderBytes + body.Length, FrameTrailerBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32C(body));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], EndMark);
    }

    public static MatchingCommand ReadCommand(ReadOnlySpan<byte> source)
    {
        uint kinds = BinaryPrimitives.ReadUInt32LittleEndian(source);
        return MatchingCommand.FromFields(
            (CommandKind)(byte)kinds,
            (BookSide)(byte)(kinds >> 8),
            (OrderType)(byte)(kinds >> 16),
            new OrderId(BinaryPrimitives.ReadUInt64LittleEndian(source[4..])),
            new TraderId(BinaryPrimitives.ReadUInt64LittleEndian(source[12..])),
            new PriceTicks(BinaryPrimitives.ReadInt64LittleEndian(source[20..])),
            BinaryPrimitives.ReadInt64LittleEndian(source[28..]));
    }

    /// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4).</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte value in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static void WriteCommand(Span<byte> target, in MatchingCommand command)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)command.Kind | ((uint)command.Side << 8) | ((uint)command.Type << 16));
        BinaryPrimitives.WriteUInt64LittleEndian(target[4..], command.Order.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[12..], command.Trader.Value);
        BinaryPrimitives.WriteInt64LittleEndian(target[20..], command.Price.Value);
        BinaryPrimitives.WriteInt64LittleEndian(target[28..], command.Quantity);
    }
}
