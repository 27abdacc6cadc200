using System.Diagnostics;
using Xunit;

namespace Accel.Testing;

/// <summary>A running <c>accel-sim serve</c>: a simulated card behind what stands in for the path to a real one. Disposing ends it.</summary>
public sealed class CardServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _error;

    private CardServer(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where the server's program is built.</summary>
    public static string Program { get; } = Path.Combine(OutsideData.RepositoryRoot, "build", "accel-sim");

    /// <summary>Starts a server and waits until it is ready; skips the calling test where the program is not built.</summary>
    /// <param name="arguments">What follows <c>serve</c>.</param>
    public static async Task<CardServer> StartAsync(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Program), "the server of the simulated card is not built: run `make sim-libraries`");
        ProcessStartInfo start = new(Program, ["serve", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        CardServer server = new(Process.Start(start) ?? throw new InvalidOperationException("accel-sim did not start"));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Deadline);
        string? line = await server._process.StandardOutput.ReadLineAsync(limit.Token);
        if (line != "ready")
        {
            string error = await server._error;
            await server.DisposeAsync();
            Assert.Fail($"accel-sim said '{line}' instead of 'ready': {error}");
        }

        return server;
    }

    /// <summary>Ends the server in good order.</summary>
    /// <returns>What it printed on standard error: the statistics, where they were asked for.</returns>
    public async Task<string> StopAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource limit = new(Deadline);
        await _process.WaitForExitAsync(limit.Token);
        return await _error;
    }

    /// <summary>Ends the server as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
