using System.Numerics;
using Accel.Proving.Frontend;

namespace Accel.Proving.Lookups;

/// <summary>Pieces of a canonical value, lowest first: inputs are the value and the width of each piece. Unique when pieces and rest are held to their widths.</summary>
internal readonly struct PiecesHint : IHint
{
    public static string Name => "lookup.pieces";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == outputCount + 1;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        BigInteger rest = inputs[0].ToBigInteger();
        for (int i = 0; i < outputs.Length; i++)
        {
            int width = inputs[i + 1].TryToIndex(256, out int bits) ? bits : 0;
            outputs[i] = Fr.FromBigInteger(rest & ((BigInteger.One << width) - 1));
            rest >>= width;
        }
    }
}

/// <summary>How often each key 0… occurs among the inputs. Unique while the looked-up keys are distinct from the challenge.</summary>
internal readonly struct MultiplicityHint : IHint
{
    public static string Name => "lookup.multiplicities";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        int[] counts = new int[outputs.Length];
        foreach (ref readonly Fr input in inputs)
        {
            if (input.TryToIndex(counts.Length, out int key))
            {
                counts[key]++;
            }
        }

        for (int i = 0; i < counts.Length; i++)
        {
            outputs[i] = counts[i];
        }
    }
}

/// <summary>Running sums Σ nᵢ/dᵢ for inputs n₁, d₁, n₂, d₂, …; a fraction whose denominator is zero counts as zero, and its constraint fails.</summary>
internal readonly struct FractionSumsHint : IHint
{
    public static string Name => "lookup.fraction-sums";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == 2 * outputCount;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        // Montgomery's trick: one inversion for all denominators. The prefix products wait in the outputs.
        Fr product = Fr.One;
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = product;
            Fr denominator = inputs[(2 * i) + 1];
            product = denominator.IsZero ? product : product * denominator;
        }

        Fr inverse = product.Inverse();
        for (int i = outputs.Length - 1; i >= 0; i--)
        {
            Fr denominator = inputs[(2 * i) + 1];
            if (denominator.IsZero)
            {
                outputs[i] = Fr.Zero;
                continue;
            }

            outputs[i] = inputs[2 * i] * inverse * outputs[i];
            inverse *= denominator;
        }

        for (int i = 1; i < outputs.Length; i++)
        {
            outputs[i] += outputs[i - 1];
        }
    }
}
