using System.Numerics;
using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>
/// k·Q for a point Q of order l, most significant bit first: signed digits ±1 at six constraints a bit. The accumulator is m·Q for a
/// prefix m of the digits; with m odd, m ≥ 3 and 2m + 1 &lt; l, none of m ± 1, 2m ± 1 is a multiple of l, so the cheap addition meets no
/// exception and every quotient is unique. The last bits, where 2m may pass l, use the complete addition.
/// </summary>
internal static class VariableBaseMultiplication
{
    /// <summary>Prefixes of up to this many bits are below 2²⁴⁹, so that 2m + 1 &lt; 2²⁵⁰ &lt; l.</summary>
    private const int SafePrefixBits = 249;

    private const int ScalarBits = 255;

    /// <summary>
    /// The least multiple of l from 2²⁵⁴ up. Added to the scalar it leaves the product as it is and makes bit 254 a one, so that prefixes
    /// never stay at m = 1, whatever the leading zeros of the scalar: 2²⁵⁴ ≤ k &lt; 11·l + r &lt; 2²⁵⁵.
    /// </summary>
    private static readonly BigInteger Bias = 11 * BabyJubjubPoint.Suborder;

    public static CurvePoint Multiply(CircuitBuilder builder, in SubgroupPoint point, in Linear scalar)
    {
        BigInteger least = Bias - (BigInteger.One << (ScalarBits - 1));
        Linear shifted = scalar + Linear.Constant(Fr.FromBigInteger(least));
        Bit[] bits = builder.ToBitsWithin(shifted, ScalarBits - 1, least, least + Fr.Modulus - 1);
        return MultiplyFromTopBit(builder, point, [.. bits, Bit.True]);
    }

    /// <summary>The product for a scalar whose top two bits are 1 0 or 1 1; at least two bits.</summary>
    internal static CurvePoint MultiplyFromTopBit(CircuitBuilder builder, in SubgroupPoint point, ReadOnlySpan<Bit> bits)
    {
        // An odd k = Σ ±2ⁱ has digit signs equal to its bits shifted down by one, below a leading +1; bit 0 is made 1 and paid back last.
        CurvePoint accumulator = builder.Add(builder.Double(point.Point), point);
        MontgomeryPoint q = MontgomeryPoint.FromEdwards(builder, point);
        MontgomeryPoint fast = MontgomeryPoint.FromEdwards(builder, accumulator);
        int digit = bits.Length - 3;
        int lastFast = Math.Max(0, bits.Length - 1 - SafePrefixBits);
        for (; digit >= lastFast; digit--)
        {
            Linear v = builder.Multiply(Sign(bits[digit + 1]), q.V);
            fast = MontgomeryPoint.DoubleAndAddDistinct(builder, fast, q with { V = v });
        }

        accumulator = fast.ToEdwards(builder);
        for (; digit >= 0; digit--)
        {
            Linear x = builder.Multiply(Sign(bits[digit + 1]), point.Point.X);
            accumulator = builder.Add(builder.Double(accumulator), new CurvePoint(x, point.Point.Y));
        }

        return builder.Add(accumulator, builder.Select(bits[0], CurvePoint.Constant(BabyJubjubPoint.Identity), -point.Point));
    }

    private static Linear Sign(in Bit bit) => (bit.Value * 2) - Linear.One;
}
