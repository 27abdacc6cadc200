using Accel.Compute;
using Accel.Compute.Auto;
using Accel.Compute.OpenCl;
using Accel.Device;

namespace Accel.Cli;

/// <summary>The backends that this program is composed of.</summary>
internal static class Backends
{
    /// <summary>The devices, without the backend that chooses among them.</summary>
    public static IReadOnlyList<IBackendProvider> Devices { get; } = [new CpuProvider(), new OpenClProvider(), .. DeviceTransports.All.Select(transport => new CardProvider(transport))];

    /// <summary>Everything that <c>--backend</c> takes.</summary>
    public static BackendCatalog Catalog { get; } = new([.. Devices, new AutoProvider(Devices, () => Calibration.Read(CalibrationPath), new AutoBackendOptions { Notices = new Warnings() })]);

    /// <summary>Where measurements are kept.</summary>
    public static string CalibrationPath => Environment.GetEnvironmentVariable("ACCEL_CALIBRATION") is { Length: > 0 } path ? path : Calibration.DefaultPath;

    private sealed class Warnings : IProgress<DeviceNotice>
    {
        public void Report(DeviceNotice value) => Reporter.Warn($"{value.Device} ({value.Health.ToString().ToLowerInvariant()}): {value.Message}");
    }
}
