namespace Accel.Faults;

/// <summary>What may happen on the way to a card and back.</summary>
public enum PathFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A bit of a byte is another.</summary>
    Flip,

    /// <summary>Up to 600 bytes are lost.</summary>
    Drop,

    /// <summary>Bytes come twice.</summary>
    Duplicate,

    /// <summary>A block comes behind the next one.</summary>
    Reorder,

    /// <summary>Up to 300 bytes that nobody has sent, some of which look like the beginning of a frame.</summary>
    Garbage,

    /// <summary>A block, or the whole path, is late.</summary>
    Delay,

    /// <summary>The plug is pulled and put back.</summary>
    Unplug,

    /// <summary>The card's reset pin is pulled.</summary>
    DeviceReset,

    /// <summary>The engine reads, or leaves, another number than it should.</summary>
    WrongResult,
}
