using System.Buffers.Binary;
using Accel.Device.Link;

namespace Accel.Device.Tests.Link;

/// <summary>
/// The card's end of the link, as <c>host/docs/link.md</c> has it: it only answers. Behind it lie a memory and registers. It notes what it carries
/// out, so that a
/// test can see what was done twice, out of order or for a session that is over.
/// </summary>
internal sealed class LinkDevice(int memoryBytes, int window, int payloadBytesMax, Random random)
{
    public const uint Identity = 0xACCE1;
    private const int WelcomeBytes = 16;

    private readonly FrameParser _parser = new(payloadBytesMax);
    private readonly Queue<(byte Channel, byte[] Payload)> _taken = new();
    private readonly Queue<(FrameType Type, uint Session, byte[] Payload)> _short = new();
    private LinkWindow _window = new(window, payloadBytesMax);
    private (uint Host, uint Device, bool Resets)? _pending;
    private (uint Host, uint Device)? _open;
    private ushort _carriedOut;
    private uint _deviceNumber;
    private bool _acknowledgeDue;
    private bool _refuseDue;
    private bool _hasRefused;
    private int _gapDue;
    private (uint Register, uint Seen, ulong Cycles, ulong Left)? _watch;
    private (ulong Address, int Left)? _reading;

    public byte[] Memory { get; } = new byte[memoryBytes];

    public Dictionary<uint, uint> Registers { get; } = [];

    /// <summary>Values of register writes that were carried out, with the session.</summary>
    public List<(uint Session, uint Value)> WritesCarriedOut { get; } = [];

    public uint Generation { get; private set; }

    /// <summary>Chance in percent that it carries nothing out when it is asked to go on.</summary>
    public int Laziness { get; set; }

    /// <summary>Answers on the link, but carries nothing out.</summary>
    public bool Hangs { get; set; }

    /// <summary>The version that it announces.</summary>
    public ushort Major { get; set; } = 1;

    private uint Session => _open is { } open ? open.Host ^ open.Device : 0;

    /// <summary>What the reset line or a loss of power does: memory stays, all else goes.</summary>
    public void Reset()
    {
        ResetCore();
        _pending = null;
        _open = null;
        _parser.Reset();
        _short.Clear();
        Restart();
    }

    public void Consume(ReadOnlySpan<byte> input)
    {
        while (true)
        {
            FrameEvent found = _parser.Read(ref input, out FrameHeader header, out ReadOnlySpan<byte> payload);
            if (found == FrameEvent.None)
            {
                return;
            }

            if (found == FrameEvent.Frame)
            {
                Take(header, payload);
            }
            else if (_open is not null && header.Session == Session && header.Type == FrameType.Data)
            {
                RefuseOnce();
            }
        }
    }

    /// <summary>Goes on with what it was asked, and writes what it has to say.</summary>
    public int Produce(Span<byte> output)
    {
        CarryOut();
        int written = 0;
        int frameBytesMax = FrameHeader.FrameBytesOf(payloadBytesMax) + FrameHeader.Bytes;
        while (output.Length - written >= frameBytesMax)
        {
            int more = ProduceNext(output[written..]);
            if (more == 0)
            {
                break;
            }

            written += more;
        }

        return written;
    }

    private void ResetCore()
    {
        Generation++;
        Registers.Clear();
        _watch = null;
    }

    private void Restart()
    {
        _window = new LinkWindow(window, payloadBytesMax);
        _taken.Clear();
        _carriedOut = 0;
        _acknowledgeDue = _refuseDue = _hasRefused = false;
        _gapDue = 0;
        _watch = null;
        _reading = null;
    }

    private void RefuseOnce()
    {
        _refuseDue |= !_hasRefused;
        _hasRefused = true;
    }

    private void Take(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == FrameType.Hello)
        {
            if (payload.Length == 8)
            {
                Welcome(header.Session, (payload[4] & 1) != 0);
            }

            return;
        }

        if (header.Type is FrameType.Welcome or FrameType.Reset)
        {
            return;
        }

        if (_pending is { } pending && header.Session == (pending.Host ^ pending.Device))
        {
            _open = (pending.Host, pending.Device);
            _pending = null;
            Restart();
            if (pending.Resets)
            {
                ResetCore();
            }
        }

        if (_open is null || header.Session != Session)
        {
            if (_short.Count < 4)
            {
                _short.Enqueue((FrameType.Reset, header.Session, []));
            }

            return;
        }

        _window.Acknowledge(header.Acknowledged);
        switch (header.Type)
        {
            case FrameType.Data:
                TakeData(header, payload);
                break;
            case FrameType.Poll:
            case FrameType.Refuse:
                _window.GoBack();
                _gapDue = FrameHeader.Bytes;
                _acknowledgeDue |= header.Type == FrameType.Poll;
                break;
            default:
                break;
        }
    }

    private void TakeData(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if ((ushort)(header.Sequence - _carriedOut) < window || header.Sequence != _window.Expected)
        {
            switch (_window.Take(header.Sequence))
            {
                case SequenceVerdict.Expected:
                    _hasRefused = _refuseDue = false;
                    _taken.Enqueue((header.Channel, payload.ToArray()));
                    break;
                case SequenceVerdict.Repeated:
                    _acknowledgeDue = true;
                    break;
                default:
                    RefuseOnce();
                    break;
            }
        }
        else
        {
            throw new InvalidOperationException("the host sent a frame without a credit");
        }
    }

    private void Welcome(uint host, bool resets)
    {
        uint device;
        uint generation = Generation + (resets ? 1u : 0);
        if (_open is { } open && open.Host == host)
        {
            (device, generation) = (open.Device, Generation);
        }
        else
        {
            if (_pending?.Host != host)
            {
                _pending = (host, ++_deviceNumber, resets);
            }

            device = _pending!.Value.Device;
        }

        byte[] payload = new byte[WelcomeBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, Major);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(4), device);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(8), generation);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(12), (ushort)window);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(14), (ushort)payloadBytesMax);
        _short.Enqueue((FrameType.Welcome, host, payload));
    }

    private void CarryOut()
    {
        if (_watch is { } watch && _window.HasRoom)
        {
            uint now = Registers.GetValueOrDefault(watch.Register);
            ulong left = watch.Left - Math.Min(watch.Left, 50);
            _watch = watch with { Left = left };
            if (now != watch.Seen || left == 0)
            {
                _watch = null;
                Span<byte> answer = _window.Enqueue(LinkChannels.Watch, 16);
                BinaryPrimitives.WriteUInt32LittleEndian(answer, 0);
                BinaryPrimitives.WriteUInt32LittleEndian(answer[4..], now);
                BinaryPrimitives.WriteUInt64LittleEndian(answer[8..], watch.Cycles - left);
            }
        }

        while (!Hangs && _window.HasRoom && (_taken.Count > 0 || _reading is not null) && random.Next(100) >= Laziness)
        {
            if (_reading is not null)
            {
                ReadOn();
            }
            else
            {
                (byte channel, byte[] payload) = _taken.Dequeue();
                CarryOut(channel, payload);
                _carriedOut++;
                _acknowledgeDue = true;
            }
        }
    }

    private void ReadOn()
    {
        (ulong address, int left) = _reading!.Value;
        int piece = Math.Min(left, (payloadBytesMax - 8) / 64 * 64);
        Span<byte> answer = _window.Enqueue(LinkChannels.MemoryRead, 4 + piece);
        bool isInside = address + (ulong)piece <= (ulong)memoryBytes;
        BinaryPrimitives.WriteUInt32LittleEndian(answer, isInside ? 0u : 1);
        (isInside ? Memory.AsSpan((int)address, piece) : new byte[piece]).CopyTo(answer[4..]);
        _reading = left == piece ? null : (address + (ulong)piece, left - piece);
    }

    private void CarryOut(byte channel, byte[] payload)
    {
        ulong address = payload.Length >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(payload) : 0;
        uint word = payload.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(payload) : 0;
        switch (channel)
        {
            case LinkChannels.RegisterRead when payload.Length == 4:
                Answer(channel, 0, word == 0 ? Identity : Registers.GetValueOrDefault(word));
                break;
            case LinkChannels.RegisterWrite when payload.Length == 8:
                Registers[word] = (uint)(address >> 32);
                WritesCarriedOut.Add((Session, (uint)(address >> 32)));
                Answer(channel, word == 0 ? 1u : 0);
                break;
            case LinkChannels.MemoryWrite or (LinkChannels.MemoryWrite | LinkChannels.Respond) when payload.Length % 64 == 8:
                payload.AsSpan(8).CopyTo(Memory.AsSpan((int)address));
                if (channel != LinkChannels.MemoryWrite)
                {
                    Answer(LinkChannels.MemoryWrite, 0);
                }

                break;
            case LinkChannels.MemoryRead when payload.Length == 16:
                _reading = (address, BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(8)));
                break;
            case LinkChannels.Watch when payload.Length == 16:
                ulong cycles = BinaryPrimitives.ReadUInt64LittleEndian(payload.AsSpan(8));
                _watch = (word, (uint)(address >> 32), cycles, cycles);
                break;
            default:
                Answer((byte)(channel & ~LinkChannels.Respond), 2);
                break;
        }
    }

    private void Answer(byte channel, params ReadOnlySpan<uint> words)
    {
        Span<byte> answer = _window.Enqueue(channel, 4 * words.Length);
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(answer[(4 * i)..], words[i]);
        }
    }

    private int ProduceNext(Span<byte> output)
    {
        if (_short.TryDequeue(out (FrameType Type, uint Session, byte[] Payload) said))
        {
            return new FrameHeader(said.Type, 0, said.Payload.Length, said.Session, 0, 0).Write(said.Payload, output);
        }

        if (_open is null)
        {
            return 0;
        }

        if (_gapDue > 0)
        {
            output[.._gapDue].Clear();
            return Take(ref _gapDue);
        }

        if (_refuseDue)
        {
            _refuseDue = _acknowledgeDue = false;
            return new FrameHeader(FrameType.Refuse, 0, 0, Session, 0, _carriedOut).Write([], output);
        }

        if (_window.HasUnsent)
        {
            _acknowledgeDue = false;
            return _window.WriteNext(Session, _carriedOut, output);
        }

        if (_acknowledgeDue)
        {
            _acknowledgeDue = false;
            return new FrameHeader(FrameType.Acknowledge, 0, 0, Session, 0, _carriedOut).Write([], output);
        }

        return 0;
    }

    private static int Take(ref int count)
    {
        int taken = count;
        count = 0;
        return taken;
    }
}
