using System.CommandLine;
using Accel.Cli.Commands;

namespace Accel.Cli;

/// <summary>The only composition root: it knows every library, and no library knows it.</summary>
public static class Program
{
    /// <summary>Runs one command. Exit status: 0 done, 1 the answer is no (a proof that does not verify), 2 bad input or usage, 3 a failure on this machine, 130 cancelled.</summary>
    public static async Task<int> Main(string[] args)
    {
        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        using Interruption interruption = new();
        ParseResult parsed = CreateRoot().Parse(args);
        try
        {
            int status = await parsed.InvokeAsync(configuration, interruption.Token);
            return parsed.Errors.Count > 0 ? ExitStatus.BadInput : status;
        }
        catch (Exception exception) when (ExitStatus.TryDescribe(exception, out int status, out string message))
        {
            await Console.Error.WriteLineAsync($"accel: {message}");
            return status;
        }
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
        new Command("circuit", "Look at the statements that Accel proves.") { CircuitInfoCommand.Create(), CircuitFuzzCommand.Create() },
        InspectCommand.Create(),
        DevicesCommand.Create(),
        CalibrateCommand.Create(),
        new Command("bench", "Measure the processor by the clock, or a device in its own cycles.") { BenchFieldCommand.Create(), BenchMsmCommand.Create(), BenchNttCommand.Create(), BenchProveCommand.Create() },
    };
}
