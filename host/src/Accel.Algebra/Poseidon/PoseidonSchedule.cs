namespace Accel.Algebra;

/// <summary>
/// Poseidon's permutation with partial rounds of 2t − 1 products instead of t² (Grassi et al., eprint 2019/458, appendix B).
/// With M = [[m, v], [w, N]] and D = diag(1, N): M = S·D for the sparse S = [[m, v·N⁻¹], [w, I]], and D commutes with an S-box on element 0
/// alone. Moving every D back to the first partial round leaves, j rounds before the last, S with row v·N⁻⁽ʲ⁺¹⁾ and column Nʲ·w,
/// and diag(1, N^partial)·M in place of the matrix just before. Constants of the other elements move forward into the next full round.
/// </summary>
internal sealed class PoseidonSchedule
{
    private readonly int _width;
    private readonly int _halfFullRounds;
    private readonly Fr[] _fullConstants;
    private readonly Fr[] _partialConstants;
    private readonly Fr _corner;

    // Row then column of each sparse matrix, t − 1 entries each, in order of evaluation.
    private readonly Fr[] _sparse;
    private readonly SquareMatrix<Fr> _mds;
    private readonly SquareMatrix<Fr> _beforePartial;

    public PoseidonSchedule(PoseidonParameters parameters)
    {
        _width = parameters.Width;
        _halfFullRounds = parameters.FullRounds / 2;
        _mds = parameters.MdsMatrix;
        _corner = _mds[0, 0];
        _fullConstants = new Fr[parameters.FullRounds * _width];
        _partialConstants = new Fr[parameters.PartialRounds];
        _sparse = new Fr[parameters.PartialRounds * 2 * (_width - 1)];
        MoveConstants(parameters);
        FactorMatrices(parameters.PartialRounds);
        _beforePartial = EmbedMinor(_mds.Minor().Power(parameters.PartialRounds)).Multiply(_mds);
    }

    public void Permute(Span<Fr> state)
    {
        Span<Fr> scratch = stackalloc Fr[PoseidonParameters.WidthMax];
        scratch = scratch[.._width];
        for (int round = 0; round < _halfFullRounds; round++)
        {
            FullRound(round, round == _halfFullRounds - 1 ? _beforePartial : _mds, state, scratch);
        }

        for (int round = 0; round < _partialConstants.Length; round++)
        {
            PartialRound(round, state);
        }

        for (int round = _halfFullRounds; round < 2 * _halfFullRounds; round++)
        {
            FullRound(round, _mds, state, scratch);
        }
    }

    private void FullRound(int round, SquareMatrix<Fr> matrix, Span<Fr> state, Span<Fr> scratch)
    {
        ReadOnlySpan<Fr> constants = _fullConstants.AsSpan(round * _width, _width);
        for (int i = 0; i < state.Length; i++)
        {
            scratch[i] = FifthPower(state[i] + constants[i]);
        }

        for (int row = 0; row < state.Length; row++)
        {
            state[row] = Combine(default, matrix.Row(row), scratch);
        }
    }

    private void PartialRound(int round, Span<Fr> state)
    {
        int others = _width - 1;
        ReadOnlySpan<Fr> row = _sparse.AsSpan(round * 2 * others, others);
        ReadOnlySpan<Fr> column = _sparse.AsSpan(((round * 2) + 1) * others, others);
        Fr first = FifthPower(state[0] + _partialConstants[round]);
        Fr.ProductSum sum = default;
        sum.AddProduct(_corner, first);
        state[0] = Combine(sum, row, state[1..]);
        for (int i = 0; i < column.Length; i++)
        {
            state[i + 1] += column[i] * first;
        }
    }

    /// <summary>sum + Σ rowᵢ·xᵢ, reduced once.</summary>
    private static Fr Combine(Fr.ProductSum sum, ReadOnlySpan<Fr> row, ReadOnlySpan<Fr> x)
    {
        for (int i = 0; i < row.Length; i++)
        {
            sum.AddProduct(row[i], x[i]);
        }

        return sum.ToElement();
    }

    private static Fr FifthPower(in Fr x)
    {
        Fr square = x.Square();
        return square.Square() * x;
    }

    private void MoveConstants(PoseidonParameters parameters)
    {
        Span<Fr> carried = new Fr[_width];
        Span<Fr> moved = new Fr[_width];
        int position = 0;
        for (int round = 0; round < parameters.FullRounds + parameters.PartialRounds; round++)
        {
            for (int i = 0; i < _width; i++)
            {
                carried[i] += parameters.RoundConstant(round, i);
            }

            int partial = round - _halfFullRounds;
            if (partial >= 0 && partial < parameters.PartialRounds)
            {
                _partialConstants[partial] = carried[0];
                carried[0] = Fr.Zero;
                _mds.Apply(carried, moved);
                moved.CopyTo(carried);
            }
            else
            {
                carried.CopyTo(_fullConstants.AsSpan(_width * position++));
                carried.Clear();
            }
        }
    }

    private void FactorMatrices(int partialRounds)
    {
        int others = _width - 1;
        SquareMatrix<Fr> minor = _mds.Minor();
        SquareMatrix<Fr> inverseTranspose = minor.Inverse().Transpose();
        Fr[] row = new Fr[others];
        Fr[] column = new Fr[others];
        Fr[] next = new Fr[others];
        for (int i = 0; i < others; i++)
        {
            row[i] = _mds[0, i + 1];
            column[i] = _mds[i + 1, 0];
        }

        for (int round = partialRounds - 1; round >= 0; round--)
        {
            inverseTranspose.Apply(row, next);
            (row, next) = (next, row);
            row.CopyTo(_sparse, round * 2 * others);
            column.CopyTo(_sparse, ((round * 2) + 1) * others);
            minor.Apply(column, next);
            (column, next) = (next, column);
        }
    }

    /// <summary>diag(1, N).</summary>
    private SquareMatrix<Fr> EmbedMinor(SquareMatrix<Fr> minor)
    {
        SquareMatrix<Fr> embedded = new(_width);
        embedded[0, 0] = Fr.One;
        for (int row = 1; row < _width; row++)
        {
            for (int column = 1; column < _width; column++)
            {
                embedded[row, column] = minor[row - 1, column - 1];
            }
        }

        return embedded;
    }
}
