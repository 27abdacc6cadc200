using System.Globalization;
using System.Text.Json.Nodes;
using Accel.Derivatives.Circuits;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.Matching.OrderFlow;
using Accel.Derivatives.Trading;
using Accel.Derivatives.Trading.Simulation;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;

namespace Accel.Cli.Commands;

/// <summary>Writes the trade batches of a replay, and checks and proves them from what was written.</summary>
internal sealed class ReplayBatches(ReplayBatchRequest request, Reporter reporter, CancellationToken cancel)
{
    private readonly SimulatedVenue _venue = Open(request);

    private const string Simulation =
        "SIMULATION: recorded flow names no owners; members, cash and keys are made up, and the keys are development keys that anybody can derive";

    /// <summary>The EVM verifies the proof directly, so the public fields are raw; the hashed face is for recursion.</summary>
    private const PublicFace Face = PublicFace.RawFields;

    public async Task<JsonObject> WriteAsync(string path, ReplayReport record)
    {
        Reporter.Warn(Simulation);
        SimulatedTrading trading = _venue.Trade(record);
        await reporter.StepAsync("trade batches", _ => Task.Run(() => WriteFiles(Path.GetFileName(path), trading), cancel));
        JsonObject result = Describe(trading);
        if (request.Check || request.Prove > 0)
        {
            await CheckAsync(result, trading.BatchCount);
        }

        return result;
    }

    /// <summary>Refuses a folder that holds something, so that no batch of another run is taken for one of this.</summary>
    private static SimulatedVenue Open(ReplayBatchRequest request) =>
        Directory.Exists(request.Folder) && Directory.EnumerateFileSystemEntries(request.Folder).Any()
            ? throw new ArgumentException($"--batches: {request.Folder} is not empty; give a new folder")
            : SimulatedVenue.Open(ReplayBatchOptions.ReadMarket(request), request.Instrument, request.Simulation);

    private int WriteFiles(string source, SimulatedTrading trading)
    {
        string origin = $"{Simulation}. Fills of {source} on {_venue.Instrument}, seed {request.Simulation.Seed}";
        foreach (TradeBatchResult batch in trading.Batches(cancel))
        {
            OutputFile.Write(FolderOf((int)batch.Batch.BatchNumber).Trades, stream => TradeBatchFile.Write(stream, origin, _venue.Snapshot, batch));
        }

        return trading.BatchCount;
    }

    private BatchFolder FolderOf(int number) =>
        new(Path.Combine(request.Folder, string.Create(CultureInfo.InvariantCulture, $"batch-{number:D6}")));

    private JsonObject Describe(SimulatedTrading trading) => new()
    {
        ["simulation"] = Simulation,
        ["folder"] = request.Folder,
        ["shape"] = request.Simulation.Shape.Name,
        ["instrument"] = _venue.Instrument.Name,
        ["market"] = Path.GetFileName(request.Market),
        ["oracleTime"] = _venue.Snapshot.Time,
        ["recordPriceForMark"] = trading.Mapping.Reference.ToString(),
        ["markUsd"] = trading.Mapping.Mark.ToString(),
        ["recordUnitsPerContract"] = trading.Mapping.UnitsPerContract,
        ["members"] = request.Simulation.Members,
        ["seed"] = request.Simulation.Seed,
        ["memberCashUsd"] = request.Simulation.Cash.ToString(),
        ["count"] = trading.BatchCount,
        ["fillsBooked"] = trading.Booked,
        ["fillsRefusedByPreTradeRisk"] = trading.Refused,
        ["refusals"] = new JsonObject(Enum.GetValues<FillRefusal>().Select(cause =>
            KeyValuePair.Create(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(cause.ToString()), (JsonNode?)trading.RefusedFor(cause)))),
        ["fillsBeyondLastBatch"] = trading.BeyondLastBatch,
        ["firstRoot"] = _venue.Genesis.Root.ToString(),
        ["lastRoot"] = trading.State.Root.ToString(),
    };

    private async Task CheckAsync(JsonObject result, int count)
    {
        ArtifactStore store = new(request.Cache);
        using CompiledCircuit circuit = await store.CircuitAsync(
            new TradeBatchCircuit(request.Simulation.Shape, Face), TradeBatchCircuit.Hints, reporter);
        result["circuit"] = circuit.Name;
        result["constraints"] = circuit.ConstraintCount;
        if (request.Check)
        {
            result["checked"] = await reporter.StepAsync(
                "witnesses of the batches as written", progress => Task.Run(() => Solve(circuit, count, progress), cancel));
        }

        if (request.Prove > 0)
        {
            await ProveAsync(store, circuit, result, Math.Min(request.Prove, count));
        }
    }

    private int Solve(CompiledCircuit circuit, int count, IProgress<string> progress)
    {
        for (int number = 0; number < count; number++)
        {
            progress.Report(string.Create(CultureInfo.InvariantCulture, $"{number + 1} of {count}"));
            WitnessSolver.Solve(circuit, Assign(circuit, number), cancel: cancel);
        }

        return count;
    }

    private async Task ProveAsync(ArtifactStore store, CompiledCircuit circuit, JsonObject result, int count)
    {
        await using StatementProver prover = await StatementProver.OpenAsync(store, circuit, request.Backend, request.Threads, reporter, cancel);
        var verification = VerificationKey.FromProvingKey(prover.Key);
        var milliseconds = new JsonArray();
        for (int number = 0; number < count; number++)
        {
            ProofResult proof = await prover.ProveAsync(
                string.Create(CultureInfo.InvariantCulture, $"proof of batch {number}"), Assign(circuit, number), reporter, cancel);
            FolderOf(number).WriteProof(proof, verification);
            milliseconds.Add((JsonNode)Math.Round(proof.Timings.Total.TotalMilliseconds));
        }

        result["proved"] = count;
        result["developmentKey"] = prover.Key.IsForDevelopment;
        result["proofMs"] = milliseconds;
    }

    private Assignment Assign(CompiledCircuit circuit, int number) =>
        TradeBatchAssignment.Of(circuit, Face, TradeBatchFile.ReadFile(FolderOf(number).Trades));
}
