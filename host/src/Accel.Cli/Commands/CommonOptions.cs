using System.CommandLine;
using Accel.Compute;

namespace Accel.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object instead of tables." };

    public static Option<string> Backend()
    {
        Option<string> option = new("--backend")
        {
            Description = $"What computes transforms and multi-scalar products; `accel devices` lists what is here. One of {Backends.Catalog.Describe()}.",
            DefaultValueFactory = _ => CpuBackend.Kind,
        };
        option.Validators.Add(result =>
        {
            string name = result.GetValueOrDefault<string>() ?? string.Empty;
            if (!Backends.Catalog.Knows(name))
            {
                result.AddError($"--backend: there is no backend '{name}'; there is: {Backends.Catalog.Describe()}");
            }
        });
        return option;
    }

    public static Option<bool> Explain() => new("--explain") { Description = "Say of each operation what every device was expected to take, which was chosen and what it took." };

    /// <summary>Null means one per processor; the help text must not differ between machines.</summary>
    public static Option<int?> Threads()
    {
        Option<int?> option = new("--threads") { Description = "Host threads to use; by default one per processor." };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 4096)
            {
                result.AddError("--threads must be within 1…4096");
            }
        });
        return option;
    }

    public static int ThreadCount(ParseResult parsed, Option<int?> option) => parsed.GetValue(option) ?? Environment.ProcessorCount;

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
