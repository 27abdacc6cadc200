using System.Text.Json;
using Accel.Device;
using Accel.Faults;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>The same statement over every path to a card, each against the RTL.</summary>
[Trait("speed", "slow")]
public sealed class CardPathTests
{
    private const string NotBuilt = "the simulated card is not built: run `make sim-libraries`";

    [Fact]
    public async Task A_production_keys_proof_made_over_PCIe_is_accepted_by_snarkjs()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        using TemporaryFolder folder = new();
        await using CardServer server = await CardServer.StartAsync("--xdma", folder["card"], "--statistics");
        using JsonDocument report = await ProductionKey.ProveAsync(AccelProgram.Managed, "pcie:" + folder["card"]);
        ProductionKey.RequireWorkOfCard(report.RootElement);

        // 6,400 bases, 6,400 scalars and what the quotient needs have gone over the link, at the rate that it was given.
        using JsonDocument statistics = JsonDocument.Parse(await server.StopAsync());
        long Counter(string name) => statistics.RootElement.GetProperty(name).GetInt64();
        Assert.InRange(Counter("bytes_to_card"), 600_000, 2_000_000);
        Assert.InRange(Counter("bytes_from_card"), 200_000, 1_000_000);
        Assert.InRange(Counter("link_cycles"), (Counter("bytes_to_card") + Counter("bytes_from_card")) / 28, Counter("cycles"));
        Assert.InRange(Counter("both_cycles"), 1, Math.Min(Counter("link_cycles"), Counter("engine_cycles")));
    }

    [Fact]
    public async Task A_production_keys_proof_made_over_a_UART_is_accepted_by_snarkjs()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        using TemporaryFolder folder = new();
        await using CardServer server = await CardServer.StartAsync("--pty", folder["tty"]);

        // The rate means nothing to a pseudo terminal; it tells the host how patient to be with the simulation.
        using JsonDocument report = await ProductionKey.ProveAsync(AccelProgram.Managed, $"serial:{folder["tty"]}@38400");
        ProductionKey.RequireWorkOfCard(report.RootElement);
    }

    [Fact]
    public async Task A_production_keys_proof_made_over_USB_is_accepted_by_snarkjs()
    {
        Assert.SkipUnless(SimTransport.IsBuilt() && File.Exists(CardServer.Program), NotBuilt);
        AccelProgram accel = AccelProgram.Managed.Behind(CardServer.Program, "serve", "--usb", "--");
        using JsonDocument report = await ProductionKey.ProveAsync(accel, "usb:1d50:6130:0001");
        ProductionKey.RequireWorkOfCard(report.RootElement);
    }

    /// <summary>One proof for each fault that the link repairs; of these two by default, all with the long counts.</summary>
    [Theory]
    [InlineData("usb", PathFault.Drop)]
    [InlineData("usb", PathFault.Flip)]
    [InlineData("serial", PathFault.Duplicate)]
    [InlineData("usb", PathFault.Reorder)]
    [InlineData("serial", PathFault.Garbage)]
    [InlineData("usb", PathFault.Delay)]
    [InlineData("usb", PathFault.Unplug)]
    public async Task A_production_keys_proof_comes_through_a_fault_of_the_path(string path, PathFault fault)
    {
        Assert.SkipUnless(TestScale.IsLong || fault is PathFault.Drop or PathFault.Unplug, "with the long counts only: each takes a minute or more");
        Assert.SkipUnless(ProofRun.IsPossible && SimTransport.IsBuilt(), NotBuilt + ", or the production key is not beside this checkout");
        FaultRun run = await ProofRun.RunAsync(Path.Combine(AppContext.BaseDirectory, "accel.dll"), path, fault, seed: 1);
        Assert.True(run.IsGood, run.ToString());
        Assert.True(run.Struck, "the proof was made before any fault took effect");
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_refused_with_what_would_help()
    {
        AccelOutput output = await AccelProcess.TryRunAsync("bench", "ntt", "--backend", "pcie:77", "--log-size", "4");
        Assert.NotEqual(0, output.Status);
        Assert.Contains("/dev/xdma77_user", output.Error, StringComparison.Ordinal);
        Assert.Contains("modprobe xdma", output.Error, StringComparison.Ordinal);
    }
}
