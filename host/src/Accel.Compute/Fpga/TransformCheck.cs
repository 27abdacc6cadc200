using System.Security.Cryptography;
using Accel.Compute.Cpu;

namespace Accel.Compute.Fpga;

/// <summary>
/// Compares two forms of a polynomial at a random point. They agree there by chance with probability below n/r, 2⁻²²⁵ for n = 2²⁸,
/// and each evaluation takes O(n).
/// </summary>
internal static class TransformCheck
{
    private const int Block = 1 << 12;

    /// <summary>A point that no device can foresee and that lies on no small subgroup.</summary>
    public static Fr RandomPoint()
    {
        Span<byte> bytes = stackalloc byte[48];
        RandomNumberGenerator.Fill(bytes);
        Fr point = Fr.FromBigInteger(new System.Numerics.BigInteger(bytes, isUnsigned: true));

        // On a root of unity the interpolation formula divides by zero; the chance is 2⁻²²⁶.
        return point.Pow(1L << Ntt.Log2SizeMax).IsOne || point.IsZero ? RandomPoint() : point;
    }

    /// <summary>Σ coefficientᵢ·xⁱ.</summary>
    public static async Task<Fr> FromCoefficientsAsync(ReadOnlyMemory<Fr> coefficients, Fr x, int threads, CancellationToken cancel)
    {
        Fr[] parts = new Fr[(coefficients.Length + Block - 1) / Block];
        await ParallelWork.ForRangesAsync(coefficients.Length, Block, threads, (from, to) =>
        {
            ReadOnlySpan<Fr> block = coefficients.Span[from..to];
            Fr sum = Fr.Zero;
            for (int i = block.Length - 1; i >= 0; i--)
            {
                sum = (sum * x) + block[i];
            }

            parts[from / Block] = sum * x.Pow(from);
        }, cancel);
        return Sum(parts);
    }

    /// <summary>The polynomial of degree below n with the given values on ⟨ωₙ⟩, at x: (xⁿ − 1)/n · Σ vᵢωⁱ/(x − ωⁱ) (Berrut and Trefethen, "Barycentric Lagrange interpolation", 2004, §2).</summary>
    public static async Task<Fr> FromValuesAsync(ReadOnlyMemory<Fr> values, Fr x, int threads, CancellationToken cancel)
    {
        int log2 = System.Numerics.BitOperations.Log2((uint)values.Length);
        Fr root = Fr.RootOfUnity(log2);
        Fr[] parts = new Fr[(values.Length + Block - 1) / Block];
        await ParallelWork.ForRangesAsync(values.Length, Block, threads, (from, to) =>
        {
            ReadOnlySpan<Fr> block = values.Span[from..to];
            Span<Fr> powers = new Fr[block.Length];
            Span<Fr> inverses = new Fr[block.Length];
            FieldPowers.Fill(powers, root.Pow(from), root);
            for (int i = 0; i < block.Length; i++)
            {
                inverses[i] = x - powers[i];
            }

            BatchInversion.InvertAll(inverses);
            Fr sum = Fr.Zero;
            for (int i = 0; i < block.Length; i++)
            {
                sum += block[i] * powers[i] * inverses[i];
            }

            parts[from / Block] = sum;
        }, cancel);
        return (x.Pow(values.Length) - Fr.One) * ((Fr)values.Length).Inverse() * Sum(parts);
    }

    private static Fr Sum(Fr[] parts)
    {
        Fr sum = Fr.Zero;
        foreach (Fr part in parts)
        {
            sum += part;
        }

        return sum;
    }
}
