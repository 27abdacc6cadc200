using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Cli.Commands;

/// <summary><c>accel bench prove</c>: proofs of one witness by a resident service, its key loaded once.</summary>
internal static class BenchProveCommand
{
    public static Command Create()
    {
        Argument<string> key = CommonOptions.Existing("circuit.zkey", "Proving key, as snarkjs writes it.");
        Argument<string> witness = CommonOptions.Existing("witness.wtns", "Witness.");
        Option<string> backend = CommonOptions.Backend();
        Option<int?> threads = CommonOptions.Threads();
        Option<int> runs = BenchOptions.Runs();
        Option<int> warmUp = BenchOptions.WarmUp();
        Option<bool> json = CommonOptions.Json("Print one JSON object on one line instead of a table.");
        Command command = new("prove", "Prove one witness again and again, the key loaded once, and print the times. Every proof is verified.")
        {
            key, witness, backend, threads, runs, warmUp, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(key), parsed.GetRequiredValue(witness), parsed.GetRequiredValue(backend), CommonOptions.ThreadCount(parsed, threads),
            parsed.GetValue(warmUp), parsed.GetValue(runs), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        string keyPath, string witnessPath, string name, int threads, int warmUp, int runs, bool json, CancellationToken cancel)
    {
        using ProvingKey key = ZkeyFile.Read(keyPath);
        Fr[] witness = WitnessFile.Read(witnessPath);
        await using IComputeBackend backend = await Backends.Catalog.OpenAsync(name, threads, cancel);
        ProvingServiceOptions options = new() { ProofsAtOnce = 1, Prover = new ProverOptions { ThreadCount = threads } };
        await using ProvingService service = await ProvingService.StartAsync(key, backend, options, cancel);
        ProofTimings? fastest = null;
        double[] times = await BenchOptions.MeasureAsync(
            warmUp,
            runs,
            async () =>
            {
                ProofResult result = await service.ProveAsync(witness, progress: null, cancel);
                fastest = fastest is null || result.Timings.Total < fastest.Total ? result.Timings : fastest;
            },
            cancel);
        JsonObject record = new()
        {
            ["op"] = "prove",
            ["curve"] = backend.Info.Curves[0],
            ["backend"] = backend.Info.Kind,
            ["device"] = backend.Info.Device,
            ["wires"] = key.Header.WireCount,
            ["domain"] = key.Header.DomainSize,
            ["threads"] = threads,
        };
        BenchOptions.AddTimes(record, warmUp, times);
        foreach (ProofPhase phase in Enum.GetValues<ProofPhase>().Where(fastest!.Has))
        {
            record[$"{phase}_ms"] = Math.Round(fastest[phase].TotalMilliseconds, 2);
        }

        BenchOptions.Print(record, json);
        return ExitStatus.Done;
    }
}
