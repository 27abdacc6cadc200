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

    public static MutableAssignment Of(CompiledCircuit circuit, PublicFace face, SettlementResult result) =>
        Of(circuit, SettlementAssignment.Of(circuit, face, result));

    public static MutableAssignment Of(CompiledCircuit circuit, Assignment honest)
    {
        Fr[] wires = WitnessSolver.TrySolve(circuit, honest).Wires;
        var assignment = new MutableAssignment();
        foreach (InputDeclaration input in circuit.Inputs)
        {
            assignment._values[input.Name] = wires[(int)input.FirstWire..((int)input.FirstWire + input.Count)];
        }

        return assignment;
    }

    public void Set(string name, Fr[] values) => _values[name] = values;

    /// <summary>Changes one value.</summary>
    public void Change(string name, int index, Fr value)
    {
        Fr[] values = [.. _values[name]];
        values[index] = value;
        _values[name] = values;
    }

    /// <summary>Adds one to a value.</summary>
    public void Bump(string name, int index) => Change(name, index, _values[name][index] + 1);

    /// <summary>Takes every input of another assignment.</summary>
    public void SetAll(MutableAssignment other)
    {
        foreach ((string name, Fr[] values) in other._values)
        {
            _values[name] = values;
        }
    }

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
