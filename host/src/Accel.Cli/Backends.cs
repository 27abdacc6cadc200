using Accel.Compute;
using Accel.Compute.Auto;
#if ACCEL_MANAGED_BUILD
using Accel.Compute.Ilgpu;
#endif
using Accel.Compute.OpenCl;
using Accel.Device;

namespace Accel.Cli;

/// <summary>The backends that this program is composed of.</summary>
internal static class Backends
{
    /// <summary>The devices, without the backend that chooses among them.</summary>
    public static IReadOnlyList<IBackendProvider> Devices { get; } =
    [
        new CpuProvider(),
        new OpenClProvider(),
#if ACCEL_MANAGED_BUILD
        new IlgpuProvider(),
#else
        new ManagedBuildProvider(),
#endif
        .. DeviceTransports.All.Select(transport => new CardProvider(transport)),
    ];

    /// <summary>Everything that <c>--backend</c> takes.</summary>
    public static BackendCatalog Catalog { get; } = new([.. Devices, new AutoProvider(Devices, () => Calibration.Read(CalibrationPath), new AutoBackendOptions { Notices = new Warnings() })]);

    /// <summary>Where measurements are kept.</summary>
    public static string CalibrationPath => Environment.GetEnvironmentVariable("ACCEL_CALIBRATION") is { Length: > 0 } path ? path : Calibration.DefaultPath;

    /// <summary>Kinds of backend that this build lacks, and where they are.</summary>
#if ACCEL_MANAGED_BUILD
    public static IReadOnlyList<string> Missing { get; } = [];
#else
    public static IReadOnlyList<string> Missing { get; } = [ManagedBuildProvider.Reason];

    /// <summary>Stands for ILGPU, which makes code at run time, in the build that was compiled ahead of time.</summary>
    private sealed class ManagedBuildProvider : IBackendProvider
    {
        public const string Reason = "ilgpu: in the managed build only, build/accel; this one was compiled ahead of time";

        public string Kind => "ilgpu";

        public string Syntax => "ilgpu[:cpu|:cuda[:N]]";

        public ValueTask<IReadOnlyList<FoundDevice>> FindAsync(CancellationToken cancel) => new([]);

        public ValueTask<IComputeBackend> OpenAsync(string? options, int threads, CancellationToken cancel) => throw new DeviceException(Reason);
    }
#endif

    private sealed class Warnings : IProgress<DeviceNotice>
    {
        public void Report(DeviceNotice value) => Reporter.Warn($"{value.Device} ({value.Health.ToString().ToLowerInvariant()}): {value.Message}");
    }
}
