using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Tests.Pricing;

/// <summary>One gadget between range-checked private inputs and public outputs.</summary>
internal sealed class GadgetCircuit(string name, int[] inputBits, int outputCount, Func<CircuitBuilder, Integer[], Linear[]> gadget) : ICircuit
{
    public string Name => name;

    public int Constraints { get; private set; }

    public void Define(CircuitBuilder builder)
    {
        Linear[] expected = builder.PublicInputs("outputs", outputCount);
        Linear[] inputs = builder.SecretInputs("inputs", inputBits.Length);
        Integer[] integers = [.. inputs.Select((input, i) => inputBits[i] < 0 ? builder.ToSigned(input, -inputBits[i]) : builder.ToUnsigned(input, inputBits[i]))];
        int before = builder.ConstraintCount;
        Linear[] outputs = gadget(builder, integers);
        Constraints = builder.ConstraintCount - before;
        for (int i = 0; i < outputCount; i++)
        {
            builder.AssertEqual(outputs[i], expected[i], $"output {i}");
        }
    }

    public static Assignment Assign(CompiledCircuit circuit, ReadOnlySpan<long> inputs, ReadOnlySpan<Fr> outputs)
    {
        Fr[] values = new Fr[inputs.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = inputs[i];
        }

        return new Assignment(circuit).Set("inputs", values).Set("outputs", outputs);
    }
}
