using Accel.Derivatives.Circuits;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Trading;

/// <summary>Circuit against reference: the public fields are the reference's, so satisfied constraints say that the circuit computed every one of them alike.</summary>
public sealed class TradingCircuitTests(ITestOutputHelper output)
{
    private const int RandomCount = 40;
    private const int RandomCountLong = 100_000;

    private static int Count => TestScale.IsLong ? RandomCountLong : RandomCount;

    [Fact]
    public void Random_trade_batches_satisfy_the_circuit_with_the_references_roots_and_difference()
    {
        for (int seed = 1; seed <= Count; seed++)
        {
            TradeBatchResult result = RandomTrades.Booked(seed, TradeShape.Tiny);
            AssertSatisfied(TradeCircuits.Trade, seed, (circuit, face) => TradeBatchAssignment.Of(circuit, face, result), result.PublicInputs.ToFields());
            Assert.True(TotalCash(result.Batch.State) == TotalCash(result.NewState), $"seed {seed} mints cash");
            Assert.True(NetPositions(result.Batch.State).SequenceEqual(NetPositions(result.NewState)), $"seed {seed} mints positions");
        }
    }

    [Fact]
    public void Random_liquidations_satisfy_the_circuit_with_the_references_roots_and_difference()
    {
        for (int seed = 1; seed <= Count; seed++)
        {
            LiquidationResult result = RandomLiquidations.Done(seed, LiquidationShape.Tiny);
            AssertSatisfied(TradeCircuits.Liquidation, seed, (circuit, face) => LiquidationAssignment.Of(circuit, face, result), result.PublicInputs.ToFields());
            Assert.True(TotalCash(result.Batch.State) == TotalCash(result.NewState), $"seed {seed} mints cash");
            Assert.True(NetPositions(result.Batch.State).SequenceEqual(NetPositions(result.NewState)), $"seed {seed} mints positions");
        }
    }

    [Fact]
    public void Random_transfers_satisfy_the_circuit_with_the_references_roots_queue_and_difference()
    {
        var outcomes = new HashSet<(TransferKind, TransferOutcome)>();
        for (int seed = 1; seed <= Count; seed++)
        {
            TransferResult result = RandomTransfers.Done(seed, TransferShape.Tiny);
            AssertSatisfied(TradeCircuits.Transfer, seed, (circuit, face) => TransferAssignment.Of(circuit, face, result), result.PublicInputs.ToFields());
            outcomes.UnionWith(result.Batch.Transfers.Zip(result.Steps, (transfer, step) => (transfer.Kind, step.Outcome)));
        }

        // Every kind and outcome that there is, but for a deposit's overflow, occurred.
        Assert.Superset(
            new HashSet<(TransferKind, TransferOutcome)>
            {
                (TransferKind.Deposit, TransferOutcome.Done), (TransferKind.Deposit, TransferOutcome.WrongAccount), (TransferKind.Withdrawal, TransferOutcome.Done),
                (TransferKind.ForcedWithdrawal, TransferOutcome.Done), (TransferKind.ForcedWithdrawal, TransferOutcome.WrongAccount), (TransferKind.ForcedWithdrawal, TransferOutcome.NotCovered),
            },
            outcomes);
    }

    [Fact]
    public void The_standard_shapes_are_within_their_budgets_and_provable()
    {
        TradeBatchResult trades = RandomTrades.Booked(1, TradeShape.Standard);
        LiquidationResult liquidations = RandomLiquidations.Done(1, LiquidationShape.Standard);
        TransferResult transfers = RandomTransfers.Done(1, TransferShape.Standard);
        AssertBudget(new TradeBatchCircuit(TradeShape.Standard, PublicFace.RawFields), TradeShape.Standard.Trades, 38_000, circuit => TradeBatchAssignment.Of(circuit, PublicFace.RawFields, trades));
        AssertBudget(
            new LiquidationCircuit(LiquidationShape.Standard, PublicFace.RawFields), LiquidationShape.Standard.Liquidations, 70_000, circuit => LiquidationAssignment.Of(circuit, PublicFace.RawFields, liquidations));
        AssertBudget(new TransferCircuit(TransferShape.Standard, PublicFace.RawFields), TransferShape.Standard.Transfers, 35_000, circuit => TransferAssignment.Of(circuit, PublicFace.RawFields, transfers));
    }

    private void AssertBudget(IStatement definition, int units, int budget, Func<CompiledCircuit, Assignment> assign)
    {
        CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        output.WriteLine($"{circuit.Name}: {circuit.ConstraintCount:N0} constraints, {circuit.ConstraintCount / units:N0} each");
        foreach (CircuitPart part in definition.Parts)
        {
            output.WriteLine($"{part.Name}: {part.ConstraintCount:N0}");
        }

        Assert.InRange(circuit.ConstraintCount / units, 1, budget);
        Assert.Null(WitnessSolver.TrySolve(circuit, assign(circuit)).Violation);
    }

    private static void AssertSatisfied(Func<PublicFace, CompiledCircuit> circuitOf, int seed, Func<CompiledCircuit, PublicFace, Assignment> assign, Fr[] fields)
    {
        PublicFace face = seed % 4 == 0 ? PublicFace.OneHash : PublicFace.RawFields;
        CompiledCircuit circuit = circuitOf(face);
        Solution solution = WitnessSolver.TrySolve(circuit, assign(circuit, face));
        Assert.True(solution.Violation is null, $"seed {seed}: {solution.Violation}");
        Fr[] expected = PublicFields.Shown(face, fields);
        Assert.Equal(expected, solution.Wires[1..(1 + expected.Length)]);
    }

    private static Int128 TotalCash(ExchangeState state) => state.Accounts.Values.Aggregate((Int128)0, (sum, account) => sum + account.Cash.Value);

    private static IEnumerable<(System.Numerics.BigInteger Id, long Net)> NetPositions(ExchangeState state) => state.Accounts.Values.SelectMany(account => account.Positions)
        .GroupBy(position => position.InstrumentId, (id, held) => (Id: id.ToBigInteger(), Net: held.Sum(position => position.Quantity.Value))).Where(pair => pair.Net != 0).OrderBy(pair => pair.Id);
}
