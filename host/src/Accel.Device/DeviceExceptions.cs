namespace Accel.Device;

/// <summary>A device did not do what it was asked to.</summary>
public class DeviceException : IOException
{
    /// <summary>A failure of the device or of the path to it.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public DeviceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A card is too hot to be given work. It may be used again when it has cooled down.</summary>
public sealed class DeviceTemperatureException : DeviceException
{
    /// <summary>A card above its limit.</summary>
    /// <param name="path">The card.</param>
    /// <param name="celsius">What its sensor shows, in degrees Celsius.</param>
    /// <param name="celsiusMax">The most at which it is given work.</param>
    public DeviceTemperatureException(string path, double celsius, double celsiusMax)
        : base(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{path}: its sensor shows {celsius:F1} °C, and above {celsiusMax:F1} °C it is given no work: look at its fan and air flow"))
    {
        Celsius = celsius;
    }

    /// <summary>What its sensor shows, in degrees Celsius.</summary>
    public double Celsius { get; }
}

/// <summary>A command got no completion within its deadline. The queue that it was in accepts nothing more until it is reset.</summary>
public sealed class DeviceTimeoutException : DeviceException
{
    /// <summary>A command without an answer.</summary>
    /// <param name="command">The command.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="cycles">Device cycles that went by since it was submitted.</param>
    /// <param name="registers">State of the registers, in words.</param>
    public DeviceTimeoutException(DeviceCommand command, ushort tag, ulong cycles, string registers)
        : base($"{command} with tag {tag} got no completion in {cycles:N0} cycles; {registers}")
    {
        Command = command;
        Tag = tag;
    }

    /// <summary>The command.</summary>
    public DeviceCommand Command { get; }

    /// <summary>Its tag.</summary>
    public ushort Tag { get; }
}

/// <summary>The device completed a command with an error. The next command is not affected.</summary>
public sealed class DeviceCommandException : DeviceException
{
    /// <summary>A command that failed.</summary>
    /// <param name="command">The command.</param>
    /// <param name="completion">What the device said.</param>
    public DeviceCommandException(DeviceCommand command, DeviceCompletion completion)
        : base($"{command} with tag {completion.Tag} ended with status {completion.StatusName}")
    {
        Command = command;
        Completion = completion;
    }

    /// <summary>The command.</summary>
    public DeviceCommand Command { get; }

    /// <summary>What the device said.</summary>
    public DeviceCompletion Completion { get; }
}

/// <summary>What the device put into the completion ring cannot be: a completion was lost, repeated or garbled. The queue accepts nothing more until it is reset.</summary>
public sealed class DeviceProtocolException : DeviceException
{
    /// <summary>A broken rule of the queue.</summary>
    /// <param name="message">Which one, and what was found.</param>
    public DeviceProtocolException(string message)
        : base(message)
    {
    }
}

/// <summary>Device memory has no room for a buffer.</summary>
public sealed class DeviceMemoryException : DeviceException
{
    /// <summary>A request that did not fit.</summary>
    /// <param name="requested">Bytes asked for.</param>
    /// <param name="largestFree">The largest free range.</param>
    /// <param name="size">Bytes of device memory.</param>
    public DeviceMemoryException(long requested, long largestFree, long size)
        : base($"device memory has no {requested:N0} bytes in one piece: the largest free range is {largestFree:N0} of {size:N0} bytes")
    {
    }
}
