using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Groth16;

/// <summary>Builds a <see cref="SparseMatrix"/> from terms in any order of rows: first count them all, then add them all.</summary>
internal sealed class MatrixBuilder(int rowCount)
{
    // While counting, entry r + 1 holds row r's count; while adding, entry r holds where row r's next term goes.
    private readonly int[] _starts = new int[rowCount + 1];
    private int[] _next = [];
    private Term[] _terms = [];

    public void Count(uint row, int terms = 1) => _starts[row + 1] = checked(_starts[row + 1] + terms);

    public void EndCounting()
    {
        for (int row = 0; row < rowCount; row++)
        {
            _starts[row + 1] = checked(_starts[row + 1] + _starts[row]);
        }

        _next = _starts[..rowCount];
        _terms = new Term[_starts[rowCount]];
    }

    public void Add(uint row, Term term) => _terms[_next[row]++] = term;

    public SparseMatrix ToMatrix(Fr[] coefficients) => new(coefficients, _terms, _starts);
}
