using Accel.Proving.Lookups;

namespace Accel.Proving.Frontend;

public sealed partial class CircuitBuilder
{
    private readonly LookupRequests _lookups = new();

    /// <summary>Whether ranges and tables are looked up; without it gadgets decompose into bits.</summary>
    public bool UsesLookups => _context.Options.Lookups;

    /// <summary>
    /// Constrains 0 ≤ value &lt; 2^bits by look-ups, once the rest of the circuit is defined. Within a template the look-up is noted and made for every instance.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="bits">1…253, so that the limbs' sum cannot wrap round the field.</param>
    /// <exception cref="InvalidOperationException">The circuit is compiled without look-ups.</exception>
    public void LookUpRange(in Linear value, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 253);
        RequireLookups();
        RequireOwnWires(value);
        _lookups.Ranges.Add(new RangeRequest(value, bits, _scope));
    }

    /// <summary>
    /// The columns of a key's row, held by a look-up once the rest of the circuit is defined; the key is held to the table's keys with them. One constraint
    /// for each column and one for the look-up.
    /// </summary>
    /// <exception cref="InvalidOperationException">The circuit is compiled without look-ups.</exception>
    public Linear[] LookUp<TTable>(in Linear key)
        where TTable : ILookupTable
    {
        RequireLookups();
        Linear[] columns = Hint<LookupRowHint<TTable>>([key], TTable.ColumnCount);
        _lookups.Rows.Add(new RowRequest(_context.TableOf<TTable>(), key, columns, [], _scope));
        return columns;
    }

    /// <summary>
    /// The values at a point of the polynomials of a key's row, then the row's other columns; the key is held with them. As many constraints as
    /// <see cref="LookUp{TTable}"/>: Horner's sums sₖ = cₖ + x·sₖ₊₁ are advice, and what folds is Σ γᵏ·cₖ = s₀ + (γ − x)·Σ γᵏ·sₖ₊₁.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="point">x, the same for all polynomials.</param>
    /// <exception cref="InvalidOperationException">The circuit is compiled without look-ups.</exception>
    public Linear[] LookUpValues<TTable>(in Linear key, in Linear point)
        where TTable : IPolynomialTable
    {
        RequireLookups();
        Linear[] advice = Hint<LookupHornerHint<TTable>>([key, point], TTable.ColumnCount);
        Linear[] columns = [.. advice];
        Linear[] quotients = new Linear[advice.Length];
        Linear[] values = new Linear[TTable.CoefficientCounts.Length];
        int start = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int count = TTable.CoefficientCounts[i];
            values[i] = advice[start];
            advice.AsSpan(start + 1, count - 1).CopyTo(quotients.AsSpan(start));
            columns.AsSpan(start + 1, count - 1).Clear();
            start += count;
        }

        _lookups.Rows.Add(new RowRequest(_context.TableOf<TTable>(), key, columns, [new ColumnFactor(1, -point, quotients)], _scope));
        return [.. values, .. advice[start..]];
    }

    /// <summary>
    /// p(x) + w·q(x) for the two polynomials p and q of a key's row, q no longer than p; the key is held with them. As many constraints as
    /// <see cref="LookUp{TTable}"/>: with Horner's sums of p + w·q as advice, Σ γᵏ·pₖ + γᵐ·Σ γᵏ·qₖ = s₀ + (γ − x)·Σ γᵏ·sₖ₊₁ + (γᵐ − w)·Σ γᵏ·qₖ.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="point">x.</param>
    /// <param name="weight">w.</param>
    /// <exception cref="InvalidOperationException">The circuit is compiled without look-ups, or the table's columns are not two such polynomials.</exception>
    public Linear LookUpWeightedValue<TTable>(in Linear key, in Linear point, in Linear weight)
        where TTable : IPolynomialTable
    {
        RequireLookups();
        if (TTable.CoefficientCounts is not [int first, int second] || second > first || first + second != TTable.ColumnCount)
        {
            throw new InvalidOperationException($"table '{TTable.Name}' is not made of two polynomials of which the second is no longer than the first");
        }

        Linear[] advice = Hint<LookupWeightedHornerHint<TTable>>([key, point, weight], TTable.ColumnCount);
        ColumnFactor[] factors = [new ColumnFactor(1, -point, advice[1..first]), new ColumnFactor(first, -weight, advice[first..])];
        _lookups.Rows.Add(new RowRequest(_context.TableOf<TTable>(), key, [advice[0]], factors, _scope));
        return advice[0];
    }

    internal int CurrentScope => _scope;

    internal ScopeHandle ScopeOf(int scope)
    {
        ScopeHandle handle = new(this, _scope);
        _scope = scope;
        return handle;
    }

    private void RequireLookups()
    {
        if (!UsesLookups)
        {
            throw new InvalidOperationException("the circuit is compiled without look-ups: ask UsesLookups first");
        }
    }

    /// <summary>Makes a template's look-ups those of its instance.</summary>
    private void CallLookups(LookupRequests requests, uint[] map)
    {
        foreach (RangeRequest range in requests.Ranges)
        {
            _lookups.Ranges.Add(range with { Value = Rename(range.Value, map), Scope = _scope });
        }

        foreach (RowRequest row in requests.Rows)
        {
            _lookups.Rows.Add(row with
            {
                Key = Rename(row.Key, map),
                Columns = Rename(row.Columns, map),
                Factors = Array.ConvertAll(row.Factors, factor => factor with { Point = Rename(factor.Point, map), Columns = Rename(factor.Columns, map) }),
                Scope = _scope,
            });
        }
    }

    private static Linear[] Rename(Linear[] values, uint[] map) => Array.ConvertAll(values, value => Rename(value, map));
}
