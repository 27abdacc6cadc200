using System.Diagnostics;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>Runs the command line as users do: as a process, of the managed build. <see cref="AccelProgram"/> knows the native one too.</summary>
internal static class AccelProcess
{
    /// <inheritdoc cref="AccelProgram.RunAsync"/>
    public static Task<AccelOutput> RunAsync(int expectedStatus, params string[] arguments) =>
        AccelProgram.Managed.RunAsync(expectedStatus, arguments);

    /// <inheritdoc cref="AccelProgram.TryRunAsync"/>
    public static Task<AccelOutput> TryRunAsync(params string[] arguments) => AccelProgram.Managed.TryRunAsync(arguments);
}

/// <summary>One build of <c>accel</c>.</summary>
public sealed class AccelProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private readonly string _file;
    private readonly string[] _before;
    private (string Variable, string Value)[] _environment = [];

    private AccelProgram(string file, params string[] before)
    {
        _file = file;
        _before = before;
    }

    /// <summary>The build on the .NET runtime.</summary>
    public static AccelProgram Managed { get; } = new("dotnet", Path.Combine(AppContext.BaseDirectory, "accel.dll"));

    /// <summary>What `make aot` installs; the calling test is skipped when it is absent.</summary>
    public static AccelProgram Native
    {
        get
        {
            string path = Path.Combine(OutsideData.RepositoryRoot, "build", "aot", "accel");
            Assert.SkipUnless(File.Exists(path), "the native build is absent: run `make aot`");
            return new AccelProgram(path);
        }
    }

    /// <summary>Runs <c>accel</c> and fails the test unless it ends with the expected status.</summary>
    public async Task<AccelOutput> RunAsync(int expectedStatus, params string[] arguments)
    {
        AccelOutput result = await TryRunAsync(arguments);
        Assert.True(
            result.Status == expectedStatus,
            $"accel {string.Join(' ', arguments)} ended with {result.Status}, not {expectedStatus}:\n{result.Output}\n{result.Error}");
        return result;
    }

    /// <summary>The same build, with a variable in its environment.</summary>
    public AccelProgram With(string variable, string value) => new(_file, _before) { _environment = [.. _environment, (variable, value)] };

    /// <summary>The same build, run by another program that takes a command behind its own arguments.</summary>
    public AccelProgram Behind(string file, params string[] arguments) => new(file, [.. arguments, _file, .. _before]) { _environment = _environment };

    /// <summary>Runs <c>accel</c> to its end.</summary>
    public async Task<AccelOutput> TryRunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(_file, [.. _before, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string variable, string value) in _environment)
        {
            start.Environment[variable] = value;
        }

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
public sealed record AccelOutput(int Status, string Output, string Error);
