using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>v = max(⌊σ·τ⌋, least) of one volatility shift, split into whole cells and a signed rest, with its reciprocal.</summary>
/// <param name="Value">v, in units of 2⁻²⁸ y-units, within [2¹¹, 2³³).</param>
/// <param name="WholeCells">v in cells, nearest; at most 2¹⁶.</param>
/// <param name="Reciprocal">⌊16/(9·v)⌋ with 15 binary places.</param>
/// <param name="FineReciprocal">The same with 24 places, for the mark only.</param>
public sealed record VarianceRootVariables(Integer Value, Integer WholeCells, Integer Reciprocal, Integer? FineReciprocal)
{
    private const int Shift = ExpiryRisk.VarianceRootShift;

    /// <summary>The least v is 2¹¹.</summary>
    private const int LeastBits = 11;

    private const int MiddleBits = FixedPointPricer.CellShift - LeastBits;

    /// <summary>Defines v for a shift whose least value is the constant 2¹¹.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="volatility">σ, within [0, 2²³).</param>
    /// <param name="tau">τ of the shift, below 2³⁴.</param>
    /// <param name="isMark">Whether the fine reciprocal is needed.</param>
    public static VarianceRootVariables Define(CircuitBuilder builder, in Integer volatility, in Integer tau, bool isMark)
    {
        using ScopeHandle scope = builder.Scope("v");
        (Integer floor, Slice[] rounded) = Product(builder, volatility, tau);

        // v < 2¹¹ exactly when v + 2¹⁶ has bit 16 set and no other from bit 11 on; then its whole cells are 0.
        Integer high = rounded[1].Value + rounded[2].Value * (1L << MiddleBits);
        Integer isLeast = builder.IsZero((high - (1L << (MiddleBits - 1))).Value);
        Integer raised = floor + builder.Multiply(isLeast, ExpiryRisk.VarianceRootMin - rounded[0].Value);
        return Finish(builder, raised, rounded[2].Value, isMark);
    }

    /// <summary>Defines v for a shift whose least value is a variable.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="volatility">σ, within [0, 2²³).</param>
    /// <param name="tau">τ of the shift, below 2³⁴.</param>
    /// <param name="least">The least v, within [2¹¹, 2³³).</param>
    public static VarianceRootVariables DefineAtLeast(CircuitBuilder builder, in Integer volatility, in Integer tau, in Integer least)
    {
        using ScopeHandle scope = builder.Scope("v");
        (Integer floor, _) = Product(builder, volatility, tau);
        Integer value = builder.Max(floor, least);
        Slice[] slices = builder.Split(
            value + (1L << (FixedPointPricer.CellShift - 1)), FixedPointPricer.CellShift, FixedPointPricer.VarianceRootLimitBits + 1 - FixedPointPricer.CellShift);
        return Finish(builder, value, slices[1].Value, isMark: false);
    }

    /// <summary>⌊σ·τ/2²⁴⌋, and it plus half a cell in slices of 11 and 6 bits and whole cells, from one decomposition of σ·τ + 2⁴⁰ &lt; 2⁵⁷ + 2⁴⁰.</summary>
    private static (Integer Floor, Slice[] Rounded) Product(CircuitBuilder builder, in Integer volatility, in Integer tau)
    {
        const long halfCell = 1L << (FixedPointPricer.CellShift - 1);
        Integer product = builder.Multiply(volatility, tau) + (new BigInteger(halfCell) << Shift);
        int bits = (int)product.Max.GetBitLength();
        Slice[] slices = builder.Split(product, Shift, LeastBits, MiddleBits, bits - Shift - FixedPointPricer.CellShift);
        Integer rounded = slices[1].Value + slices[2].Value * (1L << LeastBits) + slices[3].Value * (1L << FixedPointPricer.CellShift);
        return (rounded - halfCell, slices[1..]);
    }

    private static VarianceRootVariables Finish(CircuitBuilder builder, in Integer value, in Integer wholeCells, bool isMark)
    {
        Integer v = Integer.Assume(
            builder.ToWire(value), ExpiryRisk.VarianceRootMin, (BigInteger.One << FixedPointPricer.VarianceRootLimitBits) - 1,
            "raised to the least, and below it because σ is below 2²³ and τ below 2³⁴");
        int places = isMark ? FixedPointPricer.Precision.Mark.ReciprocalBits : FixedPointPricer.Precision.Scenario.ReciprocalBits;

        // ⌊⌊n/v⌋/2⁹⌋ = ⌊⌊n/2⁹⌋/v⌋, so the coarse reciprocal is the fine one's upper bits.
        (Integer fine, Integer coarse) = ReciprocalGadget.Compute(
            builder, FixedPointPricer.ReciprocalNumerator(places), v, places - FixedPointPricer.Precision.Scenario.ReciprocalBits);
        return new VarianceRootVariables(v, Wire(builder, wholeCells), Wire(builder, coarse), isMark ? Wire(builder, fine) : null);
    }

    private static Integer Wire(CircuitBuilder builder, in Integer value) =>
        Integer.Assume(builder.ToWire(value), value.Min, value.Max, "a copy of an integer with these bounds");
}
