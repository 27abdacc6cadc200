namespace Accel.Proving.Groth16;

/// <summary>Numbers distinct field elements in the order in which they first occur.</summary>
internal sealed class CoefficientTable
{
    private readonly Dictionary<Fr, uint> _ids = [];
    private readonly List<Fr> _values = [];
    private Fr _last;
    private uint _lastId;

    public uint IdOf(in Fr value)
    {
        // Rows repeat few values, one above all.
        if (_values.Count > 0 && value == _last)
        {
            return _lastId;
        }

        if (!_ids.TryGetValue(value, out uint id))
        {
            id = (uint)_values.Count;
            _ids.Add(value, id);
            _values.Add(value);
        }

        _last = value;
        _lastId = id;
        return id;
    }

    public Fr[] ToArray() => [.. _values];

    public Fr[] ToArray(Fr factor) => [.. _values.Select(value => value * factor)];
}
