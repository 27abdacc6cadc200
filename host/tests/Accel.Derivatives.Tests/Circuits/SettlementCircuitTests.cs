using Accel.Derivatives.Circuits;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Tests.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

public sealed class SettlementCircuitTests(ITestOutputHelper output)
{
    private const int RandomBatchCount = 24;

    private static readonly Lazy<(SettlementCircuit Definition, CompiledCircuit Circuit)> Standard = new(() =>
    {
        var definition = new SettlementCircuit(BatchShape.Standard, PublicFace.RawFields);
        return (definition, CompiledCircuit.Compile(definition));
    });

    [Fact]
    public void The_sample_book_is_provable_in_the_standard_shape_within_its_budget()
    {
        SettlementJob job = SettlementJob.Prepare(Samples.Market, Samples.Book, Samples.Options);
        (SettlementCircuit definition, CompiledCircuit circuit) = Standard.Value;
        output.WriteLine($"{circuit.Name}: {circuit.ConstraintCount:N0} constraints");
        foreach (CircuitPart part in definition.Parts)
        {
            output.WriteLine($"{part.Name}: {part.ConstraintCount:N0}");
        }

        Fr[] wires = WitnessSolver.Solve(circuit, job.Assign(circuit, definition.Face));
        Assert.Equal(job.PublicInputs.ToFields(), wires[1..10]);
        Assert.Equal(SettlementPublicInputs.Count, circuit.PublicCount);
        Assert.InRange(circuit.ConstraintCount, 1, 400_000);
        Assert.Equal(BatchShape.Standard, definition.Shape);
    }

    [Fact]
    public void The_sample_book_is_provable_by_look_ups_in_a_fraction_of_the_constraints()
    {
        SettlementJob job = SettlementJob.Prepare(Samples.Market, Samples.Book, Samples.Options);
        var definition = new SettlementCircuit(BatchShape.Standard, PublicFace.RawFields);
        using CompiledCircuit circuit = CompiledCircuit.Compile(definition, new CompilerOptions(Lookups: true));
        output.WriteLine($"{circuit.Name} by look-ups: {circuit.ConstraintCount:N0} constraints");
        Fr[] wires = WitnessSolver.Solve(circuit, job.Assign(circuit, definition.Face), new SolverOptions { Challenges = HashedChallenges.Instance });
        Assert.Equal(job.PublicInputs.ToFields(), wires[1..10]);
        Assert.InRange(circuit.ConstraintCount, 1, 250_000);
    }

    [Fact]
    public void A_book_on_a_real_snapshot_is_provable_before_and_at_an_expiry()
    {
        MarketSnapshot market = DeribitSnapshotReader.ReadFile(OutsideData.Path("option_chains/deribit_options_snapshot_20260103T091426Z.csv.gz"), "BTC");
        Book book = BookFile.ReadFile(Path.Combine(OutsideData.RepositoryRoot, "host/samples/book-deribit-20260103.json"));
        foreach (long? time in (long?[])[null, Instrument.Parse("BTC-16JAN26-84000-P").Expiry])
        {
            SettlementJob job = SettlementJob.Prepare(market, book, Samples.Options with { Time = time });
            Assert.Equal(BatchShape.Standard, job.Shape);
            Assert.Null(WitnessSolver.TrySolve(Standard.Value.Circuit, job.Assign(Standard.Value.Circuit, PublicFace.RawFields)).Violation);
        }
    }

    [Fact]
    public void A_shape_of_one_account_and_one_expiry_is_provable()
    {
        var shape = new BatchShape(2, 1, 3, 1);
        CompiledCircuit circuit = CompiledCircuit.Compile(new SettlementCircuit(shape, PublicFace.RawFields));
        for (int seed = 101; seed <= 104; seed++)
        {
            SettlementResult result = SettlementReference.Settle(RandomBatches.Draw(seed, shape));
            Violation? violation = WitnessSolver.TrySolve(circuit, SettlementAssignment.Of(circuit, PublicFace.RawFields, result)).Violation;
            Assert.True(violation is null, $"seed {seed}: {violation}");
        }
    }

    [Fact]
    public void Random_batches_conserve_cash()
    {
        for (int seed = 1; seed <= RandomBatchCount; seed++)
        {
            SettlementResult result = SettlementReference.Settle(RandomBatches.Draw(seed, BatchShape.Tiny));
            Assert.True(TotalCash(result.Batch.State) == TotalCash(result.NewState), $"seed {seed}");
        }
    }

    [Fact]
    public void Random_batches_satisfy_the_circuit_with_the_references_roots_and_difference()
    {
        // Old root, new root and diff hash are the reference's: satisfied constraints say that the circuit computed every one of them alike.
        for (int seed = 1; seed <= RandomBatchCount; seed++)
        {
            PublicFace face = seed % 4 == 0 ? PublicFace.OneHash : PublicFace.RawFields;
            CompiledCircuit circuit = TinyCircuits.Of(face);
            SettlementResult result = SettlementReference.Settle(RandomBatches.Draw(seed, BatchShape.Tiny));
            Solution solution = WitnessSolver.TrySolve(circuit, SettlementAssignment.Of(circuit, face, result));
            Assert.True(solution.Violation is null, $"seed {seed}: {solution.Violation}");
            Fr[] expected = face == PublicFace.OneHash ? [result.PublicInputs.Hash()] : result.PublicInputs.ToFields();
            Assert.Equal(expected, solution.Wires[1..(1 + expected.Length)]);
        }
    }

    [Fact]
    public void Random_batches_reach_every_outcome()
    {
        AccountSettlement[] accounts = [.. Enumerable.Range(1, RandomBatchCount).SelectMany(seed => SettlementReference.Settle(RandomBatches.Draw(seed, BatchShape.Tiny)).Accounts)];
        Assert.Contains(accounts, a => a.Before is null);
        Assert.Contains(accounts, a => a.CashReceived > 0);
        Assert.Contains(accounts, a => a.CashReceived < 0);
        Assert.Contains(accounts, a => a.IsFlagged && !a.Before!.Status.HasFlag(AccountStatus.BelowMaintenance));
        Assert.Contains(accounts, a => !a.IsFlagged && a.Before is not null && a.Before.Status.HasFlag(AccountStatus.BelowMaintenance));
        Assert.Contains(accounts, a => a.After is not null && a.After.Positions.Count > 0 && a.After.Positions.Count < a.Before!.Positions.Count);
        Assert.True(accounts.Select(a => a.Margin.WorstScenario).Distinct().Count() >= 3);
    }

    [Fact]
    public void A_stored_circuit_loads_and_solves_again()
    {
        CompiledCircuit circuit = TinyCircuits.Of(PublicFace.RawFields);
        string path = Path.GetTempFileName();
        try
        {
            circuit.Save(path);
            using CompiledCircuit loaded = CompiledCircuit.Load(path, SettlementCircuit.Hints);
            SettlementResult result = SettlementReference.Settle(RandomBatches.Draw(1, BatchShape.Tiny));
            Assert.Null(WitnessSolver.TrySolve(loaded, SettlementAssignment.Of(loaded, PublicFace.RawFields, result)).Violation);
            Assert.Equal("SettlementBatch(4x4x4x2, RawFields)", loaded.Name);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Int128 TotalCash(ExchangeState state) => state.Accounts.Values.Aggregate((Int128)0, (sum, account) => sum + account.Cash.Value);
}

/// <summary>The small circuits, compiled once.</summary>
internal static class TinyCircuits
{
    private static readonly Lazy<CompiledCircuit> Raw = new(() => CompiledCircuit.Compile(new SettlementCircuit(BatchShape.Tiny, PublicFace.RawFields)));

    private static readonly Lazy<CompiledCircuit> Hashed = new(() => CompiledCircuit.Compile(new SettlementCircuit(BatchShape.Tiny, PublicFace.OneHash)));

    public static CompiledCircuit Of(PublicFace face) => face == PublicFace.RawFields ? Raw.Value : Hashed.Value;
}
