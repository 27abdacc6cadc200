using Accel.Device.OpenCl;

namespace Accel.Compute.OpenCl;

/// <summary>G1 bases in device memory. The host's copy says which of them are infinity.</summary>
internal sealed class OpenClBaseSet(OpenClBackend owner, ReadOnlyMemory<G1Affine> points, OpenClBuffer buffer) : IOwnedBaseSet<G1Affine>
{
    private OpenClBuffer? _buffer = buffer;

    /// <inheritdoc />
    public int Count => points.Length;

    /// <inheritdoc />
    public IComputeBackend Owner => owner;

    internal ReadOnlyMemory<G1Affine> Points => points;

    /// <exception cref="ObjectDisposedException">The set was disposed.</exception>
    internal OpenClBuffer Buffer => _buffer ?? throw new ObjectDisposedException(nameof(IBaseSet<>), "the bases were disposed before this product");

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _buffer, null)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
