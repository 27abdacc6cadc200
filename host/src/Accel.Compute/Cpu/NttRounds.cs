namespace Accel.Compute.Cpu;

/// <summary>
/// A transform of n = rows·columns values, index = row·columns + column, in two rounds:
/// transform each column and multiply its entry k by (ω^column)ᵏ, writing it as a row of a second matrix; transform that matrix's columns, writing them back as columns.
/// Natural order in and out; both rounds read and write runs of neighbouring values.
/// </summary>
internal sealed class NttRounds
{
    /// <summary>The smallest power whose rows and columns are whole groups.</summary>
    public const int Log2SizeMin = 6;

    private const int Group = NttColumns.Group;

    private readonly NttColumns _engine;
    private readonly NttDirection _direction;
    private readonly Memory<Fr> _values;
    private readonly Memory<Fr> _middle;
    private readonly CancellationToken _cancel;
    private readonly int _rows;
    private readonly int _columns;
    private readonly Fr _root;

    // Factor of row i on the way in (forward coset).
    private readonly Fr[] _rowScale = [];

    // Factor of column c between the rounds is columnBaseᶜ, its entry k's is also tailBaseᵏ·first.
    private readonly Fr _columnBase = Fr.One;
    private readonly Fr _tailBase = Fr.One;
    private readonly Fr _first = Fr.One;

    // Factor of output block k₂, that is of indices k₂·rows + k, on the way out (inverse coset).
    private readonly Fr[] _outputScale = [];

    /// <summary>A transform of <paramref name="values"/>; <paramref name="middle"/> is scratch memory of the same length.</summary>
    public NttRounds(NttColumns engine, NttPlan plan, Memory<Fr> values, Memory<Fr> middle, CancellationToken cancel)
    {
        _engine = engine;
        _direction = plan.Direction;
        _values = values;
        _middle = middle;
        _cancel = cancel;
        _rows = 1 << (plan.Log2Size / 2);
        _columns = values.Length / _rows;
        _root = NttTwiddles.For(plan.Direction).Root(plan.Log2Size);
        if (plan.Direction == NttDirection.Inverse)
        {
            _first = Ntt.SizeInverse(plan.Log2Size);
        }

        if (plan.CosetShift is not Fr shift)
        {
            return;
        }

        if (plan.Direction == NttDirection.Forward)
        {
            _columnBase = shift;
            _rowScale = Powers(shift.Pow(_columns), _rows);
        }
        else
        {
            _tailBase = shift.Inverse();
            _outputScale = Powers(_tailBase.Pow(_rows), _columns);
        }
    }

    public async Task RunAsync(int threads)
    {
        await ParallelWork.ForEachAsync(_columns / Group, threads, group => FirstRound(group * Group), _cancel);
        await ParallelWork.ForEachAsync(_rows / Group, threads, group => SecondRound(group * Group), _cancel);
    }

    /// <summary>Columns [column, column + Group) of the values become rows of the middle matrix.</summary>
    private void FirstRound(int column)
    {
        Fr[] factors = new Fr[Group];
        Fr[] ratios = new Fr[Group];
        ratios[0] = _root.Pow(column) * _tailBase;
        factors[0] = _columnBase.Pow(column) * _first;
        for (int i = 1; i < Group; i++)
        {
            ratios[i] = ratios[i - 1] * _root;
            factors[i] = factors[i - 1] * _columnBase;
        }

        NttColumnJob job = new()
        {
            Source = _values.Span,
            SourceStride = _columns,
            Column = column,
            Rows = _rows,
            RowScale = _rowScale,
            Target = _middle.Span.Slice(column * _rows, Group * _rows),
            EntryStride = 1,
            ColumnStride = _rows,
            Factors = factors,
            Ratios = ratios,
        };
        _engine.Transform(job, _direction);
    }

    /// <summary>Columns [column, column + Group) of the middle matrix become the same columns of the result, rows·k₂ + column.</summary>
    private void SecondRound(int column)
    {
        NttColumnJob job = new()
        {
            Source = _middle.Span,
            SourceStride = _rows,
            Column = column,
            Rows = _columns,
            Target = _values.Span[column..],
            EntryStride = _rows,
            ColumnStride = 1,
            EntryScale = _outputScale,
        };
        _engine.Transform(job, _direction);
    }

    private static Fr[] Powers(Fr ratio, int count)
    {
        Fr[] powers = new Fr[count];
        FieldPowers.Fill(powers, Fr.One, ratio);
        return powers;
    }
}
