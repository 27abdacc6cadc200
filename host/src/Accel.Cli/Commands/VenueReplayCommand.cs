using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Accel.Derivatives.Matching.OrderFlow;
using HdrHistogram;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel venue replay</c>: recorded order flow through the matching engine.</summary>
internal static class VenueReplayCommand
{
    private const double QuietPercentile = 99.9;

    private static readonly double[] Percentiles = [50, 90, 99, 99.9, 99.99, 100];

    public static Command Create()
    {
        Argument<string> file = CommonOptions.Existing("file",
            "A LOBSTER message file with its orderbook file beside it, or Bitstamp's order stream as a log or a table; plain or .gz.");
        Option<int> rounds = BenchOptions.Runs();
        Option<int> rate = new("--rate")
        {
            Description = "Commands a second at which the response time is measured.",
            DefaultValueFactory = _ => 200_000,
        };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1_000 or > 100_000_000)
            {
                result.AddError("--rate must be within 1000…100000000");
            }
        });
        var batches = new ReplayBatchOptions();
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "replay",
            "Replay recorded order flow: check that the book never crosses, compare it with the record's own snapshots, and time the engine. "
            + "Service time is spent in the engine; response time counts from the instant a command is due at a constant rate, so waiting is "
            + "not omitted. With --batches the fills become trade batches of a simulated venue, each with its state before and after. "
            + "Exit status 1 when the book crossed.")
        {
            file,
            rounds,
            rate,
        };
        batches.AddTo(command);
        command.Add(json);
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(file),
            parsed.GetValue(rounds),
            parsed.GetValue(rate),
            batches.Of(parsed),
            new Reporter(parsed.GetValue(json)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        string path, int rounds, int rate, ReplayBatchRequest? request, Reporter reporter, CancellationToken cancel)
    {
        ReplayBatches? batches = request is null ? null : new ReplayBatches(request, reporter, cancel);
        ReplayReport report = FlowFile.Replay(path, cancel);
        var timing = new EngineTiming(report.Commands, report.Options);
        LongHistogram[] service = timing.Service(rounds, cancel);
        LongHistogram[] response = timing.Response(rounds, rate, cancel);
        double[] throughput = timing.Throughput(rounds, cancel);
        Array.Sort(throughput);
        var result = new JsonObject
        {
            ["format"] = report.Format,
            ["messages"] = report.Messages,
            ["commands"] = report.Commands.Count,
            ["corrections"] = report.Corrections,
            ["fills"] = report.Fills,
            ["crossedStates"] = report.CrossedStates,
            ["snapshots"] = report.Snapshots,
            ["snapshotsAgreeing"] = Counts(report.Agreements),
            ["snapshotsDiffering"] = Counts(report.Differences),
            ["executionsAgreeing"] = report.QueueAgreements,
            ["executionsDiffering"] = Counts(report.QueueDifferences),
            ["trades"] = report.Trades,
            ["tradesAgreeing"] = report.TradeAgreements,
            ["tradesDiffering"] = Counts(report.TradeDifferences),
            ["commandsRejected"] = Counts(report.Rejections),
            ["rounds"] = rounds,
            ["serviceNs"] = Describe(Merge(service)),
            ["serviceNsQuietestRound"] = Describe(Quietest(service)),
            ["responseNs"] = Describe(Merge(response)),
            ["responseNsQuietestRound"] = Describe(Quietest(response)),
            ["responseRatePerSecond"] = rate,
            ["commandsPerSecondBest"] = Math.Round(throughput[^1]),
            ["commandsPerSecondMedian"] = Math.Round(throughput[throughput.Length / 2]),
        };
        if (batches is not null)
        {
            result["batches"] = await batches.WriteAsync(path, report);
        }

        reporter.Result(result, () => Print(result));
        return report.CrossedStates == 0 ? ExitStatus.Done : ExitStatus.Refused;
    }

    private static JsonObject Counts(SortedDictionary<string, long> counts) =>
        new(counts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static LongHistogram Merge(LongHistogram[] rounds)
    {
        LongHistogram merged = EngineTiming.NewHistogram();
        foreach (LongHistogram round in rounds)
        {
            merged.Add(round);
        }

        return merged;
    }

    /// <summary>The round that the machine's other work disturbed least.</summary>
    private static LongHistogram Quietest(LongHistogram[] rounds) => rounds.MinBy(round => round.GetValueAtPercentile(QuietPercentile))!;

    private static JsonObject Describe(LongHistogram histogram) =>
        new(Percentiles.Select(percentile => KeyValuePair.Create(
            percentile == 100 ? "max" : string.Create(CultureInfo.InvariantCulture, $"p{percentile}"),
            (JsonNode?)histogram.GetValueAtPercentile(percentile))));

    private static void Print(JsonObject result)
    {
        Grid grid = new Grid().AddColumn().AddColumn(new GridColumn().RightAligned());
        AddRows(grid, result, indent: string.Empty);
        Reporter.Console.Write(grid);
    }

    private static void AddRows(Grid grid, JsonObject parts, string indent)
    {
        foreach ((string name, JsonNode? value) in parts)
        {
            grid.AddRow(Markup.Escape(indent + name), Markup.Escape(value is JsonObject ? string.Empty : Text(value!)));
            if (value is JsonObject inner)
            {
                AddRows(grid, inner, indent + "  ");
            }
        }
    }

    private static string Text(JsonNode value) => value.GetValueKind() == JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture)
        : value.ToString();
}
