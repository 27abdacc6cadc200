using System.Globalization;
using Accel.Compute;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Groth16;

namespace Accel.Proving.Ceremony;

/// <summary>Compares a key with the initial key of its circuit, from which it may differ by δ and nothing else.</summary>
internal sealed class KeyComparison(ProvingKey initial, ProvingKey key, CpuBackend backend, IProgress<CeremonyProgress>? progress, CancellationToken cancel)
{
    private readonly RandomCombination _random = new(backend, cancel);

    /// <summary>The first difference, with its section, or null.</summary>
    public async Task<string?> FindProblemAsync() => FindHeaderProblem() ?? FindCopyProblem() ?? await FindQuotientProblemAsync();

    private string? FindHeaderProblem()
    {
        ProvingKeyHeader expected = initial.Header;
        ProvingKeyHeader header = key.Header;
        return header.WireCount != expected.WireCount || header.PublicCount != expected.PublicCount || header.DomainLog2 != expected.DomainLog2
                ? $"section 2: the key is for {Sizes(header)}; the circuit has {Sizes(expected)}"
            : header.Alpha1 != expected.Alpha1 || header.Beta1 != expected.Beta1 || header.Beta2 != expected.Beta2 ? "section 2: α or β is not the transcript's"
            : header.Gamma2 != expected.Gamma2 ? "section 2: γ is not one"
            : !key.History.CircuitHash.Span.SequenceEqual(initial.History.CircuitHash.Span)
                ? "section 10: the contributions are for another circuit or another transcript; the circuit's hash differs"
            : null;
    }

    private string? FindCopyProblem() =>
        Compare(3, "inputs", initial.Points.Inputs, key.Points.Inputs)
        ?? CompareMatrices("A", initial.Constraints.A, key.Constraints.A)
        ?? CompareMatrices("B", initial.Constraints.B, key.Constraints.B)
        ?? Compare(5, "A", initial.Points.A, key.Points.A)
        ?? Compare(6, "B1", initial.Points.B1, key.Points.B1)
        ?? Compare(7, "B2", initial.Points.B2, key.Points.B2);

    private async Task<string?> FindQuotientProblemAsync() =>
        !await IsDividedAsync("C", initial.Points.C, key.Points.C) ? "section 8: the points C are not the initial key's divided by δ"
        : !await IsDividedAsync("H", initial.Points.H, key.Points.H) ? "section 9: the points H are not the initial key's divided by δ"
        : null;

    private async Task<bool> IsDividedAsync(string name, ReadOnlyMemory<G1Affine> before, ReadOnlyMemory<G1Affine> after)
    {
        progress?.Report(new CeremonyProgress($"the points {name}", 0, after.Length));
        (G1Affine sumBefore, G1Affine sumAfter) = await _random.SumAsync(before, after);
        return ContributionChain.SameRatio(sumAfter, sumBefore, G2Affine.Generator, key.Header.Delta2);
    }

    private static string? Compare<T>(int section, string what, ReadOnlyMemory<T> expected, ReadOnlyMemory<T> actual)
        where T : IEquatable<T>
    {
        int same = expected.Span.CommonPrefixLength(actual.Span);
        return same == expected.Length ? null : Text($"section {section}: point {same:N0} of {what} is not the initial key's");
    }

    private static string? CompareMatrices(string name, SparseMatrix expected, SparseMatrix actual)
    {
        for (int row = 0; row < expected.RowCount; row++)
        {
            ReadOnlySpan<Term> terms = actual.Row(row);
            bool same = terms.Length == expected.Row(row).Length;
            for (int i = 0; same && i < terms.Length; i++)
            {
                Term other = expected.Row(row)[i];
                same = terms[i].Wire == other.Wire && actual.Coefficients[(int)terms[i].Coefficient] == expected.Coefficients[(int)other.Coefficient];
            }

            if (!same)
            {
                return Text($"section 4: row {row:N0} of {name} is not the circuit's");
            }
        }

        return null;
    }

    private static string Sizes(ProvingKeyHeader header) =>
        Text($"{header.WireCount:N0} wires, {header.PublicCount:N0} public ones and a domain of {header.DomainSize:N0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
