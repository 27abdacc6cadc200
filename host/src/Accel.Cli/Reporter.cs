using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Accel.Cli;

/// <summary>Where a command's words go: results on standard output, as tables for people or one JSON object for machines; progress and warnings on standard error.</summary>
internal sealed class Reporter(bool json)
{
    /// <summary>Grows when a member of what <c>--json</c> prints changes its meaning or goes away; new members don't count.</summary>
    public const int JsonVersion = 2;

    private static readonly JsonSerializerOptions JsonOptions = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly IAnsiConsole ErrorConsole = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    public bool IsJson => json;

    /// <summary>The console for tables; a pipe or CI gets a fixed, generous width instead of a guess.</summary>
    public static IAnsiConsole Console { get; } = CreateConsole();

    /// <summary>Prints the result in JSON mode, or runs the writer for people.</summary>
    public void Result(JsonObject machine, Action people)
    {
        if (json)
        {
            System.Console.Out.WriteLine(Versioned(machine).ToJsonString(JsonOptions));
        }
        else
        {
            people();
        }
    }

    /// <summary>Prints a document of another format than this program's, which has no member for its version.</summary>
    public static void Document(JsonObject document) => System.Console.Out.WriteLine(document.ToJsonString(JsonOptions));

    /// <summary>Prints one JSON object on one line, so that runs can be appended to a file.</summary>
    public static void Line(JsonObject record) => System.Console.Out.WriteLine(Versioned(record).ToJsonString());

    /// <summary>Warns on standard error, in both modes.</summary>
    public static void Warn(string message) => System.Console.Error.WriteLine($"accel: warning: {message}");

    /// <summary>A step of long work, on standard error: a live line on a terminal, a plain line elsewhere.</summary>
    public async Task<T> StepAsync<T>(string title, Func<IProgress<string>, Task<T>> work)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        T result = ErrorConsole.Profile.Capabilities.Interactive && !System.Console.IsErrorRedirected
            ? await ErrorConsole.Status().StartAsync(Markup.Escape(title), context =>
                work(new Relay(detail => context.Status(Markup.Escape($"{title}: {detail}")))))
            : await work(new Relay(static _ => { }));
        double seconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        System.Console.Error.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{title,-44} {seconds,8:F2} s"));
        return result;
    }

    private static JsonObject Versioned(JsonObject machine)
    {
        machine.Insert(0, "schemaVersion", JsonVersion);
        return machine;
    }

    private static IAnsiConsole CreateConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Out) });
        if (System.Console.IsOutputRedirected)
        {
            console.Profile.Width = 160;
        }

        return console;
    }

    private sealed class Relay(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
