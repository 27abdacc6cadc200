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
        _lookups.Rows.Add(new RowRequest(_context.TableOf<TTable>(), key, columns, _scope));
        return columns;
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
            _lookups.Rows.Add(row with { Key = Rename(row.Key, map), Columns = Array.ConvertAll(row.Columns, column => Rename(column, map)), Scope = _scope });
        }
    }
}
