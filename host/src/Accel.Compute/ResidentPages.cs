namespace Accel.Compute;

/// <summary>Advice to the operating system about pages whose addresses stay valid whatever it does.</summary>
public static unsafe class ResidentPages
{
    private const int DontNeed = 4;
    private const int HugePage = 14;

    private static readonly delegate* unmanaged<void*, nuint, int, int> Madvise = (delegate* unmanaged<void*, nuint, int, int>)CLibrary.Find("madvise");

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
        Advise(first, end, DontNeed);
    }

    /// <summary>Releases the pages that lie wholly in a block of private memory, whose content is unspecified from then on.</summary>
    /// <param name="start">The block's first byte.</param>
    /// <param name="bytes">The block's length.</param>
    public static void ReleasePrivate(void* start, long bytes)
    {
        AdviseWhole(start, bytes, DontNeed);
    }

    /// <summary>Asks for huge pages in a block of private memory.</summary>
    /// <param name="start">The block's first byte.</param>
    /// <param name="bytes">The block's length.</param>
    internal static void AskForHuge(void* start, long bytes) => AdviseWhole(start, bytes, HugePage);

    private static void AdviseWhole(void* start, long bytes, int advice)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint first = ((nuint)start + page - 1) & ~(page - 1);
        nuint end = ((nuint)start + (nuint)bytes) & ~(page - 1);
        Advise(first, end, advice);
    }

    private static void Advise(nuint first, nuint end, int advice)
    {
        // Advice may be refused; then the pages stay as they are, which is no error.
        if (Madvise != null && end > first)
        {
            _ = Madvise((void*)first, end - first, advice);
        }
    }
}
