using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Compute.Auto;
using Spectre.Console;

namespace Accel.Cli;

/// <summary>What a choosing backend chose and why; of any other, that there was nothing to choose.</summary>
internal static class ChoiceReport
{
    public static JsonArray Json(IComputeBackend backend) => new([.. Choices(backend).Select(record => (JsonNode)new JsonObject
    {
        ["operation"] = record.Choice.Operation.ToString(),
        ["count"] = record.Choice.Count,
        ["candidates"] = new JsonArray([.. record.Choice.Candidates.Select(candidate => (JsonNode)new JsonObject
        {
            ["device"] = candidate.Device,
            ["expectedMs"] = Rounded(candidate.ExpectedMs),
            ["refusal"] = candidate.Refusal,
        })]),
        ["shares"] = new JsonArray([.. record.Choice.Shares.Select(share => (JsonNode)new JsonObject
        {
            ["device"] = share.Device,
            ["offset"] = share.Offset,
            ["count"] = share.Count,
        })]),
        ["expectedMs"] = Rounded(record.Choice.ExpectedMs),
        ["actualMs"] = Rounded(record.ActualMs),
        ["failure"] = record.Failure,
    })]);

    public static void Write(IComputeBackend backend)
    {
        if (backend is not AutoBackend)
        {
            Reporter.Console.WriteLine($"nothing was chosen: --backend {backend.Info.Kind} does everything itself; --backend auto chooses");
            return;
        }

        Table table = new Table().AddColumns("operation").Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("count").RightAligned()).AddColumns("chosen", "expected of each, ms").AddColumn(new TableColumn("took ms").RightAligned());
        foreach (ChoiceRecord record in Choices(backend))
        {
            table.AddRow(
                record.Choice.Operation.ToString(),
                record.Choice.Count.ToString("N0", CultureInfo.InvariantCulture),
                Markup.Escape(string.Join(" + ", record.Choice.Shares.Select(share => record.Choice.Shares.Count > 1 ? $"{share.Device} {share.Count:N0}" : share.Device))),
                Markup.Escape(string.Join(", ", record.Choice.Candidates.Select(candidate => $"{candidate.Device} {Text(candidate.ExpectedMs) ?? $"({candidate.Refusal})"}"))),
                Markup.Escape(Text(record.ActualMs) ?? record.Failure ?? string.Empty));
        }

        Reporter.Console.Write(table);
    }

    private static IReadOnlyList<ChoiceRecord> Choices(IComputeBackend backend) => (backend as AutoBackend)?.Choices ?? [];

    private static double? Rounded(double? milliseconds) => milliseconds is { } value ? Math.Round(value, 3) : null;

    private static string? Text(double? milliseconds) => milliseconds?.ToString("F1", CultureInfo.InvariantCulture);
}
