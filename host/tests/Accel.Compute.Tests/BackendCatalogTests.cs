using Accel.Device;
using Xunit;

namespace Accel.Compute.Tests;

public class BackendCatalogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static BackendCatalog Catalog { get; } = new([new CpuProvider(), new CardProvider(new SimTransportProvider())]);

    /// <summary>The names on the list.</summary>
    public static TheoryData<string> Kinds => [.. Catalog.Providers.Select(provider => provider.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_listed_kind_can_be_made(string kind)
    {
        Assert.SkipWhen(kind == SimTransport.Kind && !SimTransport.IsBuilt(), SimulatedCard.NotBuilt);
        await using IComputeBackend backend = await Catalog.OpenAsync(kind, threads: 1, Cancel);
        Assert.Equal(kind, backend.Info.Kind);
    }

    [Theory]
    [InlineData("abacus")]
    [InlineData("abacus:beads=10")]
    [InlineData("")]
    public async Task An_unknown_kind_is_answered_with_those_that_exist(string name)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => Catalog.OpenAsync(name, null, Cancel).AsTask());
        Assert.Contains($"'{name.Split(':')[0]}'", error.Message, StringComparison.Ordinal);
        Assert.All(Catalog.Providers, provider => Assert.Contains(provider.Syntax, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_found_can_be_opened_by_its_name()
    {
        IReadOnlyList<FoundDevice> found = await Catalog.FindAsync(Cancel);
        Assert.Equal(SimTransport.IsBuilt() ? [CpuBackend.Kind, SimTransport.Kind] : [CpuBackend.Kind], found.Select(device => device.Name));
        foreach (FoundDevice device in found)
        {
            await using IComputeBackend backend = await Catalog.OpenAsync(device.Name, threads: 1, Cancel);
            Assert.Equal(BackendCatalog.Split(device.Name).Kind, backend.Info.Kind);
        }
    }

    [Fact]
    public async Task Options_are_refused_by_a_backend_that_has_none()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => Catalog.OpenAsync("cpu:fast", null, Cancel).AsTask());
        Assert.Contains("'fast'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulated_card_that_is_not_built_says_what_builds_it()
    {
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => Catalog.OpenAsync("sim:library=of-no-such-shape", null, Cancel).AsTask());
        Assert.Contains("libaccel_sim_of-no-such-shape.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("make sim", error.Message, StringComparison.Ordinal);
    }
}
