using System.Text.Json;
using Accel.Device;
using Accel.Proving.Formats;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>Real statements, proved on the RTL by the command line.</summary>
[Trait("speed", "slow")]
public sealed class SimulatedCardTests
{
    private const string NotBuilt = "the simulated card is not built: run `make sim`";

    [Fact]
    public async Task A_production_keys_proof_made_on_the_RTL_is_accepted_by_snarkjs()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        using JsonDocument report = await ProductionKey.ProveAsync(AccelProgram.Managed, "sim");
        ProductionKey.RequireWorkOfCard(report.RootElement);
    }

    [Fact]
    public async Task A_settlement_proved_on_the_RTL_moves_the_contracts_root()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        using TemporaryFolder folder = new();
        AccelOutput settled = await AccelProcess.RunAsync(
            0,
            "settle",
            "--market",
            SettledBatchFixture.Sample("market-btc.csv"),
            "--book",
            SettledBatchFixture.Sample("book-small.json"),
            "--shape",
            "1x4x1x1",
            "--out",
            folder["batch"],
            "--cache",
            SettledBatchFixture.Cache,
            "--backend",
            "sim",
            "--json");
        string File(string name) => Path.Combine(folder["batch"], name);
        Snarkjs.Run("groth16", "verify", File("verification_key.json"), File("public.json"), File("proof.json"));
        using JsonDocument json = JsonDocument.Parse(settled.Output);
        Assert.Equal(4, json.RootElement.GetProperty("operations").EnumerateArray().Count(operation => operation.GetProperty("operation").GetString() == "msm"));
        JsonElement solve = json.RootElement.GetProperty("solve");
        Assert.InRange(solve.GetProperty("witnessBytesSentWhileSolving").GetInt64(), 1, solve.GetProperty("witnessBytes").GetInt64());
        AccelOutput submitted = await AccelProcess.RunAsync(0, "submit", folder["batch"], "--json");
        Fr[] inputs = PublicJson.Read(File("public.json"));
        Assert.NotEqual(inputs[3], inputs[4]);
        using JsonDocument receipt = JsonDocument.Parse(submitted.Output);
        Assert.Equal(inputs[4].ToString(), receipt.RootElement.GetProperty("root").GetString());
    }

    [Theory]
    [InlineData("uniform")]
    [InlineData("witness")]
    [InlineData("ones")]
    public async Task A_benchmark_is_one_line_of_JSON_and_never_adds_more_than_the_digits_need(string scalars)
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        AccelOutput output = await AccelProcess.RunAsync(0, "bench", "msm", "--backend", "sim", "--log-size", "7", "--scalars", scalars, "--json");
        using JsonDocument json = JsonDocument.Parse(Assert.Single(output.Output.TrimEnd().Split('\n')));
        JsonElement record = json.RootElement;
        Assert.Equal(("msm", "bn254", scalars), (record.GetProperty("op").GetString(), record.GetProperty("curve").GetString(), record.GetProperty("scalars").GetString()));
        int windows = record.GetProperty("windows").GetInt32();
        long buckets = 1L << (record.GetProperty("window_bits").GetInt32() - 1);
        Assert.InRange(record.GetProperty("accumulate_cycles").GetInt64(), 128, record.GetProperty("cycles").GetInt64());
        Assert.InRange(
            record.GetProperty("aggregate_cycles").GetInt64(), 1, (long)(1.05 * 2 * windows * buckets) + (14 * record.GetProperty("adder_latency").GetInt64()));
    }

    [Fact]
    public async Task A_card_with_wrong_options_is_refused_by_name()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), NotBuilt);
        AccelOutput output = await AccelProcess.RunAsync(2, "bench", "ntt", "--backend", "sim:warp=9", "--log-size", "4");
        Assert.Contains("'warp=9'", output.Error, StringComparison.Ordinal);
    }
}
