using Accel.Compute.Ilgpu.Arithmetic;
using ILGPU;
using ILGPU.Runtime;

namespace Accel.Compute.Ilgpu;

/// <summary>G1 bases in the device's memory.</summary>
internal sealed class IlgpuBaseSet(IlgpuBackend owner, MemoryBuffer1D<DeviceAffine, Stride1D.Dense> buffer, int count) : IOwnedBaseSet<G1Affine>
{
    private MemoryBuffer1D<DeviceAffine, Stride1D.Dense>? _buffer = buffer;

    /// <inheritdoc />
    public int Count => count;

    /// <inheritdoc />
    public IComputeBackend Owner => owner;

    /// <exception cref="ObjectDisposedException">The set was disposed.</exception>
    internal ArrayView<DeviceAffine> Points =>
        (_buffer ?? throw new ObjectDisposedException(nameof(IBaseSet<>), "the bases were disposed before this product")).View.AsContiguous();

    /// <inheritdoc />
    /// <remarks>Waits for a product that runs, since it may still read them.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } held)
        {
            await owner.ReleaseAsync(held);
        }
    }
}
