using System.Data.Common;
using Accel.Compute.Auto;
using Accel.Derivatives.Settlement;
using Accel.Network.Evm;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;
using Accel.Storage;

namespace Accel.Cli;

/// <summary>What the process returns; <c>host/docs/exit-codes.md</c> is held to <see cref="All"/>.</summary>
internal static class ExitStatus
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int BadInput = 2;
    public const int Failed = 3;
    public const int Cancelled = 130;

    /// <summary>Every status and its meaning.</summary>
    public static IReadOnlyList<(int Status, string Name, string Meaning)> All { get; } =
    [
        (Done, "done", "The command did what it was asked to. Ctrl-C ends `accel monitor` with it, SIGTERM too `accel node run`."),
        (Refused, "refused", "The answer is no: a proof that does not hold, a ceremony that fails its checks, a device that fails its self-test, a circuit with a defect, a replayed book that crosses, a simulated market that misses a threshold."),
        (BadInput, "bad input", "A command line, a configuration or a file is wrong; the message names the option, or the file and the place in it."),
        (Failed, "failed", "This machine, a device or a node did not do its part: no such device, a register version that this program does not know, a disk that is full."),
        (Cancelled, "cancelled", "Ctrl-C or SIGTERM ended the command; files are written whole or not at all."),
    ];

    /// <summary>Turns the exceptions that users can cause, or can act on, into a line and a status; a defect of Accel itself stays an exception with its stack.</summary>
    public static bool TryDescribe(Exception exception, out int status, out string message)
    {
        (status, message) = exception switch
        {
            OperationCanceledException => (Cancelled, "cancelled; files are written whole or not at all"),
            InvalidFileException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException => (BadInput, exception.Message),
            UnsatisfiedConstraintException => (BadInput, $"the statement is false for these inputs: {exception.Message}"),
            CorruptStoreException => (BadInput, exception.Message),
            FormatException or ArgumentException or SettlementException or CalibrationException => (BadInput, exception.Message),
            UnverifiedProofException or NotSupportedException => (Failed, exception.Message),
            EvmRevertException or JsonRpcException or HttpRequestException => (Failed, exception.Message),
            DbException => (Failed, exception.Message),
            UnauthorizedAccessException or IOException or TimeoutException => (Failed, exception.Message),
            _ => (-1, string.Empty),
        };
        return status >= 0;
    }
}
