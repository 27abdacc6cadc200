using Accel.Device.Link;
using Accel.Faults;

namespace Accel.Device.Tests.Link;

/// <summary>Host and card over a faulty path, in virtual time and on one thread, so that a seed repeats a run exactly.</summary>
internal sealed class LinkRun
{
    private readonly byte[] _buffer = new byte[40_000];
    private readonly Random _random;
    private readonly PathFault _fault;
    private readonly FaultyPath _toDevice;
    private readonly FaultyPath _toHost;
    private long _pluggedAt = -1;

    public LinkRun(int seed, PathFault fault, int faults, int window = 4, int payloadBytesMax = 520, LinkOptions? options = null)
    {
        _random = new Random(seed);
        _fault = fault;
        FaultsLeft = faults;
        Clock = new VirtualClock();
        _toDevice = new FaultyPath(Clock, _random);
        _toHost = new FaultyPath(Clock, _random);
        Device = new LinkDevice(1 << 16, window, payloadBytesMax, _random) { Laziness = 30 };
        Client = new LinkClient(options ?? new LinkOptions(), Clock, () => (uint)_random.NextInt64(1L << 32));
        Client.PathOpened();
    }

    public VirtualClock Clock { get; }

    public LinkDevice Device { get; }

    public LinkClient Client { get; }

    public int FaultsLeft { get; private set; }

    public int FaultsMade { get; private set; }

    /// <summary>Goes on until all of the requests are answered or have failed.</summary>
    public void Finish(IReadOnlyCollection<LinkOperation> operations, TimeSpan deadline)
    {
        long end = Clock.GetTimestamp() + deadline.Ticks;
        while (operations.Any(operation => !operation.Task.IsCompleted))
        {
            Step();
            if (Clock.GetTimestamp() > end)
            {
                throw new TimeoutException($"{operations.Count(operation => !operation.Task.IsCompleted)} requests hang: {Client.Statistics}");
            }
        }
    }

    public void Step()
    {
        if (_pluggedAt >= 0)
        {
            if (Clock.GetTimestamp() >= _pluggedAt)
            {
                _pluggedAt = -1;
                Client.PathOpened();
            }
        }
        else if (_fault == PathFault.Unplug && ShouldFail(1))
        {
            // In the middle of what is on its way.
            _toDevice.Empty();
            _toHost.Empty();
            Client.PathLost();
            _pluggedAt = Clock.GetTimestamp() + _random.NextInt64(TimeSpan.TicksPerSecond);
        }
        else if (_fault == PathFault.DeviceReset && ShouldFail(1))
        {
            Device.Reset();
        }

        int sent = Client.Produce(_buffer.AsSpan(0, _random.Next(17_000, _buffer.Length)));
        if (sent > 0)
        {
            _toDevice.Send(_buffer.AsSpan(0, sent), NextFault());
        }

        _toDevice.Deliver(bytes => Device.Consume(bytes));
        int answered = Device.Produce(_buffer.AsSpan(0, _random.Next(2_000, _buffer.Length)));
        if (answered > 0 && _pluggedAt < 0)
        {
            _toHost.Send(_buffer.AsSpan(0, answered), NextFault());
        }

        _toHost.Deliver(bytes => Client.Consume(bytes));
        Clock.Advance(sent + answered > 0 ? TimeSpan.FromMicroseconds(20 + ((sent + answered) / 10)) : TimeSpan.FromMicroseconds(100));
    }

    private PathFault NextFault() =>
        _fault is PathFault.Unplug or PathFault.DeviceReset or PathFault.None || !ShouldFail(15) ? PathFault.None : _fault;

    private bool ShouldFail(int percent)
    {
        if (FaultsLeft == 0 || _random.Next(100) >= percent)
        {
            return false;
        }

        FaultsLeft--;
        FaultsMade++;
        return true;
    }
}
