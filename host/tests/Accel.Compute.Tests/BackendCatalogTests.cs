using Accel.Device;
using Xunit;

namespace Accel.Compute.Tests;

public class ComputeBackendsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The names on the list.</summary>
    public static TheoryData<string> Kinds => [.. ComputeBackends.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_listed_kind_can_be_made(string kind)
    {
        Assert.SkipWhen(kind == SimTransport.Kind && !SimTransport.IsBuilt(), SimulatedCard.NotBuilt);
        await using IComputeBackend backend = await ComputeBackends.CreateAsync(kind, threads: 1, Cancel);
        Assert.Equal(kind, backend.Info.Kind);
    }

    [Theory]
    [InlineData("abacus")]
    [InlineData("abacus:beads=10")]
    [InlineData("")]
    public async Task An_unknown_kind_is_answered_with_those_that_exist(string name)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => ComputeBackends.CreateAsync(name, null, Cancel).AsTask());
        Assert.Contains($"'{name.Split(':')[0]}'", error.Message, StringComparison.Ordinal);
        Assert.All(ComputeBackends.Kinds, kind => Assert.Contains(kind, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_are_refused_by_a_backend_that_has_none()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => ComputeBackends.CreateAsync("cpu:fast", null, Cancel).AsTask());
        Assert.Contains("'fast'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulated_card_that_is_not_built_says_what_builds_it()
    {
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => ComputeBackends.CreateAsync("sim:library=of-no-such-shape", null, Cancel).AsTask());
        Assert.Contains("libaccel_sim_of-no-such-shape.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("make sim", error.Message, StringComparison.Ordinal);
    }
}
