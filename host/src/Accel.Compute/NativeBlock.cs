using System.Runtime.InteropServices;

namespace Accel.Compute;

/// <summary>
/// Memory outside the garbage collector's heap. Blocks of two mebibytes and more are aligned to huge pages and ask for them, where the system grants such
/// requests: the first use of a page then costs one fault in place of 512.
/// </summary>
internal static unsafe class NativeBlock
{
    private const int Alignment = 64;
    private const int HugePage = 1 << 21;

    /// <summary>Allocates bytes of unspecified value, aligned to cache lines at least; <see cref="Free"/> them.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public static void* Allocate(nuint bytes)
    {
        if (bytes < HugePage)
        {
            return NativeMemory.AlignedAlloc(Math.Max(1, bytes), Alignment);
        }

        void* block = NativeMemory.AlignedAlloc(bytes, HugePage);
        ResidentPages.AskForHuge(block, (long)bytes);
        return block;
    }

    /// <summary>Frees what <see cref="Allocate"/> returned, or nothing when that is null.</summary>
    public static void Free(void* block) => NativeMemory.AlignedFree(block);
}
