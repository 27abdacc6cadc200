using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>
/// A function on [start, start + 16·width) as sixteen integer polynomials: on segment i, f ≈ 2⁻ˢ·Σₖ cᵢₖ·Tₖᵏ, where t is the offset from the
/// segment's middle and Tₖ is t in units of 2⁻ᵘₖ. The sum is an exact integer, so a circuit evaluates it without a rounding on the way.
/// </summary>
/// <remarks>
/// Coefficients come from the Chebyshev series, the highest first; after each is rounded the next lower ones are fitted to what
/// is left, so that a rounding costs only what the lower degrees cannot absorb: 2⁻ˢ·(half the segment, in Tₖ units)ᵏ·2⁻ᵏ.
/// </remarks>
public sealed class SegmentedPolynomial
{
    /// <summary>Number of segments of every table: four selector bits, whose sixteen monomials cost eleven constraints.</summary>
    public const int SegmentCount = 16;

    private readonly Int128[,] _coefficients;

    /// <param name="function">The real function, argument and value with <see cref="HighPrecision.Bits"/> fraction bits.</param>
    /// <param name="start">Where the first segment starts.</param>
    /// <param name="segmentWidth">Width of a segment.</param>
    /// <param name="offsetUnits">The real unit of Tₖ, by degree k; entry 0 is unused.</param>
    /// <param name="middleShift">The real offset of T = 0 from the middle of the segment.</param>
    /// <param name="scaleBits">s: the value is the integer sum times 2⁻ˢ.</param>
    internal SegmentedPolynomial(
        Func<BigInteger, BigInteger> function, BigInteger start, BigInteger segmentWidth, BigInteger[] offsetUnits, BigInteger middleShift, int scaleBits)
    {
        ScaleBits = scaleBits;
        Degree = offsetUnits.Length - 1;
        _coefficients = new Int128[SegmentCount, Degree + 1];
        for (int segment = 0; segment < SegmentCount; segment++)
        {
            BigInteger origin = start + segmentWidth * segment + segmentWidth / 2 + middleShift;
            Fit(segment, t => function(origin + t), segmentWidth / 2, middleShift, offsetUnits);
        }
    }

    /// <summary>Degree of every segment's polynomial.</summary>
    public int Degree { get; }

    /// <summary>Binary places of the value.</summary>
    public int ScaleBits { get; }

    /// <summary>The integer coefficient of Tᵈᵉᵍʳᵉᵉ on a segment.</summary>
    public Int128 Coefficient(int segment, int degree) => _coefficients[segment, degree];

    /// <summary>Σₖ cₖ·Tₖᵏ, scaled by 2^<see cref="ScaleBits"/>.</summary>
    /// <param name="segment">0…15.</param>
    /// <param name="offsets">Tₖ by degree k; entry 0 is unused.</param>
    public Int128 Evaluate(int segment, ReadOnlySpan<long> offsets)
    {
        Int128 sum = _coefficients[segment, 0];
        for (int k = 1; k <= Degree; k++)
        {
            Int128 power = offsets[k];
            for (int i = 1; i < k; i++)
            {
                power *= offsets[k];
            }

            sum += _coefficients[segment, k] * power;
        }

        return sum;
    }

    /// <summary>The same where every degree has the same offset, by Horner's rule.</summary>
    public Int128 Evaluate(int segment, long offset)
    {
        Int128 sum = _coefficients[segment, Degree];
        for (int k = Degree - 1; k >= 0; k--)
        {
            sum = sum * offset + _coefficients[segment, k];
        }

        return sum;
    }

    private void Fit(int segment, Func<BigInteger, BigInteger> function, BigInteger half, BigInteger middleShift, BigInteger[] units)
    {
        BigInteger[] offsets = [.. Chebyshev.Nodes.Select(node => HighPrecision.Multiply(half, node) - middleShift)];
        BigInteger[] residual = [.. offsets.Select(function)];
        for (int k = Degree; k >= 0; k--)
        {
            BigInteger leading = Chebyshev.LeadingCoefficient(residual, k);
            for (int i = 0; i < k; i++)
            {
                leading = leading * units[k] / half;
            }

            BigInteger coefficient = RoundToScale(leading);
            _coefficients[segment, k] = (Int128)coefficient;
            for (int j = 0; j < residual.Length; j++)
            {
                residual[j] -= (Power(offsets[j], units[k], k) * coefficient) >> ScaleBits;
            }
        }
    }

    private BigInteger RoundToScale(BigInteger value)
    {
        int drop = HighPrecision.Bits - ScaleBits;
        return (value + (BigInteger.One << (drop - 1))) >> drop;
    }

    private static BigInteger Power(BigInteger offset, BigInteger unit, int exponent)
    {
        BigInteger ratio = (offset << HighPrecision.Bits) / unit;
        BigInteger power = HighPrecision.One;
        for (int i = 0; i < exponent; i++)
        {
            power = HighPrecision.Multiply(power, ratio);
        }

        return power;
    }
}
