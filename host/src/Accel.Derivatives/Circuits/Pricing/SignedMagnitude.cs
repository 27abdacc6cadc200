using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>An odd integer as sign and magnitude: value = Sign·(2·M + 1), Sign = ±1.</summary>
public readonly struct SignedMagnitude
{
    private SignedMagnitude(Integer sign, Bit[] half) => (Sign, Half) = (sign, half);

    /// <summary>+1 or −1.</summary>
    public Integer Sign { get; }

    /// <summary>The bits of M = (|value| − 1)/2, least significant first.</summary>
    public Bit[] Half { get; }

    /// <summary>
    /// Decomposes 2·half + 1. <paramref name="bits"/> + 2 constraints: Sign·(2·half + 1) = 1 + 2·M. The right side lies in [1, 2^(bits+1)) and the left is
    /// an integer within ±2²⁵⁰, so they are equal as integers; the odd left side is not zero, so one sign only makes it positive.
    /// </summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="half">The integer (value − 1)/2.</param>
    /// <param name="bits">Bits of M; the circuit is unsatisfiable where they are too few.</param>
    public static SignedMagnitude OfOdd(CircuitBuilder builder, in Integer half, int bits)
    {
        Integer odd = half * 2 + 1;
        Linear[] hinted = builder.Hint<OddMagnitudeHint>([odd.Value], bits + 1);
        Bit[] magnitude = Array.ConvertAll(hinted[1..], bit => builder.AssertBit(bit));
        Integer sign = Integer.Constant(1) - (Integer)builder.AssertBit(hinted[0]) * 2;
        builder.AssertProduct(sign, odd, (Bits.FromBits(magnitude) * 2 + 1).Value, "sign times magnitude");
        return new SignedMagnitude(sign, magnitude);
    }
}
