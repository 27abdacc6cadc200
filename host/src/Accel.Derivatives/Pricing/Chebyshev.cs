using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>The discrete Chebyshev transform on sixteen nodes, in the arithmetic of <see cref="HighPrecision"/>.</summary>
internal static class Chebyshev
{
    private const int NodeCount = 16;

    /// <summary>cos(kπ/32) for k = 0…32, the others by symmetry.</summary>
    private static readonly BigInteger[] Cosines = BuildCosines();

    /// <summary>cos((2j + 1)π/32) for j = 0…15.</summary>
    public static BigInteger[] Nodes { get; } = [.. Enumerable.Range(0, NodeCount).Select(j => Cosine(2 * j + 1))];

    /// <summary>The coefficient of xᵏ that the degree-k term of the series contributes: 2ᵏ⁻¹·aₖ, or a₀/2.</summary>
    /// <param name="values">The function at <see cref="Nodes"/>.</param>
    /// <param name="degree">k, below 16.</param>
    public static BigInteger LeadingCoefficient(ReadOnlySpan<BigInteger> values, int degree)
    {
        BigInteger sum = 0;
        for (int j = 0; j < NodeCount; j++)
        {
            sum += HighPrecision.Multiply(values[j], Cosine(degree * (2 * j + 1)));
        }

        return (sum << degree) / NodeCount;
    }

    private static BigInteger Cosine(int k)
    {
        int reduced = k % 64;
        return Cosines[reduced > 32 ? 64 - reduced : reduced];
    }

    /// <summary>cos(π/32) by three halvings of √½, its multiples by the recurrence cos(k+1)θ = 2·cos θ·cos kθ − cos(k−1)θ.</summary>
    private static BigInteger[] BuildCosines()
    {
        BigInteger cosine = HighPrecision.Sqrt(HighPrecision.One / 2);
        for (int i = 0; i < 3; i++)
        {
            cosine = HighPrecision.Sqrt((HighPrecision.One + cosine) / 2);
        }

        BigInteger[] cosines = new BigInteger[33];
        (cosines[0], cosines[1]) = (HighPrecision.One, cosine);
        for (int k = 1; k < 32; k++)
        {
            cosines[k + 1] = 2 * HighPrecision.Multiply(cosine, cosines[k]) - cosines[k - 1];
        }

        return cosines;
    }
}
