namespace Accel.Device;

/// <summary>Transfers of any length over a transport, cut into chunks.</summary>
public static class TransportTransfers
{
    /// <summary>Writes bytes to device memory.</summary>
    public static async ValueTask WriteAllAsync(this IDeviceTransport transport, DeviceAddress address, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        for (int offset = 0; offset < bytes.Length; offset += transport.Info.ChunkBytesMax)
        {
            await transport.WriteAsync(address + offset, bytes[offset..Math.Min(bytes.Length, offset + transport.Info.ChunkBytesMax)], cancel);
        }
    }

    /// <summary>Reads bytes from device memory.</summary>
    public static async ValueTask ReadAllAsync(this IDeviceTransport transport, DeviceAddress address, Memory<byte> bytes, CancellationToken cancel)
    {
        for (int offset = 0; offset < bytes.Length; offset += transport.Info.ChunkBytesMax)
        {
            await transport.ReadAsync(address + offset, bytes[offset..Math.Min(bytes.Length, offset + transport.Info.ChunkBytesMax)], cancel);
        }
    }
}
