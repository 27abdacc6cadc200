using System.Diagnostics.CodeAnalysis;
using Accel.Device.Link;

namespace Accel.Device.Usb;

/// <summary>
/// Bulk pipes as a path for bytes, with several transfers under way each way, so that the bus never waits for the host. Nothing is allocated for a
/// transfer. A cancelled call ends the path: its transfers are withdrawn.
/// </summary>
[SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Transfers under way are kept, and each is awaited once.")]
public sealed class UsbLink : IByteLink
{
    private const int TransfersEachWay = 4;
    private const int TransferBytesMin = 16_384;

    private readonly IUsbBulkPipe _pipe;

    // Of what is under way: a link may be closed while a read or a write waits.
    private readonly Lock _lock = new();
    private readonly IUsbBulkTransfer[] _in;
    private readonly IUsbBulkTransfer[] _out;
    private readonly ValueTask<int>?[] _coming = new ValueTask<int>?[TransfersEachWay];
    private readonly ValueTask<int>?[] _going = new ValueTask<int>?[TransfersEachWay];
    private int _nextIn;
    private int _nextOut;
    private int _taken;
    private int _there;
    private bool _isDisposed;

    /// <summary>A path over an opened pipe, which it disposes with itself. Reading begins at once.</summary>
    public UsbLink(IUsbBulkPipe pipe)
    {
        _pipe = pipe;
        int bytes = (TransferBytesMin + pipe.PacketBytes - 1) / pipe.PacketBytes * pipe.PacketBytes;
        _in = [.. Enumerable.Range(0, TransfersEachWay).Select(_ => pipe.Allocate(UsbDirection.In, bytes))];
        _out = [.. Enumerable.Range(0, TransfersEachWay).Select(_ => pipe.Allocate(UsbDirection.Out, bytes))];
        for (int i = 0; i < TransfersEachWay; i++)
        {
            _coming[i] = _in[i].SubmitAsync(bytes);
        }
    }

    /// <inheritdoc />
    /// <remarks>Returns when the last of the bytes are with the host controller.</remarks>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancel.ThrowIfCancellationRequested();
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(static link => Cancel(((UsbLink)link!)._out), this);
        while (!bytes.IsEmpty)
        {
            IUsbBulkTransfer transfer = _out[_nextOut];
            await SettleAsync(_going, _nextOut);
            int count = Math.Min(bytes.Length, transfer.Buffer.Length);
            bytes[..count].CopyTo(transfer.Buffer);
            Submit(_going, _nextOut, transfer, count);
            _nextOut = (_nextOut + 1) % TransfersEachWay;
            bytes = bytes[count..];
        }
    }

    /// <inheritdoc />
    public async ValueTask<int> ReadAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancel.ThrowIfCancellationRequested();
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(static link => Cancel(((UsbLink)link!)._in), this);
        while (_there == 0)
        {
            // A transfer may end without a byte.
            _there = await SettleAsync(_coming, _nextIn);
            _taken = 0;
            AdvanceIfTaken();
        }

        int count = Math.Min(bytes.Length, _there);
        _in[_nextIn].Buffer.Slice(_taken, count).CopyTo(bytes);
        _taken += count;
        _there -= count;
        AdvanceIfTaken();
        return count;
    }

    /// <inheritdoc />
    /// <remarks>A read or a write that waits ends with an error.</remarks>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        Cancel(_in);
        Cancel(_out);
        for (int i = 0; i < TransfersEachWay; i++)
        {
            await EndAsync(_coming, i);
            await EndAsync(_going, i);
        }

        foreach (IUsbBulkTransfer transfer in _in.Concat(_out))
        {
            transfer.Dispose();
        }

        await _pipe.DisposeAsync();
    }

    private static void Cancel(IUsbBulkTransfer[] transfers)
    {
        foreach (IUsbBulkTransfer transfer in transfers)
        {
            transfer.Cancel();
        }
    }

    /// <summary>The end of a transfer, which is looked at once.</summary>
    private ValueTask<int> SettleAsync(ValueTask<int>?[] transfers, int i)
    {
        lock (_lock)
        {
            ValueTask<int> running = transfers[i] ?? default;
            transfers[i] = null;
            return running;
        }
    }

    private void Submit(ValueTask<int>?[] transfers, int i, IUsbBulkTransfer transfer, int bytes)
    {
        lock (_lock)
        {
            transfers[i] = _isDisposed ? throw new IOException("the USB path was closed") : transfer.SubmitAsync(bytes);
        }
    }

    private async ValueTask EndAsync(ValueTask<int>?[] transfers, int i)
    {
        try
        {
            await SettleAsync(transfers, i);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // However it ended, its buffer is free.
        }
    }

    private void AdvanceIfTaken()
    {
        if (_there == 0)
        {
            Submit(_coming, _nextIn, _in[_nextIn], _in[_nextIn].Buffer.Length);
            _nextIn = (_nextIn + 1) % TransfersEachWay;
        }
    }
}
