namespace Accel.Device.Link;

/// <summary>
/// A path for bytes in both directions: a serial port, a USB pipe. It may damage, lose, repeat and delay what it carries. One read and one write may
/// be
/// under way at a time.
/// </summary>
public interface IByteLink : IAsyncDisposable
{
    /// <summary>Sends all of the bytes.</summary>
    /// <exception cref="IOException">The path is gone.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Waits for bytes, and takes those that are there.</summary>
    /// <returns>How many; 0 when the path is gone.</returns>
    /// <exception cref="IOException">The path is gone.</exception>
    ValueTask<int> ReadAsync(Memory<byte> bytes, CancellationToken cancel);
}
