namespace Accel.Proving.Groth16;

/// <summary>Numbers distinct field elements in the order in which they first occur.</summary>
internal sealed class CoefficientTable
{
    private readonly Dictionary<Fr, uint> _ids = [];
    private readonly List<Fr> _values = [];

    public uint IdOf(in Fr value)
    {
        if (!_ids.TryGetValue(value, out uint id))
        {
            id = (uint)_values.Count;
            _ids.Add(value, id);
            _values.Add(value);
        }

        return id;
    }

    public Fr[] ToArray() => [.. _values];

    public Fr[] ToArray(Fr factor) => [.. _values.Select(value => value * factor)];
}
