using System.Runtime.InteropServices;

namespace Accel.Device.Usb;

/// <summary>The part of libusb-1.0 that bulk transfers need.</summary>
internal static unsafe partial class LibUsb
{
    public const int ErrorAccess = -3;
    public const int ErrorNoDevice = -4;
    public const int ErrorNotFound = -5;
    public const int ErrorBusy = -6;

    public const int TransferCompleted = 0;
    public const int TransferTimedOut = 2;
    public const int TransferCancelled = 3;
    public const int TransferStall = 4;
    public const int TransferNoDevice = 5;

    public const byte TypeBulk = 2;
    public const byte EndpointIn = 0x80;

    private const string Library = "libusb-1.0.so.0";

    /// <summary>An error's name, for messages.</summary>
    public static string ErrorName(int error) => Marshal.PtrToStringUTF8(GetErrorName(error)) ?? $"error {error}";

    [LibraryImport(Library, EntryPoint = "libusb_init")]
    public static partial int Init(out nint context);

    [LibraryImport(Library, EntryPoint = "libusb_exit")]
    public static partial void Exit(nint context);

    [LibraryImport(Library, EntryPoint = "libusb_get_device_list")]
    public static partial nint GetDeviceList(LibUsbContext context, out nint* devices);

    [LibraryImport(Library, EntryPoint = "libusb_free_device_list")]
    public static partial void FreeDeviceList(nint* devices, int unreference);

    [LibraryImport(Library, EntryPoint = "libusb_get_device_descriptor")]
    public static partial int GetDeviceDescriptor(nint device, out DeviceDescriptor descriptor);

    [LibraryImport(Library, EntryPoint = "libusb_get_bus_number")]
    public static partial byte GetBusNumber(nint device);

    [LibraryImport(Library, EntryPoint = "libusb_get_device_address")]
    public static partial byte GetDeviceAddress(nint device);

    [LibraryImport(Library, EntryPoint = "libusb_open")]
    public static partial int Open(nint device, out nint handle);

    [LibraryImport(Library, EntryPoint = "libusb_close")]
    public static partial void Close(nint handle);

    [LibraryImport(Library, EntryPoint = "libusb_get_string_descriptor_ascii")]
    public static partial int GetString(LibUsbDevice handle, byte index, byte* text, int bytes);

    [LibraryImport(Library, EntryPoint = "libusb_get_active_config_descriptor")]
    public static partial int GetActiveConfiguration(nint device, out ConfigurationDescriptor* descriptor);

    [LibraryImport(Library, EntryPoint = "libusb_free_config_descriptor")]
    public static partial void FreeConfiguration(ConfigurationDescriptor* descriptor);

    [LibraryImport(Library, EntryPoint = "libusb_set_auto_detach_kernel_driver")]
    public static partial int SetAutoDetachKernelDriver(LibUsbDevice handle, int enable);

    [LibraryImport(Library, EntryPoint = "libusb_claim_interface")]
    public static partial int ClaimInterface(LibUsbDevice handle, int number);

    [LibraryImport(Library, EntryPoint = "libusb_release_interface")]
    public static partial int ReleaseInterface(LibUsbDevice handle, int number);

    [LibraryImport(Library, EntryPoint = "libusb_alloc_transfer")]
    public static partial Transfer* AllocateTransfer(int isochronousPackets);

    [LibraryImport(Library, EntryPoint = "libusb_free_transfer")]
    public static partial void FreeTransfer(Transfer* transfer);

    [LibraryImport(Library, EntryPoint = "libusb_submit_transfer")]
    public static partial int SubmitTransfer(Transfer* transfer);

    [LibraryImport(Library, EntryPoint = "libusb_cancel_transfer")]
    public static partial int CancelTransfer(Transfer* transfer);

    [LibraryImport(Library, EntryPoint = "libusb_handle_events_timeout_completed")]
    public static partial int HandleEvents(LibUsbContext context, in TimeValue timeout, nint completed);

    [LibraryImport(Library, EntryPoint = "libusb_interrupt_event_handler")]
    public static partial void InterruptEventHandler(LibUsbContext context);

    [LibraryImport(Library, EntryPoint = "libusb_error_name")]
    private static partial nint GetErrorName(int error);

    /// <summary>struct timeval.</summary>
    public struct TimeValue
    {
        public nint Seconds;
        public nint Microseconds;
    }

    /// <summary>The standard's device descriptor.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct DeviceDescriptor
    {
        public byte Length;
        public byte Type;
        public ushort UsbVersion;
        public byte Class;
        public byte SubClass;
        public byte Protocol;
        public byte PacketBytes0;
        public ushort VendorId;
        public ushort ProductId;
        public ushort Version;
        public byte Manufacturer;
        public byte Product;
        public byte SerialNumber;
        public byte Configurations;
    }

    /// <summary>struct libusb_config_descriptor.</summary>
    public struct ConfigurationDescriptor
    {
        public byte Length;
        public byte Type;
        public ushort TotalLength;
        public byte InterfaceCount;
        public byte Value;
        public byte Name;
        public byte Attributes;
        public byte PowerMax;
        public Interface* Interfaces;
        public nint Extra;
        public int ExtraLength;
    }

    /// <summary>struct libusb_interface.</summary>
    public struct Interface
    {
        public InterfaceDescriptor* Settings;
        public int SettingCount;
    }

    /// <summary>struct libusb_interface_descriptor.</summary>
    public struct InterfaceDescriptor
    {
        public byte Length;
        public byte Type;
        public byte Number;
        public byte Setting;
        public byte EndpointCount;
        public byte Class;
        public byte SubClass;
        public byte Protocol;
        public byte Name;
        public EndpointDescriptor* Endpoints;
        public nint Extra;
        public int ExtraLength;
    }

    /// <summary>struct libusb_endpoint_descriptor.</summary>
    public struct EndpointDescriptor
    {
        public byte Length;
        public byte Type;
        public byte Address;
        public byte Attributes;
        public ushort PacketBytesMax;
        public byte Interval;
        public byte Refresh;
        public byte SynchAddress;
        public nint Extra;
        public int ExtraLength;
    }

    /// <summary>struct libusb_transfer.</summary>
    public struct Transfer
    {
        public nint Device;
        public byte Flags;
        public byte Endpoint;
        public byte Type;
        public uint TimeoutMs;
        public int Status;
        public int Length;
        public int ActualLength;
        public delegate* unmanaged[Cdecl]<Transfer*, void> Callback;
        public nint UserData;
        public byte* Buffer;
        public int IsochronousPackets;
    }
}

/// <summary>A session of libusb.</summary>
internal sealed class LibUsbContext : SafeHandle
{
    private LibUsbContext(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <summary>Begins one.</summary>
    /// <exception cref="DeviceException">The library is absent, or refuses.</exception>
    public static LibUsbContext Create()
    {
        try
        {
            int error = LibUsb.Init(out nint context);
            return error == 0 ? new LibUsbContext(context) : throw new DeviceException($"libusb can't start: {LibUsb.ErrorName(error)}");
        }
        catch (DllNotFoundException exception)
        {
            throw new DeviceException("libusb-1.0 is not installed: `apt install libusb-1.0-0` brings it", exception);
        }
    }

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        LibUsb.Exit(handle);
        return true;
    }
}

/// <summary>An opened device; its session outlives it.</summary>
internal sealed class LibUsbDevice : SafeHandle
{
    private readonly LibUsbContext _context;

    public LibUsbDevice(LibUsbContext context, nint device)
        : base(0, ownsHandle: true)
    {
        bool added = false;
        context.DangerousAddRef(ref added);
        _context = context;
        SetHandle(device);
    }

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        LibUsb.Close(handle);
        _context.DangerousRelease();
        return true;
    }
}
