using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Lookups;

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
        .With<ThermometerHint>()
        .With<LeadingShiftHint>()
        .With<ClampHint>()
        .With<ExcessHint>()
        .With<LookupRowHint<PowersOfTwoTable>>()
        .With<LookupRowHint<LogarithmTable>>()
        .With<LookupHornerHint<SignedSegments.First>>()
        .With<LookupHornerHint<SignedSegments.Mark>>()
        .With<LookupWeightedHornerHint<SignedSegments.Second>>();

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

/// <summary>For inputs (x, a₁ ≤ … ≤ aₙ): whether aᵢ ≥ x, in n wires, zeros and then ones. Unique: aᵢ &lt; x ≤ aᵢ₊₁ for one i only.</summary>
internal readonly struct ThermometerHint : IHint
{
    public static string Name => "pricing.thermometer";

    public static bool Accepts(int inputCount, int outputCount) => inputCount == outputCount + 1;

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        BigInteger x = inputs[0].ToBigInteger();
        for (int i = outputs.Length - 1; i >= 0 && inputs[i + 1].ToBigInteger() >= x; i--)
        {
            outputs[i] = Fr.One;
        }
    }
}

/// <summary>How far the leading bit of n in [1, 2³⁶) lies below bit 35. Unique: no other shift brings it there.</summary>
internal readonly struct LeadingShiftHint : IHint
{
    public static string Name => "pricing.leading-shift";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        int bits = (int)inputs[0].ToBigInteger().GetBitLength();
        outputs[0] = bits is >= 1 and <= Derivatives.Pricing.NaturalLogarithm.ArgumentBits ? Derivatives.Pricing.NaturalLogarithm.ArgumentBits - bits : 0;
    }
}

/// <summary>For inputs (x, least, greatest): x held between them. Unique where only the ends admit a difference, outwards.</summary>
internal readonly struct ClampHint : IHint
{
    public static string Name => "pricing.clamp";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) => outputs[0] = Fr.FromBigInteger(Clamp(inputs));

    public static BigInteger Clamp(ReadOnlySpan<Fr> inputs) =>
        BigInteger.Max(inputs[1].ToSignedBigInteger(), BigInteger.Min(inputs[2].ToSignedBigInteger(), inputs[0].ToSignedBigInteger()));
}

/// <summary>For inputs (x, least, greatest): how far x lies beyond. Free strictly between them, where it is multiplied by zero.</summary>
internal readonly struct ExcessHint : IHint
{
    public static string Name => "pricing.excess";

    public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) =>
        outputs[0] = Fr.FromBigInteger(BigInteger.Abs(inputs[0].ToSignedBigInteger() - ClampHint.Clamp(inputs)));

    public static bool IsFree(ReadOnlySpan<Fr> inputs)
    {
        BigInteger x = inputs[0].ToSignedBigInteger();
        return x > inputs[1].ToSignedBigInteger() && x < inputs[2].ToSignedBigInteger();
    }
}
