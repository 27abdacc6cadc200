namespace Accel.Device;

/// <summary>
/// A path to a card: registers and memory. It moves bytes and knows neither curve nor command. Calls may come from several threads;
/// each is one indivisible transfer.
/// </summary>
public interface IDeviceTransport : IAsyncDisposable
{
    /// <summary>What the path is and its limits.</summary>
    TransportInfo Info { get; }

    /// <summary>Reads a register; reading changes nothing.</summary>
    /// <exception cref="DeviceException">The access was refused or got lost.</exception>
    ValueTask<uint> ReadRegisterAsync(RegisterOffset offset, CancellationToken cancel);

    /// <summary>Writes a register.</summary>
    /// <exception cref="DeviceException">The access was refused or got lost.</exception>
    ValueTask WriteRegisterAsync(RegisterOffset offset, uint value, CancellationToken cancel);

    /// <summary>Writes a chunk of at most <see cref="TransportInfo.ChunkBytesMax"/> bytes to device memory. Idempotent: a lost chunk is sent again.</summary>
    /// <exception cref="DeviceException">The memory answered with an error, the access got lost, or <see cref="TransportInfo.RequireChunk"/> refuses it.</exception>
    ValueTask WriteAsync(DeviceAddress address, ReadOnlyMemory<byte> chunk, CancellationToken cancel);

    /// <summary>Reads a chunk of at most <see cref="TransportInfo.ChunkBytesMax"/> bytes from device memory.</summary>
    /// <exception cref="DeviceException">The memory answered with an error, the access got lost, or <see cref="TransportInfo.RequireChunk"/> refuses it.</exception>
    ValueTask ReadAsync(DeviceAddress address, Memory<byte> chunk, CancellationToken cancel);

    /// <summary>
    /// Waits until the register differs from <paramref name="seen"/>, or the device has run for <paramref name="cyclesMax"/> more cycles, whichever
    /// comes first. Deadlines are counted in cycles of the device, so that they mean the same on a card and on a simulation.
    /// </summary>
    /// <returns>The cycles that went by.</returns>
    ValueTask<ulong> WaitAsync(RegisterOffset register, uint seen, ulong cyclesMax, CancellationToken cancel);

    /// <summary>Resets the core; device memory keeps its contents.</summary>
    ValueTask ResetAsync(CancellationToken cancel);
}

/// <summary>Identity and limits of a transport.</summary>
/// <param name="Kind">Short name, such as <c>sim</c>.</param>
/// <param name="Path">Where the device is: a library, a device file, an address.</param>
/// <param name="ChunkBytesMax">The largest single transfer.</param>
public sealed record TransportInfo(string Kind, string Path, int ChunkBytesMax)
{
    /// <summary>Refuses a chunk that no transport takes, before anything of it is on its way.</summary>
    /// <exception cref="DeviceException">Address or length is no multiple of <see cref="DeviceAddress.AlignmentBytes"/>, or the chunk is too long.</exception>
    public void RequireChunk(DeviceAddress address, int bytes)
    {
        if (bytes > ChunkBytesMax || address.Bytes % DeviceAddress.AlignmentBytes != 0 || bytes % DeviceAddress.AlignmentBytes != 0)
        {
            throw new DeviceException(
                $"{bytes} bytes at {address}: address and length must be multiples of {DeviceAddress.AlignmentBytes}, and the length at most {ChunkBytesMax}");
        }
    }
}
