using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Accel.Faults;

/// <summary>How a program behind a served card ended.</summary>
/// <param name="Status">Its exit status; null when it was ended because it took too long.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it and the server printed on standard error.</param>
internal sealed record ServedEnd(int? Status, string Output, string Error)
{
    /// <summary>Faults that the server has made.</summary>
    public int Faults => Error.Split('\n').Where(line => line.StartsWith("{\"faults\":", StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("faults").GetInt32()).LastOrDefault();
}

/// <summary>A card that <c>accel-sim serve</c> shows to other programs, with faults on the way.</summary>
internal static class ServedCard
{
    /// <summary>The repository's root, above this program.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where the server is built.</summary>
    public static string Server { get; } = Path.Combine(Root, "build", "accel-sim");

    /// <summary>What to tell the server.</summary>
    public static string Describe(PathFault fault, int seed, long within, int count, int outageMs, string range = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{Name(fault)}:seed={seed},within={within},count={count},ms={outageMs}{range}");

    /// <summary>Runs work beside a card on a pseudo terminal.</summary>
    /// <param name="library">The core.</param>
    /// <param name="faults">What <see cref="Describe"/> gives.</param>
    /// <param name="seed">Of the link's noise.</param>
    /// <param name="work">Is given the name of the port.</param>
    public static async Task<(T Result, ServedEnd End)> OnTerminalAsync<T>(string library, string faults, int seed, Func<string, Task<T>> work)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("accel-faults-");
        try
        {
            string port = Path.Combine(folder.FullName, "tty");
            using Process server = Start(Server, ["serve", "--pty", port, "--library", library, "--seed", $"{seed}", "--faults", faults], keepsInput: true);
            Task<string> error = server.StandardError.ReadToEndAsync();
            string? ready = await server.StandardOutput.ReadLineAsync();
            if (ready != "ready")
            {
                throw new InvalidOperationException($"{Server} said '{ready}' instead of 'ready': {await error}");
            }

            T result = await work(port);
            server.StandardInput.Close();
            await server.WaitForExitAsync();
            return (result, new ServedEnd(server.ExitCode, "", await error));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Runs a command with a card as a USB device that it alone sees.</summary>
    public static Task<ServedEnd> OnUsbAsync(string library, string faults, int seed, TimeSpan limit, IEnumerable<string> command) =>
        RunAsync(Server, ["serve", "--usb", "--library", library, "--seed", $"{seed}", "--faults", faults, "--", .. command], limit);

    /// <summary>Runs a program to its end, or ends it when its time is over.</summary>
    public static async Task<ServedEnd> RunAsync(string file, IEnumerable<string> arguments, TimeSpan limit)
    {
        using Process process = Start(file, arguments, keepsInput: false);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource late = new(limit);
        try
        {
            await process.WaitForExitAsync(late.Token);
            return new ServedEnd(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new ServedEnd(null, await output, await error);
        }
    }

    private static string Name(PathFault fault) => fault switch
    {
        PathFault.DeviceReset => "reset",
        PathFault.WrongResult => "result",
        _ => fault.ToString().ToLowerInvariant(),
    };

    private static Process Start(string file, IEnumerable<string> arguments, bool keepsInput)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        if (!keepsInput)
        {
            process.StandardInput.Close();
        }

        return process;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Accel.sln")))
            {
                return folder.FullName;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
