using System.CommandLine;
using System.CommandLine.Parsing;
using Accel.Cli.Configuration;

namespace Accel.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Of every command: where the configuration is.</summary>
    public static Option<string?> Config { get; } = new("--config")
    {
        Description = "Configuration file; by default ACCEL_CONFIG, else accel.toml here, else accel/accel.toml in the user's configuration folder.",
        Recursive = true,
    };

    public static Option<bool> Json(string description = "Print one JSON object instead of tables.")
    {
        Option<bool> option = new("--json") { Description = description };
        if (Settings.Current.Json)
        {
            option.DefaultValueFactory = _ => true;
        }

        return option;
    }

    /// <summary>A card, or with <paramref name="anyBackend"/> whatever computes.</summary>
    public static Option<string> Device(string description, bool anyBackend)
    {
        string syntax = anyBackend ? Backends.Catalog.Describe() : string.Join(", ", Backends.Transports.Select(transport => transport.Syntax));
        Option<string> option = new("--device") { Description = $"{description}; `accel devices` lists what is here. One of {syntax}.", Required = true };
        option.Validators.Add(result =>
        {
            string name = result.GetValueOrDefault<string>() ?? string.Empty;
            if (anyBackend ? !Backends.Catalog.Knows(name) : Backends.TransportOf(name) is null)
            {
                result.AddError($"--device: there is no {(anyBackend ? "device" : "path to a card")} '{name}'; there is: {syntax}");
            }
        });
        return option;
    }

    public static Option<string> Backend()
    {
        Option<string> option = new("--backend")
        {
            Description = $"What computes transforms and multi-scalar products; `accel devices` lists what is here. One of {Backends.Catalog.Describe()}.",
            DefaultValueFactory = _ => Settings.Current.Backend,
        };
        option.Validators.Add(RequireBackend);
        return option;
    }

    public static Option<bool> Explain() => new("--explain") { Description = "Say of each operation what every device was expected to take, which was chosen and what it took." };

    /// <summary>Refuses a backend that does not exist, and says who named it.</summary>
    public static void RequireBackend(OptionResult result)
    {
        string name = result.GetValueOrDefault<string>() ?? string.Empty;
        if (!Backends.Catalog.Knows(name))
        {
            string origin = result.Implicit ? Settings.Current.OriginOf(ConfigurationKeys.Backend) : string.Empty;
            result.AddError($"--backend: there is no backend '{name}'{origin}; there is: {Backends.Catalog.Describe()}");
        }
    }

    /// <summary>Null means what is configured, else one per processor; the help text must not differ between machines.</summary>
    public static Option<int?> Threads()
    {
        Option<int?> option = new("--threads") { Description = "Host threads to use; by default the configured number, else one per processor." };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 4096)
            {
                result.AddError("--threads must be within 1…4096");
            }
        });
        return option;
    }

    public static int ThreadCount(ParseResult parsed, Option<int?> option) => parsed.GetValue(option) ?? Settings.Current.Threads ?? Environment.ProcessorCount;

    public static Argument<string> Existing(string name, string description)
    {
        Argument<string> argument = new(name) { Description = description };
        argument.Validators.Add(result =>
        {
            string? path = result.GetValueOrDefault<string>();
            if (path is not null && !File.Exists(path))
            {
                result.AddError($"{name}: there is no file '{path}'");
            }
        });
        return argument;
    }
}
