using Accel.Cli.Configuration;
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
    /// <summary>Every path to a card, with what is configured of it.</summary>
    public static IReadOnlyList<ITransportProvider> Transports { get; } = [.. DeviceTransports.All.Select(transport => new ConfiguredTransport(transport))];

    /// <summary>The devices, without the backend that chooses among them.</summary>
    public static IReadOnlyList<IBackendProvider> Devices { get; } =
    [
        new CpuProvider(),
        new OpenClProvider(() => Path.Combine(Settings.Current.CacheFolder, "opencl"), CardOptions),
#if ACCEL_MANAGED_BUILD
        new IlgpuProvider(),
#else
        new ManagedBuildProvider(),
#endif
        .. Transports.Select(transport => new CardProvider(transport, CardOptions)),
    ];

    /// <summary>What failed and has passed no self-test since.</summary>
    public static QuarantineFolder Quarantines { get; } = new(() => Path.Combine(Settings.Current.CalibrationFolder, "quarantine"));

    /// <summary>Everything that <c>--backend</c> takes.</summary>
    public static BackendCatalog Catalog { get; } = new(
        [.. Devices, new AutoProvider(Devices, () => Calibration.Read(CalibrationPath), new AutoBackendOptions { Notices = new Warnings(), Quarantines = Quarantines })]);

    /// <summary>Where measurements are kept.</summary>
    public static string CalibrationPath => Path.Combine(Settings.Current.CalibrationFolder, "calibration.json");

    /// <summary>The path to a card; null when the name is that of a backend that is none.</summary>
    public static ITransportProvider? TransportOf(string name) => Transports.FirstOrDefault(transport => transport.Kind == BackendCatalog.Split(name).Kind);

    /// <summary>Opens the path to a card and asks nothing of it.</summary>
    /// <exception cref="ArgumentException">There is no such kind of path, or an option is wrong.</exception>
    /// <exception cref="DeviceException">There is no such device, or it can't be opened.</exception>
    public static IDeviceTransport OpenTransport(string name) => TransportOf(name)?.Open(BackendCatalog.Split(name).Options ?? string.Empty)
        ?? throw new ArgumentException($"there is no path to a card called '{name}'; there is: {string.Join(", ", Transports.Select(transport => transport.Syntax))}");

    private static FpgaBackendOptions CardOptions() => new() { CelsiusMax = Settings.Current.CardCelsiusMax };

    /// <summary>What the configuration says of a device, where its name does not.</summary>
    private sealed class ConfiguredTransport(ITransportProvider inner) : ITransportProvider
    {
        public string Kind => inner.Kind;

        public string Syntax => inner.Syntax;

        public IReadOnlyList<FoundTransport> Find() => inner.Find();

        public IDeviceTransport Open(string options) => inner.Open(Kind switch
        {
            "pcie" => Settings.Current.PcieOptions(options),
            "serial" => Settings.Current.SerialOptions(options),
            _ => options,
        });
    }

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
