using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Lookups;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>
/// <see cref="OptionValueTemplate"/> where circuits look up: d is a signed cell, whose segment is the key of a table with the polynomial's coefficients, so
/// neither sign, selectors nor Horner's rule cost anything. Same integers.
/// </summary>
internal sealed class OptionValueByLookups(CircuitBuilder builder, FixedPointPricer.Precision precision)
{
    private const int SegmentBits = NormalDistribution.SegmentCellBits;
    private const long HalfSegment = 1L << (SegmentBits - 1);

    private static readonly BigInteger Half = BigInteger.One << (NormalDistribution.CdfScaleBits - 1);

    /// <summary>The time value of a shocked scenario.</summary>
    public Integer Scenario(in Integer d1, in Integer root, in Integer wholeCells, in Integer forward, in Integer strike, in Integer isCallInTheMoney)
    {
        (Integer[] pieces, Linear segment) = builder.CutLow(d1, precision.CellShift - 1, SegmentBits);
        (Integer clamped, Integer[] row) = LookUpFirst<SignedSegments.First>(segment, d1, pieces[1], excessIndex: 1);
        return TimeValue(forward, strike, row[0], CdfOfD2(Cell(clamped, pieces[1]), root, wholeCells), isCallInTheMoney);
    }

    /// <summary>The time value at the mark, Φ(d₁) − ½ refined by the slope, and the density.</summary>
    public (Integer TimeValue, Integer Refined, Integer Density) Mark(
        in Integer d1, in Integer root, in Integer wholeCells, in Integer forward, in Integer strike, in Integer isCallInTheMoney)
    {
        int low = precision.CellShift - 1;
        (Integer[] pieces, Linear segment) = builder.CutLow(d1, low - FixedPointPricer.ResidualBits, FixedPointPricer.ResidualBits, SegmentBits);
        (Integer clamped, Integer[] row) = LookUpFirst<SignedSegments.Mark>(segment, d1, pieces[2], excessIndex: 3);
        (Integer cdfOfD1, Integer slope, Integer density, Integer sign) = (row[0], row[1], row[2], row[4]);
        Integer cell = Cell(clamped, pieces[2]);
        Integer timeValue = TimeValue(forward, strike, cdfOfD1, CdfOfD2(cell, root, wholeCells), isCallInTheMoney);

        // A negative d₁'s magnitude has the complemented bits: its residual from the middle r is −1 − r, so with its sign r + ½ − sign/2 either way. The
        // sign of the magnitude's cell and that of its residual cancel in their product.
        Integer residual = HalfOfEven(pieces[1] * 2 + 1 - (1L << FixedPointPricer.ResidualBits) - sign);
        Integer refined = cdfOfD1 + builder.Multiply(slope, residual) * (BigInteger.One << OptionValueTemplate.RefinementShift);
        return (timeValue, refined, OptionValueTemplate.Density(builder, density, cell * 2 + 1, residual));
    }

    /// <summary>
    /// d₁'s segment and its row's values. The row says whether d₁ may lie beyond it, and to which side; only then does the excess count, which is
    /// not negative: so a segment inside is itself and one beyond is the last.
    /// </summary>
    private (Integer Segment, Integer[] Row) LookUpFirst<TTable>(in Linear segment, in Integer d1, in Integer withinSegment, int excessIndex)
        where TTable : IPolynomialTable
    {
        Linear[] clamping = [segment, -SignedSegments.Limit, SignedSegments.Limit - 1];
        Linear clamped = builder.Hint<ClampHint>(clamping, 1)[0];
        Integer[] row = PricingTables.LookUpValues<TTable>(builder, clamped + SignedSegments.Limit, withinSegment - HalfSegment);
        BigInteger max = BigInteger.Max(BigInteger.Abs(d1.Min), BigInteger.Abs(d1.Max)) >> (precision.CellShift - 1 + SegmentBits);
        Integer excess = builder.ToUnsigned(builder.Hint<ExcessHint>(clamping, 1)[0], (int)max.GetBitLength());
        builder.AssertProduct(row[excessIndex], excess, segment - clamped, "beyond the last segment");
        return (Integer.Assume(clamped, -SignedSegments.Limit, SignedSegments.Limit - 1, "the key of a look-up"), row);
    }

    private static Integer Cell(in Integer segment, in Integer withinSegment) => segment * (1L << SegmentBits) + withinSegment;

    /// <summary>Φ(d₂) − ½: d₂ is v's whole cells below d₁, and the rest of v goes through the slope.</summary>
    private Integer CdfOfD2(in Integer cellOfD1, in Integer root, in Integer wholeCells)
    {
        (Integer[] pieces, Linear segment) = builder.CutLow(cellOfD1 - wholeCells, SegmentBits);
        Integer rest = root - wholeCells * (1L << FixedPointPricer.CellShift);
        return PricingTables.LookUpDifference<SignedSegments.Second>(builder, segment - SignedSegments.SecondLeast, pieces[0] - HalfSegment, rest);
    }

    /// <summary>max(0, ⌊F′·(Φ₁ − η) − K·(Φ₂ − η)⌋) from slices of the exact value, biased by 2¹⁰⁸, whose top bit is its sign.</summary>
    private Integer TimeValue(in Integer forward, in Integer strike, in Integer cdfOfD1, in Integer cdfOfD2, in Integer isCallInTheMoney)
    {
        Integer shift = Half - isCallInTheMoney * (2 * Half);
        Integer raw = builder.Multiply(forward, cdfOfD1 + shift) - builder.Multiply(strike, cdfOfD2 + shift);
        const int fraction = NormalDistribution.CdfScaleBits;
        Slice[] slices = builder.Split(raw + (BigInteger.One << (fraction + ExpiryRisk.PriceBits)), fraction, ExpiryRisk.PriceBits, 1);
        return builder.Multiply(slices[2].Value, slices[1].Value);
    }

    private static Integer HalfOfEven(in Integer even) => Integer.Assume(
        even.Value * ((Fr)2).Inverse(), even.Min >> 1, even.Max >> 1, "the difference of two odd integers");
}
