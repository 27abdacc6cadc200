using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Derivatives.Circuits;
using Accel.Proving.Soundness;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel circuit fuzz</c>: a statement against its reference and against a dishonest prover.</summary>
internal static class CircuitFuzzCommand
{
    private const int CountMax = 10_000_000;

    public static Command Create()
    {
        Argument<string> name = new("name") { Description = "A statement; `accel circuit info` lists them." };
        Option<int> seed = new("--seed")
        {
            Description = "Seeds instances, samples and lies; the same seed searches the same.",
            DefaultValueFactory = _ => 1,
        };
        Option<int> cases = Count("--cases", "Random instances on which circuit and reference are compared.", 20);
        Option<int> mutations = Count("--mutations", "Hint calls that are lied to, and constraints that are deleted, each at most this many.", 100);
        Option<string?> shape = CircuitOptions.Shape("by default a small one");
        Option<PublicFace> face = CircuitOptions.Face();
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "fuzz",
            "Search a statement for flaws. Random instances: the circuit must accept what the reference computed. Every wire: none may change alone. "
            + "Lying hints: a constraint must fail. Small gadgets: every answer is enumerated, one must remain. Deleted constraints: each should be "
            + "missed; the kill rate is reported, without the hash, path and signature gadgets, which have tests of their own. "
            + "Exit status 1 when a flaw was found.")
        {
            name, seed, cases, mutations, shape, face, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            CircuitFuzzOptions options = new()
            {
                Seed = parsed.GetValue(seed),
                Cases = parsed.GetValue(cases),
                Mutations = parsed.GetValue(mutations),
                Shape = parsed.GetValue(shape),
                Face = parsed.GetValue(face),
            };
            return RunAsync(CircuitCatalog.Find(parsed.GetRequiredValue(name)), options, new Reporter(parsed.GetValue(json)), cancel);
        });
        return command;
    }

    private static Option<int> Count(string name, string description, int usual)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > CountMax)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be within 0…{CountMax}"));
            }
        });
        return option;
    }

    private static async Task<int> RunAsync(CircuitEntry entry, CircuitFuzzOptions options, Reporter reporter, CancellationToken cancel)
    {
        CircuitFuzzReport report = await reporter.StepAsync(
            $"search of {entry.Name}", progress => Task.Run(() => CircuitFuzz.Run(entry, options, new Relay(progress), cancel), cancel));
        reporter.Result(ToJson(report, entry.Unit), () => Print(report, entry.Unit));
        return report.IsClean ? ExitStatus.Done : ExitStatus.Refused;
    }

    private static JsonObject ToJson(CircuitFuzzReport report, string unit)
    {
        SoundnessReport soundness = report.Soundness;
        return new JsonObject
        {
            ["circuit"] = report.Circuit,
            ["constraints"] = report.ConstraintCount,
            ["seed"] = soundness.Seed,
            ["cases"] = report.CaseCount,
            ["units"] = report.UnitCount,
            ["unit"] = unit,
            ["casesFailed"] = report.FailedCases.Count,
            ["wires"] = soundness.WireCount,
            ["wiresDeclaredFree"] = soundness.FreeWireCount,
            ["hints"] = soundness.HintCount,
            ["hintsLiedTo"] = soundness.HintSampleCount,
            ["lies"] = soundness.LieCount,
            ["liesDeclaredFree"] = soundness.FreeLieCount,
            ["gadgetsEnumerated"] = report.Gadgets.Count,
            ["gadgetInputs"] = report.Gadgets.Sum(gadget => gadget.InputCount),
            ["deletable"] = soundness.DeletableCount,
            ["deletions"] = soundness.DeletionCount,
            ["deletionsCaught"] = soundness.KilledCount,
            ["killRate"] = Math.Round(soundness.KillRate, 4),
            ["searchSeconds"] = Math.Round(soundness.Elapsed.TotalSeconds, 2),
            ["seconds"] = Math.Round(report.Elapsed.TotalSeconds, 2),
            ["defects"] = Texts(Defects(report)),
            ["survivors"] = Texts(soundness.Survivors),
        };
    }

    private static IEnumerable<string> Defects(CircuitFuzzReport report) =>
        [.. report.FailedCases, .. report.Soundness.Defects, .. report.Gadgets.SelectMany(gadget => gadget.Defects)];

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static void Print(CircuitFuzzReport report, string unit)
    {
        IAnsiConsole console = Reporter.Console;
        SoundnessReport soundness = report.Soundness;
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Circuit}: {report.ConstraintCount:N0} constraints, seed {soundness.Seed}"));
        Grid grid = new Grid().AddColumn().AddColumn();
        Row("instances", $"{report.CaseCount - report.FailedCases.Count:N0} of {report.CaseCount:N0} as the reference: units of one {unit}, {report.UnitCount:N0}");
        Row("(a) wires", $"{soundness.WireCount:N0} examined, {soundness.FreeWireCount:N0} declared free");
        Row("(b) hints", $"{soundness.LieCount:N0} lies to {soundness.HintSampleCount:N0} calls, {soundness.FreeLieCount:N0} where declared free");
        Row("(c) gadgets", $"{report.Gadgets.Count} enumerated over {report.Gadgets.Sum(gadget => gadget.InputCount)} inputs");
        Row("(d) deletions", $"{soundness.KilledCount:N0} of {soundness.DeletionCount:N0} caught: {soundness.KillRate:P1}");
        Row("    among", $"{soundness.DeletableCount:N0} constraints besides hash, path and signature gadgets");
        Row("time", $"{report.Elapsed.TotalSeconds:N1} s, {soundness.Elapsed.TotalSeconds:N1} s of it for (a), (b) and (d)");
        console.Write(grid);
        foreach (string defect in Defects(report))
        {
            console.WriteLine($"defect: {defect}");
        }

        foreach (string survivor in soundness.Survivors)
        {
            console.WriteLine($"survivor: {survivor}");
        }

        void Row(string label, FormattableString text) =>
            grid.AddRow(Markup.Escape(label), Markup.Escape(text.ToString(CultureInfo.InvariantCulture)));
    }

    private sealed class Relay(IProgress<string> progress) : IProgress<SoundnessProgress>
    {
        public void Report(SoundnessProgress value) => progress.Report(string.Create(CultureInfo.InvariantCulture,
            $"{value.Part} {value.Done:N0} of {value.Total:N0}"));
    }
}
