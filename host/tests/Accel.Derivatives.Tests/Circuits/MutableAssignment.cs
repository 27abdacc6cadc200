using Accel.Derivatives.Circuits;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>An assignment whose values can be read back and changed: the inputs sit in the witness that the honest assignment solves to.</summary>
internal sealed class MutableAssignment
{
    private readonly Dictionary<string, Fr[]> _values = [];

    public IReadOnlyDictionary<string, Fr[]> Values => _values;

    public static MutableAssignment Of(CompiledCircuit circuit, PublicFace face, SettlementResult result)
    {
        Fr[] wires = WitnessSolver.TrySolve(circuit, SettlementAssignment.Of(circuit, face, result)).Wires;
        var assignment = new MutableAssignment();
        foreach (InputDeclaration input in circuit.Inputs)
        {
            assignment._values[input.Name] = wires[(int)input.FirstWire..((int)input.FirstWire + input.Count)];
        }

        return assignment;
    }

    public void Set(string name, Fr[] values) => _values[name] = values;

    public Assignment ToAssignment(CompiledCircuit circuit)
    {
        var assignment = new Assignment(circuit);
        foreach ((string name, Fr[] values) in _values)
        {
            assignment.Set(name, values);
        }

        return assignment;
    }
}
