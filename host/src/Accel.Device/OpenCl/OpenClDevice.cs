using System.Globalization;
using System.Text;
using Silk.NET.OpenCL;

namespace Accel.Device.OpenCl;

/// <summary>One OpenCL device of this machine, as its driver describes it.</summary>
public sealed unsafe class OpenClDevice
{
    // Drivers have been seen to report no device to a second thread while they set themselves up for a first.
    private static readonly Lock Finding = new();

    private OpenClDevice(int platformIndex, int deviceIndex, nint platform, nint handle)
    {
        PlatformIndex = platformIndex;
        DeviceIndex = deviceIndex;
        Platform = platform;
        Handle = handle;
        PlatformName = PlatformText(PlatformInfo.Name);
        PlatformVersion = PlatformText(PlatformInfo.Version);
        Name = Text(DeviceInfo.Name);
        Vendor = Text(DeviceInfo.Vendor);
        DriverVersion = Text(DeviceInfo.DriverVersion);
        IsProcessor = (Value<ulong>(DeviceInfo.Type) & (ulong)DeviceType.Cpu) != 0;
        IsAccelerator = (Value<ulong>(DeviceInfo.Type) & (ulong)DeviceType.Accelerator) != 0;
        IsLittleEndian = Value<uint>(DeviceInfo.EndianLittle) != 0;
        HasCompiler = Value<uint>(DeviceInfo.CompilerAvailable) != 0;
        ComputeUnits = (int)Value<uint>(DeviceInfo.MaxComputeUnits);
        MemoryBytes = (long)Math.Min(long.MaxValue, Value<ulong>(DeviceInfo.GlobalMemSize));
        BufferBytesMax = (long)Math.Min(long.MaxValue, Value<ulong>(DeviceInfo.MaxMemAllocSize));
        LocalBytes = (int)Math.Min(int.MaxValue, Value<ulong>(DeviceInfo.LocalMemSize));
        WorkGroupSizeMax = (int)Math.Min(int.MaxValue, Value<nuint>(DeviceInfo.MaxWorkGroupSize));
    }

    /// <summary>The platform's place in the loader's list.</summary>
    public int PlatformIndex { get; }

    /// <summary>The device's place in the platform's list.</summary>
    public int DeviceIndex { get; }

    /// <summary>The driver's name.</summary>
    public string PlatformName { get; }

    /// <summary>The version of OpenCL and of the driver, as the platform states it.</summary>
    public string PlatformVersion { get; }

    /// <summary>The device's name.</summary>
    public string Name { get; }

    /// <summary>Who made it.</summary>
    public string Vendor { get; }

    /// <summary>The driver's version.</summary>
    public string DriverVersion { get; }

    /// <summary>Whether it is a processor, whose cores run one work item after the other.</summary>
    public bool IsProcessor { get; }

    /// <summary>Whether it is a card such as an FPGA.</summary>
    public bool IsAccelerator { get; }

    /// <summary>Whether its integers lie in memory as the host's do.</summary>
    public bool IsLittleEndian { get; }

    /// <summary>Whether it compiles source.</summary>
    public bool HasCompiler { get; }

    /// <summary>Parallel compute units.</summary>
    public int ComputeUnits { get; }

    /// <summary>Bytes of device memory.</summary>
    public long MemoryBytes { get; }

    /// <summary>The largest single buffer, in bytes.</summary>
    public long BufferBytesMax { get; }

    /// <summary>Local memory of a work-group, in bytes.</summary>
    public int LocalBytes { get; }

    /// <summary>Work items of the largest work-group.</summary>
    public int WorkGroupSizeMax { get; }

    internal nint Platform { get; }

    internal nint Handle { get; }

    /// <summary>Every device that the installed drivers offer, in the loader's order; empty when there is no loader or no driver.</summary>
    public static IReadOnlyList<OpenClDevice> Find()
    {
        if (!OpenClLibrary.IsPresent)
        {
            return [];
        }

        lock (Finding)
        {
            return FindAll();
        }
    }

    /// <summary>The device that a selector names: <c>PLATFORM/DEVICE</c>, each an index or a part of a name, in any case.</summary>
    /// <param name="selector">The selector; <c>PLATFORM</c> alone is its first device, empty the first device of all.</param>
    /// <exception cref="ArgumentException">The selector has more than two parts.</exception>
    /// <exception cref="DeviceException">No device answers to it; the message lists those that there are.</exception>
    public static OpenClDevice Select(string selector)
    {
        string[] parts = selector.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length > 2)
        {
            throw new ArgumentException($"'{selector}' selects no OpenCL device; PLATFORM/DEVICE would, each an index or a part of a name", nameof(selector));
        }

        _ = OpenClLibrary.Api;
        IReadOnlyList<OpenClDevice> devices = Find();
        return devices.FirstOrDefault(device =>
                Matches(parts[0], device.PlatformIndex, device.PlatformName) && (parts.Length == 1 || Matches(parts[1], device.DeviceIndex, device.Name)))
            ?? throw new DeviceException(devices.Count == 0
                ? "OpenCL has no device here: no driver is installed, or none found its hardware; on Debian pocl-opencl-icd brings one for processors"
                : $"there is no OpenCL device '{selector}'; there is: {string.Join(", ", devices)}");
    }

    /// <inheritdoc />
    public override string ToString() => $"{PlatformIndex}/{DeviceIndex} ({PlatformName}: {Name})";

    private static List<OpenClDevice> FindAll()
    {
        CL cl = OpenClLibrary.Api;
        List<OpenClDevice> found = [];
        uint platformCount = 0;
        if (cl.GetPlatformIDs(0, null, &platformCount) != 0 || platformCount == 0)
        {
            return found;
        }

        nint[] platforms = new nint[platformCount];
        fixed (nint* first = platforms)
        {
            Check("the OpenCL loader", "listing its platforms", cl.GetPlatformIDs(platformCount, first, null));
        }

        for (int platform = 0; platform < platforms.Length; platform++)
        {
            // A driver without a device of its kind answers with an error, not with none.
            uint deviceCount = 0;
            if (cl.GetDeviceIDs(platforms[platform], DeviceType.All, 0, null, &deviceCount) != 0)
            {
                continue;
            }

            nint[] devices = new nint[deviceCount];
            fixed (nint* first = devices)
            {
                Check($"OpenCL platform {platform}", "listing its devices", cl.GetDeviceIDs(platforms[platform], DeviceType.All, deviceCount, first, null));
            }

            for (int device = 0; device < devices.Length; device++)
            {
                found.Add(new OpenClDevice(platform, device, platforms[platform], devices[device]));
            }
        }

        return found;
    }

    private static bool Matches(string wanted, int index, string name) => int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number == index
        : name.Contains(wanted, StringComparison.OrdinalIgnoreCase);

    internal static void Check(string device, string what, int code)
    {
        if (code != 0)
        {
            throw new OpenClException(device, what, code);
        }
    }

    private string PlatformText(PlatformInfo what)
    {
        byte[] bytes = new byte[1024];
        nuint length;
        fixed (byte* first = bytes)
        {
            Check($"OpenCL platform {PlatformIndex}", $"asking for its {what}", OpenClLibrary.Api.GetPlatformInfo(Platform, what, (nuint)bytes.Length, first, &length));
        }

        return ToText(bytes.AsSpan(0, (int)length));
    }

    private string Text(DeviceInfo what)
    {
        byte[] bytes = new byte[1024];
        nuint length;
        fixed (byte* first = bytes)
        {
            Check($"OpenCL device {PlatformIndex}/{DeviceIndex}", $"asking for its {what}", OpenClLibrary.Api.GetDeviceInfo(Handle, what, (nuint)bytes.Length, first, &length));
        }

        return ToText(bytes.AsSpan(0, (int)length));
    }

    private static string ToText(ReadOnlySpan<byte> terminated) => Encoding.UTF8.GetString(terminated.TrimEnd((byte)0)).Trim();

    private T Value<T>(DeviceInfo what)
        where T : unmanaged
    {
        T value = default;
        Check($"OpenCL device {PlatformIndex}/{DeviceIndex}", $"asking for its {what}", OpenClLibrary.Api.GetDeviceInfo(Handle, what, (nuint)sizeof(T), &value, null));
        return value;
    }
}
