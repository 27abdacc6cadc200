using System.Diagnostics.CodeAnalysis;

namespace Accel.Device.Link;

/// <summary>
/// A card behind a path for bytes, by the protocol of <c>host/docs/link.md</c>. When the path closes it is opened again and what was under way goes
/// on, unless the
/// device itself has restarted, which fails it with <see cref="DeviceRestartedException"/>. A request that the path does not carry in time fails with
/// <see cref="DeviceLinkException"/>, whatever the path does meanwhile: one that takes no bytes, or does not close, puts no deadline off.
/// </summary>
public sealed class LinkTransport : IDeviceTransport
{
    private const int BufferBytes = 1 << 16;

    private readonly Func<CancellationToken, ValueTask<IByteLink>> _connect;
    private readonly LinkOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly LinkClient _client;
    private readonly Signal _news = new();
    private readonly ITimer _alarm;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _running;
    private bool _isClosed;

    /// <summary>A transport that opens its path at once and whenever it is lost.</summary>
    /// <param name="kind">Short name, such as <c>serial</c>.</param>
    /// <param name="path">Where the device is.</param>
    /// <param name="connect">Opens the path; an <see cref="IOException"/> means that it is not there now.</param>
    /// <param name="options">Limits and times; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public LinkTransport(
        string kind, string path, Func<CancellationToken, ValueTask<IByteLink>> connect, LinkOptions? options = null, TimeProvider? time = null)
    {
        _connect = connect;
        _options = options ?? new LinkOptions();
        _time = time ?? TimeProvider.System;
        Info = new TransportInfo(kind, path, _options.ChunkBytesMax);
        _client = new LinkClient(_options, _time, _options.DrawHostNumber);
        _alarm = _time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _options.Scheduler).Unwrap();
    }

    /// <inheritdoc />
    public TransportInfo Info { get; }

    /// <summary>Counters of the link.</summary>
    public LinkStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return _client.Statistics;
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel) =>
        (uint)await AskAsync(new LinkOperation(LinkOperationKind.RegisterRead) { Register = offset }, cancel);

    /// <inheritdoc />
    public async ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel) =>
        await AskAsync(new LinkOperation(LinkOperationKind.RegisterWrite) { Register = offset, Value = value }, cancel);

    /// <inheritdoc />
    public async ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel)
    {
        Info.RequireChunk(address, chunk.Length);
        await AskAsync(new LinkOperation(LinkOperationKind.MemoryWrite) { Address = address, Source = chunk }, cancel);
    }

    /// <inheritdoc />
    public async ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel)
    {
        Info.RequireChunk(address, chunk.Length);
        if (!chunk.IsEmpty)
        {
            await AskAsync(new LinkOperation(LinkOperationKind.MemoryRead) { Address = address, Destination = chunk }, cancel);
        }
    }

    /// <inheritdoc />
    public async ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel) =>
        await AskAsync(new LinkOperation(LinkOperationKind.Watch) { Register = register, Value = seen, Cycles = cyclesMax }, cancel);

    /// <inheritdoc />
    public async ValueTask ResetAsync(CancellationToken cancel) => await AskAsync(new LinkOperation(LinkOperationKind.Reset), cancel);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_closing.IsCancellationRequested)
            {
                return;
            }

            _isClosed = true;
            _client.FailAll(new DeviceException("the device was closed"));
        }

        Cancel(_closing);
        await _running;
        await _alarm.DisposeAsync();
        _closing.Dispose();
    }

    private async ValueTask<ulong> AskAsync(LinkOperation operation, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _client.Submit(operation);
            SetAlarm(TimeSpan.Zero);
        }

        _news.Set();
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(
            (state, token) =>
            {
                // Under the lock, so that nothing of the caller's memory is in use once it has been told.
                lock (_lock)
                {
                    LinkClient.Abandon((LinkOperation)state!, token);
                }
            },
            operation);
        return await operation.Task;
    }

    /// <summary>Looks at the deadlines, which hold even while the path takes no bytes, and wakes the writer.</summary>
    private void Tick()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _client.Produce([]);
            SetAlarm(_options.HelloEvery);
        }

        _news.Set();
    }

    /// <summary>Rings when the next deadline comes, but not before some time has gone by.</summary>
    private void SetAlarm(TimeSpan atLeast)
    {
        if (!_isClosed && _client.SleepMax() is { } sleep)
        {
            // A whole millisecond more: timers round down, and would ring again and again before the time has come.
            _alarm.Change((sleep > atLeast ? sleep : atLeast) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Cancels on this thread: what listens here only marks transfers as withdrawn and wakes the writer.</summary>
    [SuppressMessage("Performance", "CA1849:Call async methods when in an async method", Justification = "No other thread may have a part in it.")]
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private async Task RunAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(await _connect(_closing.Token));
            }
            catch (IOException)
            {
                await SleepWithoutPathAsync();
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // A path that breaks its own rules can't be opened again in the hope of better.
                CloseBecause(exception);
                return;
            }
        }
    }

    private void CloseBecause(Exception exception)
    {
        lock (_lock)
        {
            _isClosed = true;
            _client.FailAll(new DeviceException($"{Info.Path}: {exception.Message}", exception));
        }
    }

    /// <summary>Waits for the next attempt, and lets requests fail whose time is over.</summary>
    private async Task SleepWithoutPathAsync()
    {
        lock (_lock)
        {
            _client.Produce([]);
        }

        try
        {
            await Task.Delay(_options.HelloEvery, _time, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            // The transport is closing.
        }
    }

    private async Task ServeAsync(IByteLink link)
    {
        lock (_lock)
        {
            _client.PathOpened();
        }

        CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        Task writing = WriteAsync(link, lost.Token);
        Task reading = ReadAsync(link, lost.Token);
        Task first = await Task.WhenAny(writing, reading);
        lock (_lock)
        {
            _client.PathLost();
        }

        Cancel(lost);
        await EndAsync(link, writing, reading);
        lost.Dispose();
        await first;
        throw new IOException("the path was closed");
    }

    /// <summary>Closes a path that is gone. One that does not come to an end is left to itself: nothing of it reaches the client any more.</summary>
    private async Task EndAsync(IByteLink link, Task writing, Task reading)
    {
        Task ended = Task.WhenAll(writing, reading, link.DisposeAsync().AsTask());
        await ended.WaitAsync(_options.CloseMax, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task WriteAsync(IByteLink link, CancellationToken cancel)
    {
        byte[] buffer = new byte[Math.Max(BufferBytes, _client.OutputBytesMin)];
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(static news => ((Signal)news!).Set(), _news);
        while (true)
        {
            int count;
            lock (_lock)
            {
                cancel.ThrowIfCancellationRequested();
                count = _client.Produce(buffer);
                SetAlarm(count == 0 ? TimeSpan.Zero : _options.HelloEvery);
            }

            if (count == 0)
            {
                await _news.WaitAsync();
            }
            else
            {
                await link.WriteAsync(buffer.AsMemory(0, count), cancel);
            }
        }
    }

    private async Task ReadAsync(IByteLink link, CancellationToken cancel)
    {
        byte[] buffer = new byte[BufferBytes];
        for (int count = await link.ReadAsync(buffer, cancel); count > 0; count = await link.ReadAsync(buffer, cancel))
        {
            lock (_lock)
            {
                cancel.ThrowIfCancellationRequested();
                _client.Consume(buffer.AsSpan(0, count));
            }

            _news.Set();
        }
    }
}
