using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>The geometric mean of prices from their logarithms, as <see cref="GeometricMean"/> computes it.</summary>
public static class GeometricMeanGadget
{
    private const long ExponentialError = 1 << 10;

    /// <summary>The mean, below 2³⁷.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="sum">Sum of the logarithms with 30 binary places, not negative.</param>
    /// <param name="count">How many there are, at least one.</param>
    public static Integer Compute(CircuitBuilder builder, in Integer sum, in Integer count)
    {
        using ScopeHandle scope = builder.Scope("geometric mean");
        (Integer quotient, _) = builder.FloorDivide(sum * (BigInteger.One << GeometricMean.ExtraBits), count);

        // A mean is at most the greatest logarithm; the range lets the powers below be few.
        Integer mean = builder.Narrow(quotient, 0, ((BigInteger)GeometricMean.ExponentMax + 1) * GeometricMean.Ln2 - 1);
        (Integer exponent, Integer remainder) = builder.FloorDivide(mean, (BigInteger)GeometricMean.Ln2);
        Integer fraction = builder.FloorShift(remainder, GeometricMean.ExtraBits);
        Integer power = ExponentialGadget.Compute(builder, fraction);
        Integer bounded = Integer.Assume(power.Value, 0, (2L << Exponential.FractionBits) + ExponentialError, "a power of e between zero and ln 2");
        Integer shifted = builder.Multiply(bounded, PowerOfTwo(builder, exponent));
        return builder.FloorShift(shifted, Exponential.FractionBits);
    }

    /// <summary>2^exponent = Π (1 + bitᵢ·(2^(2ⁱ) − 1)).</summary>
    private static Integer PowerOfTwo(CircuitBuilder builder, in Integer exponent)
    {
        Bit[] bits = builder.ToBits(exponent, int.Log2(GeometricMean.ExponentMax) + 1);
        Integer power = 1;
        for (int i = 0; i < bits.Length; i++)
        {
            power = builder.Multiply(power, (Integer)bits[i] * ((BigInteger.One << (1 << i)) - 1) + 1);
        }

        return Integer.Assume(power.Value, 1, BigInteger.One << GeometricMean.ExponentMax, "the exponent is a quotient of at most 36");
    }
}
