using Accel.Compute.Ilgpu.Msm;
using Accel.Compute.Ilgpu.Ntt;
using ILGPU.Runtime;

namespace Accel.Compute.Ilgpu;

/// <summary>The kernels of one accelerator, each compiled when it is first used.</summary>
internal sealed class IlgpuKernels(Accelerator accelerator)
{
    /// <summary>See <see cref="DigitKernels.Count"/>.</summary>
    public IlgpuKernel<DigitJob> CountDigits { get; } = new(accelerator, DigitKernels.Count);

    /// <summary>See <see cref="DigitKernels.Place"/>.</summary>
    public IlgpuKernel<DigitJob> PlaceDigits { get; } = new(accelerator, DigitKernels.Place);

    /// <summary>See <see cref="DigitKernels.SumRuns"/>.</summary>
    public IlgpuKernel<ScanJob> SumRuns { get; } = new(accelerator, DigitKernels.SumRuns);

    /// <summary>See <see cref="DigitKernels.ScanRuns"/>.</summary>
    public IlgpuKernel<ScanJob> ScanRuns { get; } = new(accelerator, DigitKernels.ScanRuns);

    /// <summary>See <see cref="BucketKernels.Accumulate"/>.</summary>
    public IlgpuKernel<AccumulateJob> Accumulate { get; } = new(accelerator, BucketKernels.Accumulate);

    /// <summary>See <see cref="BucketKernels.AddHeads"/>.</summary>
    public IlgpuKernel<HeadsJob> AddHeads { get; } = new(accelerator, BucketKernels.AddHeads);

    /// <summary>See <see cref="BucketKernels.ReduceRuns"/>.</summary>
    public IlgpuKernel<ReduceJob> ReduceRuns { get; } = new(accelerator, BucketKernels.ReduceRuns);

    /// <summary>See <see cref="NttKernels.FillPowers"/>.</summary>
    public IlgpuKernel<PowersJob> FillPowers { get; } = new(accelerator, NttKernels.FillPowers);

    /// <summary>See <see cref="NttKernels.Radix4"/>.</summary>
    public IlgpuKernel<NttPass> Radix4 { get; } = new(accelerator, NttKernels.Radix4);

    /// <summary>See <see cref="NttKernels.Radix2"/>.</summary>
    public IlgpuKernel<NttPass> Radix2 { get; } = new(accelerator, NttKernels.Radix2);

    /// <summary>See <see cref="NttKernels.Combine"/>.</summary>
    public IlgpuKernel<CombineJob> Combine { get; } = new(accelerator, NttKernels.Combine);
}

/// <summary>One kernel.</summary>
/// <typeparam name="TJob">Its operands.</typeparam>
internal sealed class IlgpuKernel<TJob>(Accelerator accelerator, Action<TJob> method)
    where TJob : struct
{
    private readonly Lazy<Action<AcceleratorStream, ILGPU.KernelConfig, TJob>> _launch =
        new(() => accelerator.LoadKernel(method, IlgpuDevice.Specialization(accelerator.AcceleratorType)));

    /// <summary>Queues the kernel with a grid for <paramref name="work"/> pieces of work; the CPU accelerator has run it on return.</summary>
    public void Launch(AcceleratorStream stream, long work, TJob job) => _launch.Value(stream, IlgpuDevice.Grid(accelerator, work), job);
}
