namespace Accel.Device;

/// <summary>
/// Transfers of any length over a transport, cut into chunks. Memory moves in whole beats of <see cref="DeviceAddress.AlignmentBytes"/> bytes; a last,
/// partial one is filled up with zeros, which a <see cref="DeviceBuffer"/> always has room for.
/// </summary>
public static class TransportTransfers
{
    private const int InFlightMax = 4;

    /// <summary>Writes bytes to device memory.</summary>
    public static async ValueTask WriteAllAsync(this IDeviceTransport transport, DeviceAddress address, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        int whole = bytes.Length - (bytes.Length % DeviceAddress.AlignmentBytes);
        await MoveAsync(whole, transport.Info.ChunkBytesMax, (offset, count) => transport.WriteAsync(address + offset, bytes.Slice(offset, count), cancel));
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
        await MoveAsync(whole, transport.Info.ChunkBytesMax, (offset, count) => transport.ReadAsync(address + offset, bytes.Slice(offset, count), cancel));
        if (whole < bytes.Length)
        {
            byte[] beat = new byte[DeviceAddress.AlignmentBytes];
            await transport.ReadAsync(address + whole, beat, cancel);
            beat.AsMemory(0, bytes.Length - whole).CopyTo(bytes[whole..]);
        }
    }

    /// <summary>Moves chunks, some at once. However it ends, none of the memory is in use afterwards.</summary>
    private static async ValueTask MoveAsync(int bytes, int chunkBytes, Func<int, int, ValueTask> move)
    {
        Queue<Task> inFlight = [];
        try
        {
            for (int offset = 0; offset < bytes; offset += chunkBytes)
            {
                if (inFlight.Count == InFlightMax)
                {
                    await inFlight.Dequeue();
                }

                inFlight.Enqueue(move(offset, Math.Min(chunkBytes, bytes - offset)).AsTask());
            }

            while (inFlight.TryDequeue(out Task? oldest))
            {
                await oldest;
            }
        }
        finally
        {
            await Task.WhenAll(inFlight).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
