using System.Diagnostics;
using Xunit;

namespace Accel.Testing;

/// <summary>Runs the pinned snarkjs, the implementation that proofs and keys of this one are held to.</summary>
public static class Snarkjs
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Runs <c>snarkjs</c> and fails the calling test unless it exits with 0.</summary>
    /// <param name="arguments">The command and its arguments, such as <c>groth16 verify key public proof</c>.</param>
    /// <returns>What it printed.</returns>
    public static string Run(params string[] arguments)
    {
        (int exitCode, string output) = TryRun(arguments);
        Assert.True(exitCode == 0, $"snarkjs {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }

    /// <summary>Runs <c>snarkjs</c> and returns its exit code and what it printed.</summary>
    public static (int ExitCode, string Output) TryRun(params string[] arguments)
    {
        string script = Path.Combine(OutsideData.RepositoryRoot, "scripts", "node_modules", "snarkjs", "build", "cli.cjs");
        Assert.True(File.Exists(script), "snarkjs is not installed: run `npm ci --prefix scripts` (`make setup` does)");
        ProcessStartInfo start = new("node", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Deadline))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"snarkjs {string.Join(' ', arguments)} did not end within {Deadline}");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
