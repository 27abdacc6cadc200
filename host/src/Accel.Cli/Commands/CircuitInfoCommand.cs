using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Derivatives.Circuits;
using Accel.Proving.Frontend;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel circuit info</c>: how large the statements are.</summary>
internal static class CircuitInfoCommand
{
    public static Command Create()
    {
        Argument<string?> name = new("name") { Description = "A statement; without one the statements are listed.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> all = new("--all") { Description = "Compile every statement." };
        Option<string?> shape = CircuitOptions.Shape("by default the size that figures are stated for");
        Option<PublicFace> face = CircuitOptions.Face();
        Option<bool> json = CommonOptions.Json("Print one JSON object a line and statement instead of tables.");
        Command command = new("info", "Compile statements and say how many constraints they take: whole, by part and by unit, such as by account.")
        {
            name, all, shape, face, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && (result.GetValue(name) is not null || result.GetValue(shape) is not null))
            {
                result.AddError("--all takes neither a name nor --shape");
            }
        });
        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            Select(parsed.GetValue(name), parsed.GetValue(all)), parsed.GetValue(shape), parsed.GetValue(face), parsed.GetValue(json), cancel)));
        return command;
    }

    /// <summary>Null lists the names without compiling.</summary>
    private static IReadOnlyList<CircuitEntry>? Select(string? name, bool all) =>
        all ? CircuitCatalog.All : name is null ? null : [CircuitCatalog.Find(name)];

    private static int Run(IReadOnlyList<CircuitEntry>? selected, string? shape, PublicFace face, bool json, CancellationToken cancel)
    {
        if (selected is null)
        {
            List(json);
            return ExitStatus.Done;
        }

        foreach (CircuitEntry entry in selected)
        {
            cancel.ThrowIfCancellationRequested();
            CircuitFacts facts = CircuitFacts.Of(entry, shape ?? entry.DefaultShape, face);
            if (json)
            {
                Reporter.Line(facts.ToJson());
            }
            else
            {
                facts.Print();
            }
        }

        return ExitStatus.Done;
    }

    private static void List(bool json)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("name", "default size", "counted by");
        foreach (CircuitEntry entry in CircuitCatalog.All)
        {
            if (json)
            {
                Reporter.Line(new JsonObject { ["name"] = entry.Name, ["shape"] = entry.DefaultShape, ["unit"] = entry.Unit });
            }

            table.AddRow(Markup.Escape(entry.Name), Markup.Escape(entry.DefaultShape), Markup.Escape(entry.Unit));
        }

        if (!json)
        {
            Reporter.Console.Write(table);
        }
    }

    /// <summary>What compiling a statement shows.</summary>
    private sealed record CircuitFacts(
        CircuitEntry Entry,
        string Shape,
        PublicFace Face,
        int Constraints,
        int WithLookups,
        int Wires,
        int PublicInputs,
        IReadOnlyList<CircuitPart> Parts)
    {
        private double PerUnit => Math.Round((double)Constraints / Entry.UnitCount(Shape), 1);

        public static CircuitFacts Of(CircuitEntry entry, string shape, PublicFace face)
        {
            IStatement statement = entry.Create(shape, face);
            using CompiledCircuit circuit = CompiledCircuit.Compile(statement);
            IReadOnlyList<CircuitPart> parts = [.. statement.Parts];
            using CompiledCircuit withLookups = CompiledCircuit.Compile(statement, new CompilerOptions(Lookups: true));
            return new CircuitFacts(
                entry, shape, face, circuit.ConstraintCount, withLookups.ConstraintCount, circuit.WireCount, circuit.PublicCount, parts);
        }

        public JsonObject ToJson() => new()
        {
            ["name"] = Entry.Name,
            ["shape"] = Shape,
            ["face"] = Face.ToString(),
            ["constraints"] = Constraints,
            ["constraints_with_lookups"] = WithLookups,
            ["per_unit"] = PerUnit,
            ["unit"] = Entry.Unit,
            ["units"] = Entry.UnitCount(Shape),
            ["wires"] = Wires,
            ["public_inputs"] = PublicInputs,
            ["parts"] = new JsonArray([.. Parts.Select(part => new JsonObject { ["name"] = part.Name, ["constraints"] = part.ConstraintCount })]),
        };

        public void Print()
        {
            IAnsiConsole console = Reporter.Console;
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Entry.Name} {Shape}, {Face}: {Wires:N0} wires, {PublicInputs} public"));
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Constraints:N0} constraints, {PerUnit:N1} per {Entry.Unit}; {WithLookups:N0} with look-ups"));
            Table table = new Table().Border(TableBorder.Simple).AddColumn("part").AddColumn(new TableColumn("constraints").RightAligned());
            foreach (CircuitPart part in Parts)
            {
                table.AddRow(Markup.Escape(part.Name), part.ConstraintCount.ToString("N0", CultureInfo.InvariantCulture));
            }

            console.Write(table);
        }
    }
}
