using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Lookups;

namespace Accel.Proving.Gadgets;

/// <summary>The hints of the gadgets in this library.</summary>
public static class CoreHints
{
    /// <summary>All of them, for loading a stored circuit.</summary>
    public static HintSet All => new HintSet()
        .With<BitsHint>().With<BitsFromHint>().With<InverseOrZeroHint>().With<DivideHint>().With<FloorDivideHint>()
        .With<SignHint>().With<PiecesHint>().With<MultiplicityHint>().With<FractionSumsHint>();
}

/// <summary>Bits of a canonical value, least significant first. Unique when the number of bits is below 254.</summary>
internal readonly struct BitsHint : IHint
{
    public static string Name => "bits";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == 1;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        inputs[0].WriteCanonicalLimbs(limbs);
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = i < 256 && ((limbs[i >> 6] >> (i & 63)) & 1) != 0 ? Fr.One : Fr.Zero;
        }
    }
}

/// <summary>Bits, least significant first, of the least integer that is congruent to inputs[0] and not below inputs[1]. Unique when held to an interval of r integers from there.</summary>
internal readonly struct BitsFromHint : IHint
{
    public static string Name => "bits-from";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == 2;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        BigInteger integer = inputs[1].ToBigInteger() + (inputs[0] - inputs[1]).ToBigInteger();
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = ((integer >> i) & 1).IsZero ? Fr.Zero : Fr.One;
        }
    }
}

/// <summary>The quotient inputs[0] / inputs[1]; anything for 0 / 0, zero where no quotient exists.</summary>
internal readonly struct DivideHint : IHint
{
    public static string Name => "divide";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == 2 && outputCount == 1;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) => outputs[0] = inputs[0] * inputs[1].Inverse();

    public static bool IsFree(ReadOnlySpan<Fr> inputs) => inputs[0].IsZero && inputs[1].IsZero;
}

/// <summary>The inverse, or anything at zero: the is-zero test multiplies it by zero there.</summary>
internal readonly struct InverseOrZeroHint : IHint
{
    public static string Name => "inverse-or-zero";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == 1 && outputCount == 1;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) => outputs[0] = inputs[0].Inverse();

    public static bool IsFree(ReadOnlySpan<Fr> inputs) => inputs[0].IsZero;
}

/// <summary>Quotient and remainder of floor division of signed integers: a = q·d + m, 0 ≤ m &lt; d.</summary>
internal readonly struct FloorDivideHint : IHint
{
    public static string Name => "floor-divide";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == 2 && outputCount == 2;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        BigInteger divisor = inputs[1].ToSignedBigInteger();
        if (divisor.Sign <= 0)
        {
            return;
        }

        BigInteger quotient = BigInteger.DivRem(inputs[0].ToSignedBigInteger(), divisor, out BigInteger remainder);
        if (remainder.Sign < 0)
        {
            remainder += divisor;
            quotient -= 1;
        }

        outputs[0] = Fr.FromBigInteger(quotient);
        outputs[1] = Fr.FromBigInteger(remainder);
    }
}

/// <summary>1 for a negative integer. Unique when the value with 2ⁿ added for a negative one is held to n bits.</summary>
internal readonly struct SignHint : IHint
{
    public static string Name => "sign";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == 1 && outputCount == 1;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) =>
        outputs[0] = inputs[0].ToSignedBigInteger().Sign < 0 ? Fr.One : Fr.Zero;
}
