namespace Accel.Device.Link;

/// <summary>Channels of <see cref="FrameType.Data"/> frames.</summary>
public static class LinkChannels
{
    /// <summary>Offset → status, value.</summary>
    public const byte RegisterRead = 1;

    /// <summary>Offset, value → status.</summary>
    public const byte RegisterWrite = 2;

    /// <summary>Address, data → status of all writes since the last answer, if <see cref="Respond"/> asks for it.</summary>
    public const byte MemoryWrite = 3;

    /// <summary>Address, length → frames of status and data.</summary>
    public const byte MemoryRead = 4;

    /// <summary>Offset, seen value, cycles → later status, value, cycles.</summary>
    public const byte Watch = 5;

    /// <summary>Flag beside <see cref="MemoryWrite"/>: answer this one.</summary>
    public const byte Respond = 0x80;
}

/// <summary>First word of every answer.</summary>
public enum LinkStatus
{
    /// <summary>Carried out.</summary>
    Done = 0,

    /// <summary>The device's bus answered with an error.</summary>
    BusError = 1,

    /// <summary>The device does not know such a request.</summary>
    NotUnderstood = 2,
}
