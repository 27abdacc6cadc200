using System.Diagnostics;
using Xunit;

namespace Accel.Node.Tests;

/// <summary>A running <c>accel node run</c>. Disposing ends it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _error;

    private NodeProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
        Http = new HttpClient();
    }

    public HttpClient Http { get; }

    public static async Task<NodeProcess> StartAsync(string configuration)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "accel.dll"), "node", "run", "--config", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        NodeProcess node = new(Process.Start(start) ?? throw new InvalidOperationException("accel did not start"));
        using CancellationTokenSource limit = new(Deadline);
        string? line = await node._process.StandardOutput.ReadLineAsync(limit.Token);
        if (line?.StartsWith("ready http://127.0.0.1:", StringComparison.Ordinal) != true)
        {
            await node.DisposeAsync();
            Assert.Fail($"the node said '{line}' instead of 'ready': {await node._error}");
        }

        node.Http.BaseAddress = new Uri(line["ready ".Length..]);
        return node;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it as systemd does.</summary>
    /// <returns>Its status and what it said last.</returns>
    public async Task<(int Status, string Output)> TerminateAsync()
    {
        using Process signal = Process.Start("/bin/kill", ["-TERM", $"{_process.Id}"]);
        using CancellationTokenSource limit = new(Deadline);
        string output = await _process.StandardOutput.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Http.Dispose();
        _process.Dispose();
    }
}
