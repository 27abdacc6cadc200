using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Compute.Auto;
using Accel.Device;

namespace Accel.Cli.Commands;

/// <summary><c>accel selftest</c>: a card's registers and memory, and every engine of a card or backend, each against what must come out.</summary>
internal static class SelfTestCommand
{
    private const int Log2SizeMin = 2;

    public static Command Create()
    {
        Option<string> device = CommonOptions.Device("What to test", anyBackend: true);
        Option<int> logSize = new("--log-size")
        {
            Description = $"Transforms and products have 2 to this power values, {Log2SizeMin} to {BackendSelfTest.Log2SizeMax}.",
            DefaultValueFactory = _ => BackendSelfTest.Log2SizeUsual,
        };
        logSize.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < Log2SizeMin or > BackendSelfTest.Log2SizeMax)
            {
                result.AddError($"--log-size must be within {Log2SizeMin}…{BackendSelfTest.Log2SizeMax}");
            }
        });
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "selftest",
            "Test a card's registers, memory and engines, or a backend's engines, and say PASS or FAIL of each. A card is reset and its memory "
            + "overwritten. Exit status 0: it passes; 1: it does not.")
        {
            device, logSize, threads, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(device), parsed.GetValue(logSize), CommonOptions.ThreadCount(parsed, threads), new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string name, int logSize, int threads, Reporter reporter, CancellationToken cancel)
    {
        SelfTestSequence sequence = new(reporter.IsJson ? null : Print, cancel);
        if (Backends.TransportOf(name) is not null)
        {
            await TestCardAsync(Backends.OpenTransport(name), logSize, threads, sequence, cancel);
        }
        else
        {
            await using IComputeBackend backend = await Backends.Catalog.OpenAsync(name, threads, cancel);
            await BackendSelfTest.RunAsync(backend, logSize, sequence, cancel);
        }

        SelfTestReport report = sequence.Report;
        Remember(name, report);
        reporter.Result(ToJson(name, report), () => Console.Out.WriteLine($"{(report.Passed ? "PASS" : "FAIL")} {name}: {Count(report)}"));
        return report.Passed ? ExitStatus.Done : ExitStatus.Refused;
    }

    /// <summary>What passes is used again, and what fails is not: auto looks at both.</summary>
    private static void Remember(string name, SelfTestReport report)
    {
        if (report.Passed)
        {
            Backends.Quarantines.Remove(name);
        }
        else if (report.Steps.FirstOrDefault(step => !step.Passed) is { } failed)
        {
            Quarantine? before = Backends.Quarantines.Find(name);
            int failures = (before?.Failures ?? 0) + 1;
            DateTimeOffset now = DateTimeOffset.UtcNow;
            Backends.Quarantines.Put(
                new Quarantine(name, $"self-test, {failed.Name}: {failed.Detail}", before?.Since ?? now, failures, now + new AutoBackendOptions().PauseAfter(failures)));
        }
    }

    internal static JsonObject ToJson(string name, SelfTestReport report) => new()
    {
        ["device"] = name,
        ["passed"] = report.Passed,
        ["steps"] = new JsonArray([.. report.Steps.Select(step => (JsonNode)new JsonObject
        {
            ["name"] = step.Name,
            ["outcome"] = Word(step.Outcome),
            ["ms"] = Math.Round(step.Elapsed.TotalMilliseconds, 3),
            ["detail"] = step.Detail,
        })]),
    };

    /// <summary>The card below its engines, and then those.</summary>
    internal static async Task TestCardAsync(IDeviceTransport transport, int logSize, int threads, SelfTestSequence sequence, CancellationToken cancel)
    {
        // Owned here until a backend takes it.
        IDeviceTransport? owned = transport;
        try
        {
            await CardSelfTest.RunAsync(transport, sequence, cancel);
            FpgaBackend? backend = null;
            await sequence.StepAsync("command queue", async () =>
            {
                backend = await FpgaBackend.OpenAsync(transport, new FpgaBackendOptions { Threads = threads }, cancel);
                owned = null;
                return new SelfTestVerdict(true, $"rings in device memory; {backend.Info.Device}");
            });
            if (backend is not null)
            {
                await using FpgaBackend opened = backend;
                await BackendSelfTest.RunAsync(opened, logSize, sequence, cancel);
            }
        }
        finally
        {
            if (owned is not null)
            {
                await owned.DisposeAsync();
            }
        }
    }

    private static void Print(SelfTestStep step)
    {
        string verdict = step.Outcome switch { SelfTestOutcome.Passed => "PASS", SelfTestOutcome.Failed => "FAIL", SelfTestOutcome.Unsupported => "none", _ => "----" };
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdict} {step.Name,-46} {step.Elapsed.TotalMilliseconds,10:F1} ms  {step.Detail}"));
    }

    private static string Count(SelfTestReport report) => string.Join(
        ", ", report.Steps.GroupBy(step => step.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}"));

    private static string Word(SelfTestOutcome outcome) => outcome switch
    {
        SelfTestOutcome.Passed => "passed",
        SelfTestOutcome.Failed => "failed",
        SelfTestOutcome.Unsupported => "unsupported",
        _ => "not run",
    };
}
