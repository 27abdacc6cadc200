namespace Accel.Device.Pcie;

/// <summary>One DMA engine in one direction. Calls block until the bytes are where they belong; one thread at a time makes them.</summary>
internal interface IDmaChannel : IDisposable
{
    /// <summary>Writes to device memory.</summary>
    /// <exception cref="DeviceException">The engine reports an error, or is gone.</exception>
    void Write(ulong address, ReadOnlySpan<byte> bytes);

    /// <summary>Reads from device memory.</summary>
    /// <exception cref="DeviceException">The engine reports an error, or is gone.</exception>
    void Read(ulong address, Span<byte> bytes);

    /// <summary>Lets a call that another thread is in fail soon, where that is possible.</summary>
    void Interrupt();
}
