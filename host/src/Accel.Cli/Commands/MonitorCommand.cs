using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Device;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel monitor</c>: a card's counters as they run. Nothing is written to it.</summary>
internal static class MonitorCommand
{
    private const double IntervalMin = 0.01;
    private const double IntervalMax = 3600;
    private const string CyclesSuffix = "_CYCLES";

    public static Command Create()
    {
        Option<string> device = CommonOptions.Device("The card", anyBackend: false);
        Option<double> interval = new("--interval") { Description = "Seconds between two readings.", DefaultValueFactory = _ => 1 };
        interval.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= IntervalMin and <= IntervalMax))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--interval must be within {IntervalMin}…{IntervalMax} seconds"));
            }
        });
        Option<int?> count = new("--count") { Description = "Readings after which to end; by default there is no end but Ctrl-C, which is exit status 0." };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("--count must be at least 1");
            }
        });
        Option<bool> json = CommonOptions.Json("Print one JSON object a line and reading instead of a table.");
        Command command = new("monitor", "Show a card's counters and their rates until Ctrl-C. The card is only read, and may work for others meanwhile.") { device, interval, count, json };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(device), TimeSpan.FromSeconds(parsed.GetValue(interval)), parsed.GetValue(count), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string name, TimeSpan interval, int? count, bool json, CancellationToken cancel)
    {
        try
        {
            await using IDeviceTransport transport = Backends.OpenTransport(name);
            IAsyncEnumerable<CounterReading> readings = CounterReading.RepeatAsync(transport, interval, count, TimeProvider.System, cancel);
            if (json)
            {
                await foreach (CounterReading reading in readings)
                {
                    Reporter.Line(ToJson(name, reading));
                }
            }
            else if (Console.IsOutputRedirected || !Reporter.Console.Profile.Capabilities.Interactive)
            {
                await foreach (CounterReading reading in readings)
                {
                    Console.Out.WriteLine(ToLine(reading));
                }
            }
            else
            {
                await ShowAsync(transport.Info.Path, readings);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C is how a monitor ends.
        }

        return ExitStatus.Done;
    }

    internal static JsonObject ToJson(string name, CounterReading reading) => new()
    {
        ["device"] = name,
        ["seconds"] = Math.Round(reading.Elapsed.TotalSeconds, 6),
        ["status"] = $"0x{reading.Status:x8}",
        ["flags"] = new JsonArray([.. reading.Flags.Select(flag => (JsonNode)flag)]),
        ["celsius"] = reading.Celsius,
        ["counters"] = new JsonObject(reading.Counters.Select(counter => KeyValuePair.Create(counter.Register.Name, (JsonNode?)new JsonObject
        {
            ["value"] = counter.Value,
            ["growth"] = counter.Growth,
            ["perSecond"] = PerSecond(reading, counter) is { } rate ? Math.Round(rate, 3) : null,
            ["share"] = Share(reading, counter) is { } share ? Math.Round(share, 6) : null,
        }))),
    };

    private static async Task ShowAsync(string path, IAsyncEnumerable<CounterReading> readings) =>
        await Reporter.Console.Live(new Text(path)).StartAsync(async context =>
        {
            await foreach (CounterReading reading in readings)
            {
                context.UpdateTarget(ToTable(path, reading));
                context.Refresh();
            }
        });

    private static Table ToTable(string path, CounterReading reading)
    {
        string state = (reading.Flags.Count == 0 ? "idle" : string.Join(' ', reading.Flags)) + Temperature(reading);
        Table table = new Table().Title(Markup.Escape($"{path}   {state}")).Border(TableBorder.Simple).AddColumn("counter");
        foreach (string column in new[] { "value", "a second", "of the cycles" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (CounterValue counter in reading.Counters)
        {
            table.AddRow(
                counter.Register.Name, counter.Value.ToString("N0", CultureInfo.InvariantCulture),
                PerSecond(reading, counter)?.ToString("N0", CultureInfo.InvariantCulture) ?? string.Empty,
                Share(reading, counter)?.ToString("P1", CultureInfo.InvariantCulture) ?? string.Empty);
        }

        return table;
    }

    /// <summary>One line a reading: each counter by what it grew.</summary>
    private static string ToLine(CounterReading reading)
    {
        string state = (reading.Flags.Count == 0 ? "idle" : string.Join('+', reading.Flags)) + Temperature(reading);
        string counters = string.Join(' ', reading.Counters.Select(
            counter => $"{counter.Register.Name}={counter.Value}{(counter.Growth is { } growth ? $"(+{growth})" : "")}"));
        return string.Create(CultureInfo.InvariantCulture, $"{reading.Elapsed.TotalSeconds:F3} s {state} {counters}");
    }

    private static string Temperature(CounterReading reading) =>
        reading.Celsius is { } celsius ? string.Create(CultureInfo.InvariantCulture, $" {celsius:F1} °C") : string.Empty;

    private static double? PerSecond(CounterReading reading, CounterValue counter) =>
        counter.Growth is { } growth && reading.Elapsed > TimeSpan.Zero ? growth / reading.Elapsed.TotalSeconds : null;

    /// <summary>Of counters of cycles, the part of all cycles that went by.</summary>
    private static double? Share(CounterReading reading, CounterValue counter)
    {
        ulong? cycles = reading.Counters.Single(other => other.Register.Offset == AccelRegisters.CyclesLo).Growth;
        return counter.Register.Name.EndsWith(CyclesSuffix, StringComparison.Ordinal) && counter.Growth is { } growth && cycles > 0 ? growth / (double)cycles : null;
    }
}
