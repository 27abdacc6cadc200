using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>The inputs of a <see cref="MarketRiskCircuit"/> for a priced market.</summary>
public static class MarketRiskAssignment
{
    /// <summary>Sets every input.</summary>
    /// <param name="circuit">The compiled circuit, of the snapshot's shape.</param>
    /// <param name="face">The circuit's face.</param>
    /// <param name="result">The priced market.</param>
    /// <exception cref="ArgumentException">The circuit has another shape.</exception>
    public static Assignment Of(CompiledCircuit circuit, PublicFace face, MarketRiskResult result)
    {
        var assignment = new Assignment(circuit);
        PublicFields.Assign(assignment, face, result.PublicInputs.ToFields());
        MarketAssignment.Set(assignment, result.Batch.Snapshot, result.Batch.Parameters);
        return assignment;
    }
}
