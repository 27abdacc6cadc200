using Accel.Device;

namespace Accel.Compute;

/// <summary>A device reported success, but its result fails a check on the host. Nothing of it was used.</summary>
public sealed class DeviceResultException : DeviceException
{
    /// <summary>A refused result.</summary>
    /// <param name="device">The device.</param>
    /// <param name="operation">What it was asked to do.</param>
    /// <param name="check">The check that failed, and how.</param>
    public DeviceResultException(string device, string operation, string check)
        : base($"{device}: the result of {operation} is wrong: {check}; it was discarded")
    {
        Check = check;
    }

    /// <summary>The check that failed, and how.</summary>
    public string Check { get; }
}
