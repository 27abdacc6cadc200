namespace Accel.Device;

/// <summary>A transport that stays its owner's when a user disposes it.</summary>
/// <param name="inner">The owner's.</param>
internal sealed class BorrowedTransport(IDeviceTransport inner) : IDeviceTransport
{
    /// <inheritdoc />
    public TransportInfo Info => inner.Info;

    /// <inheritdoc />
    public ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel) => inner.ReadRegisterAsync(offset, cancel);

    /// <inheritdoc />
    public ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel) => inner.WriteRegisterAsync(offset, value, cancel);

    /// <inheritdoc />
    public ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel) => inner.WriteAsync(address, chunk, cancel);

    /// <inheritdoc />
    public ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel) => inner.ReadAsync(address, chunk, cancel);

    /// <inheritdoc />
    public ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel) =>
        inner.WaitAsync(register, seen, cyclesMax, cancel);

    /// <inheritdoc />
    public ValueTask ResetAsync(CancellationToken cancel) => inner.ResetAsync(cancel);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
