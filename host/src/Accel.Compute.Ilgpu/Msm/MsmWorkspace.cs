using Accel.Compute.Ilgpu.Arithmetic;
using ILGPU;
using ILGPU.Runtime;

namespace Accel.Compute.Ilgpu.Msm;

/// <summary>The device memory of products with one plan and chunks of one size; it serves one product after the other.</summary>
internal sealed class MsmWorkspace : IDisposable
{
    /// <summary>Values that a thread adds up in one level of a scan, of heads or, at most, of buckets.</summary>
    public const int Run = 16;

    private const int SliceMin = 8;
    private const int SliceMax = 64;

    // Twice the threads that an H100 holds of the kernel that adds: 132 multiprocessors, 512 threads each.
    private const int SlicesWanted = 1 << 17;

    private readonly List<IDisposable> _buffers = [];
    private readonly List<IDisposable> _pageLocks = [];

    public MsmWorkspace(Accelerator accelerator, MsmPlan plan, int chunk)
    {
        Plan = plan;
        Chunk = chunk;
        long entries = (long)chunk * plan.Windows;
        Slice = (int)Math.Clamp(entries / SlicesWanted, SliceMin, SliceMax);
        Slices = (int)((entries + Slice - 1) / Slice);
        for (int i = 0; i < Scalars.Length; i++)
        {
            Scalars[i] = Allocate<Limbs>(accelerator, chunk);
            Staging[i] = new NativeVector<Fr>(chunk);
            _buffers.Add(Staging[i]);
            _pageLocks.Add(Lock(accelerator, Staging[i]));
        }

        Entries = Allocate<uint>(accelerator, entries);
        Buckets = Allocate<DevicePoint>(accelerator, plan.Cells);
        Counts = Levels<int>(accelerator, plan.Cells, Run);
        Keys = Levels<int>(accelerator, Slices, Run);
        Heads = Levels<DevicePoint>(accelerator, Slices, Run);
        List<ArrayView<DevicePoint>> plain = [Buckets];
        List<ArrayView<DevicePoint>> weighted = [Buckets];
        for (int buckets = plan.Buckets; buckets > 1; buckets /= Math.Min(Run, buckets))
        {
            int next = plan.Windows * (buckets / Math.Min(Run, buckets));
            plain.Add(Allocate<DevicePoint>(accelerator, next));
            weighted.Add(Allocate<DevicePoint>(accelerator, next));
        }

        (Plain, Weighted) = ([.. plain], [.. weighted]);
    }

    public MsmPlan Plan { get; }

    /// <summary>Scalars of a chunk.</summary>
    public int Chunk { get; }

    /// <summary>Entries of a slice.</summary>
    public int Slice { get; }

    /// <summary>Slices of a chunk whose digits are all there.</summary>
    public int Slices { get; }

    /// <summary>Two chunks: one is filled while the other is worked on.</summary>
    public ArrayView<Limbs>[] Scalars { get; } = new ArrayView<Limbs>[2];

    /// <summary>Page-locked host memory for them.</summary>
    public NativeVector<Fr>[] Staging { get; } = new NativeVector<Fr>[2];

    /// <summary>Sorted digits.</summary>
    public ArrayView<uint> Entries { get; }

    /// <summary>The buckets of all windows.</summary>
    public ArrayView<DevicePoint> Buckets { get; }

    /// <summary>Counts of each bucket, then sums of runs of them, and so on to one.</summary>
    public ArrayView<int>[] Counts { get; }

    /// <summary>Buckets of heads, level by level.</summary>
    public ArrayView<int>[] Keys { get; }

    /// <summary>Heads, level by level.</summary>
    public ArrayView<DevicePoint>[] Heads { get; }

    /// <summary>Plain sums of buckets: the buckets, then runs of them, and so on to one for each window.</summary>
    public ArrayView<DevicePoint>[] Plain { get; }

    /// <summary>Weighted sums, as many; the first is not used.</summary>
    public ArrayView<DevicePoint>[] Weighted { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _pageLocks.ForEach(pages => pages.Dispose());
        _buffers.ForEach(buffer => buffer.Dispose());
    }

    private static unsafe PageLockScope<Limbs> Lock(Accelerator accelerator, NativeVector<Fr> memory)
    {
        using System.Buffers.MemoryHandle pinned = memory.Pin();
        return accelerator.CreatePageLockFromPinned<Limbs>((nint)pinned.Pointer, memory.Length);
    }

    private ArrayView<T>[] Levels<T>(Accelerator accelerator, int count, int run)
        where T : unmanaged
    {
        List<ArrayView<T>> levels = [Allocate<T>(accelerator, count)];
        while (count > 1)
        {
            count = (count + run - 1) / run;
            levels.Add(Allocate<T>(accelerator, count));
        }

        return [.. levels];
    }

    private ArrayView<T> Allocate<T>(Accelerator accelerator, long count)
        where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = DeviceMemory.Allocate<T>(accelerator, count);
        _buffers.Add(buffer);
        return buffer.View.AsContiguous();
    }
}
