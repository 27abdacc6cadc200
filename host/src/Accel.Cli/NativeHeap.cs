using Accel.Compute;

namespace Accel.Cli;

/// <summary>The C library's allocator.</summary>
internal static unsafe class NativeHeap
{
    private const int MmapThreshold = -3;
    private const int LargeBytes = 1 << 16;

    /// <summary>
    /// Has glibc give blocks of 64 KiB and more back to the system as soon as they are freed. Left alone it learns from each large block that was freed to
    /// keep the next ones in its heaps, one for each thread: faster where work repeats, and a fifth of the memory of a process that proves once.
    /// Other C libraries lack the call and need none.
    /// </summary>
    public static void ReturnLargeBlocks()
    {
        var mallopt = (delegate* unmanaged<int, int, int>)CLibrary.Find("mallopt");
        if (mallopt != null)
        {
            _ = mallopt(MmapThreshold, LargeBytes);
        }
    }
}
