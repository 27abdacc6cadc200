using Accel.Proving.Frontend;

namespace Accel.Proving.Lookups;

/// <summary>A value to be held to 0…2^Bits − 1.</summary>
internal readonly record struct RangeRequest(Linear Value, int Bits, int Scope);

/// <summary>A key and columns to be held to a row of a table; column k is Columns[k] and what the factors add to it.</summary>
internal readonly record struct RowRequest(TableDefinition Table, Linear Key, Linear[] Columns, ColumnFactor[] Factors, int Scope);

/// <summary>
/// (γᵖᵒʷᵉʳ + Point)·Σ γᵏ·Columnsₖ as part of a folded row: columns that are sums of products of wires fold at the price of one product each, for the fold's
/// powers are known when the challenge is.
/// </summary>
internal readonly record struct ColumnFactor(int Power, Linear Point, Linear[] Columns);

/// <summary>What a body has to look up. A template's are made again for each instance, over the instance's wires.</summary>
internal sealed class LookupRequests
{
    public List<RangeRequest> Ranges { get; } = [];

    public List<RowRequest> Rows { get; } = [];

    public bool IsEmpty => Ranges.Count == 0 && Rows.Count == 0;
}

/// <summary>A table as an object.</summary>
internal sealed record TableDefinition(Type Type, string Name, int RowCount, int ColumnCount, TableReader Read)
{
    public static TableDefinition Of<TTable>()
        where TTable : ILookupTable
    {
        if (TTable.RowCount is < 1 or > LookupTables.RowsMax || TTable.ColumnCount < 1)
        {
            throw new InvalidOperationException(
                $"table '{TTable.Name}' has {TTable.RowCount} rows of {TTable.ColumnCount} columns; expected 1…{LookupTables.RowsMax} rows and a column or more");
        }

        return new TableDefinition(typeof(TTable), TTable.Name, TTable.RowCount, TTable.ColumnCount, TTable.ReadRow);
    }
}

/// <summary>Writes the columns of a key.</summary>
internal delegate void TableReader(int key, Span<Fr> columns);
