using Xunit;

namespace Accel.Testing;

/// <summary>Holds code to allocating nothing, while other tests run beside it.</summary>
public static class AllocationAssert
{
    private const int Attempts = 20;

    /// <summary>Bytes that the calling thread allocates in <paramref name="action"/>.</summary>
    public static long BytesOf(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>
    /// Asserts that a measurement can be zero. A collection in the middle of one, which any test of the process may cause, takes the thread's
    /// allocation buffer away, and the unused rest of it, up to 8 KB, counts as allocated; what the code itself allocates, it allocates every time.
    /// </summary>
    /// <param name="measure">Does the same work each time and returns the bytes that it allocated.</param>
    public static void Nothing(Func<long> measure)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least != 0; attempt++)
        {
            least = Math.Min(least, measure());
        }

        Assert.Equal(0, least);
    }
}
