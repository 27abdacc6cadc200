namespace Accel.Compute.Ilgpu.Msm;

/// <summary>
/// How scalar magnitudes below 2²⁵³ split into signed digits of c bits, |d| ≤ 2^(c−1), one bucket for each magnitude of each window; bucket d − 1 of
/// window w is cell w·2^(c−1) + d − 1.
/// </summary>
/// <param name="WindowBits">c, 2 to 16.</param>
internal readonly record struct MsmPlan(int WindowBits)
{
    /// <summary>The smallest window.</summary>
    public const int WindowBitsMin = 2;

    /// <summary>The largest window; its buckets take 64 MiB.</summary>
    public const int WindowBitsMax = 16;

    private const int MagnitudeBits = 253;

    /// <summary>Buckets of a window.</summary>
    public int Buckets => 1 << (WindowBits - 1);

    /// <summary>Windows; the last has a bit to spare, so that it takes the carry of the one before.</summary>
    public int Windows => (MagnitudeBits / WindowBits) + 1;

    /// <summary>Buckets of all windows.</summary>
    public int Cells => Windows * Buckets;

    /// <summary>The window with the fewest products: 10 for each digit, 42 for the three additions that a bucket costs the reduction.</summary>
    /// <param name="count">Scalars of the product.</param>
    public static MsmPlan Choose(long count) =>
        Enumerable.Range(WindowBitsMin, WindowBitsMax - WindowBitsMin + 1)
            .Select(bits => new MsmPlan(bits))
            .MinBy(plan => (10.0 * count * plan.Windows) + (42.0 * plan.Cells));
}
