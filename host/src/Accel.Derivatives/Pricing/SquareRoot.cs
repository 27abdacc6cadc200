using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>The floor of a square root: the one r with r² ≤ n &lt; (r + 1)².</summary>
public static class SquareRoot
{
    /// <summary>⌊√n⌋ for n below 2¹²⁶.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is 2¹²⁶ or more.</exception>
    public static long Floor(UInt128 n)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, UInt128.One << 126);
        return (long)HighPrecision.IntegerSqrt((BigInteger)n);
    }
}
