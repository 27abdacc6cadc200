using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Tests.Pricing;

/// <summary>One gadget after range-checked private inputs; its outputs are public, or left to the gadget alone.</summary>
internal sealed class GadgetCircuit(
    string name, int[] inputBits, int outputCount, Func<CircuitBuilder, Integer[], Linear[]> gadget, bool bindsOutputs = true) : ICircuit
{
    public string Name => name;

    public int Constraints { get; private set; }

    public void Define(CircuitBuilder builder)
    {
        Linear[] expected = bindsOutputs ? builder.PublicInputs("outputs", outputCount) : [];
        Linear[] inputs = builder.SecretInputs("inputs", inputBits.Length);
        Integer[] integers = [.. inputs.Select((input, i) => inputBits[i] < 0 ? builder.ToSigned(input, -inputBits[i]) : builder.ToUnsigned(input, inputBits[i]))];
        int before = builder.ConstraintCount;
        Linear[] outputs = gadget(builder, integers);
        Constraints = builder.ConstraintCount - before;
        for (int i = 0; i < expected.Length; i++)
        {
            builder.AssertEqual(outputs[i], expected[i], $"output {i}");
        }
    }

    /// <summary>The same with nothing downstream of the gadget: whatever its own constraints leave open stays open.</summary>
    public GadgetCircuit Unbound() => new(name, inputBits, outputCount, gadget, bindsOutputs: false);

    public static Assignment Assign(CompiledCircuit circuit, ReadOnlySpan<long> inputs, ReadOnlySpan<Fr> outputs) =>
        Assign(circuit, inputs).Set("outputs", outputs);

    public static Assignment Assign(CompiledCircuit circuit, ReadOnlySpan<long> inputs)
    {
        Fr[] values = new Fr[inputs.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = inputs[i];
        }

        return new Assignment(circuit).Set("inputs", values);
    }
}
