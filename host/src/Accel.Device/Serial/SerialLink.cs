using System.IO.Ports;
using Accel.Device.Link;

namespace Accel.Device.Serial;

/// <summary>
/// A serial port as a path for bytes: 8 data bits, no parity, one stop bit, no flow control, since the link has credits of its own. The port's stream
/// allocates one small object a read and a write; a read takes all that has come, so that is little beside the bytes.
/// </summary>
public sealed class SerialLink : IByteLink
{
    /// <summary>A line that takes nothing for so long has lost its other end; the slowest rate moves a window in less.</summary>
    private static readonly TimeSpan WriteMax = TimeSpan.FromSeconds(20);

    private readonly SerialPort _port;
    private readonly Stream _stream;

    private SerialLink(SerialPort port)
    {
        _port = port;
        _stream = port.BaseStream;
    }

    /// <summary>Opens a port for this process alone.</summary>
    /// <param name="path">The device file.</param>
    /// <param name="baud">Bits a second.</param>
    /// <exception cref="DeviceException">It is not there, or can't be opened; the message says what would help.</exception>
    public static SerialLink Open(string path, int baud)
    {
        SerialPort port = new(path, baud, Parity.None, 8, StopBits.One) { Handshake = Handshake.None };
        try
        {
            port.Open();
            port.DiscardInBuffer();
            return new SerialLink(port);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            port.Dispose();
            throw new DeviceException($"{path} can't be opened: {exception.Message.TrimEnd('.')}; {Advice(path, exception)}", exception);
        }
    }

    /// <inheritdoc />
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(WriteMax);
        try
        {
            await _stream.WriteAsync(bytes, limit.Token);
        }
        catch (Exception exception) when (IsLoss(exception, cancel))
        {
            throw new IOException($"{_port.PortName} is gone: {exception.Message}", exception);
        }
    }

    /// <inheritdoc />
    public async ValueTask<int> ReadAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            return await _stream.ReadAsync(bytes, cancel);
        }
        catch (Exception exception) when (IsLoss(exception, cancel))
        {
            throw new IOException($"{_port.PortName} is gone: {exception.Message}", exception);
        }
    }

    /// <inheritdoc />
    /// <remarks>What was written and is not on the line yet is dropped.</remarks>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.Run(Close);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The port has gone first.
        }
    }

    /// <summary>
    /// Closes the stream before the port. The port alone would first wait until its queue of writes is empty; a withdrawn write leaves that queue only when
    /// the line takes bytes again, which a dead one, or one that nobody reads, never does.
    /// </summary>
    private void Close()
    {
        using (_port)
        using (_stream)
        {
            _port.DiscardOutBuffer();
        }
    }

    /// <summary>What the stream throws when the device is pulled out or the port is closed under a call; it depends on where the call was.</summary>
    private static bool IsLoss(Exception exception, CancellationToken cancel) =>
        exception is IOException or ObjectDisposedException or InvalidOperationException or UnauthorizedAccessException
        || (exception is OperationCanceledException && !cancel.IsCancellationRequested);

    private static string Advice(string path, Exception exception) => exception switch
    {
        UnauthorizedAccessException when !File.Exists(path) => "is the board plugged in? `accel devices` lists what is there",
        UnauthorizedAccessException =>
            "either another program has it, or this user may not: install host/udev/60-accel.rules and join its group, as host/docs/transports.md says",
        ArgumentException => "a serial port is a character device such as /dev/ttyUSB0, and its rate one that the driver knows",
        _ => "is the board plugged in? `accel devices` lists what is there",
    };
}
