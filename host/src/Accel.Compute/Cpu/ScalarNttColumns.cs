using System.Buffers;

namespace Accel.Compute.Cpu;

/// <summary>Columns in portable arithmetic: each is copied to a run of its own and transformed by <see cref="NttKernel"/>.</summary>
internal sealed class ScalarNttColumns : NttColumns
{
    /// <inheritdoc />
    public override void Transform(in NttColumnJob job, NttDirection direction)
    {
        Fr[] buffer = ArrayPool<Fr>.Shared.Rent(Group * job.Rows);
        Gather(job, buffer);
        int[] order = NttKernel.BitReversal(job.Rows);
        for (int i = 0; i < Group; i++)
        {
            Span<Fr> column = buffer.AsSpan(i * job.Rows, job.Rows);
            NttKernel.Transform(column, NttTwiddles.For(direction));
        }

        for (int i = 0; i < Group; i++)
        {
            Write(job, i, buffer.AsSpan(i * job.Rows, job.Rows), order);
        }

        ArrayPool<Fr>.Shared.Return(buffer);
    }

    private static void Gather(in NttColumnJob job, Span<Fr> buffer)
    {
        for (int row = 0; row < job.Rows; row++)
        {
            ReadOnlySpan<Fr> source = job.Source.Slice((row * job.SourceStride) + job.Column, Group);
            for (int i = 0; i < Group; i++)
            {
                buffer[(i * job.Rows) + row] = job.RowScale.IsEmpty ? source[i] : source[i] * job.RowScale[row];
            }
        }
    }

    private static void Write(in NttColumnJob job, int column, ReadOnlySpan<Fr> kernel, ReadOnlySpan<int> order)
    {
        Fr factor = job.Factors.IsEmpty ? Fr.One : job.Factors[column];
        for (int k = 0; k < kernel.Length; k++)
        {
            Fr value = kernel[order[k]];
            if (!job.Factors.IsEmpty)
            {
                value *= factor;
                factor *= job.Ratios[column];
            }

            job.Target[(k * job.EntryStride) + (column * job.ColumnStride)] = job.EntryScale.IsEmpty ? value : value * job.EntryScale[k];
        }
    }
}
