using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>Φ and its densities at a cell of <see cref="NormalDistribution"/>, given as bits.</summary>
public sealed class NormalCdfGadget
{
    private readonly CircuitBuilder _builder;
    private readonly SegmentSelector _selector;
    private readonly Integer _offset;

    /// <summary>1 where |d| &lt; 6.</summary>
    private readonly Integer _isInside;

    /// <summary>Selects the segment and decides saturation. 13 constraints.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="cell">The cell's bits, at least fifteen.</param>
    /// <param name="isBeyond">1 where the cell is beyond what its bits say, and so saturates.</param>
    public NormalCdfGadget(CircuitBuilder builder, ReadOnlySpan<Bit> cell, Bit isBeyond)
    {
        _builder = builder;
        _selector = new SegmentSelector(builder, cell[NormalDistribution.SegmentCellBits..NormalDistribution.SaturationCellBits]);
        _offset = Bits.FromBits(cell[..NormalDistribution.SegmentCellBits]) - (1L << (NormalDistribution.SegmentCellBits - 1));

        // A sum of bits is zero only if all are: there are far fewer of them than r.
        LinearAccumulator high = new();
        high.Add(isBeyond, Fr.One);
        foreach (ref readonly Bit bit in cell[NormalDistribution.SaturationCellBits..])
        {
            high.Add(bit, Fr.One);
        }

        _isInside = builder.IsZero(high.ToLinear());
    }

    /// <summary>sign·(Φ(|d|) − ½), times 2⁷², saturated to ±½. Seven constraints.</summary>
    /// <param name="sign">±1.</param>
    public Integer SignedCdfLessHalf(in Integer sign)
    {
        Integer inside = _builder.Multiply(sign, _isInside);
        Integer value = _builder.Multiply(inside, _selector.Evaluate(NormalDistribution.Cdf, _offset));
        return value + (sign - inside) * (BigInteger.One << (NormalDistribution.CdfScaleBits - 1));
    }

    /// <summary>Factor·¾·φ(d), times 2⁴⁴, zero where saturated. Five constraints.</summary>
    public Integer SlopeTimes(in Integer factor) =>
        _builder.Multiply(_builder.Multiply(_isInside, factor), _selector.Evaluate(NormalDistribution.Slope, _offset));

    /// <summary>¾·φ(d), times 2⁵⁶, zero where saturated. Five constraints.</summary>
    public Integer Density() => _builder.Multiply(_isInside, _selector.Evaluate(NormalDistribution.Density, _offset));
}
