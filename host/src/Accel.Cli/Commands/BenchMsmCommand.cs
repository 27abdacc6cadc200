using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Compute;

namespace Accel.Cli.Commands;

/// <summary><c>accel bench msm</c>: one G1 product on a device, its cycles counted by the device and its result held to known discrete logarithms.</summary>
internal static class BenchMsmCommand
{
    private const int LogSizeMax = 20;
    private const int Seed = 1;

    public static Command Create()
    {
        Option<string> backend = BenchOptions.Backend();
        Option<int> logSize = BenchOptions.LogSize(LogSizeMax);
        Option<string> scalars = new("--scalars") { Description = "uniform; witness (50 % zero, 30 % one, 20 % uniform); or ones.", DefaultValueFactory = _ => "uniform" };
        scalars.AcceptOnlyFromAmong("uniform", "witness", "ones");
        Option<int?> window = new("--window-bits") { Description = "Bits of a window; by default a cost model chooses." };
        Option<bool> json = new("--json") { Description = "Print one JSON object on one line instead of a table." };
        Command command = new("msm", "Multiply 2^K scalars with the points 1·G, 2·G, … on a device and print its cycles. The result is checked against the known discrete logarithms.")
        {
            backend, logSize, scalars, window, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(backend), parsed.GetValue(logSize), parsed.GetRequiredValue(scalars), parsed.GetValue(window), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string name, int logSize, string kind, int? windowBits, bool json, CancellationToken cancel)
    {
        int n = 1 << logSize;
        await using FpgaBackend backend = await FpgaBackend.OpenAsync(BenchOptions.Open(name, library: null), new FpgaBackendOptions { WindowBits = windowBits }, cancel);
        Fr[] scalars = Scalars(kind, n);
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(Multiples(n), cancel);
        G1 product = await backend.MsmAsync(bases, new MemoryScalarSource(scalars), cancel);
        Fr logarithm = Fr.Zero;
        for (int i = 0; i < n; i++)
        {
            logarithm += scalars[i] * (i + 1);
        }

        if (product != G1.Generator * logarithm)
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
        if (json)
        {
            BenchOptions.PrintLine(record);
        }
        else
        {
            BenchOptions.PrintTable(record);
        }
    }

    private static Fr[] Scalars(string kind, int count)
    {
        Random random = new(Seed);
        Fr[] scalars = new Fr[count];
        for (int i = 0; i < count; i++)
        {
            int draw = kind switch { "ones" => 50, "witness" => random.Next(100), _ => 99 };
            scalars[i] = draw < 50 ? Fr.Zero : draw < 80 ? Fr.One : Uniform(random);
        }

        return scalars;
    }

    private static Fr Uniform(Random random)
    {
        Span<byte> bytes = stackalloc byte[48];
        random.NextBytes(bytes);
        return Fr.FromBigInteger(new System.Numerics.BigInteger(bytes, isUnsigned: true));
    }

    /// <summary>1·G, 2·G, …</summary>
    private static G1Affine[] Multiples(int count)
    {
        G1[] points = new G1[count];
        G1 sum = G1.Infinity;
        for (int i = 0; i < count; i++)
        {
            sum += G1Affine.Generator;
            points[i] = sum;
        }

        G1Affine[] affine = new G1Affine[count];
        G1.ToAffine(points, affine);
        return affine;
    }
}
