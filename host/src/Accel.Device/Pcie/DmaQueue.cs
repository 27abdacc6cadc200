using System.Collections.Concurrent;

namespace Accel.Device.Pcie;

/// <summary>Transfers of one direction, carried by as many threads as there are channels: the calls block, their callers don't.</summary>
internal sealed class DmaQueue : IDisposable
{
    private readonly IDmaChannel[] _channels;
    private readonly Thread[] _threads;
    private readonly BlockingCollection<DmaTransfer> _transfers = [];

    /// <param name="name">The direction, for a debugger.</param>
    /// <param name="channels">At least one; the queue disposes them with itself.</param>
    public DmaQueue(string name, IEnumerable<IDmaChannel> channels)
    {
        _channels = [.. channels];
        _threads = [.. _channels.Select((channel, i) => new Thread(() => Carry(channel)) { IsBackground = true, Name = $"accel-{name}-{i}" })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Queues a transfer; its memory is in use until its task has ended.</summary>
    public Task SubmitAsync(DmaTransfer transfer)
    {
        try
        {
            _transfers.Add(transfer);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(XdmaTransport));
        }

        return transfer.Task;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _transfers.CompleteAdding();
        foreach (DmaTransfer transfer in _transfers.GetConsumingEnumerable())
        {
            transfer.TrySetException(new DeviceException("the device was closed"));
        }

        foreach (IDmaChannel channel in _channels)
        {
            channel.Interrupt();
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        foreach (IDmaChannel channel in _channels)
        {
            channel.Dispose();
        }

        _transfers.Dispose();
    }

    private void Carry(IDmaChannel channel)
    {
        foreach (DmaTransfer transfer in _transfers.GetConsumingEnumerable())
        {
            transfer.CarryBy(channel);
        }
    }
}

/// <summary>One chunk to or from device memory.</summary>
internal sealed class DmaTransfer(DeviceAddress address, ReadOnlyMemory<byte> source, Memory<byte> destination, CancellationToken cancel)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Makes the transfer, unless its caller has stopped waiting before it began.</summary>
    public void CarryBy(IDmaChannel channel)
    {
        if (cancel.IsCancellationRequested)
        {
            TrySetCanceled(cancel);
            return;
        }

        try
        {
            if (destination.IsEmpty)
            {
                channel.Write(address.Bytes, source.Span);
            }
            else
            {
                channel.Read(address.Bytes, destination.Span);
            }

            TrySetResult();
        }
        catch (DeviceException exception)
        {
            TrySetException(exception);
        }
    }
}
