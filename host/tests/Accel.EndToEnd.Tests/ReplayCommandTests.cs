using System.Text.Json;
using Accel.Derivatives.Trading;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>The managed build replays.</summary>
public sealed class ManagedReplayCommandTests() : ReplayCommandTests(() => AccelProgram.Managed);

/// <summary>The native build replays the same.</summary>
[Trait("speed", "slow")]
public sealed class NativeReplayCommandTests() : ReplayCommandTests(() => AccelProgram.Native);

/// <summary>What `accel venue replay` says, the batches it writes, and how it refuses what it cannot read.</summary>
public abstract class ReplayCommandTests(Func<AccelProgram> build)
{
    private static readonly string Flow = Sample("flow-btcusd.csv"), Market = Sample("market-btc.csv");

    private AccelProgram Accel => build();

    [Fact]
    public async Task A_replay_reports_its_known_answers_and_its_times()
    {
        using JsonDocument json = JsonDocument.Parse((await Accel.RunAsync(0, "venue", "replay", Flow, "--runs", "1", "--json")).Output);
        JsonElement report = json.RootElement;
        Assert.Equal("Bitstamp event table", report.GetProperty("format").GetString());
        Assert.Equal((323, 57, 57), (Count(report, "messages"), Count(report, "trades"), Count(report, "tradesAgreeing")));
        Assert.Equal(0, Count(report, "crossedStates"));
        Assert.True(Count(report.GetProperty("serviceNs"), "p99.9") >= Count(report.GetProperty("serviceNs"), "p50"));
        Assert.False(report.TryGetProperty("batches", out _));
    }

    [Fact]
    public async Task Batches_are_written_checked_and_proved_from_their_files_and_are_chained()
    {
        using TemporaryFolder folder = new();
        string[] arguments =
        [
            "venue", "replay", Flow, "--runs", "1", "--json", "--batches", folder["out"], "--market", Market, "--shape", "4x2x8x2x2",
            "--members", "2", "--batches-max", "3", "--check", "--prove", "1", "--cache", SettledBatchFixture.Cache,
        ];
        AccelOutput run = await Accel.RunAsync(0, arguments);
        Assert.Contains("SIMULATION", run.Error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement batches = json.RootElement.GetProperty("batches");
        Assert.Contains("SIMULATION", batches.GetProperty("simulation").GetString(), StringComparison.Ordinal);
        Assert.Equal((3, 3, 1), (Count(batches, "count"), Count(batches, "checked"), Count(batches, "proved")));
        Assert.True(batches.GetProperty("developmentKey").GetBoolean());
        int booked = Count(batches, "fillsBooked");
        Assert.Equal(57, booked + Count(batches, "fillsRefusedByPreTradeRisk") + Count(batches, "fillsBeyondLastBatch"));
        int causes = batches.GetProperty("refusals").EnumerateObject().Sum(cause => cause.Value.GetInt32());
        Assert.Equal(Count(batches, "fillsRefusedByPreTradeRisk"), causes);

        string root = batches.GetProperty("firstRoot").GetString()!;
        int trades = 0;
        for (int number = 0; number < 3; number++)
        {
            TradeBatchResult batch = TradeBatchFile.ReadFile(Path.Combine(folder["out"], $"batch-{number:D6}", "trades.json"));
            Assert.Equal(root, batch.PublicInputs.OldRoot.ToString());
            Assert.Equal((ulong)number, batch.PublicInputs.BatchNumber);
            root = batch.PublicInputs.NewRoot.ToString();
            trades += batch.Batch.Trades.Count;
        }

        Assert.Equal((booked, batches.GetProperty("lastRoot").GetString()), (trades, root));
        string proved = Path.Combine(folder["out"], "batch-000000");
        await Accel.RunAsync(
            0, "verify", "groth16", Path.Combine(proved, "verification_key.json"), Path.Combine(proved, "public.json"),
            Path.Combine(proved, "proof.json"));
        Assert.Equal(3, Directory.GetDirectories(folder["out"]).Length);

        AccelOutput again = await Accel.RunAsync(2, arguments);
        Assert.Contains("is not empty", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_pre_trade_risk_refuses_is_counted_by_cause()
    {
        using TemporaryFolder folder = new();
        AccelOutput run = await Accel.RunAsync(
            0, "venue", "replay", Flow, "--runs", "1", "--json", "--batches", folder["out"], "--market", Market, "--members", "4", "--cash", "0");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement batches = json.RootElement.GetProperty("batches");
        JsonElement refusals = batches.GetProperty("refusals");
        Assert.Equal((0, 0), (Count(batches, "count"), Count(batches, "fillsBooked")));
        Assert.Equal(57, Count(refusals, "initialMargin") + Count(refusals, "selfTrade") + Count(refusals, "belowOneUnit"));
        Assert.True(Count(refusals, "initialMargin") > 40);
    }

    [Theory]
    [InlineData("--check means nothing without --batches", "--check")]
    [InlineData("--seed means nothing without --batches", "--seed", "2")]
    [InlineData("is not instruments x accounts x positions x expiries x trades", "--batches", "OUT", "--shape", "4x4")]
    [InlineData("--members must be within 2…4096", "--batches", "OUT", "--members", "1")]
    [InlineData("'much' is not a decimal number", "--batches", "OUT", "--cash", "much")]
    [InlineData("expected four parts", "--batches", "OUT", "--instrument", "BTC")]
    [InlineData("has expired", "--batches", "OUT", "--market", "MARKET", "--instrument", "BTC-5MAR27-98000-C")]
    [InlineData("no-such.csv", "--batches", "OUT", "--market", "no-such.csv")]
    public async Task What_cannot_be_answered_is_refused_with_status_2(string expected, params string[] options)
    {
        using TemporaryFolder folder = new();
        string[] named = [.. options.Select(option => option switch { "OUT" => folder["out"], "MARKET" => Market, _ => option })];
        AccelOutput refused = await Accel.RunAsync(2, ["venue", "replay", Flow, "--runs", "1", .. named]);
        Assert.Contains(expected, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_with_file_and_line()
    {
        using TemporaryFolder folder = new();
        string[] lines = await File.ReadAllLinesAsync(Flow, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(folder["flow.csv"], lines.Where((_, i) => i != 40), TestContext.Current.CancellationToken);
        AccelOutput refused = await Accel.RunAsync(2, "venue", "replay", folder["flow.csv"]);
        Assert.Contains("flow.csv: line 41: seq is 40; expected 39", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lobster_AMZN_2012-06-21_message_1.csv.gz", 9_570)]
    [InlineData("bitstamp_btcusd_20150501_partA.csv.gz", 420)]
    public async Task Recorded_flow_never_crosses_the_book_and_becomes_batches(string name, int fills)
    {
        using TemporaryFolder folder = new();
        AccelOutput run = await Accel.RunAsync(
            0, "venue", "replay", OutsideData.Path($"order_flow/{name}"), "--runs", "1", "--json", "--batches", folder["out"], "--market", Market,
            "--batches-max", "2");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal((0, fills), (Count(json.RootElement, "crossedStates"), Count(json.RootElement, "fills")));
        JsonElement batches = json.RootElement.GetProperty("batches");
        Assert.Equal((2, 32), (Count(batches, "count"), Count(batches, "fillsBooked")));
        Assert.Equal(fills - 32, Count(batches, "fillsBeyondLastBatch") + Count(batches, "fillsRefusedByPreTradeRisk"));
    }

    private static int Count(JsonElement parent, string name) => parent.GetProperty(name).GetInt32();

    private static string Sample(string name) => Path.Combine(OutsideData.RepositoryRoot, "host", "samples", name);
}
