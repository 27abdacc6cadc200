namespace Accel.Device.Usb;

/// <summary>Which way a transfer goes.</summary>
public enum UsbDirection
{
    /// <summary>From the device.</summary>
    In,

    /// <summary>To the device.</summary>
    Out,
}

/// <summary>A pair of bulk endpoints of an opened USB device. Transfers of one direction are carried out in the order in which they were submitted.</summary>
public interface IUsbBulkPipe : IAsyncDisposable
{
    /// <summary>Bytes of a packet; a transfer ends with a shorter one.</summary>
    int PacketBytes { get; }

    /// <summary>A transfer with memory of its own, to be submitted again and again.</summary>
    /// <param name="direction">Its endpoint.</param>
    /// <param name="bytes">Bytes of its buffer, a multiple of <see cref="PacketBytes"/>.</param>
    IUsbBulkTransfer Allocate(UsbDirection direction, int bytes);
}

/// <summary>
/// One bulk transfer. It is under way from its submission until its task has ended; its buffer is the device's meanwhile. Disposed while it is under way it is
/// cancelled, its task ends all the same, and its memory is given back then.
/// </summary>
public interface IUsbBulkTransfer : IDisposable
{
    /// <summary>The bytes that go or come, pinned.</summary>
    Memory<byte> Buffer { get; }

    /// <summary>Hands the first bytes of the buffer to the device, or lets it fill them. Allocates nothing.</summary>
    /// <param name="bytes">How many, at most the buffer's.</param>
    /// <returns>The bytes that were moved.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="IOException">The device is gone, or refuses.</exception>
    ValueTask<int> SubmitAsync(int bytes);

    /// <summary>Lets a transfer that is under way end soon.</summary>
    void Cancel();
}
