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
    private Quarantine? _quarantine;
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

    /// <summary>Takes over a quarantine from before; the device is then not opened until it is tested.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Inherit()
    {
        if (options.Quarantines?.Find(Name) is not { } quarantine)
        {
            return false;
        }

        lock (_lock)
        {
            _health = DeviceHealth.Quarantined;
            _quarantine = quarantine;
        }

        options.Notices?.Report(new DeviceNotice(
            Name, DeviceHealth.Quarantined, $"failed at {quarantine.Since:u} and has passed no self-test since: {quarantine.Reason}"));
        return true;
    }

    /// <summary>Why it may not be used now; null when it may. A device whose pause is over is tried in the background.</summary>
    public string? Refusal(ComputeOperation operation, int count)
    {
        lock (_lock)
        {
            if (_health == DeviceHealth.Quarantined && _readmission is null && options.Time.GetUtcNow() >= _quarantine?.NextTest)
            {
                _readmission = Task.Run(ReadmitAsync);
            }

            return _health switch
            {
                DeviceHealth.Ready => _refused.TryGetValue(operation, out (int Count, string Reason) refused) && count >= refused.Count ? refused.Reason : null,
                DeviceHealth.Lost => $"lost: {_quarantine?.Reason}",
                _ => $"quarantined: {_quarantine?.Reason}",
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
            QuarantineFor(reason, _quarantine?.Failures ?? 1);
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

        TimeSpan pause = TimeSpan.Zero;
        lock (_lock)
        {
            _readmission = null;
            if (failure is null)
            {
                _health = DeviceHealth.Ready;
                _quarantine = null;
                Keep(() => options.Quarantines?.Remove(Name));
            }
            else
            {
                pause = QuarantineFor(failure, (_quarantine?.Failures ?? 0) + 1);
            }
        }

        options.Notices?.Report(failure is null
            ? new DeviceNotice(Name, DeviceHealth.Ready, "passed its self-test and is used again")
            : new DeviceNotice(Name, DeviceHealth.Quarantined, $"failed its self-test and is tried again in {pause.TotalSeconds:N0} s: {failure}"));
    }

    /// <summary>Under the lock: until when the device is left alone after so many failures, twice as long after each.</summary>
    private TimeSpan QuarantineFor(string reason, int failures)
    {
        TimeSpan pause = options.PauseAfter(failures);
        DateTimeOffset now = options.Time.GetUtcNow();
        _quarantine = new Quarantine(Name, reason, _quarantine?.Since ?? now, failures, now + pause);
        Keep(() => options.Quarantines?.Put(_quarantine));
        return pause;
    }

    /// <summary>A record that can't be kept is no reason to lose the work at hand.</summary>
    private void Keep(Action change)
    {
        try
        {
            change();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            options.Notices?.Report(new DeviceNotice(Name, _health, $"whether it may be used can't be kept for other commands: {exception.Message}"));
        }
    }
}
