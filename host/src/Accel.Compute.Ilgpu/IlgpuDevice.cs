using System.Collections.Concurrent;
using Accel.Compute.Ilgpu.Arithmetic;
using Accel.Device;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace Accel.Compute.Ilgpu;

/// <summary>
/// One accelerator and its compiled kernels. They live as long as the process: a context costs more than what most commands do with it. Who uses
/// the accelerator holds <see cref="Turn"/>.
/// </summary>
internal sealed class IlgpuDevice
{
    /// <summary>Threads of a group on a GPU; the register budget of the kernels is for four such groups on a multiprocessor.</summary>
    public const int GroupSize = 128;

    private const int GroupsPerMultiprocessor = 4;
    private const int CpuWarp = 2;

    private static readonly ConcurrentDictionary<(AcceleratorType Type, int Index), Lazy<IlgpuDevice>> Devices = new();
    private static readonly Lazy<Context> CudaContext = new(() => CreateContext(builder => builder.Cuda()));

    private readonly Context _context;

    private IlgpuDevice(Context context, Accelerator accelerator, string description)
    {
        _context = context;
        Accelerator = accelerator;
        Description = description;
        Kernels = new IlgpuKernels(accelerator);
        IsGpu = accelerator.AcceleratorType != AcceleratorType.CPU;
    }

    public Accelerator Accelerator { get; }

    public IlgpuKernels Kernels { get; }

    /// <summary>The device in words.</summary>
    public string Description { get; }

    public bool IsGpu { get; }

    /// <summary>Held by the one who uses the accelerator.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Bytes that buffers may take: of the GPU's memory, or the host's.</summary>
    public long MemoryBytes => IsGpu ? Accelerator.MemorySize : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The CUDA devices of this machine, by ordinal; none where there is no driver.</summary>
    public static IReadOnlyList<string> CudaNames
    {
        get
        {
            List<string> names = [];
            foreach (CudaDevice device in CudaContext.Value.GetCudaDevices())
            {
                names.Add(Describe(device));
            }

            return names;
        }
    }

    /// <summary>ILGPU's CPU accelerator.</summary>
    /// <param name="threads">Host threads, at least 1; it takes an even number.</param>
    public static IlgpuDevice OpenCpu(int threads)
    {
        // A warp has two threads at least, and every group of the grid ends with a barrier: one group on each multiprocessor costs least.
        int multiprocessors = Math.Max(1, threads / CpuWarp);
        return Open(AcceleratorType.CPU, multiprocessors, () =>
        {
            Context context = CreateContext(builder => builder.CPU(new CPUDevice(CpuWarp, 1, multiprocessors)));
            Accelerator accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context, CPUAcceleratorMode.Parallel);
            return new IlgpuDevice(context, accelerator, $"ILGPU CPU accelerator, {multiprocessors * CpuWarp} threads: for tests, slow");
        });
    }

    /// <summary>A CUDA device.</summary>
    /// <exception cref="DeviceException">There is none of that number.</exception>
    public static IlgpuDevice OpenCuda(int ordinal)
    {
        if (ordinal >= CudaNames.Count)
        {
            throw new DeviceException(
                $"there is no CUDA device {ordinal}: {CudaNames.Count} found; the NVIDIA driver's libcuda.so.1 must be loadable, and nvidia-smi must list the device");
        }

        return Open(AcceleratorType.Cuda, ordinal, () =>
        {
            CudaDevice device = CudaContext.Value.GetCudaDevice(ordinal);
            return new IlgpuDevice(CudaContext.Value, device.CreateCudaAccelerator(CudaContext.Value), Describe(device));
        });
    }

    /// <summary>A context that knows the field operations.</summary>
    public static Context CreateContext(Func<Context.Builder, Context.Builder> devices) => Context.Create(builder =>
    {
        devices(builder).Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive);
        PtxIntrinsics.Register(builder);
    });

    /// <summary>What every kernel is compiled for.</summary>
    public static KernelSpecialization Specialization(AcceleratorType type) =>
        type == AcceleratorType.CPU ? KernelSpecialization.Empty : new KernelSpecialization(GroupSize, GroupsPerMultiprocessor);

    /// <summary>A grid for so many pieces of work: kernels stride over theirs, so the CPU accelerator's few threads do all of it.</summary>
    public static KernelConfig Grid(Accelerator accelerator, long work) => accelerator.AcceleratorType == AcceleratorType.CPU
        ? new KernelConfig(accelerator.NumMultiprocessors, accelerator.MaxNumThreadsPerGroup)
        : new KernelConfig((int)Math.Max(1, (work + GroupSize - 1) / GroupSize), GroupSize);

    private static IlgpuDevice Open(AcceleratorType type, int index, Func<IlgpuDevice> create) =>
        Devices.GetOrAdd((type, index), _ => new Lazy<IlgpuDevice>(create)).Value;

    private static string Describe(CudaDevice device) =>
        $"{device.Name}, sm_{device.Architecture?.Major}{device.Architecture?.Minor}, {device.NumMultiprocessors} multiprocessors, "
        + $"{device.MemorySize >> 20:N0} MiB";
}
