using Accel.Compute.Auto;
using Accel.Derivatives.Settlement;
using Accel.Network.Evm;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;

namespace Accel.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitStatus
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int BadInput = 2;
    public const int Failed = 3;
    public const int Cancelled = 130;

    /// <summary>Turns the exceptions that users can cause, or can act on, into a line and a status; a defect of Accel itself stays an exception with its stack.</summary>
    public static bool TryDescribe(Exception exception, out int status, out string message)
    {
        (status, message) = exception switch
        {
            OperationCanceledException => (Cancelled, "cancelled; files are written whole or not at all"),
            InvalidFileException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException => (BadInput, exception.Message),
            UnsatisfiedConstraintException => (BadInput, $"the statement is false for these inputs: {exception.Message}"),
            FormatException or ArgumentException or SettlementException or CalibrationException => (BadInput, exception.Message),
            UnverifiedProofException or NotSupportedException => (Failed, exception.Message),
            EvmRevertException or JsonRpcException or HttpRequestException => (Failed, exception.Message),
            UnauthorizedAccessException or IOException or TimeoutException => (Failed, exception.Message),
            _ => (-1, string.Empty),
        };
        return status >= 0;
    }
}
