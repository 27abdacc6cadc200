using System.Diagnostics;
using System.Text.Json.Nodes;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>What the native build adds to the managed one, and that nothing is lost in it.</summary>
[Trait("speed", "slow")]
public sealed class NativeBuildTests(ITestOutputHelper output)
{
    private const int Runs = 20;

    [Fact]
    public async Task It_starts_before_the_managed_build()
    {
        double native = await FastestMsAsync(AccelProgram.Native);
        double managed = await FastestMsAsync(AccelProgram.Managed);
        output.WriteLine($"--version, minimum of {Runs} runs: native {native:F1} ms, managed {managed:F1} ms");
        Assert.True(native < managed, $"native {native:F1} ms, managed {managed:F1} ms");
    }

    [Fact]
    public async Task Both_builds_print_the_same_for_the_same_file()
    {
        string key = OutsideData.Path("zkeys/semaphore-1/circuit.zkey");
        string[][] commands = [["--help"], ["settle", "--help"], ["inspect", key], ["inspect", key, "--json"], ["bench", "msm", "--help"]];
        foreach (string[] command in commands)
        {
            AccelOutput native = await AccelProgram.Native.RunAsync(0, command);
            AccelOutput managed = await AccelProgram.Managed.RunAsync(0, command);
            Assert.Equal(managed.Output, native.Output);
        }
    }

    [Fact]
    public async Task It_says_that_ilgpu_is_in_the_managed_build_only()
    {
        AccelOutput devices = await AccelProgram.Native.RunAsync(0, "devices");
        Assert.Contains("ilgpu: in the managed build only", devices.Error, StringComparison.Ordinal);
        AccelOutput asked = await AccelProgram.Native.TryRunAsync("bench", "ntt", "--backend", "ilgpu", "--log-size", "4");
        Assert.NotEqual(0, asked.Status);
        Assert.Contains("ilgpu: in the managed build only", asked.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_settles_a_book_and_a_local_chain_accepts_the_proof()
    {
        using TemporaryFolder folder = new();
        AccelOutput settled = await AccelProgram.Native.RunAsync(
            0, "settle", "--market", SettledBatchFixture.Sample("market-btc.csv"), "--book", SettledBatchFixture.Sample("book-small.json"),
            "--shape", "1x4x1x1", "--out", folder["batch"], "--cache", SettledBatchFixture.Cache, "--json");
        JsonNode record = JsonNode.Parse(settled.Output)!["batch"]!;
        AccelOutput submitted = await AccelProgram.Native.RunAsync(0, "submit", folder["batch"], "--json");
        JsonNode accepted = JsonNode.Parse(submitted.Output)!;
        Assert.Equal((string?)record["Contract"], (string?)accepted["contract"], ignoreCase: true);
        Assert.Equal((string?)JsonNode.Parse(settled.Output)!["report"]!["NewRoot"], (string?)accepted["root"]);
    }

    private static async Task<double> FastestMsAsync(AccelProgram program)
    {
        double fastest = double.PositiveInfinity;
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            await program.RunAsync(0, "--version");
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return fastest;
    }
}
