using System.Buffers.Binary;
using System.Net.Sockets;

namespace Accel.Device.Pcie;

/// <summary>
/// A channel of <c>accel-sim serve --xdma</c>, which has no driver that could give a file's offsets a meaning: a header
/// {u64 address, u32 bytes, u32 0} takes their place, and {u32 error number or 0, u32 bytes, u64 0} that of a call's result.
/// </summary>
internal sealed class StandInChannel : IDmaChannel
{
    private const int HeaderBytes = 16;

    private readonly string _path;
    private readonly Socket _socket;

    /// <exception cref="DeviceException">Nobody serves there.</exception>
    public StandInChannel(string path)
    {
        _path = path;
        _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (Exception exception) when (exception is SocketException or ArgumentOutOfRangeException)
        {
            _socket.Dispose();
            throw new DeviceException(
                $"{path} can't be opened: {exception.Message}; `build/accel-sim serve --xdma {System.IO.Path.GetDirectoryName(path)}` serves a simulated card there", exception);
        }
    }

    /// <inheritdoc />
    public void Write(ulong address, ReadOnlySpan<byte> bytes) => Exchange("writing", address, bytes, []);

    /// <inheritdoc />
    public void Read(ulong address, Span<byte> bytes) => Exchange("reading", address, [], bytes);

    /// <inheritdoc />
    public void Interrupt()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The server has gone first.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    private void Exchange(string what, ulong address, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int bytes = Math.Max(source.Length, destination.Length);
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, address);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], bytes);
        try
        {
            Send(header);
            Send(source);
            Receive(header);
            int error = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (error != 0)
            {
                throw DeviceFile.Failure(_path, $"failed {what} {bytes} bytes at 0x{address:x}", error, "address and length must be multiples of 64 inside the memory, which may refuse too");
            }

            Receive(destination);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            throw new DeviceException($"{_path}: the simulated card went away while {what} {bytes} bytes at 0x{address:x}", exception);
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private void Receive(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = _socket.Receive(bytes);
            bytes = count > 0 ? bytes[count..] : throw new EndOfStreamException();
        }
    }
}
