using System.Text;

namespace Accel.Device.Usb;

/// <summary>Which USB device is meant.</summary>
/// <param name="Vendor">Its vendor id.</param>
/// <param name="Product">Its product id.</param>
/// <param name="Serial">Its serial number, null for the only one there is.</param>
public sealed record UsbName(ushort Vendor, ushort Product, string? Serial)
{
    /// <inheritdoc />
    public override string ToString() => $"{Vendor:x4}:{Product:x4}{(Serial is null ? "" : ":" + Serial)}";
}

/// <summary>The devices of this machine, by libusb.</summary>
internal static unsafe class UsbBus
{
    private const int TextBytes = 256;
    private const byte TransferTypeMask = 3;

    /// <summary>The devices with these ids; their serial numbers where this user may open them. Empty where libusb is absent.</summary>
    public static IReadOnlyList<(UsbName Name, string Place)> Find(ushort vendor, ushort product)
    {
        List<(UsbName, string)> found = [];
        try
        {
            using LibUsbContext context = LibUsbContext.Create();
            ForEach(context, vendor, product, (device, descriptor) =>
            {
                using LibUsbDevice? opened = TryOpen(context, device, out _);
                string? serial = opened is null ? null : Text(opened, descriptor.SerialNumber);
                found.Add((new UsbName(vendor, product, serial), Place(device) + (opened is null ? ", which this user may not open" : "")));
                return true;
            });
        }
        catch (DeviceException)
        {
            // No library, no devices; opening one says why.
        }

        return found;
    }

    /// <summary>Opens a device and claims its interface with two bulk endpoints.</summary>
    /// <exception cref="DeviceException">It is not there, not alone, or may not be opened; the message says what would help.</exception>
    public static LibUsbPipe Open(UsbName name)
    {
        LibUsbContext context = LibUsbContext.Create();
        LibUsbDevice? chosen = null;
        BulkInterface? endpoints = null;
        string? refusal = null;
        List<string> serials = [];
        try
        {
            ForEach(context, name.Vendor, name.Product, (device, descriptor) =>
            {
                LibUsbDevice? opened = TryOpen(context, device, out int error);
                if (opened is null)
                {
                    refusal ??= $"USB device {name} at {Place(device)} can't be opened: {LibUsb.ErrorName(error)}; " + (error == LibUsb.ErrorAccess
                        ? "this user may not: install host/udev/60-accel.rules and join its group, as host/docs/transports.md says"
                        : "was it unplugged just now?");
                    return true;
                }

                string? serial = Text(opened, descriptor.SerialNumber);
                if (name.Serial is not null && name.Serial != serial)
                {
                    opened.Dispose();
                    return true;
                }

                serials.Add(serial ?? "(none)");
                if (chosen is not null)
                {
                    opened.Dispose();
                    return true;
                }

                chosen = opened;
                endpoints = FindBulk(device);
                return true;
            });
            if (chosen is null)
            {
                throw new DeviceException(refusal ?? $"there is no USB device {name}: is it plugged in? `lsusb -d {name.Vendor:x4}:{name.Product:x4}` and `accel devices` list those that are");
            }

            if (serials.Count > 1)
            {
                throw new DeviceException($"there are {serials.Count} USB devices {name}, with the serial numbers {string.Join(", ", serials)}: name one as usb:{name}:SERIAL");
            }

            if (endpoints is null)
            {
                throw new DeviceException($"USB device {name} has no interface with a bulk endpoint each way: its firmware is not the card's");
            }

            // Fails where drivers can't be detached, and is not needed there.
            _ = LibUsb.SetAutoDetachKernelDriver(chosen, 1);
            int claimed = LibUsb.ClaimInterface(chosen, endpoints.Number);
            return claimed == 0
                ? new LibUsbPipe(context, chosen, endpoints)
                : throw new DeviceException($"interface {endpoints.Number} of USB device {name} can't be claimed: {LibUsb.ErrorName(claimed)}"
                    + (claimed == LibUsb.ErrorBusy ? "; another program has it" : ""));
        }
        catch
        {
            chosen?.Dispose();
            context.Dispose();
            throw;
        }
    }

    private static void ForEach(LibUsbContext context, ushort vendor, ushort product, Func<nint, LibUsb.DeviceDescriptor, bool> visit)
    {
        nint count = LibUsb.GetDeviceList(context, out nint* devices);
        if (count < 0)
        {
            throw new DeviceException($"libusb lists no devices: {LibUsb.ErrorName((int)count)}");
        }

        try
        {
            for (nint i = 0; i < count; i++)
            {
                if (LibUsb.GetDeviceDescriptor(devices[i], out LibUsb.DeviceDescriptor descriptor) == 0
                    && (descriptor.VendorId, descriptor.ProductId) == (vendor, product) && !visit(devices[i], descriptor))
                {
                    return;
                }
            }
        }
        finally
        {
            LibUsb.FreeDeviceList(devices, 1);
        }
    }

    private static LibUsbDevice? TryOpen(LibUsbContext context, nint device, out int error)
    {
        error = LibUsb.Open(device, out nint handle);
        return error == 0 ? new LibUsbDevice(context, handle) : null;
    }

    private static string? Text(LibUsbDevice device, byte index)
    {
        byte* text = stackalloc byte[TextBytes];
        int length = index == 0 ? 0 : LibUsb.GetString(device, index, text, TextBytes);
        return length > 0 ? Encoding.ASCII.GetString(text, length) : null;
    }

    private static string Place(nint device) => $"bus {LibUsb.GetBusNumber(device):d3} device {LibUsb.GetDeviceAddress(device):d3}";

    private static BulkInterface? FindBulk(nint device)
    {
        if (LibUsb.GetActiveConfiguration(device, out LibUsb.ConfigurationDescriptor* configuration) != 0)
        {
            return null;
        }

        try
        {
            for (int i = 0; i < configuration->InterfaceCount; i++)
            {
                LibUsb.InterfaceDescriptor* setting = configuration->Interfaces[i].Settings;
                LibUsb.EndpointDescriptor? input = null, output = null;
                for (int j = 0; j < setting->EndpointCount; j++)
                {
                    LibUsb.EndpointDescriptor endpoint = setting->Endpoints[j];
                    if ((endpoint.Attributes & TransferTypeMask) == LibUsb.TypeBulk)
                    {
                        _ = (endpoint.Address & LibUsb.EndpointIn) != 0 ? input ??= endpoint : output ??= endpoint;
                    }
                }

                if (input is { } from && output is { } to)
                {
                    return new BulkInterface(setting->Number, from.Address, to.Address, Math.Max(from.PacketBytesMax, to.PacketBytesMax));
                }
            }

            return null;
        }
        finally
        {
            LibUsb.FreeConfiguration(configuration);
        }
    }
}
