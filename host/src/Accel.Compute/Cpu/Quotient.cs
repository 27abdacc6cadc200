using System.Numerics;

namespace Accel.Compute.Cpu;

/// <summary>
/// Groth16's quotient, up to the vanishing polynomial, on the coset that snarkjs keys expect (its joinABC): on ω₂ₙ·⟨ωₙ⟩ the vanishing polynomial
/// is the constant −2, which the key's bases already carry.
/// </summary>
internal static class Quotient
{
    private const int Grain = 1 << 12;

    /// <summary>A ← a·b − c on the coset; B and C are overwritten.</summary>
    public static async Task ComputeAsync(CpuEngine engine, QuotientInput input, int threads, CancellationToken cancel)
    {
        int log2 = Validate(input);
        Fr shift = Fr.RootOfUnity(log2 + 1);

        // An inverse transform on a coset ends by scaling with g⁻ⁱ: with g = 1/ω₂ₙ that is the coefficient scaling that evaluation on the coset begins with.
        NttPlan interpolate = new(log2, NttDirection.Inverse, shift.Inverse());
        NttPlan evaluate = new(log2, NttDirection.Forward);
        using (NativeVector<Fr> scratch = new(Ntt.ScratchLength(engine, log2)))
        {
            foreach (Memory<Fr> values in new[] { input.A, input.B, input.C })
            {
                await Ntt.TransformAsync(engine, interpolate, values, scratch.Memory, threads, cancel);
                await Ntt.TransformAsync(engine, evaluate, values, scratch.Memory, threads, cancel);
            }
        }

        await ParallelWork.ForRangesAsync(input.A.Length, Grain, threads, (from, to) => Combine(input, from, to), cancel);
    }

    /// <summary>log₂ of the common length.</summary>
    /// <exception cref="ArgumentException">The lengths differ, are no power of two, or leave no room for the coset.</exception>
    public static int Validate(QuotientInput input)
    {
        int n = input.A.Length;
        if (input.B.Length != n || input.C.Length != n)
        {
            throw new ArgumentException($"A, B and C have {n}, {input.B.Length} and {input.C.Length} values; they must be as many", nameof(input));
        }

        if (!BitOperations.IsPow2(n))
        {
            throw new ArgumentException($"A, B and C have {n} values each; pad them with zeros to {BitOperations.RoundUpToPowerOf2((uint)n)}", nameof(input));
        }

        int log2 = BitOperations.Log2((uint)n);
        return log2 < Ntt.Log2SizeMax
            ? log2
            : throw new ArgumentException($"A, B and C have 2^{log2} values each; Fr has no root of order 2^{log2 + 1} for the coset", nameof(input));
    }

    private static void Combine(QuotientInput input, int from, int to)
    {
        Span<Fr> a = input.A.Span[from..to];
        ReadOnlySpan<Fr> b = input.B.Span[from..to];
        ReadOnlySpan<Fr> c = input.C.Span[from..to];
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = (a[i] * b[i]) - c[i];
        }
    }
}
