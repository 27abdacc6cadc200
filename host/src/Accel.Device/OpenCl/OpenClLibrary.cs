using System.Runtime.InteropServices;
using Silk.NET.Core.Contexts;
using Silk.NET.OpenCL;

namespace Accel.Device.OpenCl;

/// <summary>
/// The system's ICD loader. It is opened by its own name rather than through Silk.NET's search for assets beside assemblies, which a program compiled
/// ahead of time has none of.
/// </summary>
internal static class OpenClLibrary
{
    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["OpenCL.dll"] : OperatingSystem.IsMacOS()
        ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    private static readonly Lazy<CL?> Loaded = new(Load);

    /// <summary>Whether there is a loader on this machine.</summary>
    public static bool IsPresent => Loaded.Value is not null;

    /// <summary>Its functions.</summary>
    /// <exception cref="DeviceException">There is no loader; the message says what brings it.</exception>
    public static CL Api => Loaded.Value ?? throw new DeviceException(
        $"OpenCL is not installed: there is no {string.Join(" or ", Names)}; on Debian `apt install ocl-icd-libopencl1` brings the loader, and the device's vendor, or pocl-opencl-icd, a driver");

    private static CL? Load()
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return new CL(new Exports(handle));
            }
        }

        return null;
    }

    private sealed class Exports(nint library) : INativeContext
    {
        public nint GetProcAddress(string proc, int? slot = null) => NativeLibrary.GetExport(library, proc);

        public bool TryGetProcAddress(string proc, out nint addr, int? slot = null) => NativeLibrary.TryGetExport(library, proc, out addr);

        public void Dispose()
        {
            // The library stays loaded for the life of the process: drivers start threads of their own, which outlive every context.
        }
    }
}
