using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>A template's body by itself; inputs and outputs are public, so that only what lies between may change.</summary>
internal sealed class TemplateCircuit(ITemplate template, int outputCount) : ICircuit
{
    private Linear[] _outputs = [];

    public string Name => template.Key;

    public void Define(CircuitBuilder builder)
    {
        Linear[] inputs = builder.PublicInputs("inputs", template.InputCount);
        Linear[] outputs = builder.PublicInputs("outputs", outputCount);
        _outputs = template.Define(builder, inputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            builder.AssertEqual(outputs[i], _outputs[i], "output");
        }
    }

    /// <summary>The inputs with the outputs that they define.</summary>
    public Assignment Assign(CompiledCircuit circuit, Fr[] inputs)
    {
        // A solve with zeros computes the outputs, which the inputs define, and breaks only their equations.
        Assignment assignment = new Assignment(circuit).Set("inputs", inputs);
        Fr[] wires = WitnessSolver.TrySolve(circuit, assignment.Set("outputs", new Fr[outputCount])).Wires;
        return assignment.Set("outputs", [.. _outputs.Select(value => Evaluate(value, wires))]);
    }

    private static Fr Evaluate(in Linear value, Fr[] wires)
    {
        Fr sum = Fr.Zero;
        foreach (ref readonly WeightedWire term in value.Terms)
        {
            sum += term.Coefficient * wires[term.Wire];
        }

        return sum;
    }
}
