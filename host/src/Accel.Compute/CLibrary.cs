using System.Runtime.InteropServices;

namespace Accel.Compute;

/// <summary>Functions of the C library that the process runs on already, whichever that is: glibc or musl, loaded or linked in.</summary>
public static class CLibrary
{
    /// <summary>The address of a function, or 0 where the system is not Linux or its library lacks it.</summary>
    public static nint Find(string function) =>
        OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), function, out nint address) ? address : 0;
}
