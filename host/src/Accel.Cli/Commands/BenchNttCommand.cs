using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Device;

namespace Accel.Cli.Commands;

/// <summary><c>accel bench ntt</c>: transforms back to back on a device; the interval between completions, once it is steady, says how busy the butterflies are.</summary>
internal static class BenchNttCommand
{
    private const int LogSizeMax = 20;

    public static Command Create()
    {
        Option<string> backend = BenchOptions.Backend();
        Option<int> logSize = BenchOptions.LogSize(LogSizeMax);
        Option<int?> lanes = new("--lanes") { Description = "Lanes of the simulated core: 1 or 4 (by default that of the library that --backend names)." };
        lanes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is not (null or 1 or 4))
            {
                result.AddError("--lanes must be 1 or 4: these are the cores that `make sim` builds");
            }
        });
        Option<int?> tile = new("--tile-log2") { Description = "Limit of the on-chip size, as a power of 2; larger transforms go through device memory." };
        Option<int> count = new("--count") { Description = "Transforms in flight back to back, at least 24.", DefaultValueFactory = _ => 24 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 24 or > 60)
            {
                result.AddError("--count must be within 24…60");
            }
        });
        Option<bool> json = new("--json") { Description = "Print one JSON object on one line instead of a table." };
        Command command = new("ntt", "Run forward transforms of 2^K values back to back on a device and print the steady interval between completions. Every result is checked.")
        {
            backend, logSize, lanes, tile, count, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(backend), parsed.GetValue(lanes), new TransformTrain(parsed.GetValue(logSize), parsed.GetValue(count), parsed.GetValue(tile)), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string name, int? lanes, TransformTrain train, bool json, CancellationToken cancel)
    {
        string? library = lanes switch { 1 => "lanes1", 4 => "full", _ => null };
        await using FpgaBackend backend = await FpgaBackend.OpenAsync(
            BenchOptions.Open(name, library), new FpgaBackendOptions { Queue = new CommandQueueOptions { RingLog2 = 6, InFlightMax = 63 } }, cancel);
        int tileMax = backend.Capabilities.NttTileLog2Max;
        TransformTrainResult result = await backend.RunTransformsAsync(train, cancel);
        int tile = Math.Min(train.TileLog2 ?? tileMax, tileMax);
        JsonObject record = new()
        {
            ["op"] = "ntt",
            ["curve"] = backend.Info.Curves[0],
            ["backend"] = backend.Info.Kind,
            ["log_size"] = train.Log2Size,
            ["lanes"] = backend.Capabilities.NttLanes,
            ["tile_log2"] = tile,
            ["transforms"] = train.Count,
            ["butterflies"] = result.Butterflies,
            ["cycles"] = Math.Round(result.CyclesPerTransform, 1),
            ["butterfly_utilisation"] = Math.Round(result.Butterflies / (result.CyclesPerTransform * backend.Capabilities.NttLanes), 5),
        };
        if (json)
        {
            BenchOptions.PrintLine(record);
        }
        else
        {
            BenchOptions.PrintTable(record);
        }

        return ExitStatus.Done;
    }
}
