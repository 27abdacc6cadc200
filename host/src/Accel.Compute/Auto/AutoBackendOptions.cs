using Accel.Device;

namespace Accel.Compute.Auto;

/// <summary>How <see cref="AutoBackend"/> treats its devices.</summary>
public sealed record AutoBackendOptions
{
    /// <summary>Runs a device's self-test; returns null when it passed, otherwise what failed. By default <see cref="BackendSelfTest"/>.</summary>
    public Func<IComputeBackend, CancellationToken, ValueTask<string?>> SelfTest { get; init; } = RunSelfTestAsync;

    /// <summary>Told when a device fails or comes back.</summary>
    public IProgress<DeviceNotice>? Notices { get; init; }

    /// <summary>Where quarantines outlive this program; null when they don't.</summary>
    public QuarantineFolder? Quarantines { get; init; }

    /// <summary>How often bases are used once they are resident, at least 1: one proof, or the many of a service.</summary>
    public int UsesOfBases { get; init; } = 1;

    /// <summary>The most scalars that a device other than the processor is given in one call: what is lost when it fails.</summary>
    public int SegmentScalars { get; init; } = 1 << 20;

    /// <summary>A call fails when it takes this many times as long as expected, and <see cref="DeadlineFloor"/> has gone by.</summary>
    public double Patience { get; init; } = 20;

    /// <summary>No call fails for its time before this.</summary>
    public TimeSpan DeadlineFloor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call may go on once it is cancelled; then its device is lost.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From a failure to the first self-test; it doubles with every one that fails.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time between two self-tests.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A self-test that takes longer has failed.</summary>
    public TimeSpan SelfTestTimeMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a device is left alone after so many failures in a row, at least 1.</summary>
    public TimeSpan PauseAfter(int failures) =>
        TimeSpan.FromTicks((long)Math.Min(FirstPause.Ticks * Math.Pow(2, failures - 1), LongestPause.Ticks));

    private static async ValueTask<string?> RunSelfTestAsync(IComputeBackend backend, CancellationToken cancel)
    {
        SelfTestReport report = await BackendSelfTest.RunAsync(backend, cancel);
        return report.Steps.FirstOrDefault(step => !step.Passed) is { } failed ? $"{failed.Name}: {failed.Detail}"
            : report.Passed ? null : "it has no engine";
    }
}
