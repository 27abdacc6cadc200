using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Groth16;

/// <summary>Compressed sparse rows over a coefficient table that several matrices share: eight bytes a term.</summary>
public sealed class SparseMatrix
{
    private readonly Fr[] _coefficients;
    private readonly Term[] _terms;
    private readonly int[] _starts;

    /// <summary>A matrix over given arrays, which it keeps.</summary>
    /// <param name="coefficients">The table that the terms' coefficients index.</param>
    /// <param name="terms">The terms of all rows, row after row.</param>
    /// <param name="starts">For each row where its terms begin, and at the end the number of terms.</param>
    /// <exception cref="ArgumentException">The last start is not the number of terms.</exception>
    public SparseMatrix(Fr[] coefficients, Term[] terms, int[] starts)
    {
        if (starts.Length == 0 || starts[^1] != terms.Length)
        {
            throw new ArgumentException($"{terms.Length} terms, but the rows do not end there", nameof(starts));
        }

        _coefficients = coefficients;
        _terms = terms;
        _starts = starts;
    }

    /// <summary>The number of rows.</summary>
    public int RowCount => _starts.Length - 1;

    /// <summary>The number of terms in all rows.</summary>
    public int TermCount => _terms.Length;

    /// <summary>The table that the terms' coefficients index.</summary>
    public ReadOnlySpan<Fr> Coefficients => _coefficients;

    /// <summary>The terms of one row.</summary>
    public ReadOnlySpan<Term> Row(int row) => _terms.AsSpan(_starts[row].._starts[row + 1]);

    /// <summary>resultᵢ ← row i · vector, for i in [first, end).</summary>
    /// <param name="vector">A value for every wire that a term names.</param>
    /// <param name="result">Entries <paramref name="first"/> to <paramref name="end"/> receive the values.</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row after the last.</param>
    public void MultiplyRows(ReadOnlySpan<Fr> vector, Span<Fr> result, int first, int end)
    {
        for (int row = first; row < end; row++)
        {
            Fr sum = Fr.Zero;
            foreach (Term term in Row(row))
            {
                // Most coefficients of real circuits are one.
                Fr coefficient = _coefficients[term.Coefficient];
                Fr value = vector[(int)term.Wire];
                sum += coefficient.IsOne ? value : coefficient * value;
            }

            result[row] = sum;
        }
    }
}
