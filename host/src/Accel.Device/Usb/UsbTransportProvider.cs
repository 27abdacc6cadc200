using System.Globalization;
using Accel.Device.Link;

namespace Accel.Device.Usb;

/// <summary>Cards behind bulk endpoints of USB, by the protocol of <c>host/docs/link.md</c>.</summary>
public sealed class UsbTransportProvider : ITransportProvider
{
    /// <summary>The ids that the card's firmware uses: OpenMoko's vendor id, which is lent to open hardware.</summary>
    public const ushort VendorDefault = 0x1d50;

    /// <inheritdoc cref="VendorDefault"/>
    public const ushort ProductDefault = 0x6130;

    /// <inheritdoc />
    public string Kind => "usb";

    /// <inheritdoc />
    public string Syntax => "usb[:VID:PID[:serial]]";

    /// <inheritdoc />
    public IReadOnlyList<FoundTransport> Find() =>
        [.. UsbBus.Find(VendorDefault, ProductDefault).Select(device => new FoundTransport($"{Kind}:{device.Name}", $"USB device at {device.Place}"))];

    /// <inheritdoc />
    public IDeviceTransport Open(string options)
    {
        UsbName name = Parse(options);

        // The first opening is made here, so that what is wrong with the device is told at once and in full.
        IByteLink? first = new UsbLink(UsbBus.Open(name));
        return new LinkTransport(Kind, name.ToString(), _ => new ValueTask<IByteLink>(Interlocked.Exchange(ref first, null) ?? new UsbLink(UsbBus.Open(name))));
    }

    /// <summary>The device that options name.</summary>
    /// <exception cref="ArgumentException">They are no two ids and a serial number.</exception>
    internal static UsbName Parse(string options)
    {
        if (options.Length == 0)
        {
            return new UsbName(VendorDefault, ProductDefault, null);
        }

        string[] parts = options.Split(':', 3);
        return parts.Length >= 2 && Id(parts[0]) is { } vendor && Id(parts[1]) is { } product && parts.ElementAtOrDefault(2) != ""
            ? new UsbName(vendor, product, parts.ElementAtOrDefault(2))
            : throw new ArgumentException($"'{options}' names no USB device: usb:VID:PID[:serial] with ids of four hexadecimal digits, such as usb:{VendorDefault:x4}:{ProductDefault:x4}", nameof(options));

        static ushort? Id(string text) =>
            text.Length == 4 && ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort id) ? id : null;
    }
}
