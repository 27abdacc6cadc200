namespace Accel.Device.Link;

/// <summary>The path to the device did not carry a request in time.</summary>
public sealed class DeviceLinkException : DeviceException
{
    /// <summary>A request that the path did not carry.</summary>
    /// <param name="message">What did not happen, and in which time.</param>
    public DeviceLinkException(string message)
        : base(message)
    {
    }
}

/// <summary>The device was reset without having been asked to: its registers and what it was doing are gone.</summary>
public sealed class DeviceRestartedException : DeviceException
{
    /// <summary>A restart that was noticed.</summary>
    /// <param name="before">Generation before.</param>
    /// <param name="now">Generation now.</param>
    public DeviceRestartedException(uint before, uint now)
        : base($"the device restarted: its generation was {before} and is {now}; registers, rings and memory have to be set up again")
    {
    }
}
