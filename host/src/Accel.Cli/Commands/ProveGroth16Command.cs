using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel prove groth16</c>, with the positional arguments of rapidsnark, so that it drops in.</summary>
internal static class ProveGroth16Command
{
    private const string DevelopmentWarning = "this key was made by one party: for development, not safe for value";

    public static Command Create()
    {
        Argument<string> key = CommonOptions.Existing("circuit.zkey", "Proving key, as snarkjs writes it.");
        Argument<string> witness = CommonOptions.Existing("witness.wtns", "Witness.");
        Argument<string> proof = new("proof.json") { Description = "Receives the proof." };
        Argument<string> publicInputs = new("public.json") { Description = "Receives the public inputs." };
        Option<string> backend = CommonOptions.Backend();
        Option<int?> threads = CommonOptions.Threads();
        Option<bool> explain = CommonOptions.Explain();
        Option<bool> json = CommonOptions.Json();
        Option<bool> trusted = new("--trusted-key") { Description = "Skip the checks that every point of the key is on its curve; for keys that were checked before." };
        Command command = new("groth16", "Prove that a witness satisfies a circuit: Groth16 over BN254, in snarkjs' formats. The proof is verified before it is written.")
        {
            key, witness, proof, publicInputs, backend, explain, threads, trusted, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new Request(
                parsed.GetRequiredValue(key), parsed.GetRequiredValue(witness), parsed.GetRequiredValue(proof), parsed.GetRequiredValue(publicInputs),
                parsed.GetRequiredValue(backend), CommonOptions.ThreadCount(parsed, threads), parsed.GetValue(trusted), parsed.GetValue(explain)),
            new Reporter(parsed.GetValue(json)),
            cancel));
        return command;
    }

    /// <summary>Milliseconds by phase, in a shape for JSON.</summary>
    public static Dictionary<string, double> PhasesMs(ProofTimings timings)
    {
        Dictionary<string, double> phases = Enum.GetValues<ProofPhase>().Where(timings.Has)
            .ToDictionary(phase => phase.ToString(), phase => Math.Round(timings[phase].TotalMilliseconds, 2));
        phases["Total"] = Math.Round(timings.Total.TotalMilliseconds, 2);
        return phases;
    }

    /// <summary>Milliseconds by phase, as a table. Phases run side by side, so it says when each began.</summary>
    public static Table PhaseTable(ProofTimings timings)
    {
        Table table = new Table().AddColumn("phase").Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("from ms").RightAligned()).AddColumn(new TableColumn("ms").RightAligned());
        foreach (ProofPhase phase in Enum.GetValues<ProofPhase>().Where(timings.Has))
        {
            table.AddRow(phase.ToString(), Milliseconds(timings.StartOf(phase)), Milliseconds(timings[phase]));
        }

        table.AddRow("Total", Milliseconds(TimeSpan.Zero), Milliseconds(timings.Total));
        return table;
    }

    private static string Milliseconds(TimeSpan span) => span.TotalMilliseconds.ToString("F1", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<int> RunAsync(Request request, Reporter reporter, CancellationToken cancel)
    {
        NativeHeap.ReturnLargeBlocks();
        Task<Fr[]> witness = Task.Run(() => WitnessFile.Read(request.Witness), CancellationToken.None);
        using ProvingKey key = ZkeyFile.Read(request.Key, request.Trusted);
        if (key.IsForDevelopment)
        {
            Reporter.Warn(DevelopmentWarning);
        }

        await using IComputeBackend backend = await Backends.Catalog.OpenAsync(request.Backend, request.Threads, cancel);
        ProverOptions options = new() { ThreadCount = request.Threads };
        ProofResult result = await Groth16Prover.ProveAsync(key, await witness, backend, options, progress: null, cancel);
        OutputFile.Write(request.Proof, stream => ProofJson.Write(stream, result.Proof));
        OutputFile.Write(request.PublicInputs, stream => PublicJson.Write(stream, result.PublicInputs));
        reporter.Result(
            new JsonObject
            {
                ["proof"] = request.Proof,
                ["publicInputs"] = request.PublicInputs,
                ["backend"] = backend.Info.Kind,
                ["device"] = backend.Info.Device,
                ["onHost"] = JsonSerializer.SerializeToNode(backend.Info.OnHost, OutputSchema.Default.IReadOnlyListString),
                ["wires"] = key.Header.WireCount,
                ["publicCount"] = key.Header.PublicCount,
                ["domain"] = key.Header.DomainSize,
                ["developmentKey"] = key.IsForDevelopment,
                ["phasesMs"] = JsonSerializer.SerializeToNode(PhasesMs(result.Timings), OutputSchema.Default.DictionaryStringDouble),
                ["operations"] = DeviceReport.Json(backend),
                ["link"] = DeviceReport.LinkJson(backend),
                ["choices"] = request.Explain ? ChoiceReport.Json(backend) : null,
            },
            () =>
            {
                Reporter.Console.Write(PhaseTable(result.Timings));
                DeviceReport.Write(backend);
                if (request.Explain)
                {
                    ChoiceReport.Write(backend);
                }

                Reporter.Console.WriteLine($"proved and verified on {backend.Info.Kind} ({backend.Info.Device}): {request.Proof}, {request.PublicInputs}");
            });
        return ExitStatus.Done;
    }

    private sealed record Request(string Key, string Witness, string Proof, string PublicInputs, string Backend, int Threads, bool Trusted, bool Explain);
}
