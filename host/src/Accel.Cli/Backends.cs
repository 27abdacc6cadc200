using Accel.Compute;
using Accel.Device;

namespace Accel.Cli;

/// <summary>The backends that this program is composed of.</summary>
internal static class Backends
{
    public static BackendCatalog Catalog { get; } = new([new CpuProvider(), .. DeviceTransports.All.Select(transport => new CardProvider(transport))]);
}
