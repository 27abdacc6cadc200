using System.Numerics;

namespace Accel.Device.Link;

/// <summary>What a frame's sequence says about it.</summary>
internal enum SequenceVerdict
{
    /// <summary>The frame that was expected; now the next one is.</summary>
    Expected,

    /// <summary>It was here before.</summary>
    Repeated,

    /// <summary>Another one should have come before it.</summary>
    Gap,
}

/// <summary>
/// One end of the go-back-N protocol: frames to be sent, kept until they are acknowledged, and the sequence that is expected from the other end.
/// Pure state: no clock, no bytes of its own but the kept payloads, nothing allocated once it is made. Sequences count modulo 2¹⁶.
/// </summary>
internal sealed class LinkWindow
{
    /// <summary>More frames than this under way could be mistaken for others.</summary>
    public const int FramesMax = 1 << 14;

    private readonly int _frames;
    private readonly int _slotMask;
    private readonly byte[] _payloads;
    private readonly int[] _lengths;
    private readonly byte[] _channels;
    private readonly int _payloadBytesMax;
    private ushort _oldest;
    private ushort _next;
    private ushort _sent;
    private ushort _end;

    /// <summary>An end whose sequences start at 0.</summary>
    /// <param name="frames">Frames that may be unacknowledged.</param>
    /// <param name="payloadBytesMax">The longest payload.</param>
    public LinkWindow(int frames, int payloadBytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, FramesMax);
        // A power of two, so that a slot follows the other where sequences wrap.
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)frames);
        _frames = frames;
        _slotMask = slots - 1;
        _payloads = new byte[slots * payloadBytesMax];
        _lengths = new int[slots];
        _channels = new byte[slots];
        _payloadBytesMax = payloadBytesMax;
    }

    /// <summary>The sequence that must come next.</summary>
    public ushort Expected { get; private set; }

    /// <summary>Frames that are not acknowledged, sent or not.</summary>
    public int Unacknowledged => (ushort)(_end - _oldest);

    /// <summary>Whether one more frame has a credit.</summary>
    public bool HasRoom => Unacknowledged < _frames;

    /// <summary>Whether a frame waits to be sent, for the first time or again.</summary>
    public bool HasUnsent => _next != _end;

    /// <summary>Frames that were sent more than once.</summary>
    public long Resent { get; private set; }

    /// <summary>Queues a frame; fill the payload before anything else is called.</summary>
    /// <param name="channel">Its channel.</param>
    /// <param name="payloadBytes">Its length.</param>
    /// <exception cref="InvalidOperationException">There is no credit.</exception>
    public Span<byte> Enqueue(byte channel, int payloadBytes)
    {
        if (!HasRoom)
        {
            throw new InvalidOperationException($"all {_frames} credits are used");
        }

        int slot = _end++ & _slotMask;
        _lengths[slot] = payloadBytes;
        _channels[slot] = channel;
        return _payloads.AsSpan(slot * _payloadBytesMax, payloadBytes);
    }

    /// <summary>Bytes of the frame that <see cref="WriteNext"/> would write.</summary>
    public int NextBytes => FrameHeader.FrameBytesOf(_lengths[_next & _slotMask]);

    /// <summary>Writes the next frame to send.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteNext(uint session, ushort acknowledge, Span<byte> destination)
    {
        int slot = _next & _slotMask;
        FrameHeader header = new(FrameType.Data, _channels[slot], _lengths[slot], session, _next, acknowledge);
        if (_next++ == _sent)
        {
            _sent++;
        }
        else
        {
            Resent++;
        }

        return header.Write(_payloads.AsSpan(slot * _payloadBytesMax, _lengths[slot]), destination);
    }

    /// <summary>Gives back the credits of all frames before <paramref name="acknowledged"/>; what was not sent can't be acknowledged, and is
    /// ignored.</summary>
    /// <returns>Whether that was news.</returns>
    public bool Acknowledge(ushort acknowledged)
    {
        int frames = (ushort)(acknowledged - _oldest);
        if (frames == 0 || frames > (ushort)(_sent - _oldest))
        {
            return false;
        }

        if ((ushort)(_next - _oldest) < frames)
        {
            _next = acknowledged;
        }

        _oldest = acknowledged;
        return true;
    }

    /// <summary>Sends everything that is not acknowledged again.</summary>
    public void GoBack() => _next = _oldest;

    /// <summary>Looks at the sequence of a frame whose checks pass.</summary>
    public SequenceVerdict Take(ushort sequence)
    {
        ushort ahead = (ushort)(sequence - Expected);
        if (ahead == 0)
        {
            Expected++;
            return SequenceVerdict.Expected;
        }

        return ahead < 1 << 15 ? SequenceVerdict.Gap : SequenceVerdict.Repeated;
    }
}
