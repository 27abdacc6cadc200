using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Accel.Compute.Ilgpu.Arithmetic;

/// <summary>What ILGPU hands to the CUDA driver, made without one.</summary>
internal static class PtxListing
{
    /// <summary>The PTX of a kernel.</summary>
    /// <typeparam name="TJob">The kernel's operands.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="architecture">The architecture to compile for.</param>
    public static string Of<TJob>(Action<TJob> kernel, CudaArchitecture architecture)
        where TJob : struct
    {
        using Context context = IlgpuDevice.CreateContext(builder => builder);
        using PTXBackend backend = new(context, architecture, CudaInstructionSet.ISA_78, null!);
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method);
        PTXCompiledKernel compiled = (PTXCompiledKernel)backend.Compile(entry, IlgpuDevice.Specialization(AcceleratorType.Cuda));
        return compiled.PTXAssembly;
    }
}
