namespace Accel.Device.Link;

/// <summary>What <see cref="FrameParser.Read"/> found.</summary>
public enum FrameEvent
{
    /// <summary>Nothing yet: all bytes are taken.</summary>
    None,

    /// <summary>A frame whose checks pass.</summary>
    Frame,

    /// <summary>A header whose check passes before a payload whose check fails.</summary>
    Damaged,
}

/// <summary>
/// Finds frames in any bytes, as <c>host/docs/link.md</c> says: it hunts for the sync bytes, never looks at a byte twice, and allocates nothing once
/// it is made.
/// A frame that lies in the given bytes as a whole is not copied.
/// </summary>
/// <param name="payloadBytesMax">The longest payload that a frame may have.</param>
public sealed class FrameParser(int payloadBytesMax)
{
    private readonly byte[] _held = new byte[FrameHeader.FrameBytesOf(payloadBytesMax)];
    private int _count;
    private FrameHeader _header;

    /// <summary>Headers that were none: a failing check, an unknown type or an illegal length behind the sync bytes.</summary>
    public long HeadersRefused { get; private set; }

    /// <summary>Forgets the part of a frame that has come, and hunts.</summary>
    public void Reset() => _count = 0;

    /// <summary>Reads up to the end of the next frame.</summary>
    /// <param name="input">The bytes; those that were read are taken off its front.</param>
    /// <param name="header">The frame's header, or a damaged frame's.</param>
    /// <param name="payload">The frame's payload, until the next call or change of the input.</param>
    public FrameEvent Read(ref ReadOnlySpan<byte> input, out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        while (!input.IsEmpty)
        {
            if (_count == 0 && TryReadInPlace(ref input, out ReadOnlySpan<byte> whole))
            {
                return Finish(whole, out header, out payload);
            }

            if (_count > 0 && TryContinue(ref input))
            {
                int length = _count;
                _count = 0;
                return Finish(_held.AsSpan(0, length), out header, out payload);
            }
        }

        header = default;
        payload = default;
        return FrameEvent.None;
    }

    private FrameEvent Finish(ReadOnlySpan<byte> frame, out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        header = _header;
        payload = frame.Slice(FrameHeader.Bytes, header.PayloadBytes);
        return FrameHeader.IsPayloadGood(frame) ? FrameEvent.Frame : FrameEvent.Damaged;
    }

    private bool TryReadInPlace(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        int at = input.IndexOf(FrameHeader.Sync);
        if (at < 0)
        {
            // Its end may be a beginning.
            HoldSync(input[Math.Max(0, input.Length - (FrameHeader.Sync.Length - 1))..]);
            input = default;
            return false;
        }

        input = input[at..];
        if (input.Length < FrameHeader.Bytes)
        {
            Hold(ref input, input.Length);
        }
        else if (!IsHeader(input))
        {
            input = input[FrameHeader.Bytes..];
        }
        else if (input.Length < _header.FrameBytes)
        {
            Hold(ref input, input.Length);
        }
        else
        {
            frame = input[.._header.FrameBytes];
            input = input[_header.FrameBytes..];
            return true;
        }

        return false;
    }

    private bool TryContinue(ref ReadOnlySpan<byte> input)
    {
        while (_count < FrameHeader.Sync.Length)
        {
            if (input.IsEmpty)
            {
                return false;
            }

            HoldSync(input[..1]);
            input = input[1..];
            if (_count == 0)
            {
                return false;
            }
        }

        if (_count < FrameHeader.Bytes)
        {
            Hold(ref input, Math.Min(input.Length, FrameHeader.Bytes - _count));
            if (_count < FrameHeader.Bytes)
            {
                return false;
            }

            if (!IsHeader(_held))
            {
                _count = 0;
                return false;
            }
        }

        Hold(ref input, Math.Min(input.Length, _header.FrameBytes - _count));
        return _count == _header.FrameBytes;
    }

    private bool IsHeader(ReadOnlySpan<byte> bytes)
    {
        bool good = FrameHeader.TryRead(bytes, out _header) && _header.PayloadBytes <= payloadBytesMax;
        HeadersRefused += good ? 0 : 1;
        return good;
    }

    private void HoldSync(ReadOnlySpan<byte> bytes)
    {
        foreach (byte next in bytes)
        {
            _count = next == FrameHeader.Sync[_count] ? _count + 1 : next == FrameHeader.Sync[0] ? 1 : 0;
            if (_count > 0)
            {
                _held[_count - 1] = next;
            }
        }
    }

    private void Hold(ref ReadOnlySpan<byte> input, int count)
    {
        input[..count].CopyTo(_held.AsSpan(_count));
        _count += count;
        input = input[count..];
    }
}
