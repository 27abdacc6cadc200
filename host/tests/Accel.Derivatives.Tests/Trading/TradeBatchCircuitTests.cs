using Accel.Derivatives.Circuits;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Trading;

public sealed class TradeBatchCircuitTests(ITestOutputHelper output)
{
    private const int RandomBatchCount = 40;
    private const int RandomBatchCountLong = 100_000;

    [Fact]
    public void Random_batches_satisfy_the_circuit_with_the_references_roots_and_difference()
    {
        int booked = 0;
        int count = TestScale.IsLong ? RandomBatchCountLong : RandomBatchCount;
        for (int seed = 1; booked < count; seed++)
        {
            if (TryBook(RandomTrades.Draw(seed, TradeShape.Tiny)) is not { } result)
            {
                continue;
            }

            booked++;
            PublicFace face = seed % 4 == 0 ? PublicFace.OneHash : PublicFace.RawFields;
            CompiledCircuit circuit = TradeCircuits.Of(face);
            Solution solution = WitnessSolver.TrySolve(circuit, TradeBatchAssignment.Of(circuit, face, result));
            Assert.True(solution.Violation is null, $"seed {seed}: {solution.Violation}");
            Fr[] expected = PublicFields.Shown(face, result.PublicInputs.ToFields());
            Assert.Equal(expected, solution.Wires[1..(1 + expected.Length)]);
            Assert.True(TotalCash(result.Batch.State) == TotalCash(result.NewState), $"seed {seed} mints cash");
        }
    }

    [Fact]
    public void The_standard_shape_is_within_its_budget()
    {
        var definition = new TradeBatchCircuit(TradeShape.Standard, PublicFace.RawFields);
        CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        output.WriteLine($"{circuit.Name}: {circuit.ConstraintCount:N0} constraints, {circuit.ConstraintCount / TradeShape.Standard.Trades:N0} a trade");
        foreach (CircuitPart part in definition.Parts)
        {
            output.WriteLine($"{part.Name}: {part.ConstraintCount:N0}");
        }

        Assert.InRange(circuit.ConstraintCount / TradeShape.Standard.Trades, 1, 38_000);
        for (int seed = 1; ; seed++)
        {
            if (TryBook(RandomTrades.Draw(seed, TradeShape.Standard)) is { } result)
            {
                Assert.Null(WitnessSolver.TrySolve(circuit, TradeBatchAssignment.Of(circuit, PublicFace.RawFields, result)).Violation);
                return;
            }
        }
    }

    private static TradeBatchResult? TryBook(TradeBatch batch)
    {
        try
        {
            return TradeBatchReference.Book(batch);
        }
        catch (Derivatives.Settlement.SettlementException error) when (error.Message.Contains("positions than the shape", StringComparison.Ordinal)
            || error.Message.Contains("initial margin", StringComparison.Ordinal) || error.Message.Contains("has replaced", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static Int128 TotalCash(ExchangeState state) => state.Accounts.Values.Aggregate((Int128)0, (sum, account) => sum + account.Cash.Value);
}
