using Accel.Proving.Frontend;

namespace Accel.Proving.Solver;

/// <summary>Values of a circuit's declared inputs, set by name.</summary>
public sealed class Assignment(CompiledCircuit circuit)
{
    private readonly Dictionary<string, Fr[]> _values = [];

    /// <summary>Sets an input of one wire.</summary>
    /// <exception cref="ArgumentException">The circuit has no such input, or it has another length.</exception>
    public Assignment Set(string name, Fr value) => Set(name, [value]);

    /// <summary>Sets an input.</summary>
    /// <exception cref="ArgumentException">The circuit has no such input, or it has another length.</exception>
    public Assignment Set(string name, ReadOnlySpan<Fr> values)
    {
        InputDeclaration declaration = circuit.Inputs.FirstOrDefault(input => input.Name == name)
            ?? throw new ArgumentException($"{circuit.Name} has no input '{name}'; it has {string.Join(", ", circuit.Inputs.Select(input => input.Name))}");
        if (declaration.Count != values.Length)
        {
            throw new ArgumentException($"input '{name}' of {circuit.Name} takes {declaration.Count} values, not {values.Length}");
        }

        _values[name] = values.ToArray();
        return this;
    }

    /// <exception cref="InvalidOperationException">An input has no value.</exception>
    internal void CopyTo(Span<Fr> wires)
    {
        foreach (InputDeclaration input in circuit.Inputs)
        {
            if (!_values.TryGetValue(input.Name, out Fr[]? values))
            {
                throw new InvalidOperationException($"input '{input.Name}' of {circuit.Name} has no value");
            }

            values.CopyTo(wires[(int)input.FirstWire..]);
        }
    }
}
