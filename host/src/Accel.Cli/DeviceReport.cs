using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Proving.Groth16;
using Spectre.Console;

namespace Accel.Cli;

/// <summary>Cycles per operation of a backend that counts them; nothing for one that does not.</summary>
internal static class DeviceReport
{
    /// <summary>The operations in a shape for JSON; null when the backend counts no cycles.</summary>
    public static JsonArray? Json(IComputeBackend backend) =>
        backend is IDeviceMeter meter ? new JsonArray([.. meter.Operations.Select(Describe)]) : null;

    /// <summary>How far transfers and engines overlapped, in a shape for JSON; null when nothing counts it.</summary>
    public static JsonObject? LinkJson(IComputeBackend backend) => (backend as IDeviceMeter)?.Link is { } link
        ? new JsonObject
        {
            ["overlap"] = Math.Round(link.Overlap, 4),
            ["linkCycles"] = link.LinkCycles,
            ["engineCycles"] = link.EngineCycles,
            ["bothCycles"] = link.BothCycles,
            ["bytesToCard"] = link.BytesToCard,
            ["bytesFromCard"] = link.BytesFromCard,
            ["bytesPerCycle"] = link.BytesPerCycle,
        }
        : null;

    /// <summary>
    /// How long the solver took, and how far the witness had reached the device when it ended, in a shape for JSON; the bytes are null on a backend that takes
    /// the witness whole.
    /// </summary>
    public static JsonObject SolveJson(ProofResult proof) => new()
    {
        ["ms"] = Math.Round(proof.Timings[ProofPhase.Solve].TotalMilliseconds, 2),
        ["witnessBytes"] = proof.Transfer?.Bytes,
        ["witnessBytesSentWhileSolving"] = proof.Transfer?.BytesSentWhileSolving,
    };

    /// <summary>Writes how far the witness had reached the device when the solver ended; nothing on a backend that takes the witness whole.</summary>
    public static void WriteTransfer(ProofResult proof)
    {
        if (proof.Transfer is { } transfer)
        {
            Reporter.Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{transfer.BytesSentWhileSolving:N0} of the witness' {transfer.Bytes:N0} bytes had reached the device when the solver ended"));
        }
    }

    /// <summary>Writes the table of operations, and what the host did instead of the device.</summary>
    public static void Write(IComputeBackend backend)
    {
        if (backend is IDeviceMeter meter)
        {
            Table table = new Table().AddColumn("operation").Border(TableBorder.Simple);
            foreach (string column in new[] { "count", "window", "cycles", "accumulate", "aggregate", "adds or butterflies", "waited for memory" })
            {
                table.AddColumn(new TableColumn(column).RightAligned());
            }

            foreach (DeviceOperation operation in meter.Operations)
            {
                table.AddRow(
                    operation.Operation, Text(operation.Count), operation.WindowBits is { } bits ? $"{bits} bits" : string.Empty, Text(operation.Cycles),
                    Text(operation.AccumulateCycles), Text(operation.AggregateCycles), Text(operation.Steps), Text(operation.MemoryWaitCycles));
            }

            Reporter.Console.Write(table);
            if (meter.Link is { } link)
            {
                Reporter.Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"overlap {link.Overlap:F3}: link active in {link.LinkCycles:N0} cycles, engines in {link.EngineCycles:N0}, both in {link.BothCycles:N0}; the link carries {link.BytesPerCycle} bytes a cycle"));
            }
        }

        if (backend.Info.OnHost.Count > 0)
        {
            Reporter.Console.WriteLine($"on the host's processor: {string.Join("; ", backend.Info.OnHost)}");
        }
    }

    private static JsonNode Describe(DeviceOperation operation) => new JsonObject
    {
        ["operation"] = operation.Operation,
        ["count"] = operation.Count,
        ["windowBits"] = operation.WindowBits,
        ["windows"] = operation.Windows,
        ["cycles"] = operation.Cycles,
        ["accumulateCycles"] = operation.AccumulateCycles,
        ["aggregateCycles"] = operation.AggregateCycles,
        ["steps"] = operation.Steps,
        ["memoryWaitCycles"] = operation.MemoryWaitCycles,
    };

    private static string Text(IFormattable? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? string.Empty;
}
