namespace Accel.Faults;

/// <summary>A clock that its owner moves; timers ring on the thread that moves it.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (long At, long Number)> _timers = new();
    private long _now;
    private long _number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer rings; null when none will.</summary>
    public long? NextAt
    {
        get
        {
            while (_timers.TryPeek(out (VirtualTimer Timer, long Version) next, out (long At, long Number) when))
            {
                if (next.Timer.Version == next.Version)
                {
                    return when.At;
                }

                _timers.Dequeue();
            }

            return null;
        }
    }

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        _now += time.Ticks;
        while (NextAt is { } at && at <= _now)
        {
            _timers.Dequeue().Timer.Ring();
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _isDisposed;

        /// <summary>Counts the changes: what was set before the last one does not ring.</summary>
        public long Version { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed || period != Timeout.InfiniteTimeSpan)
            {
                return _isDisposed ? false : throw new NotSupportedException("a virtual timer rings once");
            }

            Version++;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                clock._timers.Enqueue((this, Version), (clock._now + Math.Max(dueTime.Ticks, 0), clock._number++));
            }

            return true;
        }

        public void Dispose()
        {
            _isDisposed = true;
            Version++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
