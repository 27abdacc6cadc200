using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Device;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary>What the benchmarks of a device share.</summary>
internal static class BenchOptions
{
    /// <summary>The device; only those that count their cycles can be measured in them.</summary>
    public static Option<string> Backend()
    {
        Option<string> option = new("--backend") { Description = "The device: sim, or sim:OPTIONS as for `accel prove`.", DefaultValueFactory = _ => SimTransport.Kind };
        option.Validators.Add(result =>
        {
            string name = result.GetValueOrDefault<string>() ?? string.Empty;
            if (ComputeBackends.Split(name).Kind != SimTransport.Kind)
            {
                result.AddError($"--backend: '{name}' does not count device cycles; there is: {SimTransport.Kind}");
            }
        });
        return option;
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

    /// <summary>Prints one JSON object on one line, so that runs can be appended to a file.</summary>
    public static void PrintLine(JsonObject record) => Console.Out.WriteLine(record.ToJsonString());

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
        string options = ComputeBackends.Split(name).Options ?? string.Empty;
        return new SimTransport(library is null ? options : $"{options},library={library}");
    }
}
