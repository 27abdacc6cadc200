using Accel.Derivatives.Circuits;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.Tests.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

public sealed class SettlementCircuitTests(ITestOutputHelper output)
{
    [Fact]
    public void The_sample_book_is_provable_in_the_standard_shape()
    {
        SettlementJob job = SettlementJob.Prepare(Samples.Market, Samples.Book, Samples.Options);
        CompiledCircuit circuit = CompiledCircuit.Compile(new SettlementCircuit(job.Shape, SettlementFace.RawFields));
        output.WriteLine($"{circuit.Name}: {circuit.ConstraintCount:N0} constraints, {circuit.WireCount:N0} wires");
        Fr[] wires = WitnessSolver.Solve(circuit, SettlementAssignment.Of(circuit, SettlementFace.RawFields, job.Result));
        Assert.Equal(job.PublicInputs.ToFields(), wires[1..10]);
    }
}
