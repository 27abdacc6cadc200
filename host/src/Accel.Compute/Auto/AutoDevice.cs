using Accel.Device;

namespace Accel.Compute.Auto;

/// <summary>Whether a device may be given work.</summary>
public enum DeviceHealth
{
    /// <summary>It may.</summary>
    Ready,

    /// <summary>It failed. A self-test that it passes lets it back.</summary>
    Quarantined,

    /// <summary>It did not end a call even when that was cancelled; it is not used again while this program runs.</summary>
    Lost,
}

/// <summary>A device that <see cref="AutoBackend"/> may choose.</summary>
/// <param name="Name">The name by which it is opened.</param>
/// <param name="Model">What it takes for what.</param>
/// <param name="OpenAsync">Opens it; called again to let it back after it failed.</param>
public sealed record AutoDevice(string Name, CostModel Model, Func<CancellationToken, ValueTask<IComputeBackend>> OpenAsync);

/// <summary>Something that an operator should know of a device.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Health">What it is now.</param>
/// <param name="Message">What happened, in words.</param>
public sealed record DeviceNotice(string Device, DeviceHealth Health, string Message);

/// <summary>One open device: its backend, its health, and the work that it was given.</summary>
internal sealed class DeviceSlot(AutoDevice device, AutoBackendOptions options) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private IComputeBackend? _backend;
    private readonly Dictionary<ComputeOperation, (int Count, string Reason)> _refused = [];
    private DeviceHealth _health;
    private string _reason = string.Empty;
    private TimeSpan _pause = options.FirstPause;
    private long _failedAt;
    private Task? _readmission;

    public string Name => device.Name;

    public CostModel Model => device.Model;

    public bool IsOpen => _backend is not null;

    /// <summary>Whether it was given work since it was opened.</summary>
    public bool WasUsed { get; set; }

    public IComputeBackend Backend => _backend ?? throw new InvalidOperationException($"{Name} was not opened");

    /// <summary>Counts the times that the device was opened: what was resident before is not any more.</summary>
    public int Generation { get; private set; }

    public DeviceHealth Health
    {
        get
        {
            lock (_lock)
            {
                return _health;
            }
        }
    }

    /// <summary>Milliseconds of work that it was given and has not ended.</summary>
    public double BacklogMs { get; private set; }

    public async Task OpenAsync(CancellationToken cancel)
    {
        _backend = await device.OpenAsync(cancel);
        Generation++;
        WasUsed = false;
    }

    /// <summary>Why it may not be used now; null when it may. A device whose pause is over is tried in the background.</summary>
    public string? Refusal(ComputeOperation operation, int count)
    {
        lock (_lock)
        {
            if (_health == DeviceHealth.Quarantined && _readmission is null && options.Time.GetElapsedTime(_failedAt) >= _pause)
            {
                _readmission = Task.Run(ReadmitAsync);
            }

            return _health switch
            {
                DeviceHealth.Ready => _refused.TryGetValue(operation, out (int Count, string Reason) refused) && count >= refused.Count ? refused.Reason : null,
                DeviceHealth.Lost => $"lost: {_reason}",
                _ => $"quarantined: {_reason}",
            };
        }
    }

    public void AddBacklog(double milliseconds)
    {
        lock (_lock)
        {
            BacklogMs += milliseconds;
        }
    }

    /// <summary>Remembers that it can't do an operation of this size, and hence of no larger one.</summary>
    public void Refuse(ComputeOperation operation, int count, string reason)
    {
        lock (_lock)
        {
            _refused[operation] = (count, reason);
        }
    }

    public void Fail(DeviceHealth health, string reason)
    {
        lock (_lock)
        {
            if (_health == DeviceHealth.Lost)
            {
                return;
            }

            _health = health;
            _reason = reason;
            _failedAt = options.Time.GetTimestamp();
        }

        options.Notices?.Report(new DeviceNotice(Name, health, reason));
    }

    /// <summary>Ends what is under way in the background, so that a test can look at the outcome.</summary>
    internal Task SettleAsync()
    {
        lock (_lock)
        {
            return _readmission ?? Task.CompletedTask;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await SettleAsync();

        // A call that never ended still has the backend.
        if (_backend is not null && Health != DeviceHealth.Lost)
        {
            await CloseQuietlyAsync(_backend);
        }
    }

    private static async Task CloseQuietlyAsync(IComputeBackend backend)
    {
        try
        {
            await backend.DisposeAsync();
        }
        catch (IOException)
        {
            // A device that is gone can't be closed; there is nothing left to do about it.
        }
    }

    private async Task ReadmitAsync()
    {
        string? failure;
        try
        {
            using CancellationTokenSource deadline = new(options.SelfTestTimeMax, options.Time);
            if (_backend is not null)
            {
                await CloseQuietlyAsync(_backend);
            }

            await OpenAsync(deadline.Token);
            failure = await options.SelfTest(Backend, deadline.Token);
        }
        catch (Exception exception) when (exception is DeviceException or OperationCanceledException or NotSupportedException or InvalidOperationException)
        {
            failure = exception.Message;
        }

        lock (_lock)
        {
            _readmission = null;
            if (failure is null)
            {
                _health = DeviceHealth.Ready;
                _pause = options.FirstPause;
            }
            else
            {
                _reason = failure;
                _failedAt = options.Time.GetTimestamp();
                _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, options.LongestPause.Ticks));
            }
        }

        options.Notices?.Report(failure is null
            ? new DeviceNotice(Name, DeviceHealth.Ready, "passed its self-test and is used again")
            : new DeviceNotice(Name, DeviceHealth.Quarantined, $"failed its self-test and is tried again in {_pause.TotalSeconds:N0} s: {failure}"));
    }
}
