using System.Numerics;
using Accel.Proving.Frontend;

namespace Accel.Proving.Lookups;

/// <summary>
/// The LogUp argument (Haböck, eprint 2022/1530): all that a circuit looked up is committed with the multiplicity of every row; then for a challenge α
/// Σ 1/(α − fᵢ) over look-ups equals Σ mⱼ/(α − tⱼ) over rows, for each table by itself.
/// </summary>
/// <remarks>
/// As rational functions of α the two sides are equal only if each fᵢ is some tⱼ: a pole that no row has would have the number of its look-ups as residue,
/// which is below r and so not zero, whatever field elements the multiplicities are. Tuples are folded, f = Σ γᵏ·columnₖ + γᶜ·key for c columns, with
/// γ = α^N and N above the degree in α of either side with its denominators cleared, so that no two tuples fold alike (Kronecker's substitution). A column
/// may be a sum of products of committed wires, for it is fixed with them. A false claim thus survives for at most N²·columns of the r challenges: below 2⁻²⁰⁰ for 2²⁴ look-ups of four columns. Denominators are never zero: a look-up's is held to an
/// inverse, and so are those of all rows; a challenge that is an entry leaves no witness.
/// </remarks>
internal sealed class LookupArgument
{
    /// <summary>Fractions that one hint sums: one inversion for all of them, and no sum is longer.</summary>
    private const int BatchSize = 64;

    private readonly CircuitBuilder _builder;
    private readonly LookupPlan _plan;
    private readonly SortedDictionary<int, List<Entry>> _ranges = [];
    private readonly Dictionary<TableDefinition, List<Entry>> _tables = [];

    private LookupArgument(CircuitBuilder builder, LookupPlan plan) => (_builder, _plan) = (builder, plan);

    /// <summary>Cuts ranges into limbs, commits and adds the argument's constraints.</summary>
    public static void Finish(CircuitBuilder builder, LookupRequests requests)
    {
        LookupArgument argument = new(builder, LookupPlan.Cheapest(requests));
        foreach (RangeRequest range in requests.Ranges)
        {
            using ScopeHandle scope = builder.ScopeOf(range.Scope);
            argument.Cut(range);
        }

        foreach (RowRequest row in requests.Rows)
        {
            Add(argument._tables, row.Table, new Entry(row.Key, row.Columns, row.Factors, row.Scope));
        }

        argument.Prove();
    }

    private static void Add<TKey>(IDictionary<TKey, List<Entry>> tables, TKey table, Entry entry)
    {
        if (!tables.TryGetValue(table, out List<Entry>? entries))
        {
            tables.Add(table, entries = []);
        }

        entries.Add(entry);
    }

    /// <summary>Limbs lowest first; the top one is what the others leave, so that their sum needs no constraint.</summary>
    private void Cut(in RangeRequest range)
    {
        int width = _plan.Width;
        int rest = range.Bits % width;
        int count = (range.Bits + width - 1) / width;
        Linear[] lower = count == 1
            ? []
            : _builder.Hint<PiecesHint>([range.Value, .. Enumerable.Repeat((Linear)width, count - 1)], count - 1);
        LinearAccumulator top = new();
        top.Add(range.Value, Fr.One);
        for (int i = 0; i < lower.Length; i++)
        {
            AddLimb(width, lower[i], range.Scope);
            top.Add(lower[i], -PowerOfTwo(i * width));
        }

        Linear highest = top.ToLinear() * PowerOfTwo(lower.Length * width).Inverse();
        if (rest == 1)
        {
            _builder.AssertProduct(highest, highest - Linear.One, Linear.Zero, "bit");
        }
        else if (rest == 0 || _plan.OwnTables[rest])
        {
            AddLimb(rest == 0 ? width : rest, highest, range.Scope);
        }
        else
        {
            // An integer below 2^width whose multiple by 2^(width − rest) is below 2^width too is below 2^rest: neither product wraps.
            AddLimb(width, highest, range.Scope);
            AddLimb(width, highest * PowerOfTwo(width - rest), range.Scope);
        }
    }

    private void AddLimb(int width, in Linear limb, int scope) => Add(_ranges, width, new Entry(limb, [], [], scope));

    private void Prove()
    {
        using ScopeHandle scope = _builder.Scope("look-ups");
        Dictionary<int, Linear[]> rangeCounts = _ranges.ToDictionary(table => table.Key, table => Count(table.Value, 1 << table.Key));
        Dictionary<TableDefinition, Linear[]> tableCounts = _tables.ToDictionary(table => table.Key, table => Count(table.Value, table.Key.RowCount));
        Linear challenge = Commit(rangeCounts.Values.Concat(tableCounts.Values));
        foreach ((int width, List<Entry> entries) in _ranges)
        {
            ProveRange(width, entries, rangeCounts[width], challenge);
        }

        Linear[] folding = FoldingPowers(challenge);
        foreach ((TableDefinition table, List<Entry> entries) in _tables)
        {
            ProveTable(table, entries, tableCounts[table], challenge, folding);
        }
    }

    private Linear[] Count(List<Entry> entries, int rowCount) =>
        _builder.Hint<MultiplicityHint>([.. entries.Select(entry => entry.Key)], rowCount);

    /// <summary>The wires that determine everything looked up, once each, and the multiplicities.</summary>
    private Linear Commit(IEnumerable<Linear[]> counts)
    {
        SortedSet<uint> wires = [];
        foreach (Entry entry in _ranges.Values.Concat(_tables.Values).SelectMany(entries => entries))
        {
            AddWires(entry.Key);
            Array.ForEach(entry.Columns, column => AddWires(column));
            foreach (ref readonly ColumnFactor factor in entry.Factors.AsSpan())
            {
                AddWires(factor.Point);
                Array.ForEach(factor.Columns, column => AddWires(column));
            }
        }

        foreach (Linear count in counts.SelectMany(count => count))
        {
            AddWires(count);
        }

        return _builder.Commit([.. wires.Select(Linear.OfWire)]);

        void AddWires(in Linear value)
        {
            foreach (ref readonly WeightedWire term in value.Terms)
            {
                if (term.Wire != 0)
                {
                    wires.Add(term.Wire);
                }
            }
        }
    }

    /// <summary>γ, γ², … for as many columns as any table has, with γ = α^N.</summary>
    private Linear[] FoldingPowers(in Linear challenge)
    {
        if (_tables.Count == 0)
        {
            return [];
        }

        int degree = _tables.Max(table => table.Value.Count + table.Key.RowCount);
        Linear folding = challenge;
        for (int exponent = 1; exponent <= degree; exponent *= 2)
        {
            folding = _builder.Square(folding);
        }

        Linear[] powers = new Linear[_tables.Keys.Max(table => table.ColumnCount) + 1];
        (powers[0], powers[1]) = (Linear.One, folding);
        for (int k = 2; k < powers.Length; k++)
        {
            powers[k] = _builder.Multiply(powers[k - 1], folding);
        }

        return powers;
    }

    private void ProveRange(int width, List<Entry> entries, Linear[] counts, in Linear challenge)
    {
        using ScopeHandle scope = _builder.Scope($"range {width}");
        RangeTable.AssertExcludes(_builder, challenge, width);
        Linear alpha = challenge;
        Linear rows = SumFractions([.. counts.Select((count, t) => new Fraction(count, alpha - t))]);
        _builder.AssertEqual(SumInverses(entries, entry => alpha - entry.Key), rows, "every look-up is a row");
    }

    private void ProveTable(TableDefinition table, List<Entry> entries, Linear[] counts, in Linear challenge, Linear[] folding)
    {
        using ScopeHandle scope = _builder.Scope(table.Name);
        Linear alpha = challenge;
        Linear rows = SumWeightedInverses([.. counts.Select((count, key) => new Fraction(count, alpha - FoldRow(table, key, folding)))]);
        _builder.AssertEqual(SumInverses(entries, entry => alpha - Fold(table, entry, folding)), rows, "every look-up is a row");
    }

    private Linear Fold(TableDefinition table, in Entry entry, Linear[] folding)
    {
        Linear sum = Fold(entry.Columns, folding) + _builder.Multiply(folding[table.ColumnCount], entry.Key);
        foreach (ref readonly ColumnFactor factor in entry.Factors.AsSpan())
        {
            sum += _builder.Multiply(folding[factor.Power] + factor.Point, Fold(factor.Columns, folding));
        }

        return sum;
    }

    private Linear Fold(Linear[] columns, Linear[] folding)
    {
        Linear sum = Linear.Zero;
        for (int k = 0; k < columns.Length; k++)
        {
            sum += _builder.Multiply(folding[k], columns[k]);
        }

        return sum;
    }

    private static Linear FoldRow(TableDefinition table, int key, Linear[] folding)
    {
        Fr[] columns = new Fr[table.ColumnCount];
        table.Read(key, columns);
        Linear sum = folding[columns.Length] * key;
        for (int k = 0; k < columns.Length; k++)
        {
            sum += folding[k] * columns[k];
        }

        return sum;
    }

    /// <summary>Σ 1/dᵢ over look-ups; each denominator's constraint also forbids it to be zero, and belongs to the scope that looked up.</summary>
    private Linear SumInverses(List<Entry> entries, Func<Entry, Linear> denominator)
    {
        List<Linear> sums = [];
        foreach (Entry[] batch in entries.Chunk(BatchSize))
        {
            Fraction[] fractions = new Fraction[batch.Length];
            for (int i = 0; i < batch.Length; i++)
            {
                using ScopeHandle scope = _builder.ScopeOf(batch[i].Scope);
                fractions[i] = new Fraction(Linear.One, denominator(batch[i]));
            }

            sums.Add(Constrain(fractions, i => batch[i].Scope)[^1]);
        }

        return Linear.Sum([.. sums]);
    }

    /// <summary>Σ nᵢ/dᵢ where something else forbids the denominators to be zero.</summary>
    private Linear SumFractions(Fraction[] fractions) =>
        Linear.Sum([.. fractions.Chunk(BatchSize).Select(batch => Constrain(batch, _ => _builder.CurrentScope)[^1])]);

    /// <summary>Σ nᵢ·(1/dᵢ): the inverse by itself forbids a denominator to be zero.</summary>
    private Linear SumWeightedInverses(Fraction[] fractions)
    {
        List<Linear> sums = [];
        foreach (Fraction[] batch in fractions.Chunk(BatchSize))
        {
            Linear[] inverses = Constrain([.. batch.Select(fraction => fraction with { Numerator = Linear.One })], _ => _builder.CurrentScope);
            Linear sum = Linear.Zero;
            for (int i = 0; i < batch.Length; i++)
            {
                sum = _builder.MultiplyAdd(batch[i].Numerator, i == 0 ? inverses[0] : inverses[i] - inverses[i - 1], sum);
            }

            sums.Add(sum);
        }

        return Linear.Sum([.. sums]);
    }

    /// <summary>Running sums sᵢ by dᵢ·(sᵢ − sᵢ₋₁) = nᵢ: one constraint each, and no long sum at the end.</summary>
    private Linear[] Constrain(Fraction[] fractions, Func<int, int> scopeOf)
    {
        Linear[] sums = _builder.Hint<FractionSumsHint>([.. fractions.SelectMany(fraction => (Linear[])[fraction.Numerator, fraction.Denominator])], fractions.Length);
        for (int i = 0; i < fractions.Length; i++)
        {
            using ScopeHandle scope = _builder.ScopeOf(scopeOf(i));
            _builder.AssertProduct(fractions[i].Denominator, i == 0 ? sums[0] : sums[i] - sums[i - 1], fractions[i].Numerator, "looked up");
        }

        return sums;
    }

    private static Fr PowerOfTwo(int exponent) => Fr.FromBigInteger(BigInteger.One << exponent);

    private readonly record struct Entry(Linear Key, Linear[] Columns, ColumnFactor[] Factors, int Scope);

    private readonly record struct Fraction(Linear Numerator, Linear Denominator);
}
