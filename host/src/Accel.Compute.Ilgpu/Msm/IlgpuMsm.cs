using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Accel.Compute.Ilgpu.Arithmetic;
using ILGPU;
using ILGPU.Runtime;

namespace Accel.Compute.Ilgpu.Msm;

/// <summary>
/// Products over G1 by the bucket method: for each chunk of scalars the digits are sorted by bucket and their bases added to buckets that live
/// through the product; then the buckets of each window are reduced, and the host adds the windows up. While a chunk is worked on, the next is read and sent.
/// The caller holds the device's turn.
/// </summary>
internal sealed class IlgpuMsm(IlgpuDevice device) : IDisposable
{
    private static readonly Limbs Order = new(Bn254ScalarModulus.Limb0, Bn254ScalarModulus.Limb1, Bn254ScalarModulus.Limb2, Bn254ScalarModulus.Limb3);
    private static readonly Limbs One = Unsafe.BitCast<Fq, Limbs>(Fq.One);

    private readonly AcceleratorStream _work = device.Accelerator.CreateStream();
    private readonly AcceleratorStream _transfer = device.Accelerator.CreateStream();
    private MsmWorkspace? _workspace;

    /// <summary>Σ scalarᵢ·baseᵢ.</summary>
    /// <param name="bases">At least as many bases as there are scalars.</param>
    /// <param name="scalars">One scalar or more.</param>
    /// <param name="resident">Where they lie on the device already, if they do.</param>
    /// <param name="plan">The windows.</param>
    /// <param name="chunk">Scalars of a chunk, at least 1.</param>
    /// <param name="cancel">Stops between chunks.</param>
    public async Task<G1> MultiplyAsync(
        ArrayView<DeviceAffine> bases, IScalarSource scalars, ArrayView<Limbs>? resident, MsmPlan plan, int chunk, CancellationToken cancel)
    {
        MsmWorkspace workspace = WorkspaceFor(plan, (int)Math.Min(chunk, BitOperations.RoundUpToPowerOf2((uint)scalars.Count)));
        workspace.Buckets.MemSetToZero(_work);
        try
        {
            for (int offset = 0, slot = 0; offset < scalars.Count; offset += workspace.Chunk, slot ^= 1)
            {
                int count = Math.Min(workspace.Chunk, scalars.Count - offset);
                ArrayView<Limbs> values;
                if (resident is { } there)
                {
                    values = there.SubView(offset, count);
                }
                else
                {
                    values = workspace.Scalars[slot].SubView(0, count);
                    await SendAsync(workspace.Staging[slot], scalars, offset, values, cancel);
                }

                cancel.ThrowIfCancellationRequested();
                Add(workspace, values, bases.SubView(offset, count));
            }

            return Reduce(workspace);
        }
        finally
        {
            // Whatever ended the product, nothing may still use the workspace.
            _transfer.Synchronize();
            _work.Synchronize();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _workspace?.Dispose();
        _work.Dispose();
        _transfer.Dispose();
    }

    /// <summary>The workspace of the product before where it serves; a proof's products are of few sizes, so capacities are powers of two.</summary>
    private MsmWorkspace WorkspaceFor(MsmPlan plan, int chunk)
    {
        if (_workspace is { } held && held.Plan == plan && held.Chunk == chunk)
        {
            return held;
        }

        _workspace?.Dispose();
        _workspace = null;
        return _workspace = new MsmWorkspace(device.Accelerator, plan, chunk);
    }

    /// <summary>Reads a chunk into page-locked memory and sends it, beside the work on the chunk before.</summary>
    private async Task SendAsync(NativeVector<Fr> staging, IScalarSource scalars, int offset, ArrayView<Limbs> target, CancellationToken cancel)
    {
        Memory<Fr> values = staging.Memory[..(int)target.Length];
        await scalars.ReadAsync(offset, values, cancel);
        DeviceMemory.Upload<Fr, Limbs>(_transfer, values.Span, target);
    }

    /// <summary>Queues the work on one chunk; at most one chunk's work is in flight besides.</summary>
    private void Add(MsmWorkspace workspace, ArrayView<Limbs> scalars, ArrayView<DeviceAffine> bases)
    {
        // The chunk before has to end: its scalars' buffer is filled next.
        _work.Synchronize();
        IlgpuKernels kernels = device.Kernels;
        int count = (int)scalars.Length;
        DigitJob digits = new()
        {
            Scalars = scalars,
            Count = count,
            WindowBits = workspace.Plan.WindowBits,
            Windows = workspace.Plan.Windows,
            Order = Order,
            Cursors = workspace.Counts[0],
            Entries = workspace.Entries,
        };
        workspace.Counts[0].MemSetToZero(_work);
        kernels.CountDigits.Launch(_work, count, digits);
        Scan(workspace.Counts);
        kernels.PlaceDigits.Launch(_work, count, digits);
        int slices = (int)((((long)count * workspace.Plan.Windows) + workspace.Slice - 1) / workspace.Slice);
        kernels.Accumulate.Launch(_work, slices, new AccumulateJob
        {
            Entries = workspace.Entries,
            Ends = workspace.Counts[0],
            Cells = workspace.Plan.Cells,
            Slice = workspace.Slice,
            Slices = slices,
            Bases = bases,
            One = One,
            Buckets = workspace.Buckets,
            Keys = workspace.Keys[0],
            Heads = workspace.Heads[0],
        });
        for (int level = 0; slices > 1; level++)
        {
            HeadsJob heads = new()
            {
                Keys = workspace.Keys[level],
                Heads = workspace.Heads[level],
                Count = slices,
                Slice = MsmWorkspace.Run,
                Buckets = workspace.Buckets,
                NextKeys = workspace.Keys[level + 1],
                NextHeads = workspace.Heads[level + 1],
            };
            slices = (slices + MsmWorkspace.Run - 1) / MsmWorkspace.Run;
            kernels.AddHeads.Launch(_work, slices, heads);
        }
    }

    /// <summary>Replaces counts by the sums of those before them: up by sums of runs, down again with what lies before each run.</summary>
    private void Scan(ArrayView<int>[] levels)
    {
        for (int level = 0; level + 1 < levels.Length; level++)
        {
            device.Kernels.SumRuns.Launch(_work, levels[level + 1].Length, Job(levels, level));
        }

        for (int level = levels.Length - 2; level >= 0; level--)
        {
            device.Kernels.ScanRuns.Launch(_work, levels[level + 1].Length, Job(levels, level));
        }

        static ScanJob Job(ArrayView<int>[] levels, int level) =>
            new() { Values = levels[level], Count = (int)levels[level].Length, Run = MsmWorkspace.Run, Sums = levels[level + 1] };
    }

    private G1 Reduce(MsmWorkspace workspace)
    {
        MsmPlan plan = workspace.Plan;
        int doublings = 0;
        for (int level = 0, buckets = plan.Buckets; buckets > 1; level++)
        {
            int run = Math.Min(MsmWorkspace.Run, buckets);
            buckets /= run;
            device.Kernels.ReduceRuns.Launch(_work, (long)plan.Windows * buckets, new ReduceJob
            {
                Plain = workspace.Plain[level],
                Weighted = workspace.Weighted[level],
                Count = plan.Windows * buckets * run,
                Run = run,
                Doublings = doublings,
                NextPlain = workspace.Plain[level + 1],
                NextWeighted = workspace.Weighted[level + 1],
            });
            doublings += BitOperations.Log2((uint)run);
        }

        G1[] plain = new G1[plan.Windows];
        G1[] weighted = new G1[plan.Windows];
        DeviceMemory.Download(_work, workspace.Plain[^1], plain.AsSpan());
        DeviceMemory.Download(_work, workspace.Weighted[^1], weighted.AsSpan());
        G1 sum = G1.Infinity;
        for (int window = plan.Windows - 1; window >= 0; window--)
        {
            Require(plain[window], window);
            Require(weighted[window], window);
            for (int i = 0; i < plan.WindowBits; i++)
            {
                sum = sum.Double();
            }

            // Bucket i holds the digits i + 1.
            sum += weighted[window] + plain[window];
        }

        return sum;
    }

    /// <summary>A sum that is no point of the curve betrays broken memory or a broken kernel.</summary>
    private void Require(in G1 sum, int window)
    {
        ReadOnlySpan<Fq> coordinates = MemoryMarshal.Cast<G1, Fq>(new ReadOnlySpan<G1>(in sum));
        Fq cube = coordinates[2].Square() * coordinates[2];
        bool holds = cube == coordinates[3].Square() && coordinates[1].Square() == (coordinates[0].Square() * coordinates[0]) + (Bn254G1.B * cube);
        if (!sum.IsInfinity && !holds)
        {
            throw new DeviceResultException(device.Description, "an MSM", $"the sum of window {window} is not on the curve");
        }
    }
}
