using System.Runtime.InteropServices;
using Accel.Device.Link;

namespace Accel.Faults;

/// <summary>
/// A card's RTL, a path to it with faults, and the host's own transport, all on one thread and in virtual time: the clock is that of the card's pins,
/// and jumps where nothing happens. A seed repeats a run exactly.
/// </summary>
internal sealed class VirtualCard : IDisposable
{
    private const int SliceCyclesOfUart = 2_000;
    private const int SliceCyclesOfFifo = 1_000;
    private const int ChunkFrameBytesMin = 300;

    /// <summary>What a driver holds for a line that takes nothing.</summary>
    private const int DriverBytes = 1 << 14;

    /// <summary>After so many cycles without its host a card only waits: they are passed over.</summary>
    private const long CyclesAloneMax = 100_000;
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(30);

    private readonly LinkSim _sim;
    private readonly Random _random;
    private readonly VirtualClock _clock = new();
    private readonly FaultyPath _toCard;
    private readonly FaultyPath _toHost;
    private readonly List<byte> _arrived = [];
    private readonly Queue<long> _faultsAt;
    private readonly PathFault _fault;
    private readonly int _sliceCycles;
    private readonly double _ticksPerCycle;
    private readonly byte[] _buffer = new byte[1 << 16];
    private double _ticksOwed;
    private long _cyclesAlone;
    private long _underWay;
    private long? _pluggedAt;
    private Path? _path;
    private bool _isCableOut;
    private int _ownFaults;

    /// <summary>A card that has just been powered up, and a transport to it.</summary>
    /// <param name="front">Its pins.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="fault">What happens on the way.</param>
    /// <param name="faultsAt">After how many bytes, both ways together, in order.</param>
    /// <param name="options">Limits of the transport; null for the defaults.</param>
    public VirtualCard(string front, int seed, PathFault fault, IEnumerable<long> faultsAt, LinkOptions? options = null)
    {
        bool isUart = front == "uart";
        _random = new Random(seed);
        _sim = new LinkSim(front, "tiny79", seed);
        _fault = fault;
        _faultsAt = new Queue<long>(faultsAt);
        _toCard = new FaultyPath(_clock, _random);
        _toHost = new FaultyPath(_clock, _random);
        _sliceCycles = isUart ? SliceCyclesOfUart : SliceCyclesOfFifo;

        // A UART of 2.5 million bits a second, a FIFO at 100 MHz.
        _ticksPerCycle = isUart ? 1 : 0.1;
        Transport = new LinkTransport(
            "virtual", front, _ => new ValueTask<IByteLink>(Connect()), (options ?? new LinkOptions()) with { Scheduler = Scheduler, DrawHostNumber = () => (uint)_random.NextInt64(1L << 32) }, _clock);
    }

    /// <summary>Where all of the host's work runs.</summary>
    public OneThread Scheduler { get; } = new();

    /// <summary>The host's end of the link.</summary>
    public LinkTransport Transport { get; }

    /// <summary>Bytes that have left either side while the path was there.</summary>
    public long Carried { get; private set; }

    /// <summary>With every unplugging the host's port vanishes for this time; null draws what happens, and for how long.</summary>
    public TimeSpan? PortGoneFor { get; init; }

    /// <summary>Faults that have changed something.</summary>
    public long FaultsMade => _ownFaults + _toCard.Made + _toHost.Made + (long)_sim.Statistics.FaultsStruck;

    /// <summary>The longest time for which a fault has held up the path.</summary>
    public TimeSpan Outage { get; private set; }

    /// <summary>Virtual time since power-up.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(_clock.GetTimestamp());

    /// <summary>Runs until the work is done.</summary>
    /// <returns>Whether it was, before the deadline in virtual time. What the work throws is thrown here.</returns>
    public bool Run(Func<Task> work, TimeSpan deadline)
    {
        Task running = Scheduler.Start(work);
        for (Scheduler.Drain(); !running.IsCompleted && Now <= deadline; Scheduler.Drain())
        {
            if (!TryStep())
            {
                return false;
            }
        }

        if (running.IsFaulted)
        {
            running.GetAwaiter().GetResult();
        }

        return running.IsCompleted;
    }

    /// <summary>Flips a bit of the next read from a range of the card's memory.</summary>
    public void Lie(Accel.Device.DeviceAddress first, Accel.Device.DeviceAddress last) => _sim.FlipNextRead(first, last);

    /// <summary>Ends what runs here before the card is taken away.</summary>
    public void Close(IAsyncDisposable open)
    {
        if (!Scheduler.Finish(Scheduler.Start(async () => await open.DisposeAsync()), CloseMax))
        {
            throw new TimeoutException($"{open.GetType().Name} did not close in {CloseMax}");
        }
    }

    public void Dispose()
    {
        Close(Transport);
        _sim.Dispose();
    }

    /// <summary>A slice of the card's time, or a jump to what comes next.</summary>
    /// <returns>False when nothing will ever happen again.</returns>
    private bool TryStep()
    {
        bool hasArrived = false;
        _toHost.Deliver(bytes =>
        {
            hasArrived = true;
            _path?.Arrive(bytes);
        });
        if (hasArrived)
        {
            // The host answers before time goes on.
            return true;
        }

        _toCard.Deliver(bytes => _arrived.AddRange(bytes));
        int pushed = _sim.Push(CollectionsMarshal.AsSpan(_arrived));
        _arrived.RemoveRange(0, pushed);
        long ran = _cyclesAlone < CyclesAloneMax ? _sim.Step(_sliceCycles) : 0;
        _cyclesAlone = _pluggedAt is null ? 0 : _cyclesAlone + ran;
        CountUnderWay();
        for (int count = _sim.Take(_buffer); count > 0; count = _sim.Take(_buffer))
        {
            Carry(_toHost, _buffer.AsSpan(0, count));
        }

        if (ran > 0)
        {
            _ticksOwed += ran * _ticksPerCycle;
            long whole = (long)_ticksOwed;
            _ticksOwed -= whole;
            _clock.Advance(TimeSpan.FromTicks(whole));
        }
        else
        {
            long? next = Earliest(Earliest(_clock.NextAt, _pluggedAt), Earliest(_toCard.NextAt, _toHost.NextAt));
            if (next is null)
            {
                return false;
            }

            _clock.Advance(TimeSpan.FromTicks(Math.Max(0, next.Value - _clock.GetTimestamp())));
        }

        PlugIn();
        return true;
    }

    /// <summary>Lets the host write on when the driver has room again.</summary>
    private void CountUnderWay()
    {
        _underWay = _toCard.Bytes + _arrived.Count;
        if (_underWay < DriverBytes)
        {
            _path?.GiveRoom();
        }
    }

    private static long? Earliest(long? a, long? b) => a is null || b < a ? b : a;

    private void Carry(FaultyPath way, ReadOnlySpan<byte> bytes)
    {
        if (_pluggedAt is not null)
        {
            return;
        }

        Carried += bytes.Length;
        bool isDue = _faultsAt.TryPeek(out long at) && Carried > at && (_fault != PathFault.Unplug || bytes.Length >= ChunkFrameBytesMin);
        if (!isDue)
        {
            way.Send(bytes, PathFault.None);
            return;
        }

        _faultsAt.Dequeue();
        switch (_fault)
        {
            case PathFault.Unplug:
                // In the middle of a chunk.
                _sim.Push(way == _toCard ? bytes[..(bytes.Length / 2)] : []);
                _sim.Step(_random.Next(1, _sliceCycles));
                Unplug();
                break;
            case PathFault.DeviceReset:
                way.Send(bytes, PathFault.None);
                _sim.Reset(_random.Next(1, 100));
                _ownFaults++;
                break;
            case PathFault.Delay when _random.Next(2) == 0:
                TimeSpan time = DrawOutage();
                way.Stall(time);
                way.Send(bytes, PathFault.None);
                break;
            default:
                way.Send(bytes, _fault);
                break;
        }
    }

    private void Unplug()
    {
        _ownFaults++;
        _pluggedAt = _clock.GetTimestamp() + DrawOutage().Ticks;
        _toCard.Empty();
        _toHost.Empty();
        _arrived.Clear();
        _sim.Unplug(true);

        // Either the host's system notices that the port is gone, or only a cable behind it is out, which nothing tells.
        _isCableOut = PortGoneFor is null && _random.Next(3) == 0;
        if (!_isCableOut)
        {
            _path?.Break();
            _path = null;
        }
    }

    private void PlugIn()
    {
        if (_pluggedAt <= _clock.GetTimestamp())
        {
            _pluggedAt = null;
            _isCableOut = false;
            _sim.Unplug(false);
        }
    }

    private TimeSpan DrawOutage()
    {
        // From less than the first deadline to more than the last, evenly by factor.
        Outage = PortGoneFor ?? TimeSpan.FromMilliseconds(50 * Math.Pow(320, _random.NextDouble()));
        return Outage;
    }

    private Path Connect()
    {
        if (_pluggedAt is not null && !_isCableOut)
        {
            throw new IOException("it is unplugged");
        }

        return _path = new Path(this);
    }

    /// <summary>The path as the transport sees it.</summary>
    private sealed class Path(VirtualCard card) : IByteLink
    {
        private readonly Queue<byte> _there = new();
        private TaskCompletionSource<int>? _reading;
        private TaskCompletionSource? _writing;
        private Memory<byte> _destination;
        private bool _isBroken;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            RequireWhole();
            card.Carry(card._toCard, bytes.Span);
            card.CountUnderWay();
            if (card._underWay >= DriverBytes)
            {
                TaskCompletionSource writing = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _writing = writing;
                using CancellationTokenRegistration registration = cancel.UnsafeRegister(static (writing, token) => ((TaskCompletionSource)writing!).TrySetCanceled(token), writing);
                await writing.Task;
            }
        }

        public async ValueTask<int> ReadAsync(Memory<byte> bytes, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            RequireWhole();
            if (_there.Count > 0)
            {
                return Take(bytes.Span);
            }

            TaskCompletionSource<int> reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (_reading, _destination) = (reading, bytes);
            using CancellationTokenRegistration registration = cancel.UnsafeRegister(static (reading, token) => ((TaskCompletionSource<int>)reading!).TrySetCanceled(token), reading);
            return await reading.Task;
        }

        public ValueTask DisposeAsync()
        {
            _isBroken = true;
            _reading = null;
            return ValueTask.CompletedTask;
        }

        public void Arrive(ReadOnlySpan<byte> bytes)
        {
            foreach (byte next in bytes)
            {
                _there.Enqueue(next);
            }

            if (_reading is { } reading && _there.Count > 0)
            {
                _reading = null;
                reading.TrySetResult(Take(_destination.Span));
            }
        }

        public void GiveRoom() => _writing?.TrySetResult();

        public void Break()
        {
            _isBroken = true;
            _reading?.TrySetException(new IOException("it was unplugged"));
            _writing?.TrySetException(new IOException("it was unplugged"));
            _reading = null;
        }

        private int Take(Span<byte> bytes)
        {
            int count = Math.Min(bytes.Length, _there.Count);
            for (int i = 0; i < count; i++)
            {
                bytes[i] = _there.Dequeue();
            }

            return count;
        }

        private void RequireWhole()
        {
            if (_isBroken)
            {
                throw new IOException("it was unplugged");
            }
        }
    }
}
