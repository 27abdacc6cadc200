using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Cli.Doctor;
using Accel.Compute;
using Accel.Device;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel doctor</c>: what each backend needs, whether it is here, and how to get it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "doctor",
            "Say what each backend needs, what of it is missing or closed to this user, and the command that gets it. Opens no device; exit status 0 "
            + "whatever is missing.")
        {
            json,
        };
        command.SetAction(parsed => Run(new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static int Run(Reporter reporter)
    {
        ProgramFacts facts = new(
            [.. CpuBackend.Engines.Select(engine => (engine.Name, engine.Needs, engine.Missing))],
            SimTransport.IsBuilt(),
            Environment.GetEnvironmentVariable("OCL_ICD_VENDORS") is { Length: > 0 } vendors && Directory.Exists(vendors) ? Path.GetFullPath(vendors) : null);
        IReadOnlyList<Diagnosis> diagnoses = new Examination(new HostFiles(), facts).Run();
        reporter.Result(ToJson(diagnoses), () => Print(diagnoses));
        return ExitStatus.Done;
    }

    internal static JsonObject ToJson(IReadOnlyList<Diagnosis> diagnoses) => new()
    {
        ["checks"] = new JsonArray([.. diagnoses.Select(diagnosis => (JsonNode)new JsonObject
        {
            ["backend"] = diagnosis.Backend,
            ["what"] = diagnosis.What,
            ["finding"] = Word(diagnosis.Finding),
            ["detail"] = diagnosis.Detail,
            ["why"] = diagnosis.Why,
            ["fix"] = diagnosis.Fix,
        })]),
    };

    private static void Print(IReadOnlyList<Diagnosis> diagnoses)
    {
        Table table = new Table().AddColumns("backend", "what", "finding", "detail", "why it matters").Border(TableBorder.Simple);
        foreach (Diagnosis diagnosis in diagnoses)
        {
            table.AddRow(
                Markup.Escape(diagnosis.Backend), Markup.Escape(diagnosis.What), Word(diagnosis.Finding), Markup.Escape(diagnosis.Detail), Markup.Escape(diagnosis.Why));
        }

        Reporter.Console.Write(table);
        foreach (Diagnosis diagnosis in diagnoses.Where(diagnosis => diagnosis.Fix is not null))
        {
            // Not in the table, so that a command can be copied whole.
            Console.Out.WriteLine($"{diagnosis.Backend}, {diagnosis.What}:");
            Console.Out.WriteLine($"    {diagnosis.Fix}");
        }
    }

    private static string Word(Finding finding) => finding switch { Finding.Ok => "ok", Finding.Missing => "missing", _ => "no permission" };
}
