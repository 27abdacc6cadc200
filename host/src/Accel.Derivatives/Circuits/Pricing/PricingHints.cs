using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>The hints of the pricing gadgets.</summary>
public static class PricingHints
{
    /// <summary>All of them and those of the gadgets they build on, for loading a stored circuit.</summary>
    public static HintSet All => new HintSet()
        .With(CoreHints.All)
        .With<OddMagnitudeHint>()
        .With<DifferenceBitsHint>()
        .With<NormaliseHint>()
        .With<SquareRootHint>()
        .With<QuotientHint>()
        .With<GapHint>();

    /// <summary>Writes the low bits of a non-negative integer.</summary>
    internal static void WriteBits(BigInteger value, Span<Fr> bits)
    {
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = (value >> i).IsEven ? Fr.Zero : Fr.One;
        }
    }
}

/// <summary>Of an odd signed integer: its sign, then the bits of (|value| − 1)/2. Unique: an odd number is not zero, so only one sign makes it positive.</summary>
internal readonly struct OddMagnitudeHint : IHint
{
    public static string Name => "pricing.odd-magnitude";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        BigInteger value = inputs[0].ToSignedBigInteger();
        outputs[0] = value.Sign < 0 ? Fr.One : Fr.Zero;
        PricingHints.WriteBits(BigInteger.Abs(value) >> 1, outputs[1..]);
    }
}

/// <summary>Bits of addend − a·b for inputs (addend, a, b). Unique while the bits hold fewer than 2²⁵³.</summary>
internal readonly struct DifferenceBitsHint : IHint
{
    public static string Name => "pricing.difference-bits";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) =>
        PricingHints.WriteBits((inputs[0] - (inputs[1] * inputs[2])).ToBigInteger(), outputs);
}

/// <summary>Of n in [1, 2ʷ): which bit leads, one-hot in w wires, then the w − 1 bits below it after shifting it to the top. Unique: the top bit fixes the shift.</summary>
internal readonly struct NormaliseHint : IHint
{
    public static string Name => "pricing.normalise";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        int width = (outputs.Length + 1) / 2;
        BigInteger value = inputs[0].ToBigInteger();
        int leading = (int)value.GetBitLength() - 1;
        if (leading < 0 || leading >= width)
        {
            return;
        }

        outputs[leading] = Fr.One;
        PricingHints.WriteBits(value << (width - 1 - leading), outputs[width..]);
    }
}

/// <summary>The floor of a square root. Unique with r² ≤ n ≤ r² + 2r.</summary>
internal readonly struct SquareRootHint : IHint
{
    public static string Name => "pricing.square-root";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) =>
        outputs[0] = Fr.FromBigInteger(Derivatives.Pricing.HighPrecision.IntegerSqrt(inputs[0].ToBigInteger()));
}

/// <summary>Floor quotient of two positive integers. Unique with a remainder in [0, divisor).</summary>
internal readonly struct QuotientHint : IHint
{
    public static string Name => "pricing.quotient";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        BigInteger divisor = inputs[1].ToBigInteger();
        outputs[0] = divisor.IsZero ? Fr.Zero : Fr.FromBigInteger(inputs[0].ToBigInteger() / divisor);
    }
}

/// <summary>For inputs (x, a₁ ≤ … ≤ aₙ): the one-hot number of those below x, in n + 1 wires. Unique: aᵢ &lt; x ≤ aᵢ₊₁ for one i only.</summary>
internal readonly struct GapHint : IHint
{
    public static string Name => "pricing.gap";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        BigInteger x = inputs[0].ToBigInteger();
        int below = 0;
        while (below < outputs.Length - 1 && inputs[below + 1].ToBigInteger() < x)
        {
            below++;
        }

        outputs[below] = Fr.One;
    }
}
