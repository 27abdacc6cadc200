namespace Accel.Device;

/// <summary>
/// Transfers of any length over a transport, cut into chunks. Memory moves in whole beats of <see cref="DeviceAddress.AlignmentBytes"/> bytes; a last,
/// partial one is filled up with zeros, which a <see cref="DeviceBuffer"/> always has room for.
/// </summary>
public static class TransportTransfers
{
    /// <summary>Writes bytes to device memory.</summary>
    public static async ValueTask WriteAllAsync(this IDeviceTransport transport, DeviceAddress address, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        int whole = bytes.Length - (bytes.Length % DeviceAddress.AlignmentBytes);
        for (int offset = 0; offset < whole; offset += transport.Info.ChunkBytesMax)
        {
            await transport.WriteAsync(address + offset, bytes[offset..Math.Min(whole, offset + transport.Info.ChunkBytesMax)], cancel);
        }

        if (whole < bytes.Length)
        {
            byte[] beat = new byte[DeviceAddress.AlignmentBytes];
            bytes[whole..].CopyTo(beat);
            await transport.WriteAsync(address + whole, beat, cancel);
        }
    }

    /// <summary>Reads bytes from device memory.</summary>
    public static async ValueTask ReadAllAsync(this IDeviceTransport transport, DeviceAddress address, Memory<byte> bytes, CancellationToken cancel)
    {
        int whole = bytes.Length - (bytes.Length % DeviceAddress.AlignmentBytes);
        for (int offset = 0; offset < whole; offset += transport.Info.ChunkBytesMax)
        {
            await transport.ReadAsync(address + offset, bytes[offset..Math.Min(whole, offset + transport.Info.ChunkBytesMax)], cancel);
        }

        if (whole < bytes.Length)
        {
            byte[] beat = new byte[DeviceAddress.AlignmentBytes];
            await transport.ReadAsync(address + whole, beat, cancel);
            beat.AsMemory(0, bytes.Length - whole).CopyTo(bytes[whole..]);
        }
    }
}
