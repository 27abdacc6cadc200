using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace Accel.Device.Usb;

/// <summary>Bulk endpoints by libusb, with a thread that waits for its events.</summary>
internal sealed class LibUsbPipe : IUsbBulkPipe
{
    private static readonly LibUsb.TimeValue EventsMax = new() { Seconds = 1 };

    private readonly LibUsbContext _context;
    private readonly LibUsbDevice _device;
    private readonly BulkInterface _interface;
    private readonly Thread _events;
    private int _transfers;
    private volatile bool _isClosing;

    /// <param name="context">The session; the pipe disposes it.</param>
    /// <param name="device">The device; the pipe disposes it.</param>
    /// <param name="endpoints">Its interface, claimed.</param>
    public LibUsbPipe(LibUsbContext context, LibUsbDevice device, BulkInterface endpoints)
    {
        _context = context;
        _device = device;
        _interface = endpoints;
        _events = new Thread(HandleEvents) { IsBackground = true, Name = "accel-usb" };
        _events.Start();
    }

    /// <inheritdoc />
    public int PacketBytes => _interface.PacketBytes;

    /// <inheritdoc />
    public IUsbBulkTransfer Allocate(UsbDirection direction, int bytes)
    {
        LibUsbTransfer transfer = new(_device, direction == UsbDirection.In ? _interface.In : _interface.Out, bytes, () => Interlocked.Decrement(ref _transfers));
        Interlocked.Increment(ref _transfers);
        return transfer;
    }

    /// <inheritdoc />
    /// <remarks>Waits until all transfers are freed: libusb's events are what ends those that are under way.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (_isClosing)
        {
            return;
        }

        _isClosing = true;
        LibUsb.InterruptEventHandler(_context);
        await Task.Run(_events.Join);
        _ = LibUsb.ReleaseInterface(_device, _interface.Number);
        _device.Dispose();
        _context.Dispose();
    }

    private void HandleEvents()
    {
        while (!_isClosing || Volatile.Read(ref _transfers) > 0)
        {
            _ = LibUsb.HandleEvents(_context, EventsMax, 0);
        }
    }
}

/// <summary>An interface with two bulk endpoints.</summary>
/// <param name="Number">The interface.</param>
/// <param name="In">Address of the endpoint from the device.</param>
/// <param name="Out">Address of the endpoint to the device.</param>
/// <param name="PacketBytes">The larger of the two packet sizes.</param>
internal sealed record BulkInterface(byte Number, byte In, byte Out, int PacketBytes);

/// <summary>
/// One transfer of libusb. Its completion arrives on the thread of events, what awaits it goes on elsewhere. Disposed while it is under way it is cancelled,
/// and freed when it has ended, so that libusb never meets memory that is gone.
/// </summary>
internal sealed unsafe class LibUsbTransfer : IUsbBulkTransfer, IValueTaskSource<int>
{
    /// <summary>A device that takes nothing for so long has lost its way; reading may take for ever.</summary>
    private const uint WriteTimeoutMs = 5_000;

    private readonly LibUsbDevice _device;
    private readonly byte _endpoint;
    private readonly byte[] _buffer;
    private readonly LibUsb.Transfer* _transfer;
    private readonly GCHandle _self;
    private readonly Action _freed;
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<int> _source = new() { RunContinuationsAsynchronously = true };
    private bool _isUnderWay;
    private bool _isDisposed;

    public LibUsbTransfer(LibUsbDevice device, byte endpoint, int bytes, Action freed)
    {
        _device = device;
        _freed = freed;
        _endpoint = endpoint;
        _buffer = GC.AllocateArray<byte>(bytes, pinned: true);
        _transfer = LibUsb.AllocateTransfer(0);
        if (_transfer == null)
        {
            throw new InsufficientMemoryException("libusb has no memory for a transfer");
        }

        _self = GCHandle.Alloc(this);
        bool added = false;
        device.DangerousAddRef(ref added);
    }

    /// <inheritdoc />
    public Memory<byte> Buffer => _buffer;

    /// <inheritdoc />
    public ValueTask<int> SubmitAsync(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)_buffer.Length, nameof(bytes));
        int error;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _source.Reset();
            *_transfer = new LibUsb.Transfer
            {
                Device = _device.DangerousGetHandle(),
                Endpoint = _endpoint,
                Type = LibUsb.TypeBulk,
                TimeoutMs = (_endpoint & LibUsb.EndpointIn) != 0 ? 0 : WriteTimeoutMs,
                Length = bytes,
                Callback = &Completed,
                UserData = GCHandle.ToIntPtr(_self),
                Buffer = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer)),
            };
            error = LibUsb.SubmitTransfer(_transfer);
            _isUnderWay = error == 0;
        }

        return error == 0
            ? new ValueTask<int>(this, _source.Version)
            : ValueTask.FromException<int>(new IOException(error == LibUsb.ErrorNoDevice ? "the USB device was unplugged" : $"USB refuses a transfer: {LibUsb.ErrorName(error)}"));
    }

    /// <inheritdoc />
    public void Cancel()
    {
        lock (_lock)
        {
            if (_isUnderWay)
            {
                // One that has just ended is not found.
                _ = LibUsb.CancelTransfer(_transfer);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            if (_isUnderWay)
            {
                _ = LibUsb.CancelTransfer(_transfer);
            }
            else
            {
                Free();
            }
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Completed(LibUsb.Transfer* transfer) => ((LibUsbTransfer)GCHandle.FromIntPtr(transfer->UserData).Target!).Complete(transfer->Status, transfer->ActualLength);

    private void Free()
    {
        LibUsb.FreeTransfer(_transfer);
        _self.Free();
        _device.DangerousRelease();
        _freed();
    }

    private void Complete(int status, int bytes)
    {
        lock (_lock)
        {
            _isUnderWay = false;
            if (_isDisposed)
            {
                Free();
            }
        }

        if (status == LibUsb.TransferCompleted)
        {
            _source.SetResult(bytes);
        }
        else if (status == LibUsb.TransferCancelled)
        {
            _source.SetException(new OperationCanceledException("the USB transfer was cancelled"));
        }
        else
        {
            _source.SetException(new IOException(status switch
            {
                LibUsb.TransferNoDevice => "the USB device was unplugged",
                LibUsb.TransferTimedOut => $"the USB device took nothing for {WriteTimeoutMs} ms",
                LibUsb.TransferStall => $"the USB device stalled endpoint 0x{_endpoint:x2}",
                _ => $"a USB transfer on endpoint 0x{_endpoint:x2} ended with status {status}",
            }));
        }
    }
}
