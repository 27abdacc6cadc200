using System.Diagnostics;
using System.Text;

namespace Accel.Network.Evm;

/// <summary>How a local development chain starts.</summary>
public sealed record AnvilOptions
{
    /// <summary>Identity of the chain (EIP-155).</summary>
    public ulong ChainId { get; init; } = 31337;

    /// <summary>Rules of execution and gas prices: the newest fork on the main network, so that measured gas is what users pay.</summary>
    public string Hardfork { get; init; } = "osaka";

    /// <summary>Time of the genesis block, Unix seconds; null for the clock's.</summary>
    public long? GenesisTime { get; init; }

    /// <summary>Longest wait until the node answers.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>
/// A local development chain: anvil on a free loopback port. It ends when this object is disposed of, and also when this
/// process dies in any way: a shell waits for the end of a pipe whose other end only this process holds.
/// </summary>
public sealed class AnvilProcess : IAsyncDisposable
{
    /// <summary>
    /// $@ is anvil's command. Signals of the terminal are ignored, so that the shell outlives them to end anvil; it drops its own
    /// output, so that the end of the output is anvil's end; an ended anvil stays a zombie until the wait, so that its id is not reused.
    /// </summary>
    private const string Supervisor = """
        trap '' INT HUP TERM
        "$@" </dev/null &
        exec >&- 2>&-
        read -r _
        kill -KILL $!
        wait $!
        """;

    private const string Announcement = "Listening on ";
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(5);

    private readonly Process shell;
    private readonly Task output;

    private AnvilProcess(Process shell, Task output, Uri endpoint)
    {
        this.shell = shell;
        this.output = output;
        Endpoint = endpoint;
    }

    /// <summary>Where the node listens, on 127.0.0.1.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts a chain and waits until it listens. The port is the system's choice, so that chains never collide.</summary>
    /// <param name="tools">Where anvil is installed.</param>
    /// <param name="options">How it starts.</param>
    /// <param name="cancel">Gives up the wait and ends the node.</param>
    /// <exception cref="PlatformNotSupportedException">There is no POSIX shell to supervise the node.</exception>
    /// <exception cref="InvalidOperationException">Anvil ended at once; the message carries what it wrote.</exception>
    /// <exception cref="TimeoutException">Anvil did not listen before the deadline.</exception>
    public static async Task<AnvilProcess> StartAsync(NpmTools tools, AnvilOptions options, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("a local chain needs a POSIX shell to supervise it");
        }

        Process shell = Start(tools, options);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.StartDeadline);
        try
        {
            Uri endpoint = await ReadEndpointAsync(shell, limit.Token);
            return new AnvilProcess(shell, DrainAsync(shell), endpoint);
        }
        catch (OperationCanceledException exception) when (!cancel.IsCancellationRequested)
        {
            await EndAsync(shell);
            throw new TimeoutException($"anvil did not listen within {options.StartDeadline.TotalSeconds:0.#} s", exception);
        }
        catch
        {
            await EndAsync(shell);
            throw;
        }
    }

    /// <summary>Ends the node.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync(shell);
        await output;
        shell.Dispose();
    }

    private static Process Start(NpmTools tools, AnvilOptions options)
    {
        List<string> command =
        [
            tools.Anvil, "--host", "127.0.0.1", "--port", "0", "--accounts", "1", "--no-cors",
            "--chain-id", $"{options.ChainId}", "--hardfork", options.Hardfork,
        ];
        if (options.GenesisTime is { } time)
        {
            command.AddRange(["--timestamp", $"{time}"]);
        }

        ProcessStartInfo start = new("/bin/sh", ["-c", Supervisor, "anvil-supervisor", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start");
    }

    private static async Task<Uri> ReadEndpointAsync(Process shell, CancellationToken cancel)
    {
        StringBuilder written = new();
        while (await shell.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                return new Uri($"http://{line[Announcement.Length..].Trim()}");
            }

            written.AppendLine(line);
        }

        written.Append(await shell.StandardError.ReadToEndAsync(cancel));
        throw new InvalidOperationException($"anvil ended before it listened: {written}");
    }

    /// <summary>Reads on, because a full pipe would stop the node.</summary>
    private static Task DrainAsync(Process shell) => Task.WhenAll(
        shell.StandardOutput.BaseStream.CopyToAsync(Stream.Null),
        shell.StandardError.BaseStream.CopyToAsync(Stream.Null));

    private static async Task EndAsync(Process shell)
    {
        shell.StandardInput.Close();
        using CancellationTokenSource limit = new(EndDeadline);
        try
        {
            await shell.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
        }
    }
}
