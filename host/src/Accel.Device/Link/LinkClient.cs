using System.Buffers.Binary;

namespace Accel.Device.Link;

/// <summary>
/// The host's end of a link as a state machine: bytes in, bytes out, requests in, answers out. It has no thread and no wait; what it does follows
/// from its calls
/// and the clock. Nothing is allocated for a frame. Not safe for several threads: its owner locks.
/// </summary>
internal sealed class LinkClient
{
    private const int GapBytes = FrameHeader.Bytes;
    private const int AddressBytes = 8;
    private const int StatusBytes = 4;
    private const int HelloBytes = 8;
    private const int WelcomeBytes = 16;
    private const uint HelloResetFlag = 1;

    private readonly LinkOptions _options;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Func<uint> _drawHostNumber;
    private readonly FrameParser _parser;

    // Requests in the order of their answers: all of those sent, then those to send, of which the first may be sent in part.
    private readonly Queue<LinkOperation> _asked = new();
    private readonly Queue<LinkOperation> _toAsk = new();
    private readonly Queue<LinkOperation> _toWatch = new();
    private readonly Queue<LinkOperation> _resets = new();
    private LinkOperation? _watching;
    private int _registerWritesAsked;

    private State _state = State.NoPath;
    private LinkWindow _window = new(1, FrameHeader.WordBytes);
    private uint _hostNumber;
    private uint _session;
    private uint? _generation;
    private uint _offeredGeneration;
    private bool _isConfirmed;
    private bool _resetIsAsked;
    private DeviceRestartedException? _unreportedRestart;
    private int _beatBytesMax;

    private int _gapDue;
    private bool _pollDue;
    private bool _refuseDue;
    private bool _hasRefused;
    private bool _acknowledgeDue;

    private int _fruitless;
    private TimeSpan _retryAfter;
    private TimeSpan _retryAt;
    private TimeSpan _heardAt;
    private TimeSpan _movedAt;
    private TimeSpan _connectBy;
    private long _sessions;
    private long _framesTaken;
    private long _framesDamaged;
    private long _timeouts;
    private long _resentBefore;

    /// <summary>An end without a path.</summary>
    /// <param name="options">Limits and times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="drawHostNumber">Gives a random number for each session.</param>
    public LinkClient(LinkOptions options, TimeProvider time, Func<uint> drawHostNumber)
    {
        _options = options;
        _time = time;
        _started = time.GetTimestamp();
        _drawHostNumber = drawHostNumber;
        _parser = new FrameParser(options.PayloadBytesMax);
        _connectBy = options.ConnectMax;
    }

    private enum State
    {
        NoPath,
        Connecting,
        Open,
    }

    /// <summary>Room that <see cref="Produce"/> needs at least.</summary>
    public int OutputBytesMin => FrameHeader.FrameBytesOf(_options.PayloadBytesMax) + GapBytes;

    /// <summary>Whether both sides know the session.</summary>
    public bool IsOpen => _state == State.Open && _isConfirmed;

    /// <summary>Counters.</summary>
    public LinkStatistics Statistics =>
        new(_sessions, _framesTaken, _framesDamaged, _parser.HeadersRefused, _resentBefore + _window.Resent, _timeouts);

    private bool IsUnfinished => IsBusy || _watching is not null || _toWatch.Count > 0;

    /// <summary>Whether something waits that the device must carry out at once.</summary>
    private bool IsBusy => _asked.Count > 0 || _toAsk.Count > 0 || _resets.Count > 0;

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>A path is there; a session is offered on it.</summary>
    public void PathOpened()
    {
        _state = State.Connecting;
        BeginSession();
    }

    /// <summary>The path is gone. What is under way waits for the next one, up to <see cref="LinkOptions.ConnectMax"/>.</summary>
    public void PathLost()
    {
        LoseSession();
        _state = State.NoPath;
    }

    /// <summary>Takes a request.</summary>
    public void Submit(LinkOperation operation)
    {
        if (_unreportedRestart is { } restart)
        {
            _unreportedRestart = null;
            operation.TrySetException(restart);
            return;
        }

        if (!IsUnfinished)
        {
            RestartTimes();
            _connectBy = Now + _options.ConnectMax;
        }

        switch (operation.Kind)
        {
            case LinkOperationKind.Watch:
                _toWatch.Enqueue(operation);
                break;
            case LinkOperationKind.Reset:
                FailAll(new DeviceException("the device was reset"));
                _resets.Enqueue(operation);
                if (_state != State.NoPath)
                {
                    LoseSession();
                    BeginSession();
                }

                break;
            default:
                _toAsk.Enqueue(operation);
                break;
        }
    }

    /// <summary>Nobody waits for the request any more; its memory is not touched from here on.</summary>
    public static void Abandon(LinkOperation operation, CancellationToken cancel)
    {
        operation.IsAbandoned = true;
        operation.TrySetCanceled(cancel);
    }

    /// <summary>Fails all that is under way, and whatever comes later fails by the path that is gone.</summary>
    public void FailAll(DeviceException cause)
    {
        Fail(_asked, cause);
        Fail(_toAsk, cause);
        Fail(_toWatch, cause);
        Fail(_resets, cause);
        _watching?.TrySetException(cause);
        _watching = null;
        _registerWritesAsked = 0;
    }

    /// <summary>When to call <see cref="Produce"/> even if nothing has come or been submitted; null when there is no need.</summary>
    public TimeSpan? SleepMax()
    {
        if (!IsUnfinished)
        {
            return null;
        }

        TimeSpan at = _state switch
        {
            State.NoPath => _connectBy,
            State.Connecting => Min(_connectBy, _retryAt),
            _ => Min(
                Min(_retryAt, _heardAt + _options.SilenceMax),
                Min(_isConfirmed ? TimeSpan.MaxValue : _connectBy, IsBusy ? _movedAt + _options.ProgressMax : TimeSpan.MaxValue)),
        };
        return at > Now ? at - Now : TimeSpan.Zero;
    }

    /// <summary>Writes what is to be sent now.</summary>
    /// <param name="output">At least <see cref="OutputBytesMin"/> bytes; more let more frames leave at once.</param>
    /// <returns>Bytes written.</returns>
    public int Produce(Span<byte> output)
    {
        CheckTimes();
        int written = 0;
        while (_state != State.NoPath && output.Length - written >= OutputBytesMin)
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

    /// <summary>Takes what has come.</summary>
    public void Consume(ReadOnlySpan<byte> input)
    {
        while (_state != State.NoPath)
        {
            switch (_parser.Read(ref input, out FrameHeader header, out ReadOnlySpan<byte> payload))
            {
                case FrameEvent.Frame:
                    _framesTaken++;
                    TakeFrame(header, payload);
                    break;
                case FrameEvent.Damaged:
                    _framesDamaged++;
                    if (_state == State.Open && header.Type == FrameType.Data && header.Session == _session)
                    {
                        RefuseOnce();
                    }

                    break;
                default:
                    return;
            }
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static void Fail(Queue<LinkOperation> operations, DeviceException cause)
    {
        while (operations.TryDequeue(out LinkOperation? operation))
        {
            operation.TrySetException(cause);
        }
    }

    private void BeginSession()
    {
        _state = State.Connecting;
        _hostNumber = _drawHostNumber();
        _resetIsAsked = _resets.Count > 0;
        _fruitless = 0;
        _retryAt = Now;
        _parser.Reset();
    }

    /// <summary>Puts everything that has no answer back into the line, in its order.</summary>
    private void LoseSession()
    {
        // Sessions that never begin to work do not put the end off.
        _connectBy = _isConfirmed ? Now + _options.ConnectMax : _connectBy;
        _isConfirmed = false;
        for (int i = _toAsk.Count; i > 0; i--)
        {
            _asked.Enqueue(_toAsk.Dequeue());
        }

        while (_asked.TryDequeue(out LinkOperation? operation))
        {
            operation.Restart();
            _toAsk.Enqueue(operation);
        }

        if (_watching is { } watching)
        {
            _toWatch.Enqueue(watching);
            for (int i = _toWatch.Count; i > 1; i--)
            {
                _toWatch.Enqueue(_toWatch.Dequeue());
            }
        }

        _watching = null;
        _registerWritesAsked = 0;
    }

    private void LoseAndBegin()
    {
        LoseSession();
        BeginSession();
    }

    private void RestartTimes()
    {
        TimeSpan now = Now;
        _heardAt = _movedAt = now;
        _retryAfter = _options.RetryAfter;
        _retryAt = _state == State.Open ? now + _retryAfter : _retryAt;
        _fruitless = 0;
    }

    private void CheckTimes()
    {
        if (!IsUnfinished)
        {
            return;
        }

        TimeSpan now = Now;
        if (!_isConfirmed && now >= _connectBy)
        {
            FailAll(new DeviceLinkException(_state == State.NoPath
                ? $"there has been no path to the device for {_options.ConnectMax}"
                : $"the device has not answered for {_options.ConnectMax}"));
        }
        else if (_state != State.Open)
        {
            return;
        }
        else if (now >= _heardAt + _options.SilenceMax)
        {
            LoseAndBegin();
        }
        else if (IsBusy && now >= _movedAt + _options.ProgressMax)
        {
            FailAll(new DeviceLinkException($"the device answers on the link but has carried nothing out for {_options.ProgressMax}"));
            LoseAndBegin();
        }
        else if (now >= _retryAt)
        {
            _timeouts++;
            _parser.Reset();
            _hasRefused = false;
            _window.GoBack();
            GrowGap();
            _pollDue = true;
            _retryAfter = Min(2 * _retryAfter, _options.RetryAfterMax);
            _retryAt = now + _retryAfter;
        }
    }

    private void GrowGap()
    {
        int largest = FrameHeader.FrameBytesOf(_options.PayloadBytesMax);
        _gapDue = Math.Min(GapBytes << Math.Min(_fruitless++, 16), largest);
    }

    private int ProduceNext(Span<byte> output)
    {
        if (_gapDue > 0)
        {
            int gap = Math.Min(_gapDue, output.Length);
            output[..gap].Clear();
            _gapDue -= gap;
            return gap;
        }

        return _state == State.Open ? ProduceInSession(output) : ProduceHello(output);
    }

    private int ProduceHello(Span<byte> output)
    {
        if (!IsUnfinished || Now < _retryAt)
        {
            return 0;
        }

        _retryAt = Now + _options.HelloEvery;
        GrowGap();
        int gap = Math.Min(_gapDue, output.Length - FrameHeader.FrameBytesOf(HelloBytes));
        output[..gap].Clear();
        _gapDue = 0;
        Span<byte> payload = stackalloc byte[HelloBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, LinkOptions.MajorVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[2..], LinkOptions.MinorVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[4..], _resetIsAsked ? HelloResetFlag : 0);
        return gap + new FrameHeader(FrameType.Hello, 0, HelloBytes, _hostNumber, 0, 0).Write(payload, output[gap..]);
    }

    private int ProduceInSession(Span<byte> output)
    {
        if (_pollDue)
        {
            _pollDue = false;
            return ProduceShort(FrameType.Poll, output);
        }

        if (_refuseDue)
        {
            _refuseDue = false;
            return ProduceShort(FrameType.Refuse, output);
        }

        // What the device did not confirm it may have to be told again in another session.
        if (_isConfirmed && (_window.HasUnsent || TryAsk()))
        {
            _acknowledgeDue = false;
            return _window.WriteNext(_session, _window.Expected, output);
        }

        return _acknowledgeDue ? ProduceShort(FrameType.Acknowledge, output) : 0;
    }

    private int ProduceShort(FrameType type, Span<byte> output)
    {
        _acknowledgeDue = false;
        return new FrameHeader(type, 0, 0, _session, 0, _window.Expected).Write([], output);
    }

    /// <summary>Queues the frame of the next request, or of the next piece of one.</summary>
    private bool TryAsk()
    {
        if (!_window.HasRoom)
        {
            return false;
        }

        if (_watching is null && TryPeek(_toWatch, out LinkOperation? watch))
        {
            _watching = _toWatch.Dequeue();
            Span<byte> payload = _window.Enqueue(LinkChannels.Watch, 16);
            BinaryPrimitives.WriteUInt32LittleEndian(payload, watch.Register.Bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(payload[4..], watch.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], watch.Cycles);
            return true;
        }

        if (!TryPeek(_toAsk, out LinkOperation? operation) || (operation.Kind == LinkOperationKind.RegisterWrite && _registerWritesAsked > 0))
        {
            return false;
        }

        if (Ask(operation))
        {
            _asked.Enqueue(_toAsk.Dequeue());
        }

        return true;
    }

    /// <summary>Passes over requests that nobody waits for; one of which a part has been sent is ended properly.</summary>
    private static bool TryPeek(Queue<LinkOperation> operations, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LinkOperation? operation)
    {
        while (operations.TryPeek(out operation))
        {
            if (!operation.IsAbandoned || operation.Moved > 0)
            {
                return true;
            }

            operations.Dequeue();
        }

        return false;
    }

    /// <summary>Queues one frame of a request.</summary>
    /// <returns>Whether that was its last.</returns>
    private bool Ask(LinkOperation operation)
    {
        switch (operation.Kind)
        {
            case LinkOperationKind.RegisterRead:
                BinaryPrimitives.WriteUInt32LittleEndian(_window.Enqueue(LinkChannels.RegisterRead, 4), operation.Register.Bytes);
                return true;
            case LinkOperationKind.RegisterWrite:
                Span<byte> write = _window.Enqueue(LinkChannels.RegisterWrite, 8);
                BinaryPrimitives.WriteUInt32LittleEndian(write, operation.Register.Bytes);
                BinaryPrimitives.WriteUInt32LittleEndian(write[4..], operation.Value);
                _registerWritesAsked++;
                return true;
            case LinkOperationKind.MemoryRead:
                Span<byte> read = _window.Enqueue(LinkChannels.MemoryRead, 16);
                BinaryPrimitives.WriteUInt64LittleEndian(read, operation.Address.Bytes);
                BinaryPrimitives.WriteUInt64LittleEndian(read[8..], (ulong)operation.Destination.Length);
                return true;
            default:
                int bytes = operation.IsAbandoned ? 0 : Math.Min(_beatBytesMax, operation.Source.Length - operation.Moved);
                bool isLast = operation.IsAbandoned || operation.Moved + bytes == operation.Source.Length;
                Span<byte> piece = _window.Enqueue((byte)(LinkChannels.MemoryWrite | (isLast ? LinkChannels.Respond : 0)), AddressBytes + bytes);
                BinaryPrimitives.WriteUInt64LittleEndian(piece, operation.Address.Bytes + (ulong)operation.Moved);
                operation.Source.Span.Slice(operation.Moved, bytes).CopyTo(piece[AddressBytes..]);
                operation.Moved += bytes;
                return isLast;
        }
    }

    private void TakeFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == FrameType.Welcome)
        {
            if (_state == State.Connecting && header.Session == _hostNumber && payload.Length == WelcomeBytes)
            {
                TakeWelcome(payload);
            }

            return;
        }

        if (_state != State.Open || header.Session != _session)
        {
            return;
        }

        if (header.Type == FrameType.Reset)
        {
            LoseAndBegin();
            return;
        }

        Hear();
        if (_window.Acknowledge(header.Acknowledged))
        {
            Move();
        }

        switch (header.Type)
        {
            case FrameType.Data:
                TakeData(header, payload);
                break;
            case FrameType.Refuse:
                _window.GoBack();
                _gapDue = Math.Max(_gapDue, GapBytes);
                break;
            default:
                break;
        }
    }

    private void TakeWelcome(ReadOnlySpan<byte> payload)
    {
        int major = BinaryPrimitives.ReadUInt16LittleEndian(payload);
        int window = BinaryPrimitives.ReadUInt16LittleEndian(payload[12..]);
        int payloadBytesMax = BinaryPrimitives.ReadUInt16LittleEndian(payload[14..]);
        if (major != LinkOptions.MajorVersion)
        {
            int minor = BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]);
            FailAll(new DeviceException($"the device's link has version {major}.{minor}, but this program knows {LinkOptions.MajorVersion}.x"));
            return;
        }

        if (window == 0 || payloadBytesMax < AddressBytes + DeviceAddress.AlignmentBytes || payloadBytesMax > _options.PayloadBytesMax)
        {
            FailAll(new DeviceException(
                $"the device announces a window of {window} frames with {payloadBytesMax} bytes of payload; "
                + $"a window of at least 1 and from 72 to {_options.PayloadBytesMax} bytes are legal"));
            return;
        }

        _session = _hostNumber ^ BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]);
        _offeredGeneration = BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]);
        _resentBefore += _window.Resent;
        _window = new LinkWindow(Math.Min(window, _options.WindowMax), payloadBytesMax);
        _beatBytesMax = (payloadBytesMax - AddressBytes) / DeviceAddress.AlignmentBytes * DeviceAddress.AlignmentBytes;
        _state = State.Open;
        _isConfirmed = _refuseDue = _hasRefused = _acknowledgeDue = false;
        _gapDue = 0;
        _pollDue = true;
        _sessions++;
        RestartTimes();
    }

    /// <summary>A frame of the session has come: the device is there. The first one says that it has opened the session, too.</summary>
    private void Hear()
    {
        _heardAt = Now;
        _fruitless = 0;
        if (_isConfirmed)
        {
            return;
        }

        _isConfirmed = true;
        Move();
        uint before = _generation ?? _offeredGeneration;
        _generation = _offeredGeneration;
        if (_resetIsAsked)
        {
            while (_resets.TryDequeue(out LinkOperation? reset))
            {
                reset.TrySetResult(_offeredGeneration);
            }
        }
        else if (before != _offeredGeneration)
        {
            DeviceRestartedException restart = new(before, _offeredGeneration);
            if (IsUnfinished)
            {
                FailAll(restart);
            }
            else
            {
                _unreportedRestart = restart;
            }
        }
    }

    private void Move()
    {
        _movedAt = Now;
        _retryAfter = _options.RetryAfter;
        _retryAt = _movedAt + _retryAfter;
    }

    private void RefuseOnce()
    {
        _refuseDue |= !_hasRefused;
        _hasRefused = true;
    }

    private void TakeData(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (_window.Take(header.Sequence))
        {
            case SequenceVerdict.Expected:
                _hasRefused = _refuseDue = false;
                _acknowledgeDue = true;
                Move();
                if (!TryAnswer(header.Channel, payload))
                {
                    FailAll(new DeviceProtocolException(
                        $"the device sent {payload.Length} bytes on channel {header.Channel}, which answer nothing that it was asked"));
                    LoseAndBegin();
                }

                break;
            case SequenceVerdict.Repeated:
                _acknowledgeDue = true;
                break;
            default:
                RefuseOnce();
                break;
        }
    }

    private bool TryAnswer(byte channel, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < StatusBytes)
        {
            return false;
        }

        LinkStatus status = (LinkStatus)BinaryPrimitives.ReadInt32LittleEndian(payload);
        ReadOnlySpan<byte> rest = payload[StatusBytes..];
        if (channel == LinkChannels.Watch)
        {
            LinkOperation? watched = _watching;
            _watching = null;
            ulong cycles = rest.Length == 12 ? BinaryPrimitives.ReadUInt64LittleEndian(rest[4..]) : 0;
            return watched is not null && TryComplete(watched, status, rest, 12, cycles);
        }

        if (!_asked.TryPeek(out LinkOperation? operation) || operation.Channel != channel)
        {
            return false;
        }

        if (operation.Kind == LinkOperationKind.MemoryRead && !rest.IsEmpty)
        {
            return TryTakePiece(operation, status, rest);
        }

        _asked.Dequeue();
        _registerWritesAsked -= operation.Kind == LinkOperationKind.RegisterWrite ? 1 : 0;
        return operation.Kind == LinkOperationKind.RegisterRead
            ? TryComplete(operation, status, rest, 4, rest.Length == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(rest) : 0)
            : TryComplete(operation, status, rest, operation.Kind == LinkOperationKind.MemoryRead ? -1 : 0, 0);
    }

    private bool TryTakePiece(LinkOperation operation, LinkStatus status, ReadOnlySpan<byte> piece)
    {
        if (piece.Length > operation.Destination.Length - operation.Moved)
        {
            return false;
        }

        if (!operation.IsAbandoned)
        {
            piece.CopyTo(operation.Destination.Span[operation.Moved..]);
        }

        operation.Moved += piece.Length;
        operation.Status = status > operation.Status ? status : operation.Status;
        if (operation.Moved < operation.Destination.Length)
        {
            return true;
        }

        _asked.Dequeue();
        return TryComplete(operation, operation.Status, [], 0, 0);
    }

    /// <summary>Ends a request; so many bytes must follow a good status.</summary>
    private static bool TryComplete(LinkOperation operation, LinkStatus status, ReadOnlySpan<byte> rest, int restBytes, ulong value)
    {
        if (status == LinkStatus.Done)
        {
            return rest.Length == restBytes
                ? operation.TrySetResult(value) || operation.IsAbandoned
                : operation.TrySetException(new DeviceProtocolException($"{operation}: the device answered with {rest.Length} bytes")) && false;
        }

        string why = status == LinkStatus.BusError ? "the device's bus answered with an error" : "the device does not understand the request";
        operation.TrySetException(new DeviceException($"{operation} failed: {why}"));
        return true;
    }
}
