using System.Runtime.InteropServices;

namespace Accel.Compute;

/// <summary>Gives pages back to the operating system while their addresses stay valid.</summary>
public static unsafe class ResidentPages
{
    private const int DontNeed = 4;

    // Of the C library that the process runs on already, whichever that is.
    private static readonly delegate* unmanaged<void*, nuint, int, int> Advise = Find();

    /// <summary>
    /// Releases pages of a mapped file, from the one that holds the first byte to the one that holds the last. Their next use brings them back
    /// from the file, so this is safe at any time, and only costs those who still use them. Does nothing where the system has no such call.
    /// </summary>
    /// <param name="start">The first byte, in a read-only mapping of a file.</param>
    /// <param name="bytes">The number of bytes.</param>
    public static void ReleaseMapped(void* start, long bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint first = (nuint)start & ~(page - 1);
        nuint end = ((nuint)start + (nuint)bytes + page - 1) & ~(page - 1);
        Release(first, end);
    }

    /// <summary>Releases the pages that lie wholly in a block of private memory, whose content is unspecified from then on.</summary>
    /// <param name="start">The block's first byte.</param>
    /// <param name="bytes">The block's length.</param>
    public static void ReleasePrivate(void* start, long bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint first = ((nuint)start + page - 1) & ~(page - 1);
        nuint end = ((nuint)start + (nuint)bytes) & ~(page - 1);
        Release(first, end);
    }

    private static void Release(nuint first, nuint end)
    {
        // Advice may be refused; then the pages stay, which is no error.
        if (Advise != null && end > first)
        {
            _ = Advise((void*)first, end - first, DontNeed);
        }
    }

    private static delegate* unmanaged<void*, nuint, int, int> Find() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "madvise", out nint address)
            ? (delegate* unmanaged<void*, nuint, int, int>)address
            : null;
}
