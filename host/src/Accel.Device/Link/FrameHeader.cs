using System.Buffers.Binary;

namespace Accel.Device.Link;

/// <summary>What a frame is for; <c>host/docs/link.md</c> defines the format.</summary>
public enum FrameType : byte
{
    /// <summary>The host offers a session.</summary>
    Hello = 1,

    /// <summary>The device's answer to <see cref="Hello"/>.</summary>
    Welcome = 2,

    /// <summary>A request or an answer.</summary>
    Data = 3,

    /// <summary>Says what has been carried out.</summary>
    Acknowledge = 4,

    /// <summary>Asks for frames again.</summary>
    Refuse = 5,

    /// <summary>Asks for an answer, and for frames again.</summary>
    Poll = 6,

    /// <summary>The device does not know this session.</summary>
    Reset = 7,
}

/// <summary>The first 20 bytes of a frame.</summary>
/// <param name="Type">What the frame is for.</param>
/// <param name="Channel">Channel of a <see cref="FrameType.Data"/> frame, perhaps with <see cref="LinkChannels.Respond"/>.</param>
/// <param name="PayloadBytes">Bytes of payload, a multiple of 4.</param>
/// <param name="Session">Tag of the session.</param>
/// <param name="Sequence">Number of a <see cref="FrameType.Data"/> frame.</param>
/// <param name="Acknowledged">The first frame of the other side that has not been carried out.</param>
public readonly record struct FrameHeader(FrameType Type, byte Channel, int PayloadBytes, uint Session, ushort Sequence, ushort Acknowledged)
{
    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 20;

    /// <summary>Bytes of the check behind a payload.</summary>
    public const int CheckBytes = 4;

    /// <summary>Payloads are whole words.</summary>
    public const int WordBytes = 4;

    private const int CheckAt = 16;

    /// <summary>The bytes that every frame begins with. They differ from each other, so that a hunt for them never has to step back.</summary>
    public static ReadOnlySpan<byte> Sync => [0xac, 0xce, 0x1f, 0x5b];

    /// <summary>Bytes of the whole frame.</summary>
    public int FrameBytes => FrameBytesOf(PayloadBytes);

    /// <summary>Bytes of a frame with so much payload.</summary>
    public static int FrameBytesOf(int payloadBytes) => Bytes + payloadBytes + (payloadBytes == 0 ? 0 : CheckBytes);

    /// <summary>Writes a whole frame.</summary>
    /// <param name="payload"><see cref="PayloadBytes"/> bytes.</param>
    /// <param name="destination">At least <see cref="FrameBytes"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The payload has another length, or one that no frame can have.</exception>
    public int Write(ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        if (payload.Length != PayloadBytes || payload.Length % WordBytes != 0 || payload.Length > ushort.MaxValue)
        {
            throw new ArgumentException(
                $"the header says {PayloadBytes} bytes of payload, {payload.Length} are given; whole words up to {ushort.MaxValue} bytes are legal",
                nameof(payload));
        }

        Sync.CopyTo(destination);
        destination[4] = (byte)Type;
        destination[5] = Channel;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], (ushort)PayloadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Session);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[12..], Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[14..], Acknowledged);
        uint state = Crc32C.Append(Crc32C.Start, destination[Sync.Length..CheckAt]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[CheckAt..], ~state);
        if (PayloadBytes > 0)
        {
            payload.CopyTo(destination[Bytes..]);
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(Bytes + PayloadBytes)..], ~Crc32C.Append(state, payload));
        }

        return FrameBytes;
    }

    /// <summary>Reads a header.</summary>
    /// <param name="source">At least <see cref="Bytes"/> bytes, sync bytes first.</param>
    /// <param name="header">The header.</param>
    /// <returns>False when the check fails, the type is none or the length is no whole number of words.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = new FrameHeader(
            (FrameType)source[4],
            source[5],
            BinaryPrimitives.ReadUInt16LittleEndian(source[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[14..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(source[CheckAt..]) == Crc32C.Of(source[Sync.Length..CheckAt])
            && header.Type is >= FrameType.Hello and <= FrameType.Reset
            && header.PayloadBytes % WordBytes == 0;
    }

    /// <summary>Whether the payload of a whole frame, behind a good header, passes its check.</summary>
    internal static bool IsPayloadGood(ReadOnlySpan<byte> frame)
    {
        if (frame.Length == Bytes)
        {
            return true;
        }

        int end = frame.Length - CheckBytes;
        uint state = Crc32C.Append(Crc32C.Append(Crc32C.Start, frame[Sync.Length..CheckAt]), frame[Bytes..end]);
        return BinaryPrimitives.ReadUInt32LittleEndian(frame[end..]) == ~state;
    }
}
