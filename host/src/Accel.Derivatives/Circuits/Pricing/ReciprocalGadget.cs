using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>The floor of a constant divided by a variable, with the quotient's upper bits.</summary>
public static class ReciprocalGadget
{
    /// <summary>
    /// ⌊numerator / divisor⌋ and what is left of it without its lowest bits: divisor·q = numerator − rest with 0 ≤ rest &lt; divisor; q and rest are range-checked, so both sides are
    /// integers far below r and q is unique. Bits of the quotient plus twice those of the divisor in constraints.
    /// </summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="numerator">A positive constant.</param>
    /// <param name="divisor">A positive integer.</param>
    /// <param name="lowBits">How many bits the second result drops.</param>
    public static (Integer Quotient, Integer Upper) Compute(CircuitBuilder builder, BigInteger numerator, in Integer divisor, int lowBits = 0)
    {
        if (numerator.Sign <= 0 || divisor.Min.Sign <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(divisor), $"{numerator} / [{divisor.Min}, {divisor.Max}] must be positive");
        }

        using ScopeHandle scope = builder.Scope("reciprocal");
        Linear hinted = builder.Hint<QuotientHint>([Integer.Constant(numerator).Value, divisor.Value], 1)[0];
        int bits = Math.Max(1, (int)(numerator / divisor.Min).GetBitLength());
        Slice[] slices = lowBits == 0 ? builder.Split(hinted, bits) : builder.Split(hinted, lowBits, bits - lowBits);
        Integer quotient = lowBits == 0 ? slices[0].Value : slices[0].Value + slices[1].Value * (BigInteger.One << lowBits);
        Integer rest = numerator - builder.Multiply(quotient, divisor);
        int restBits = (int)divisor.Max.GetBitLength();
        builder.ToUnsigned(rest, restBits);
        builder.ToUnsigned(divisor - 1 - rest, restBits);
        return (quotient, slices[^1].Value);
    }
}
