using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Accel.Cli.Configuration;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel config</c>: whether <c>accel.toml</c> is right, what holds, and what may be in it.</summary>
internal static class ConfigCommand
{
    private const string Name = "config";

    public static Command Create() => new(Name, "Look at the configuration, accel.toml.") { CreateCheck(), CreateShow(), CreateSchema() };

    /// <summary>Whether a command line is about the configuration, and must run where that is wrong.</summary>
    public static bool IsChosen(ParseResult parsed) => parsed.CommandResult.Parent is CommandResult { Command.Name: Name };

    private static Command CreateCheck()
    {
        Argument<string?> file = new("file") { Description = "The file; by default the one that a command would use.", DefaultValueFactory = _ => null };
        Option<bool> json = CommonOptions.Json();
        Command command = new("check", "Check a configuration file and say everything that is wrong with it. Exit status 0: nothing; 2: something.") { file, json };
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(file) ?? Settings.FindFile(parsed.GetValue(CommonOptions.Config), Environment.GetEnvironmentVariable);
            return Check(path, new Reporter(parsed.GetValue(json)));
        });
        return command;
    }

    private static int Check(string? path, Reporter reporter)
    {
        ConfigurationFile? file = path is null ? null : ConfigurationFile.Read(path);
        IReadOnlyList<ConfigurationFault> faults = file?.Faults ?? [];
        reporter.Result(
            new JsonObject
            {
                ["file"] = path,
                ["keys"] = file?.Values.Count ?? 0,
                ["faults"] = new JsonArray([.. faults.Select(fault => (JsonNode)new JsonObject
                {
                    ["line"] = fault.Line,
                    ["column"] = fault.Column,
                    ["key"] = fault.Key,
                    ["text"] = fault.Text,
                })]),
            },
            () =>
            {
                foreach (ConfigurationFault fault in faults)
                {
                    Console.Error.WriteLine($"accel: {fault}");
                }

                if (faults.Count == 0)
                {
                    Console.Out.WriteLine(
                        path is null ? "there is no configuration file; the defaults hold" : $"{path}: keys set: {file!.Values.Count}; nothing is wrong");
                }
            });
        return faults.Count == 0 ? ExitStatus.Done : ExitStatus.BadInput;
    }

    private static Command CreateShow()
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("show", "Show every value that holds and where it comes from. Options of a command beat the environment, and that beats the file.") { json };
        command.SetAction(parsed => Show(
            Settings.Load(parsed.GetValue(CommonOptions.Config), Environment.GetEnvironmentVariable), new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static int Show(Settings settings, Reporter reporter)
    {
        reporter.Result(
            new JsonObject
            {
                ["file"] = settings.File,
                ["values"] = new JsonObject(settings.All.Select(setting => KeyValuePair.Create(setting.Key.Name, (JsonNode?)new JsonObject
                {
                    ["value"] = ToJson(setting.Value),
                    ["origin"] = setting.Origin,
                    ["variable"] = setting.Key.Variable,
                }))),
            },
            () =>
            {
                Table table = new Table().AddColumns("key", "value", "from", "variable", "meaning").Border(TableBorder.Simple);
                foreach (Setting setting in settings.All)
                {
                    table.AddRow(
                        Markup.Escape(setting.Key.Name), Markup.Escape(setting.Text), Markup.Escape(setting.Origin), setting.Key.Variable,
                        Markup.Escape(setting.Key.Text));
                }

                Reporter.Console.Write(table);
            });
        return ExitStatus.Done;
    }

    private static Command CreateSchema()
    {
        Command command = new("schema", "Print the JSON Schema of accel.toml, for editors.");
        command.SetAction(_ =>
        {
            Reporter.Document(ConfigurationKeys.Schema());
            return ExitStatus.Done;
        });
        return command;
    }

    private static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        bool flag => flag,
        int number => number,
        string[] list => new JsonArray([.. list.Select(item => (JsonNode)item)]),
        _ => value.ToString(),
    };
}
