using Accel.Device;

namespace Accel.Compute.Fpga;

/// <summary>G1 bases in device memory. The host's copy is what their checksum is compared with.</summary>
internal sealed class FpgaBaseSet(FpgaBackend owner, ReadOnlyMemory<G1Affine> points, DeviceBuffer buffer) : IOwnedBaseSet<G1Affine>
{
    private DeviceBuffer? _buffer = buffer;

    /// <inheritdoc />
    public int Count => points.Length;

    /// <inheritdoc />
    public IComputeBackend Owner => owner;

    internal ReadOnlyMemory<G1Affine> Points => points;

    /// <exception cref="ObjectDisposedException">The set was disposed.</exception>
    internal DeviceBuffer Buffer => _buffer ?? throw new ObjectDisposedException(nameof(IBaseSet<>), "the bases were disposed before this product");

    /// <inheritdoc />
    /// <remarks>Waits for a product that runs, since it may still read them.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } held)
        {
            await owner.ReleaseBasesAsync(held);
        }
    }
}
