using System.Runtime.InteropServices;
using Accel.Compute;
using Accel.Proving.Groth16;

namespace Accel.Proving.Ceremony;

/// <summary>
/// Sums of points with the same fresh 128-bit scalars (Bellare, Garay and Rabin, "Fast batch verification", 1998): an equation that fails for some
/// points holds for their sums with a chance of 2⁻¹²⁸.
/// </summary>
internal sealed class RandomCombination(CpuBackend backend, CancellationToken cancel)
{
    private const int PointsEach = 1 << 18;
    private const int ScalarBytes = 16;
    private const int RandomBytesEach = 256;

    private static readonly Fr Shift = ((Fr)2).Pow(64);

    /// <summary>The sums of two lists of equal length.</summary>
    public async Task<(G1Affine A, G1Affine B)> SumAsync(ReadOnlyMemory<G1Affine> a, ReadOnlyMemory<G1Affine> b)
    {
        G1 sumA = default;
        G1 sumB = default;
        for (int first = 0; first < a.Length; first += PointsEach)
        {
            int count = Math.Min(PointsEach, a.Length - first);
            Fr[] scalars = Scalars(count);
            sumA += await MultiplyAsync(a.Slice(first, count), scalars);
            sumB += await MultiplyAsync(b.Slice(first, count), scalars);
        }

        return (sumA.ToAffine(), sumB.ToAffine());
    }

    /// <inheritdoc cref="SumAsync(ReadOnlyMemory{G1Affine}, ReadOnlyMemory{G1Affine})" />
    public async Task<(G2Affine A, G2Affine B)> SumAsync(ReadOnlyMemory<G2Affine> a, ReadOnlyMemory<G2Affine> b)
    {
        G2 sumA = default;
        G2 sumB = default;
        for (int first = 0; first < a.Length; first += PointsEach)
        {
            int count = Math.Min(PointsEach, a.Length - first);
            Fr[] scalars = Scalars(count);
            sumA += await MultiplyAsync(a.Slice(first, count), scalars);
            sumB += await MultiplyAsync(b.Slice(first, count), scalars);
        }

        return (sumA.ToAffine(), sumB.ToAffine());
    }

    /// <summary>Σ scalarᵢ·pointᵢ; scalars past the last point are left out.</summary>
    public async Task<G1> MultiplyAsync(ReadOnlyMemory<G1Affine> points, ReadOnlyMemory<Fr> scalars)
    {
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, cancel);
        return await backend.MsmAsync(bases, new MemoryScalarSource(scalars[..points.Length]), cancel);
    }

    /// <inheritdoc cref="MultiplyAsync(ReadOnlyMemory{G1Affine}, ReadOnlyMemory{Fr})" />
    public async Task<G2> MultiplyAsync(ReadOnlyMemory<G2Affine> points, ReadOnlyMemory<Fr> scalars)
    {
        await using IBaseSet<G2Affine> bases = await backend.LoadBasesAsync(points, cancel);
        return await backend.MsmAsync(bases, new MemoryScalarSource(scalars[..points.Length]), cancel);
    }

    /// <summary>Fresh scalars below 2¹²⁸.</summary>
    public static Fr[] Scalars(int count)
    {
        Fr[] scalars = new Fr[count];
        Span<byte> random = stackalloc byte[RandomBytesEach];
        Span<UInt128> values = MemoryMarshal.Cast<byte, UInt128>(random);
        for (int i = 0; i < count; i++)
        {
            int at = i % (RandomBytesEach / ScalarBytes);
            if (at == 0)
            {
                SystemRandom.Fill(random);
            }

            scalars[i] = ((Fr)(ulong)(values[at] >> 64) * Shift) + (ulong)values[at];
        }

        return scalars;
    }
}
