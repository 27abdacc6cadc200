using Accel.Device.Pcie;
using Accel.Device.Serial;
using Accel.Device.Usb;

namespace Accel.Device;

/// <summary>One kind of path to a card: finds those that are present, and opens one.</summary>
public interface ITransportProvider
{
    /// <summary>What names the kind in front of the colon, such as <c>sim</c>.</summary>
    string Kind { get; }

    /// <summary>How a path of this kind is written, for help and errors: <c>sim[:library=NAME,latency=N,…]</c>.</summary>
    string Syntax { get; }

    /// <summary>Devices that look like a card. Opens none; the absence of drivers and devices is an empty list.</summary>
    IReadOnlyList<FoundTransport> Find();

    /// <summary>Opens a path.</summary>
    /// <param name="options">What follows <c>kind:</c>; empty for the default.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message says which and what would be right.</exception>
    /// <exception cref="DeviceException">There is no such device, or it can't be opened; the message says why.</exception>
    IDeviceTransport Open(string options);
}

/// <summary>A device that is present.</summary>
/// <param name="Name">Kind and options as <c>--backend</c> takes them.</param>
/// <param name="Description">What it is, in words.</param>
public sealed record FoundTransport(string Name, string Description);

/// <summary>Every path to a card that this library knows.</summary>
public static class DeviceTransports
{
    /// <summary>In the order in which they are listed and looked for.</summary>
    public static IReadOnlyList<ITransportProvider> All { get; } = [new SimTransportProvider(), new XdmaTransportProvider(), new UsbTransportProvider(), new SerialTransportProvider()];
}
