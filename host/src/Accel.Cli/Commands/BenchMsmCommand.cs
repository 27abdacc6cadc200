using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Compute;

namespace Accel.Cli.Commands;

/// <summary><c>accel bench msm</c>: products, timed, or one on the simulated card, in its own cycles; each result is held to known discrete logarithms.</summary>
internal static class BenchMsmCommand
{
    private const int LogSizeMax = 22;

    public static Command Create()
    {
        Option<string> backend = BenchOptions.Backend();
        Option<int> logSize = BenchOptions.LogSize(LogSizeMax);
        Option<string> scalars = new("--scalars") { Description = "uniform; witness (50 % zero, 30 % one, 20 % uniform); or ones.", DefaultValueFactory = _ => "uniform" };
        scalars.AcceptOnlyFromAmong([.. MsmWorkload.Kinds]);
        Option<int?> window = new("--window-bits") { Description = "Bits of a window; by default a cost model chooses." };
        Option<string> group = new("--group") { Description = "g1 or g2; a card multiplies in g1 only.", DefaultValueFactory = _ => "g1" };
        group.AcceptOnlyFromAmong("g1", "g2");
        Option<int?> threads = CommonOptions.Threads();
        Option<int> runs = BenchOptions.Runs();
        Option<int> warmUp = BenchOptions.WarmUp();
        Option<bool> json = CommonOptions.Json("Print one JSON object on one line instead of a table.");
        Command command = new("msm", "Multiply 2^K scalars with the points 1·G, 2·G, … and print the time, or a device's cycles. The result is checked against the known discrete logarithms.")
        {
            backend, logSize, scalars, group, threads, runs, warmUp, window, json,
        };
        BenchOptions.Refuse(command, backend, timed: true, window);
        BenchOptions.Refuse(command, backend, timed: false, group, threads, runs, warmUp);
        command.SetAction((parsed, cancel) =>
        {
            string name = parsed.GetRequiredValue(backend);
            int size = parsed.GetValue(logSize);
            string kind = parsed.GetRequiredValue(scalars);
            bool asJson = parsed.GetValue(json);
            if (!BenchOptions.IsTimed(name))
            {
                return RunAsync(name, size, kind, parsed.GetValue(window), asJson, cancel);
            }

            TimedRun run = new(name, size, kind, CommonOptions.ThreadCount(parsed, threads), parsed.GetValue(warmUp), parsed.GetValue(runs), asJson);
            return parsed.GetRequiredValue(group) == "g1"
                ? RunTimedAsync<Fq, Bn254G1>(run, (device, points) => device.LoadBasesAsync(points, cancel), (device, set, source) => device.MsmAsync(set, source, cancel), cancel)
                : RunTimedAsync<Fq2, Bn254G2>(run, (device, points) => device.LoadBasesAsync(points, cancel), (device, set, source) => device.MsmAsync(set, source, cancel), cancel);
        });
        return command;
    }

    private static async Task<int> RunTimedAsync<TField, TCurve>(
        TimedRun run,
        Func<IComputeBackend, AffinePoint<TField, TCurve>[], ValueTask<IBaseSet<AffinePoint<TField, TCurve>>>> load,
        Func<IComputeBackend, IBaseSet<AffinePoint<TField, TCurve>>, IScalarSource, ValueTask<XyzzPoint<TField, TCurve>>> multiply,
        CancellationToken cancel)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        int n = 1 << run.LogSize;
        await using IComputeBackend backend = await Backends.Catalog.OpenAsync(run.Backend, run.Threads, cancel);
        AffinePoint<TField, TCurve>[] points = await MsmWorkload.MultiplesAsync<TField, TCurve>(n, cancel);
        Fr[] scalars = MsmWorkload.Scalars(run.Scalars, n);
        MemoryScalarSource source = new(scalars);
        await using IBaseSet<AffinePoint<TField, TCurve>> bases = await load(backend, points);
        XyzzPoint<TField, TCurve> product = default;
        double[] times = await BenchOptions.MeasureAsync(run.WarmUp, run.Runs, async () => product = await multiply(backend, bases, source), cancel);
        if (product != XyzzPoint<TField, TCurve>.Generator * MsmWorkload.Logarithm(scalars))
        {
            throw new InvalidOperationException($"an MSM of 2^{run.LogSize} {run.Scalars} scalars on {backend.Info.Device} is not the multiple of the generator that the discrete logarithms give");
        }

        JsonObject record = new()
        {
            ["op"] = "msm",
            ["curve"] = backend.Info.Curves[0],
            ["group"] = TCurve.Name.ToLowerInvariant(),
            ["backend"] = backend.Info.Kind,
            ["device"] = backend.Info.Device,
            ["log_size"] = run.LogSize,
            ["scalars"] = run.Scalars,
            ["threads"] = run.Threads,
        };
        BenchOptions.AddTimes(record, run.WarmUp, times);
        record["ns_per_point"] = Math.Round(times[0] * 1e6 / n, 1);
        BenchOptions.Print(record, run.Json);
        return ExitStatus.Done;
    }

    private static async Task<int> RunAsync(string name, int logSize, string kind, int? windowBits, bool json, CancellationToken cancel)
    {
        int n = 1 << logSize;
        await using FpgaBackend backend = await FpgaBackend.OpenAsync(BenchOptions.Open(name, library: null), new FpgaBackendOptions { WindowBits = windowBits }, cancel);
        Fr[] scalars = MsmWorkload.Scalars(kind, n);
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(await MsmWorkload.MultiplesAsync<Fq, Bn254G1>(n, cancel), cancel);
        G1 product = await backend.MsmAsync(bases, new MemoryScalarSource(scalars), cancel);
        if (product != G1.Generator * MsmWorkload.Logarithm(scalars))
        {
            throw new DeviceResultException(backend.Info.Device, $"an MSM of 2^{logSize} {kind} scalars", "it is not the multiple of the generator that the discrete logarithms give");
        }

        Print(backend, kind, logSize, backend.Operations[^1], json);
        return ExitStatus.Done;
    }

    private static void Print(FpgaBackend backend, string kind, int logSize, DeviceOperation msm, bool json)
    {
        double visits = (double)msm.Count * msm.Windows!.Value;
        double engineCycles = msm.AccumulateCycles!.Value + msm.AggregateCycles!.Value;
        JsonObject record = new()
        {
            ["op"] = "msm",
            ["curve"] = backend.Info.Curves[0],
            ["group"] = "g1",
            ["backend"] = backend.Info.Kind,
            ["log_size"] = logSize,
            ["scalars"] = kind,
            ["windows"] = msm.Windows,
            ["window_bits"] = msm.WindowBits,
            ["cycles"] = msm.Cycles,
            ["accumulate_cycles"] = msm.AccumulateCycles,
            ["aggregate_cycles"] = msm.AggregateCycles,
            ["cycles_per_point_window"] = Math.Round(msm.AccumulateCycles.Value / visits, 5),
            ["cycles_per_point"] = Math.Round(msm.Cycles / (double)msm.Count, 3),
            ["adds"] = msm.Steps,
            ["adder_utilisation"] = Math.Round(msm.Steps!.Value / engineCycles, 5),
            ["adder_latency"] = backend.Capabilities.AdderLatency,
        };
        BenchOptions.Print(record, json);
    }

    /// <summary>What to time.</summary>
    private readonly record struct TimedRun(string Backend, int LogSize, string Scalars, int Threads, int WarmUp, int Runs, bool Json);
}
