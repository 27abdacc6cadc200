using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Accel.Compute.Cpu.Native;

/// <summary>Columns by the library: the eight of a group in one call.</summary>
internal sealed unsafe class NativeNttColumns(NativeKernels kernels) : NttColumns
{
    private const int Limbs = 5;
    private const nuint Alignment = 64;

    private readonly Lazy<nint> _forward = new(() => Twiddles(kernels, NttDirection.Forward));
    private readonly Lazy<nint> _inverse = new(() => Twiddles(kernels, NttDirection.Inverse));
    private readonly ConcurrentBag<Workspace> _workspaces = [];

    /// <inheritdoc />
    public override void Transform(in NttColumnJob job, NttDirection direction)
    {
        if (!_workspaces.TryTake(out Workspace? workspace) || workspace.Rows < job.Rows)
        {
            workspace?.Dispose();
            workspace = new Workspace(job.Rows);
        }

        fixed (Fr* source = job.Source, target = job.Target, rowScale = job.RowScale)
        fixed (Fr* factors = job.Factors, ratios = job.Ratios, entryScale = job.EntryScale)
        {
            NativeColumnJob native = new()
            {
                Source = source + job.Column,
                SourceStride = (ulong)job.SourceStride,
                Rows = (ulong)job.Rows,
                Target = target,
                EntryStride = (ulong)job.EntryStride,
                ColumnStride = (ulong)job.ColumnStride,
                RowScale = rowScale,
                Factors = factors,
                Ratios = ratios,
                EntryScale = entryScale,
                Twiddles = (ulong*)(direction == NttDirection.Forward ? _forward : _inverse).Value,
                Memory = workspace.Memory,
            };
            kernels.Functions.FrColumns(&native);
        }

        _workspaces.Add(workspace);
    }

    /// <summary>The roots of a direction for every size, as limbs: 640 KiB that are never freed.</summary>
    private static nint Twiddles(NativeKernels kernels, NttDirection direction)
    {
        ulong* table = (ulong*)NativeMemory.AlignedAlloc((nuint)(Limbs * sizeof(ulong)) << NttTwiddles.Log2KernelMax, Alignment);
        for (int log2 = 0; log2 < NttTwiddles.Log2KernelMax; log2++)
        {
            ReadOnlySpan<Fr> roots = NttTwiddles.For(direction).Layer(1 << log2);
            fixed (Fr* first = roots)
            {
                kernels.Functions.FrTwiddles(first, (ulong)roots.Length, table + (Limbs << log2));
            }
        }

        return (nint)table;
    }

    /// <summary>Memory for one thread's columns.</summary>
    private sealed class Workspace(int rows) : IDisposable
    {
        ~Workspace() => NativeMemory.AlignedFree(Memory);

        public int Rows { get; } = rows;

        public void* Memory { get; } = NativeMemory.AlignedAlloc((nuint)rows * Limbs * Group * sizeof(ulong), Alignment);

        public void Dispose()
        {
            NativeMemory.AlignedFree(Memory);
            GC.SuppressFinalize(this);
        }
    }
}

/// <summary>The library's <c>struct accel_columns</c>: null for what is left out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeColumnJob
{
    public Fr* Source;
    public ulong SourceStride;
    public ulong Rows;
    public Fr* Target;
    public ulong EntryStride;
    public ulong ColumnStride;
    public Fr* RowScale;
    public Fr* Factors;
    public Fr* Ratios;
    public Fr* EntryScale;
    public ulong* Twiddles;
    public void* Memory;
}
