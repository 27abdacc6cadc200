using Accel.Proving.Frontend;

namespace Accel.Proving.Lookups;

/// <summary>
/// A table whose rows hold coefficients of polynomials, one polynomial after the other and each lowest degree first, and then columns that stand alone.
/// Evaluation costs nothing above the row: Horner's sums are advice, and the coefficients that they imply are looked up.
/// </summary>
public interface IPolynomialTable : ILookupTable
{
    /// <summary>How many coefficients each polynomial has, at least one; the columns that are left stand alone.</summary>
    static abstract ReadOnlySpan<int> CoefficientCounts { get; }
}

/// <summary>
/// For inputs (key, x): of each polynomial of the key's row Horner's sums sₖ = cₖ + x·sₖ₊₁, s₀ first, then the columns that stand alone; zeros for keys that
/// the table lacks. Unique because the argument holds key, all cₖ = sₖ − x·sₖ₊₁ and columns to one row.
/// </summary>
/// <typeparam name="TTable">The table.</typeparam>
public readonly struct LookupHornerHint<TTable> : IHint
    where TTable : IPolynomialTable
{
    /// <inheritdoc />
    public static string Name => $"lookup.horner({TTable.Name})";

    /// <inheritdoc />
    public static bool Accepts(int inputCount, int outputCount) => inputCount == 2 && outputCount == TTable.ColumnCount;

    /// <inheritdoc />
    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        if (!inputs[0].TryToIndex(TTable.RowCount, out int key))
        {
            return;
        }

        TTable.ReadRow(key, outputs);
        int start = 0;
        foreach (int count in TTable.CoefficientCounts)
        {
            HornerSums.Replace(outputs.Slice(start, count), inputs[1]);
            start += count;
        }
    }
}

/// <summary>
/// For inputs (key, x, w) and a table of two polynomials p and q: Horner's sums of p + w·q at x, s₀ first, then the coefficients of q; zeros for keys
/// that the table lacks. Unique because the argument holds key, all sₖ − x·sₖ₊₁ − w·qₖ and all qₖ to one row.
/// </summary>
/// <typeparam name="TTable">The table.</typeparam>
public readonly struct LookupWeightedHornerHint<TTable> : IHint
    where TTable : IPolynomialTable
{
    /// <inheritdoc />
    public static string Name => $"lookup.weighted-horner({TTable.Name})";

    /// <inheritdoc />
    public static bool Accepts(int inputCount, int outputCount) => inputCount == 3 && outputCount == TTable.ColumnCount;

    /// <inheritdoc />
    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        if (!inputs[0].TryToIndex(TTable.RowCount, out int key))
        {
            return;
        }

        TTable.ReadRow(key, outputs);
        Span<Fr> sums = outputs[..TTable.CoefficientCounts[0]];
        ReadOnlySpan<Fr> weighted = outputs.Slice(sums.Length, TTable.CoefficientCounts[1]);
        for (int k = 0; k < weighted.Length; k++)
        {
            sums[k] += inputs[2] * weighted[k];
        }

        HornerSums.Replace(sums, inputs[1]);
    }
}

internal static class HornerSums
{
    /// <summary>cₖ becomes sₖ = cₖ + x·sₖ₊₁, so that s₀ is the polynomial's value.</summary>
    public static void Replace(Span<Fr> coefficients, in Fr x)
    {
        for (int k = coefficients.Length - 2; k >= 0; k--)
        {
            coefficients[k] += x * coefficients[k + 1];
        }
    }
}
