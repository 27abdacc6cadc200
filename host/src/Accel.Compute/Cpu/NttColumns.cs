namespace Accel.Compute.Cpu;

/// <summary>Which columns of a matrix to transform, and where the results go. Entry k of column i is factorᵢ·ratioᵢᵏ·scaleₖ times the transform's.</summary>
internal readonly ref struct NttColumnJob
{
    /// <summary>The matrix, row by row.</summary>
    public required ReadOnlySpan<Fr> Source { get; init; }

    /// <summary>Values from one row to the next.</summary>
    public required int SourceStride { get; init; }

    /// <summary>The first of the columns, <see cref="NttColumns.Group"/> of them.</summary>
    public required int Column { get; init; }

    /// <summary>The number of rows, which is the size of each transform.</summary>
    public required int Rows { get; init; }

    /// <summary>A factor for each row on the way in, or empty.</summary>
    public ReadOnlySpan<Fr> RowScale { get; init; }

    /// <summary>Receives entry k of column i at index k·<see cref="EntryStride"/> + i·<see cref="ColumnStride"/>.</summary>
    public required Span<Fr> Target { get; init; }

    /// <summary>Values from one entry of a column to the next.</summary>
    public required int EntryStride { get; init; }

    /// <summary>Values from one column to the next.</summary>
    public required int ColumnStride { get; init; }

    /// <summary>factorᵢ for each column of the group, or empty when factor and ratio are 1.</summary>
    public ReadOnlySpan<Fr> Factors { get; init; }

    /// <summary>ratioᵢ for each column of the group, or empty.</summary>
    public ReadOnlySpan<Fr> Ratios { get; init; }

    /// <summary>scaleₖ for each entry, or empty.</summary>
    public ReadOnlySpan<Fr> EntryScale { get; init; }
}

/// <summary>Transforms neighbouring columns of a matrix together: the unit of work of <see cref="NttRounds"/>, and what each instruction set implements.</summary>
internal abstract class NttColumns
{
    /// <summary>Columns that one call takes together: 256 bytes of each row, whole cache lines.</summary>
    public const int Group = 8;

    /// <summary>Runs a job with the roots of a direction.</summary>
    public abstract void Transform(in NttColumnJob job, NttDirection direction);
}
