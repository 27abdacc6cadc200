using Accel.Device;

namespace Accel.Compute.Fpga;

/// <summary>
/// Scalars that lie in device memory, canonical, and were checked: the host's copy is the checked one. Device memory is given back
/// when a product has used them or nobody holds them any more.
/// </summary>
internal sealed class DeviceScalarSource(FpgaBackend owner, ReadOnlyMemory<Fr> scalars, DeviceBuffer buffer) : IScalarSource
{
    private readonly MemoryScalarSource _host = new(scalars);
    private DeviceBuffer? _buffer = buffer;

    ~DeviceScalarSource() => _buffer?.Dispose();

    /// <inheritdoc />
    public int Count => scalars.Length;

    internal FpgaBackend Owner => owner;

    /// <inheritdoc />
    public ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel) => _host.ReadAsync(offset, destination, cancel);

    /// <inheritdoc />
    public bool TryGetMemory(out ReadOnlyMemory<Fr> memory) => _host.TryGetMemory(out memory);

    /// <summary>The scalars' place on the device, for the one who takes it first and gives it back.</summary>
    internal DeviceBuffer? TakeBuffer() => Interlocked.Exchange(ref _buffer, null);
}
