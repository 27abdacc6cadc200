using System.CommandLine;
using System.CommandLine.Help;
using Accel.Cli.Commands;
using Accel.Cli.Configuration;

namespace Accel.Cli;

/// <summary>The only composition root: it knows every library, and no library knows it.</summary>
public static class Program
{
    /// <summary>Runs one command. <c>host/docs/exit-codes.md</c> lists what it returns.</summary>
    public static async Task<int> Main(string[] args)
    {
        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        using Interruption interruption = new();
        try
        {
            ParseResult parsed = Parse(args);
            int status = await parsed.InvokeAsync(configuration, interruption.Token);
            return parsed.Errors.Count > 0 ? ExitStatus.BadInput : status;
        }
        catch (Exception exception) when (ExitStatus.TryDescribe(exception, out int status, out string message))
        {
            await Console.Error.WriteLineAsync($"accel: {message}");
            return status;
        }
    }

    /// <summary>Parses once for the configuration's place, and again with what it says. Help, the version, errors of usage, and commands about the configuration go without.</summary>
    private static ParseResult Parse(string[] args)
    {
        ParseResult parsed = CreateRoot().Parse(args);
        if (parsed.Errors.Count > 0 || parsed.CommandResult.Command is RootCommand || parsed.Action is HelpAction || ConfigCommand.IsChosen(parsed))
        {
            return parsed;
        }

        Settings.Current = Settings.Load(parsed.GetValue(CommonOptions.Config), Environment.GetEnvironmentVariable);
        return Settings.Current.All.Any(setting => setting.IsChosen) ? CreateRoot().Parse(args) : parsed;
    }

    /// <summary>The command tree; tests and the documentation generator walk it too.</summary>
    public static RootCommand CreateRoot() => new("Accel proves derivative settlement: circuits, keys, proofs, and the accelerators that make them.")
    {
        new Command("prove", "Make a proof.") { ProveGroth16Command.Create() },
        new Command("verify", "Check a proof.") { VerifyGroth16Command.Create() },
        SetupCommand.Create(),
        CeremonyCommand.Create(),
        SettleCommand.Create(),
        MarginCommand.Create(),
        SubmitCommand.Create(),
        new Command("export", "Write something for another system.") { ExportSolidityCommand.Create() },
        new Command("venue", "Run the matching engine.") { VenueReplayCommand.Create() },
        new Command("market", "Look into the market where provers bid.") { MarketSimulateCommand.Create() },
        new Command("circuit", "Look at the statements that Accel proves.") { CircuitInfoCommand.Create(), CircuitFuzzCommand.Create() },
        NodeCommand.Create(),
        InspectCommand.Create(),
        DevicesCommand.Create(),
        CalibrateCommand.Create(),
        RegsCommand.Create(),
        MonitorCommand.Create(),
        SelfTestCommand.Create(),
        DoctorCommand.Create(),
        ConfigCommand.Create(),
        new Command("bench", "Measure the processor by the clock, or a device in its own cycles.") { BenchFieldCommand.Create(), BenchMsmCommand.Create(), BenchNttCommand.Create(), BenchProveCommand.Create() },
        CommonOptions.Config,
    };
}
