using Accel.Proving.Frontend;

namespace Accel.Proving.Lookups;

/// <summary>
/// A table of constants: row k maps key k to a few columns. A type and never an object, so that the hint that reads it can be stored by name.
/// </summary>
public interface ILookupTable
{
    /// <summary>The table's name, unique within a circuit.</summary>
    static abstract string Name { get; }

    /// <summary>Rows, with keys 0…RowCount − 1; at most <see cref="LookupTables.RowsMax"/>.</summary>
    static abstract int RowCount { get; }

    /// <summary>Columns beside the key, at least one.</summary>
    static abstract int ColumnCount { get; }

    /// <summary>Writes the columns of a key below <see cref="RowCount"/>.</summary>
    static abstract void ReadRow(int key, Span<Fr> columns);
}

/// <summary>What all tables have in common.</summary>
public static class LookupTables
{
    /// <summary>The most rows that a table may have: each costs two constraints, whatever is looked up.</summary>
    public const int RowsMax = 1 << RowBitsMax;

    /// <summary>The widest range that is one table: 2¹² rows.</summary>
    public const int RowBitsMax = 12;
}

/// <summary>The row of a key; zeros for keys that the table lacks. Unique because the argument holds key and columns to one row.</summary>
/// <typeparam name="TTable">The table.</typeparam>
public readonly struct LookupRowHint<TTable> : IHint
    where TTable : ILookupTable
{
    /// <inheritdoc />
    public static string Name => $"lookup.row({TTable.Name})";

    /// <inheritdoc />
    public static bool Accepts(int inputCount, int outputCount) => inputCount == 1 && outputCount == TTable.ColumnCount;

    /// <inheritdoc />
    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        if (inputs[0].TryToIndex(TTable.RowCount, out int key))
        {
            TTable.ReadRow(key, outputs);
        }
    }
}
