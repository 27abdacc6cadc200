using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Lookups;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>
/// <see cref="OptionValueTemplate"/> where circuits look up: d is a signed cell, whose segment is the key of a table with the polynomial's coefficients, so
/// neither sign nor selectors cost anything. Same integers.
/// </summary>
internal sealed class OptionValueByLookups(CircuitBuilder builder, FixedPointPricer.Precision precision)
{
    private const int CdfCoefficients = 6;
    private const int SlopeCoefficients = 4;
    private const int SegmentBits = NormalDistribution.SegmentCellBits;
    private const long HalfSegment = 1L << (SegmentBits - 1);

    private static readonly BigInteger Half = BigInteger.One << (NormalDistribution.CdfScaleBits - 1);

    /// <summary>The time value of a shocked scenario.</summary>
    public Integer Scenario(in Integer d1, in Integer root, in Integer wholeCells, in Integer forward, in Integer strike, in Integer isCallInTheMoney)
    {
        (Integer[] pieces, Linear segment) = builder.CutLow(d1, precision.CellShift - 1, SegmentBits);
        (Integer clamped, Integer[] row) = LookUpFirst<SignedSegments.First>(segment, d1, CdfCoefficients);
        Integer cdfOfD1 = PricingTables.Horner(builder, row.AsSpan(0, CdfCoefficients), pieces[1] - HalfSegment);
        Integer cdfOfD2 = CdfOfD2(Cell(clamped, pieces[1]), root, wholeCells);
        return TimeValue(forward, strike, cdfOfD1, cdfOfD2, isCallInTheMoney);
    }

    /// <summary>The time value at the mark, Φ(d₁) − ½ refined by the slope, and the density.</summary>
    public (Integer TimeValue, Integer Refined, Integer Density) Mark(
        in Integer d1, in Integer root, in Integer wholeCells, in Integer forward, in Integer strike, in Integer isCallInTheMoney)
    {
        int low = precision.CellShift - 1;
        (Integer[] pieces, Linear segment) = builder.CutLow(d1, low - FixedPointPricer.ResidualBits, FixedPointPricer.ResidualBits, SegmentBits);
        (Integer clamped, Integer[] row) = LookUpFirst<SignedSegments.Mark>(segment, d1, SignedSegments.Mark.ColumnCount - 2);
        Integer offset = pieces[2] - HalfSegment;
        Integer cell = Cell(clamped, pieces[2]);
        Integer cdfOfD1 = PricingTables.Horner(builder, row.AsSpan(0, CdfCoefficients), offset);
        Integer timeValue = TimeValue(forward, strike, cdfOfD1, CdfOfD2(cell, root, wholeCells), isCallInTheMoney);

        // A negative d₁'s magnitude has the complemented bits: its residual from the middle r is −1 − r.
        Integer sign = row[^1];
        Integer fromMiddle = pieces[1] * 2 + 1 - (1L << FixedPointPricer.ResidualBits);
        Integer residual = Exact(builder.Multiply(sign, fromMiddle) - 1, 2);
        Integer slope = PricingTables.Horner(builder, row.AsSpan(CdfCoefficients, SlopeCoefficients), offset);
        Integer refined = cdfOfD1 + builder.Multiply(sign, builder.Multiply(slope, residual)) * (BigInteger.One << OptionValueTemplate.RefinementShift);
        Integer magnitude = builder.Multiply(sign, cell * 2 + 1);
        Integer density = PricingTables.Horner(builder, row.AsSpan((CdfCoefficients + SlopeCoefficients)..^2), offset);
        return (timeValue, refined, OptionValueTemplate.Density(builder, density, magnitude, residual));
    }

    /// <summary>
    /// A row of d₁'s segment, held to the table's. The row says whether d₁ may lie beyond it, and to which side; only then does the excess count, which is
    /// not negative: so a segment inside is itself and one beyond is the last.
    /// </summary>
    private (Integer Segment, Integer[] Row) LookUpFirst<TTable>(in Linear segment, in Integer d1, int excessColumn)
        where TTable : ILookupTable
    {
        Linear[] clamping = [segment, -SignedSegments.Limit, SignedSegments.Limit - 1];
        Linear clamped = builder.Hint<ClampHint>(clamping, 1)[0];
        Integer[] row = PricingTables.LookUp<TTable>(builder, clamped + SignedSegments.Limit);
        BigInteger max = BigInteger.Max(BigInteger.Abs(d1.Min), BigInteger.Abs(d1.Max)) >> (precision.CellShift - 1 + SegmentBits);
        Integer excess = builder.ToUnsigned(builder.Hint<ExcessHint>(clamping, 1)[0], (int)max.GetBitLength());
        builder.AssertProduct(row[excessColumn], excess, segment - clamped, "beyond the last segment");
        return (Integer.Assume(clamped, -SignedSegments.Limit, SignedSegments.Limit - 1, "the key of a look-up"), row);
    }

    private static Integer Cell(in Integer segment, in Integer withinSegment) => segment * (1L << SegmentBits) + withinSegment;

    /// <summary>Φ(d₂) − ½: d₂ is v's whole cells below d₁, and the rest of v goes through the slope.</summary>
    private Integer CdfOfD2(in Integer cellOfD1, in Integer root, in Integer wholeCells)
    {
        (Integer[] pieces, Linear segment) = builder.CutLow(cellOfD1 - wholeCells, SegmentBits);
        Integer[] row = PricingTables.LookUp<SignedSegments.Second>(builder, segment - SignedSegments.SecondLeast);
        Integer offset = pieces[0] - HalfSegment;
        Integer rest = root - wholeCells * (1L << FixedPointPricer.CellShift);
        return PricingTables.Horner(builder, row.AsSpan(0, CdfCoefficients), offset)
            - builder.Multiply(PricingTables.Horner(builder, row.AsSpan(CdfCoefficients), offset), rest);
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

    private static Integer Exact(in Integer multiple, int divisor) => Integer.Assume(
        multiple.Value * ((Fr)divisor).Inverse(), multiple.Min / divisor - 1, multiple.Max / divisor + 1, "the product of two odd integers is odd");
}
