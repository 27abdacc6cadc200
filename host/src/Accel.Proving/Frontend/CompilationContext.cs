using Accel.Proving.ConstraintSystems;
using Accel.Proving.Lookups;

namespace Accel.Proving.Frontend;

/// <summary>What the main body and all templates share: coefficients, hints, scopes, templates, options.</summary>
internal sealed class CompilationContext(CompilerOptions options)
{
    private readonly Dictionary<Fr, uint> _coefficientIndex = new() { [Fr.One] = 0, [-Fr.One] = 1 };
    private readonly Dictionary<string, int> _hintIndex = [];
    private readonly Dictionary<(int Parent, string Name), int> _scopeIndex = [];
    private readonly Dictionary<string, TableDefinition> _tables = [];

    public CompilerOptions Options { get; } = options;

    /// <summary>Index 0 is one and index 1 is minus one: the solver adds and subtracts there instead of multiplying.</summary>
    public GrowableBuffer<Fr> Coefficients { get; } = CreateCoefficients();

    public List<HintDefinition> Hints { get; } = [];

    public List<(int Parent, string Name)> Scopes { get; } = [(-1, "")];

    public List<TemplateBody> Templates { get; } = [];

    public Dictionary<string, int> TemplateIndex { get; } = [];

    public Term ToTerm(in WeightedWire term)
    {
        if (!_coefficientIndex.TryGetValue(term.Coefficient, out uint index))
        {
            index = (uint)Coefficients.Count;
            Coefficients.Add(term.Coefficient);
            _coefficientIndex.Add(term.Coefficient, index);
        }

        return new Term(term.Wire, index);
    }

    public int IndexOf(HintDefinition hint)
    {
        if (!_hintIndex.TryGetValue(hint.Name, out int index))
        {
            index = Hints.Count;
            Hints.Add(hint);
            _hintIndex.Add(hint.Name, index);
        }
        else if (Hints[index].Compute.Method != hint.Compute.Method)
        {
            throw new InvalidOperationException($"two hints are called '{hint.Name}'");
        }

        return index;
    }

    public int IndexOfScope(int parent, string name)
    {
        if (!_scopeIndex.TryGetValue((parent, name), out int index))
        {
            index = Scopes.Count;
            Scopes.Add((parent, name));
            _scopeIndex.Add((parent, name), index);
        }

        return index;
    }

    public TableDefinition TableOf<TTable>()
        where TTable : ILookupTable
    {
        if (!_tables.TryGetValue(TTable.Name, out TableDefinition? table))
        {
            _tables.Add(TTable.Name, table = TableDefinition.Of<TTable>());
        }

        return table.Type == typeof(TTable) ? table : throw new InvalidOperationException($"two tables are called '{TTable.Name}'");
    }

    private static GrowableBuffer<Fr> CreateCoefficients()
    {
        GrowableBuffer<Fr> coefficients = new();
        coefficients.Add(Fr.One);
        coefficients.Add(-Fr.One);
        return coefficients;
    }
}

/// <summary>A finished template: its body, its outputs and its look-ups over local wires (0 = one, then inputs, then own wires).</summary>
internal sealed record TemplateBody(Type Definition, string Key, int InputCount, BodyBuilder Body, Linear[] Outputs, LookupRequests Lookups);

/// <summary>How a circuit is compiled.</summary>
/// <param name="CombinationLengthMax">Longer combinations are cut with auxiliary wires, which bounds the density of every row; at least <see cref="CombinationLengthLeast"/>.</param>
/// <param name="Lookups">Whether ranges and tables are looked up by the LogUp argument. It draws a challenge from a commitment, which snarkjs does not know; without it circuits prove by bits.</param>
public sealed record CompilerOptions(int CombinationLengthMax = 256, bool Lookups = false)
{
    /// <summary>Cutting into single terms would replace each wire by another and never end.</summary>
    public const int CombinationLengthLeast = 2;
}
