using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>eˣ with 30 binary places in and out, as <see cref="Exponential"/> computes it.</summary>
public static class ExponentialGadget
{
    /// <summary>q + 32 lies in [0, 39).</summary>
    private const int ExponentBits = 6;

    /// <summary>2ᶠ·2⁷⁶ may exceed 2⁷⁷ by the table's error.</summary>
    private const int SumBits = Exponential.ScaleBits + 2;

    /// <summary>2ᶠ·2³²·2³⁸ &lt; 2⁷² even with that error.</summary>
    private const int ShiftedBits = 72;

    /// <summary>eˣ, times 2³⁰, below 2³⁸.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="x">Any integer; saturates to [−22, 4.8]·2³⁰.</param>
    public static Integer Compute(CircuitBuilder builder, in Integer x)
    {
        using ScopeHandle scope = builder.Scope("exp");
        Integer clamped = builder.Max(builder.Min(x, Exponential.ArgumentMax), Exponential.ArgumentMin);

        // (x·log₂e + 32·2³⁰·2³⁶) in [0, 2⁷²): its bits are 36 that the floor drops, 30 of f and 6 of q + 32.
        const int fractionEnd = Exponential.Log2EBits + Exponential.FractionBits;
        Integer biased = clamped * Exponential.Log2E + (new BigInteger(Exponential.ExponentBias) << fractionEnd);
        Bit[] bits = builder.ToBits(biased, fractionEnd + ExponentBits);
        Bit[] fraction = bits[Exponential.Log2EBits..fractionEnd];
        Integer mantissa = Mantissa(builder, fraction);
        Integer shifted = builder.Multiply(mantissa, PowerOfTwo(builder, bits.AsSpan(fractionEnd)));
        const int drop = Exponential.ExponentBias + Exponential.MantissaBits - Exponential.FractionBits;
        return Bits.FromBits(builder.ToBits(shifted, ShiftedBits).AsSpan(drop));
    }

    private static Integer Mantissa(CircuitBuilder builder, Bit[] fraction)
    {
        Bit[] low = fraction[..Exponential.OffsetBits];
        SegmentSelector selector = new(builder, fraction.AsSpan(Exponential.OffsetBits));
        Integer[] offsets = [.. Enumerable.Range(0, Exponential.Table.Degree + 1).Select(k => Offset(low, Exponential.OffsetShift(k)))];
        Bit[] sum = builder.ToBits(selector.Evaluate(Exponential.Table, offsets), SumBits);
        return Bits.FromBits(sum.AsSpan(Exponential.ScaleBits - Exponential.MantissaBits));
    }

    /// <summary>2^index = Π (1 + bitᵢ·(2^(2ⁱ) − 1)).</summary>
    private static Integer PowerOfTwo(CircuitBuilder builder, ReadOnlySpan<Bit> index)
    {
        Integer power = 1;
        for (int i = 0; i < index.Length; i++)
        {
            power = builder.Multiply(power, (Integer)index[i] * ((BigInteger.One << (1 << i)) - 1) + 1);
        }

        return power;
    }

    private static Integer Offset(Bit[] low, int shift) => Bits.FromBits(low.AsSpan(shift)) - (1L << (low.Length - 1 - shift));
}
