using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>
/// Picks table entries by four bits: the sixteen monomials of the bits are a basis of all functions of them, so every coefficient of every
/// table is a linear combination of the same eleven products.
/// </summary>
public sealed class SegmentSelector
{
    private const int BitCount = 4;

    private readonly CircuitBuilder _builder;
    private readonly Linear[] _monomials = new Linear[SegmentedPolynomial.SegmentCount];

    /// <summary>Multiplies out the monomials. Eleven constraints.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="segment">The segment's number as four bits, least significant first.</param>
    public SegmentSelector(CircuitBuilder builder, ReadOnlySpan<Bit> segment)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(segment.Length, BitCount);
        _builder = builder;
        _monomials[0] = Linear.One;
        for (int mask = 1; mask < _monomials.Length; mask++)
        {
            int low = BitOperations.TrailingZeroCount(mask);
            _monomials[mask] = builder.Multiply(_monomials[mask & (mask - 1)], segment[low]);
        }
    }

    /// <summary>Σₖ cₖ·Tᵏ with the same offset for every degree, by Horner's rule. As many constraints as the degree.</summary>
    public Integer Evaluate(SegmentedPolynomial table, in Integer offset)
    {
        Integer sum = Coefficient(table, table.Degree);
        for (int k = table.Degree - 1; k >= 0; k--)
        {
            sum = _builder.Multiply(sum, offset) + Coefficient(table, k);
        }

        return sum;
    }

    /// <summary>Σₖ cₖ·Tₖᵏ with an offset for each degree; entry 0 is unused. k constraints for each degree k.</summary>
    public Integer Evaluate(SegmentedPolynomial table, ReadOnlySpan<Integer> offsets)
    {
        Integer sum = Coefficient(table, 0);
        for (int k = 1; k <= table.Degree; k++)
        {
            Integer term = Coefficient(table, k);
            for (int i = 0; i < k; i++)
            {
                term = _builder.Multiply(term, offsets[k]);
            }

            sum += term;
        }

        return sum;
    }

    /// <summary>cₖ of the chosen segment; no constraint. A monomial's weight is the alternating sum over the subsets of its bits.</summary>
    private Integer Coefficient(SegmentedPolynomial table, int degree)
    {
        BigInteger[] weights = [.. Enumerable.Range(0, SegmentedPolynomial.SegmentCount).Select(i => (BigInteger)table.Coefficient(i, degree))];
        (BigInteger min, BigInteger max) = (weights.Min(), weights.Max());
        for (int bit = 1; bit < weights.Length; bit <<= 1)
        {
            for (int mask = 0; mask < weights.Length; mask++)
            {
                weights[mask] -= (mask & bit) != 0 ? weights[mask ^ bit] : 0;
            }
        }

        LinearAccumulator sum = new();
        for (int mask = 0; mask < weights.Length; mask++)
        {
            sum.Add(_monomials[mask], Fr.FromBigInteger(weights[mask]));
        }

        return Integer.Assume(sum.ToLinear(), min, max, "with four bits as selectors this is one of the sixteen table entries");
    }
}
