namespace Accel.Device.Link;

/// <summary>What a request asks for.</summary>
internal enum LinkOperationKind
{
    RegisterRead,
    RegisterWrite,
    MemoryWrite,
    MemoryRead,
    Watch,
    Reset,
}

/// <summary>One request of the host and the promise of its answer. Its owner guards it; continuations run elsewhere.</summary>
internal sealed class LinkOperation(LinkOperationKind kind) : TaskCompletionSource<ulong>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public LinkOperationKind Kind => kind;

    public RegisterOffset Register { get; init; }

    public DeviceAddress Address { get; init; }

    public uint Value { get; init; }

    public ulong Cycles { get; init; }

    public ReadOnlyMemory<byte> Source { get; init; }

    public Memory<byte> Destination { get; init; }

    /// <summary>Bytes of memory in frames to the device, or received from it.</summary>
    public int Moved { get; set; }

    /// <summary>Errors that frames of the answer reported.</summary>
    public LinkStatus Status { get; set; }

    /// <summary>Nobody waits for it any more; its memory belongs to the caller again.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The channel that it is asked and answered on.</summary>
    public byte Channel => kind switch
    {
        LinkOperationKind.RegisterRead => LinkChannels.RegisterRead,
        LinkOperationKind.RegisterWrite => LinkChannels.RegisterWrite,
        LinkOperationKind.MemoryWrite => LinkChannels.MemoryWrite,
        LinkOperationKind.MemoryRead => LinkChannels.MemoryRead,
        _ => LinkChannels.Watch,
    };

    /// <summary>Begins anew in another session.</summary>
    public void Restart()
    {
        Moved = 0;
        Status = LinkStatus.Done;
    }

    public override string ToString() => kind switch
    {
        LinkOperationKind.RegisterRead => $"reading register {Register}",
        LinkOperationKind.RegisterWrite => $"writing register {Register}",
        LinkOperationKind.MemoryWrite => $"writing {Source.Length} bytes to {Address}",
        LinkOperationKind.MemoryRead => $"reading {Destination.Length} bytes from {Address}",
        LinkOperationKind.Watch => $"waiting on register {Register}",
        _ => "resetting the device",
    };
}
