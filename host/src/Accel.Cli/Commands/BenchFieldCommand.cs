using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Compute;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel bench field</c>: field and point arithmetic of the processor's engines.</summary>
internal static class BenchFieldCommand
{
    public static Command Create()
    {
        Option<int> runs = BenchOptions.Runs();
        Option<int> warmUp = BenchOptions.WarmUp();
        Option<bool> json = CommonOptions.Json("Print one JSON object a line instead of a table.");
        Command command = new("field", "Time products, squares and point additions on one thread, with every engine that this processor accelerates.") { runs, warmUp, json };
        command.SetAction((parsed, cancel) =>
        {
            List<JsonObject> records = [];
            foreach (KernelFigure figure in KernelBenchmark.Run(parsed.GetValue(warmUp), parsed.GetValue(runs), cancel))
            {
                records.Add(new JsonObject
                {
                    ["op"] = figure.Operation,
                    ["field"] = figure.Field,
                    ["engine"] = figure.Engine,
                    ["warm_up"] = parsed.GetValue(warmUp),
                    ["runs"] = parsed.GetValue(runs),
                    ["min_ns"] = Math.Round(figure.Minimum, 2),
                    ["median_ns"] = Math.Round(figure.Median, 2),
                });
            }

            Print(records, parsed.GetValue(json));
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }

    private static void Print(List<JsonObject> records, bool json)
    {
        if (json)
        {
            records.ForEach(Reporter.Line);
            return;
        }

        Table table = new Table().AddColumns("operation", "field", "engine").Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("minimum, ns").RightAligned()).AddColumn(new TableColumn("median, ns").RightAligned());
        foreach (JsonObject record in records)
        {
            table.AddRow([.. new[] { "op", "field", "engine", "min_ns", "median_ns" }.Select(name => record[name]!.ToString())]);
        }

        Reporter.Console.Write(table);
    }
}
