using Accel.Derivatives.Circuits;
using Accel.Derivatives.Expiries;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Expiries;

public sealed class ExpiryCircuitTests(ITestOutputHelper output)
{
    private static readonly ExpiryShape Shape = new(4, 4, 5, 4);

    [Fact]
    public void Random_batches_satisfy_the_circuit_with_the_references_roots_and_difference()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new ExpiryCircuit(Shape, PublicFace.RawFields));
        int expired = 0, stayed = 0, count = TestScale.Count(40);
        for (int seed = 1; seed <= count; seed++)
        {
            ExpiryResult result = ExpiryReference.Settle(RandomExpiries.Draw(seed, Shape));
            Violation? violation = WitnessSolver.TrySolve(circuit, ExpiryCircuit.Assign(circuit, PublicFace.RawFields, result)).Violation;
            Assert.True(violation is null, $"seed {seed}: {violation}");
            Assert.True(TotalCash(result.Batch.State) == TotalCash(result.Range.NewState), $"seed {seed} mints cash");
            expired += result.Range.Accounts.Sum(a => a.Marks.Count(gone => gone));
            stayed += result.Range.Accounts.Sum(a => a.Marks.Count(gone => !gone));
        }

        output.WriteLine($"{count} batches, {expired} positions expired, {stayed} stayed");
        Assert.True(expired > count && stayed > count);
    }

    [Fact]
    public void The_standard_shape_stays_within_its_budget()
    {
        var statement = new ExpiryCircuit(ExpiryShape.Standard, PublicFace.RawFields);
        using CompiledCircuit circuit = CompiledCircuit.Compile(statement);
        output.WriteLine($"{circuit.Name}: {circuit.ConstraintCount:N0} constraints");
        foreach (CircuitPart part in statement.Parts)
        {
            output.WriteLine($"{part.Name}: {part.ConstraintCount:N0}");
        }

        Assert.InRange(circuit.ConstraintCount, 1, 125_000);
        ExpiryResult result = ExpiryReference.Settle(RandomExpiries.Draw(5, ExpiryShape.Standard));
        Assert.Null(WitnessSolver.TrySolve(circuit, ExpiryCircuit.Assign(circuit, PublicFace.RawFields, result)).Violation);
    }

    [Theory]
    [InlineData("8x16x8")]
    [InlineData("8x5x8x16")]
    [InlineData("0x4x8x16")]
    [InlineData("8x4x9x16")]
    [InlineData("8x4x8x256")]
    public void A_shape_that_cannot_be_is_refused(string text) => Assert.Throws<FormatException>(() => ExpiryShape.Parse(text));

    [Fact]
    public void A_batch_outside_the_statement_is_refused_with_its_reason()
    {
        ExpiryBatch batch = RandomExpiries.Draw(5, Shape);
        ContractTerms contract = ContractTerms.Of(new Instrument("BTC", 2_000_000_000, new PriceTicks(1), OptionKind.Call));
        Refused<ArgumentException>("listed twice", batch with { Contracts = [contract, contract] });
        ContractTerms[] many = [.. Enumerable.Range(1, 5).Select(k => contract with { Strike = new PriceTicks(k) })];
        Refused<ArgumentException>("do not fit", batch with { Contracts = many });
        Refused<SettlementException>("cannot expire in a batch of BTC", batch with { Contracts = [contract with { Underlying = "ETH" }] });
        SignedFixings forged = batch.Fixings with { OracleKey = Book.DevelopmentKey("operator").PublicKey };
        Refused<SettlementException>("signature", batch with { Fixings = forged });
        Refused<SettlementException>("not a multiple", batch with { FirstLeaf = 1 });
        Refused<SettlementException>("leaf 0 is empty", batch with { State = ExchangeState.Empty });
    }

    private static void Refused<TException>(string reason, ExpiryBatch batch)
        where TException : Exception =>
        Assert.Contains(reason, Assert.Throws<TException>(() => ExpiryReference.Settle(batch)).Message, StringComparison.Ordinal);

    private static Int128 TotalCash(ExchangeState state) => state.Accounts.Values.Aggregate((Int128)0, (sum, account) => sum + account.Cash.Value);
}
