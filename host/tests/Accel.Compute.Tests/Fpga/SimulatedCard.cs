using Accel.Device;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>Opens simulated cards, or skips the test where they are not built; CI builds them before the tests.</summary>
internal static class SimulatedCard
{
    public const string NotBuilt = "the simulated card is not built: run `make sim`";

    public static async ValueTask<FpgaBackend> OpenAsync(string options = "", FpgaBackendOptions? settings = null) =>
        await FpgaBackend.OpenAsync(Transport(options), settings ?? new FpgaBackendOptions { Threads = 2 }, TestContext.Current.CancellationToken);

    public static SimTransport Transport(string options, string library = "")
    {
        Assert.SkipUnless(SimTransport.IsBuilt(library), NotBuilt);
        return new SimTransport(library.Length == 0 ? options : $"library={library},{options}");
    }
}
