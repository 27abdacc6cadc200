using System.Text.Json;
using Accel.Device.OpenCl;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>A real statement, proved through OpenCL by the command line: by kernels, and by a card whose shell speaks it.</summary>
public sealed class OpenClTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The folder of the driver that presents the simulated card, and of the card's program.</summary>
    private static string Vendors => Path.Combine(OutsideData.RepositoryRoot, "build", "sim", "opencl");

    [Fact]
    public async Task A_production_keys_proof_made_by_kernels_is_accepted_by_snarkjs()
    {
        Assert.SkipWhen(
            OpenClDevice.Find().All(device => !device.HasCompiler) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")),
            "there is no OpenCL device that compiles kernels: `make setup` installs pocl-opencl-icd");
        using TemporaryFolder cache = new();
        using JsonDocument json = await ProductionKey.ProveAsync(AccelProgram.Managed.With("XDG_CACHE_HOME", cache["cache"]), "opencl");
        Assert.Contains("work-groups", json.RootElement.GetProperty("device").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(cache["cache"], "accel", "opencl"), "*.bin").Length);
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task A_production_keys_proof_made_by_a_card_behind_OpenCL_is_accepted_by_snarkjs()
    {
        using JsonDocument json = await ProductionKey.ProveAsync(Card(), $"opencl:0/0#{Path.Combine(Vendors, "full.bin")}");
        ProductionKey.RequireWorkOfCard(json.RootElement);
    }

    [Theory]
    [InlineData("accel-card 2\nlibrary=libaccel_sim.so\n", "CL_INVALID_BINARY")]
    [InlineData("accel-card 1\nlibrary=libaccel_sim_of_no_such_shape.so\n", "libaccel_sim_of_no_such_shape.so")]
    [InlineData("accel-card 1\nlibrary=libaccel_sim.so\noptions=warp=9\n", "warp")]
    public async Task A_program_that_the_card_cannot_take_is_refused_with_the_reason(string program, string reason)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["card.bin"], program, Cancel);
        AccelOutput output = await Card().TryRunAsync("bench", "msm", "--log-size", "3", "--backend", $"opencl:0/0#{folder["card.bin"]}");
        Assert.NotEqual(0, output.Status);
        Assert.Contains(reason, output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_without_its_program_is_refused_with_the_devices_name()
    {
        AccelOutput output = await Card().TryRunAsync("bench", "msm", "--log-size", "3", "--backend", "opencl:accel/card");
        Assert.NotEqual(0, output.Status);
        Assert.Contains("Accel simulated card", output.Error, StringComparison.Ordinal);
        Assert.Contains("#", output.Error, StringComparison.Ordinal);
    }

    private static AccelProgram Card()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Vendors, "accel.icd")), "the simulated card's OpenCL driver is not built: run `make sim`");
        return AccelProgram.Managed.With("OCL_ICD_VENDORS", Vendors);
    }
}
