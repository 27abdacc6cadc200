using System.Buffers;

namespace Accel.Compute.Cpu;

/// <summary>
/// A transform of n = rows·columns values, index = row·columns + column, in two rounds:
/// transform each column and multiply its entry k by (ω^column)ᵏ, writing it as a row of a second matrix; transform that matrix's columns, writing them back as columns.
/// Natural order in and out; both rounds read and write runs of <see cref="Group"/> neighbouring values.
/// </summary>
internal sealed class NttRounds
{
    /// <summary>Columns that one task takes together: 256 bytes of each row, whole cache lines.</summary>
    private const int Group = 8;

    private readonly NttTwiddles _twiddles;
    private readonly Memory<Fr> _values;
    private readonly CancellationToken _cancel;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int[] _rowOrder;
    private readonly int[] _columnOrder;
    private readonly Fr _root;

    // Factor of row i on the way in (forward coset), or null.
    private readonly Fr[]? _rowScale;

    // Factor of column c between the rounds is columnBaseᶜ, its entry k's is also tailBaseᵏ·first.
    private readonly Fr _columnBase = Fr.One;
    private readonly Fr _tailBase = Fr.One;
    private readonly Fr _first = Fr.One;

    // Factor of output block k₂, that is of indices k₂·rows + k, on the way out (inverse coset), or null.
    private readonly Fr[]? _outputScale;

    public NttRounds(NttPlan plan, Memory<Fr> values, CancellationToken cancel)
    {
        _twiddles = NttTwiddles.For(plan.Direction);
        _values = values;
        _cancel = cancel;
        _rows = 1 << (plan.Log2Size / 2);
        _columns = values.Length / _rows;
        _rowOrder = NttKernel.BitReversal(_rows);
        _columnOrder = NttKernel.BitReversal(_columns);
        _root = _twiddles.Root(plan.Log2Size);
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
        Fr[] middle = ArrayPool<Fr>.Shared.Rent(_values.Length);
        await ParallelWork.ForEachAsync(_columns / Group, threads, group => FirstRound(group * Group, middle), _cancel);
        await ParallelWork.ForEachAsync(_rows / Group, threads, group => SecondRound(group * Group, middle), _cancel);
        ArrayPool<Fr>.Shared.Return(middle);
    }

    /// <summary>Columns [column, column + Group) of the values become rows of the middle matrix.</summary>
    private void FirstRound(int column, Fr[] middle)
    {
        Fr[] buffer = ArrayPool<Fr>.Shared.Rent(Group * _rows);
        Gather(_values.Span, column, _columns, _rows, _rowScale, buffer);
        Fr ratio = _root.Pow(column) * _tailBase;
        Fr first = _columnBase.Pow(column) * _first;
        for (int i = 0; i < Group; i++)
        {
            Span<Fr> kernel = buffer.AsSpan(i * _rows, _rows);
            NttKernel.Transform(kernel, _twiddles);
            WriteTwiddled(kernel, _rowOrder, first, ratio, middle.AsSpan((column + i) * _rows, _rows));
            ratio *= _root;
            first *= _columnBase;
        }

        ArrayPool<Fr>.Shared.Return(buffer);
    }

    /// <summary>Columns [column, column + Group) of the middle matrix become the same columns of the result, rows·k₂ + column.</summary>
    private void SecondRound(int column, Fr[] middle)
    {
        Fr[] buffer = ArrayPool<Fr>.Shared.Rent(Group * _columns);
        Gather(middle, column, _rows, _columns, scale: null, buffer);
        for (int i = 0; i < Group; i++)
        {
            NttKernel.Transform(buffer.AsSpan(i * _columns, _columns), _twiddles);
        }

        Span<Fr> values = _values.Span;
        for (int k = 0; k < _columns; k++)
        {
            Span<Fr> target = values.Slice((k * _rows) + column, Group);
            for (int i = 0; i < Group; i++)
            {
                Fr value = buffer[(i * _columns) + _columnOrder[k]];
                target[i] = _outputScale is null ? value : value * _outputScale[k];
            }
        }

        ArrayPool<Fr>.Shared.Return(buffer);
    }

    /// <summary>Copies Group columns of a matrix, each to its own run of the buffer.</summary>
    private static void Gather(ReadOnlySpan<Fr> matrix, int column, int stride, int length, Fr[]? scale, Span<Fr> buffer)
    {
        for (int row = 0; row < length; row++)
        {
            ReadOnlySpan<Fr> source = matrix.Slice((row * stride) + column, Group);
            for (int i = 0; i < Group; i++)
            {
                buffer[(i * length) + row] = scale is null ? source[i] : source[i] * scale[row];
            }
        }
    }

    /// <summary>targetₖ = kernel's entry k · first·ratioᵏ.</summary>
    private static void WriteTwiddled(ReadOnlySpan<Fr> kernel, int[] reversed, Fr first, Fr ratio, Span<Fr> target)
    {
        for (int k = 0; k < target.Length; k++)
        {
            target[k] = kernel[reversed[k]] * first;
            first *= ratio;
        }
    }

    private static Fr[] Powers(Fr ratio, int count)
    {
        Fr[] powers = new Fr[count];
        FieldPowers.Fill(powers, Fr.One, ratio);
        return powers;
    }
}
