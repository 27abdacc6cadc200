using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Accel.Cli.Configuration;
using Accel.Compute;
using Accel.Device;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary>What the benchmarks share.</summary>
internal static class BenchOptions
{
    /// <summary>What is measured: the processor by the clock, a simulated card by its own cycles.</summary>
    public static Option<string> Backend()
    {
        Option<string> option = new("--backend")
        {
            Description = "What to measure, written as for `accel prove`: timed by the clock, but the simulated card, sim, in its own cycles.",
            DefaultValueFactory = _ => Settings.Current.Backend,
        };
        option.Validators.Add(CommonOptions.RequireBackend);
        return option;
    }

    /// <summary>Runs whose times count.</summary>
    public static Option<int> Runs() => Positive("--runs", "Runs that are timed, on the processor.", 10);

    /// <summary>Runs before those.</summary>
    public static Option<int> WarmUp() => Positive("--warm-up", "Runs before those, which are not counted.", 3);

    /// <summary>Whether a backend is measured by the clock: a simulation's time says nothing, its cycles do.</summary>
    public static bool IsTimed(string name) => BackendCatalog.Split(name).Kind != SimTransport.Kind;

    /// <summary>Fails for options that mean nothing to the chosen backend, so that none is ignored in silence.</summary>
    public static void Refuse(Command command, Option<string> backend, bool timed, params Option[] options) => command.Validators.Add(result =>
    {
        string name = NameIn(result, backend);
        if (IsTimed(name) != timed)
        {
            return;
        }

        foreach (Option option in options.Where(option => result.GetResult(option) is { Implicit: false }))
        {
            result.AddError($"{option.Name} means nothing to --backend {name}");
        }
    });

    /// <summary>The backend's name while a command is being validated, when an option that was left out has no value yet.</summary>
    public static string NameIn(CommandResult result, Option<string> backend) => result.GetResult(backend)?.GetValueOrDefault<string>() ?? Settings.Current.Backend;

    /// <summary>Times a piece of work.</summary>
    /// <returns>Milliseconds of each run.</returns>
    public static async Task<double[]> MeasureAsync(int warmUp, int runs, Func<Task> work, CancellationToken cancel)
    {
        double[] times = new double[runs];
        for (int run = -warmUp; run < runs; run++)
        {
            cancel.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            await work();
            if (run >= 0)
            {
                times[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        return times;
    }

    /// <summary>Adds what was measured to a record: the runs, their minimum and their median.</summary>
    public static void AddTimes(JsonObject record, int warmUp, double[] times)
    {
        Array.Sort(times);
        record["warm_up"] = warmUp;
        record["runs"] = times.Length;
        record["min_ms"] = Math.Round(times[0], 3);
        record["median_ms"] = Math.Round(times[times.Length / 2], 3);
    }

    /// <summary>Prints a record as asked.</summary>
    public static void Print(JsonObject record, bool json)
    {
        if (json)
        {
            Reporter.Line(record);
        }
        else
        {
            PrintTable(record);
        }
    }

    /// <summary>log₂ of the size.</summary>
    public static Option<int> LogSize(int most)
    {
        Option<int> option = new("--log-size") { Description = $"The size is 2 to this power, at most {most}.", Required = true };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is int value && (value < 0 || value > most))
            {
                result.AddError($"--log-size must be within 0…{most}");
            }
        });
        return option;
    }

    private static Option<int> Positive(string name, string description, int usual)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000)
            {
                result.AddError($"{name} must be within 1…10000");
            }
        });
        return option;
    }

    /// <summary>Prints the same object for people, a line a member.</summary>
    public static void PrintTable(JsonObject record)
    {
        Table table = new Table().AddColumn("figure").AddColumn(new TableColumn("value").RightAligned()).Border(TableBorder.Simple);
        foreach ((string name, JsonNode? value) in record)
        {
            table.AddRow(name, value?.ToString() ?? string.Empty);
        }

        Reporter.Console.Write(table);
    }

    /// <summary>The transport of a device's name, some of its options replaced.</summary>
    public static SimTransport Open(string name, string? library)
    {
        string options = BackendCatalog.Split(name).Options ?? string.Empty;
        return new SimTransport(library is null ? options : $"{options},library={library}");
    }
}
