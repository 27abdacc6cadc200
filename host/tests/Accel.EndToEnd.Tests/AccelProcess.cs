using System.Diagnostics;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>Runs the command line as users do: as a process.</summary>
internal static class AccelProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>Runs <c>accel</c> and fails the test unless it ends with the expected status.</summary>
    public static async Task<AccelOutput> RunAsync(int expectedStatus, params string[] arguments)
    {
        AccelOutput result = await TryRunAsync(arguments);
        Assert.True(
            result.Status == expectedStatus,
            $"accel {string.Join(' ', arguments)} ended with {result.Status}, not {expectedStatus}:\n{result.Output}\n{result.Error}");
        return result;
    }

    /// <summary>Runs <c>accel</c> to its end.</summary>
    public static async Task<AccelOutput> TryRunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "accel.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("accel did not start");
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(Deadline);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new AccelOutput(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

/// <summary>How a run ended and what it printed.</summary>
internal sealed record AccelOutput(int Status, string Output, string Error);
