using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Accel.Compute.Cpu.Vector;

/// <summary>
/// Columns in lanes, one a lane: decimation in time (Cooley–Tukey), read in bit-reversed order. Values keep the words' scale 2²⁵⁶ throughout, since twiddles
/// have the scale R = 2²⁵⁵. Every other layer brings its values back to within a multiple of the modulus that the lanes can hold.
/// </summary>
internal sealed unsafe class LaneNttColumns<TLanes> : NttColumns
    where TLanes : struct, IFieldLanes
{
    private static readonly int Lanes = TLanes.Count;
    private static readonly int Size = IFieldLanes.Limbs * TLanes.Count;
    private static readonly Fr Half = ((Fr)2).Inverse();

    private readonly ConcurrentBag<Workspace> _workspaces = [];

    private static double* Modulus => LaneModulus<Bn254ScalarModulus, TLanes>.Table;

    /// <inheritdoc />
    public override void Transform(in NttColumnJob job, NttDirection direction)
    {
        LaneTwiddles twiddles = LaneTwiddles.For(direction, BitOperations.Log2((uint)job.Rows));
        if (!_workspaces.TryTake(out Workspace? workspace) || workspace.Rows < job.Rows)
        {
            workspace?.Dispose();
            workspace = new Workspace(job.Rows);
        }

        for (int column = 0; column < Group; column += Lanes)
        {
            Load(job, column, workspace);
            Layers(workspace.Values, job.Rows, twiddles);
            Write(job, column, workspace);
        }

        _workspaces.Add(workspace);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Load(in NttColumnJob job, int column, Workspace workspace)
    {
        ulong** rows = stackalloc ulong*[Lanes];
        int shift = 32 - BitOperations.Log2((uint)job.Rows);
        fixed (Fr* source = job.Source)
        {
            for (int row = 0; row < job.Rows; row++)
            {
                PointTo(source + ((long)row * job.SourceStride) + job.Column + column, 1, rows);
                double* value = workspace.Values + (Reverse((uint)row, shift) * Size);
                TLanes.Load(value, rows, 0);
                if (!job.RowScale.IsEmpty)
                {
                    Fill(workspace.Factor, job.RowScale[row]);
                    TLanes.Multiply(value, value, workspace.Factor, Modulus);
                }
            }
        }
    }

    /// <summary>All layers, the first two as one. What the multiplications of <see cref="Load"/> leave is as small as what it reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Layers(double* values, int rows, LaneTwiddles twiddles)
    {
        double* end = values + ((long)rows * Size);
        for (double* value = values; value < end; value += 4 * Size)
        {
            TLanes.FirstButterflies(value, value + Size, value + (2 * Size), value + (3 * Size), twiddles.Quarter, Modulus);
        }

        bool reduces = true;
        for (int half = 4; half < rows; half *= 2)
        {
            double* roots = twiddles.Layer(half);
            long distance = (long)half * Size;
            for (double* start = values; start < end; start += 2 * distance)
            {
                Block(start, distance, roots, reduces);
            }

            reduces = !reduces;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(double* start, long distance, double* roots, bool reduces)
    {
        for (double* u = start; u < start + distance; u += Size)
        {
            if (reduces)
            {
                TLanes.ReducingButterfly(u, u + distance, roots, Modulus);
            }
            else
            {
                TLanes.Butterfly(u, u + distance, roots, Modulus);
            }

            roots += IFieldLanes.Limbs;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(in NttColumnJob job, int column, Workspace workspace)
    {
        ulong** rows = stackalloc ulong*[Lanes];
        bool progresses = !job.Factors.IsEmpty;
        if (progresses)
        {
            FillLanes(workspace.Factor, job.Factors.Slice(column, Lanes));
            FillLanes(workspace.Ratio, job.Ratios.Slice(column, Lanes));
        }

        fixed (Fr* target = job.Target)
        {
            for (int k = 0; k < job.Rows; k++)
            {
                double* value = workspace.Values + ((long)k * Size);
                if (progresses)
                {
                    TLanes.Multiply(value, value, workspace.Factor, Modulus);
                    TLanes.Multiply(workspace.Factor, workspace.Factor, workspace.Ratio, Modulus);
                }

                if (!job.EntryScale.IsEmpty)
                {
                    Fill(workspace.Ratio, job.EntryScale[k]);
                    TLanes.Multiply(value, value, workspace.Ratio, Modulus);
                }

                PointTo(target + ((long)k * job.EntryStride) + ((long)column * job.ColumnStride), job.ColumnStride, rows);
                TLanes.Store(rows, 0, value, Modulus);
            }
        }
    }

    /// <summary>x·2²⁵⁵ in each lane: the word of x/2.</summary>
    private static void FillLanes(double* value, ReadOnlySpan<Fr> elements)
    {
        Fr* halves = stackalloc Fr[Lanes];
        ulong** rows = stackalloc ulong*[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
        {
            halves[lane] = elements[lane] * Half;
        }

        PointTo(halves, 1, rows);
        TLanes.Load(value, rows, 0);
        TLanes.Carry(value);
    }

    private static void Fill(double* value, Fr element)
    {
        double* limbs = stackalloc double[IFieldLanes.Limbs];
        LaneTwiddles.Split(element, limbs);
        for (int i = 0; i < IFieldLanes.Limbs; i++)
        {
            new Span<double>(value + (i * Lanes), Lanes).Fill(limbs[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PointTo(Fr* first, int stride, ulong** rows)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            rows[lane] = (ulong*)(first + ((long)lane * stride));
        }
    }

    /// <summary>The low 32 − shift bits in reverse order.</summary>
    private static long Reverse(uint value, int shift)
    {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0f0f0f0f) | ((value & 0x0f0f0f0f) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value) >> shift;
    }

    /// <summary>Memory for one thread's columns.</summary>
    private sealed class Workspace : IDisposable
    {
        private readonly double* _memory;

        public Workspace(int rows)
        {
            Rows = rows;
            _memory = (double*)NativeMemory.AlignedAlloc((nuint)(rows + 2) * (nuint)Size * sizeof(double), 64);
        }

        ~Workspace() => NativeMemory.AlignedFree(_memory);

        public int Rows { get; }

        public double* Factor => _memory;

        public double* Ratio => _memory + Size;

        public double* Values => _memory + (2 * Size);

        public void Dispose()
        {
            NativeMemory.AlignedFree(_memory);
            GC.SuppressFinalize(this);
        }
    }
}
