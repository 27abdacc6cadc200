using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Device;

namespace Accel.Cli.Commands;

/// <summary><c>accel bench ntt</c>: transforms, timed; or back to back on the simulated card, where the interval between completions, once it is steady, says how busy the butterflies are.</summary>
internal static class BenchNttCommand
{
    private const int LogSizeMax = 24;
    private const int DeviceLogSizeMax = 20;
    private const int Seed = 1;

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
        Option<int?> threads = CommonOptions.Threads();
        Option<int> runs = BenchOptions.Runs();
        Option<int> warmUp = BenchOptions.WarmUp();
        Option<bool> json = CommonOptions.Json("Print one JSON object on one line instead of a table.");
        Command command = new("ntt", "Run forward transforms of 2^K values and print the time, or, back to back on a device, the steady interval between completions. Every result is checked.")
        {
            backend, logSize, threads, runs, warmUp, lanes, tile, count, json,
        };
        BenchOptions.Refuse(command, backend, timed: true, lanes, tile, count);
        BenchOptions.Refuse(command, backend, timed: false, threads, runs, warmUp);
        command.Validators.Add(result =>
        {
            if (!BenchOptions.IsTimed(BenchOptions.NameIn(result, backend)) && result.GetValue(logSize) > DeviceLogSizeMax)
            {
                result.AddError($"--log-size must be within 0…{DeviceLogSizeMax} on a simulated card");
            }
        });
        command.SetAction((parsed, cancel) => BenchOptions.IsTimed(parsed.GetRequiredValue(backend))
            ? RunTimedAsync(parsed.GetRequiredValue(backend), parsed.GetValue(logSize), CommonOptions.ThreadCount(parsed, threads), parsed.GetValue(warmUp), parsed.GetValue(runs), parsed.GetValue(json), cancel)
            : RunAsync(
                parsed.GetRequiredValue(backend), parsed.GetValue(lanes), new TransformTrain(parsed.GetValue(logSize), parsed.GetValue(count), parsed.GetValue(tile)), parsed.GetValue(json), cancel));
        return command;
    }

    /// <summary>Times forward transforms in place, each on the result of the one before; then undoes them all on the processor and compares.</summary>
    private static async Task<int> RunTimedAsync(string name, int logSize, int threads, int warmUp, int runs, bool json, CancellationToken cancel)
    {
        await using IComputeBackend backend = await Backends.Catalog.OpenAsync(name, threads, cancel);
        await using CpuBackend judge = new(threads);
        Random random = new(Seed);
        Fr[] values = new Fr[1 << logSize];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (Fr)(ulong)random.NextInt64() * (Fr)(ulong)random.NextInt64() * (Fr)(ulong)random.NextInt64() * (Fr)(ulong)random.NextInt64();
        }

        Fr[] before = [.. values];
        double[] times = await BenchOptions.MeasureAsync(warmUp, runs, async () => await backend.NttAsync(new NttPlan(logSize, NttDirection.Forward), values, cancel), cancel);
        for (int run = 0; run < warmUp + runs; run++)
        {
            await judge.NttAsync(new NttPlan(logSize, NttDirection.Inverse), values, cancel);
        }

        if (!values.AsSpan().SequenceEqual(before))
        {
            throw new InvalidOperationException($"transforms of 2^{logSize} on {backend.Info.Device} are not undone by the inverses of the processor");
        }

        JsonObject record = new()
        {
            ["op"] = "ntt",
            ["curve"] = backend.Info.Curves[0],
            ["backend"] = backend.Info.Kind,
            ["device"] = backend.Info.Device,
            ["log_size"] = logSize,
            ["threads"] = threads,
        };
        BenchOptions.AddTimes(record, warmUp, times);
        record["ns_per_butterfly"] = logSize == 0 ? null : Math.Round(times[0] * 1e6 / ((double)logSize * (1 << logSize) / 2), 2);
        BenchOptions.Print(record, json);
        return ExitStatus.Done;
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
        BenchOptions.Print(record, json);

        return ExitStatus.Done;
    }
}
