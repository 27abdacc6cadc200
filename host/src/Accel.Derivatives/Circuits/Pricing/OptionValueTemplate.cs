using System.Numerics;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Pricing;

/// <summary>
/// The time value of an option in one scenario: stored once, instantiated for every scenario of every instrument. Outputs the time value in ticks;
/// at the mark's precision also Φ(d₁) − ½ refined by the slope (2⁻⁷²) and the density (2⁻³⁰).
/// </summary>
public sealed class OptionValueTemplate : ITemplate
{
    private const int PriceBits = ExpiryRisk.PriceBits;

    /// <summary>|2·d₂ + 1| in half cells: 2¹⁸ of d₁ and 2¹⁷ of v.</summary>
    private const int SecondCellBits = FixedPointPricer.WindowBits + 1;

    /// <summary>Bits of what is floored: the time value, below 2³⁶, 72 places, and the sign.</summary>
    private const int RawBits = PriceBits + NormalDistribution.CdfScaleBits + 1;

    /// <summary>A residual is in 2⁻²³ y-units and the slope in 2⁻⁴⁴ per y-unit.</summary>
    internal const int RefinementShift = NormalDistribution.CdfScaleBits - NormalDistribution.SlopeScaleBits - NormalDistribution.CellBits - FixedPointPricer.ResidualBits;

    private static readonly Fr InverseOfTwo = ((Fr)2).Inverse();

    private readonly bool _isMark;
    private readonly FixedPointPricer.Precision _precision;

    private OptionValueTemplate(bool isMark)
    {
        _isMark = isMark;
        _precision = isMark ? FixedPointPricer.Precision.Mark : FixedPointPricer.Precision.Scenario;
    }

    /// <summary>The template of a shocked scenario.</summary>
    public static OptionValueTemplate Scenario { get; } = new(isMark: false);

    /// <summary>The template of the mark.</summary>
    public static OptionValueTemplate Mark { get; } = new(isMark: true);

    /// <inheritdoc />
    public string Key => _isMark ? "OptionValue(mark)" : "OptionValue";

    /// <inheritdoc />
    public int InputCount => LogMoneynessParts + 6;

    /// <summary>At the mark ln(F/K), for a scenario ln(F/K) and ln of the shock, so that no instrument needs a wire for each shock.</summary>
    private int LogMoneynessParts => _isMark ? 1 : 2;

    /// <summary>The inputs of a call, in order.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="logMoneyness">What sums to ln(F′/K) at the template's precision, within ±32: one part at the mark, ln(F/K) and ln of the shock elsewhere.</param>
    /// <param name="root">v.</param>
    /// <param name="forward">F′.</param>
    /// <param name="strike">K.</param>
    /// <param name="isCallInTheMoney">Whether F′ ≥ K.</param>
    /// <returns>The time value in ticks, below 2³⁶; at the mark then Φ(d₁) − ½ (2⁻⁷²) and ¾·φ(d₁) (2⁻³⁰).</returns>
    public Linear[] Call(
        CircuitBuilder builder, ReadOnlySpan<Linear> logMoneyness, VarianceRootVariables root, in Integer forward, in Integer strike, in Integer isCallInTheMoney)
    {
        Integer reciprocal = _isMark
            ? root.FineReciprocal ?? throw new ArgumentException("the mark needs the fine reciprocal", nameof(root))
            : root.Reciprocal;
        return builder.Call(this, [.. logMoneyness, reciprocal, root.Value, root.WholeCells, forward, strike, isCallInTheMoney]);
    }

    /// <inheritdoc />
    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        const string checkedByCaller = "the caller holds it to this range";
        BigInteger logLimit = BigInteger.One << (_precision.LogBits + 5);
        BigInteger reciprocalLimit = FixedPointPricer.ReciprocalNumerator(_precision.ReciprocalBits) / ExpiryRisk.VarianceRootMin;
        BigInteger priceLimit = (BigInteger.One << PriceBits) - 1;
        Integer logMoneyness = Integer.Assume(Linear.Sum(inputs[..LogMoneynessParts]), -logLimit, logLimit, checkedByCaller);
        inputs = inputs[LogMoneynessParts..];
        Integer reciprocal = Integer.Assume(inputs[0], 0, reciprocalLimit, checkedByCaller);
        Integer root = Integer.Assume(inputs[1], ExpiryRisk.VarianceRootMin, BigInteger.One << FixedPointPricer.VarianceRootLimitBits, checkedByCaller);
        Integer wholeCells = Integer.Assume(inputs[2], 0, BigInteger.One << (FixedPointPricer.WindowBits - 1), checkedByCaller);
        Integer forward = Integer.Assume(inputs[3], 0, priceLimit, checkedByCaller);
        Integer strike = Integer.Assume(inputs[4], 0, priceLimit, checkedByCaller);
        Integer isCallInTheMoney = Integer.Assume(inputs[5], 0, 1, checkedByCaller);

        Integer exact = builder.Multiply(logMoneyness, reciprocal) + root * (BigInteger.One << (_precision.ArgumentBits - FixedPointPricer.VarianceRootBits - 1));
        if (builder.UsesLookups)
        {
            return DefineByLookups(builder, exact, root, wholeCells, forward, strike, isCallInTheMoney);
        }

        QuantisedD1 d1 = QuantisedD1.Define(builder, exact, _precision);
        NormalCdfGadget first = new(builder, d1.Cell, d1.IsBeyond);
        Integer cdfOfD1 = first.SignedCdfLessHalf(d1.Sign);
        Integer cdfOfD2 = CdfOfD2(builder, d1.SignedHalfCells, root, wholeCells);
        Integer timeValue = TimeValue(builder, forward, strike, cdfOfD1, cdfOfD2, isCallInTheMoney);
        if (!_isMark)
        {
            return [timeValue];
        }

        Integer refined = cdfOfD1 + builder.Multiply(d1.Sign, first.SlopeTimes(d1.Residual)) * (BigInteger.One << RefinementShift);
        return [timeValue, refined, Density(builder, first.Density(), d1.CellOdd, d1.Residual)];
    }

    private Linear[] DefineByLookups(
        CircuitBuilder builder, in Integer d1, in Integer root, in Integer wholeCells, in Integer forward, in Integer strike, in Integer isCallInTheMoney)
    {
        OptionValueByLookups value = new(builder, _precision);
        if (!_isMark)
        {
            return [value.Scenario(d1, root, wholeCells, forward, strike, isCallInTheMoney)];
        }

        (Integer timeValue, Integer refined, Integer density) = value.Mark(d1, root, wholeCells, forward, strike, isCallInTheMoney);
        return [timeValue, refined, density];
    }

    /// <summary>Φ(d₂) − ½: in half cells d₁ is odd and v's whole cells even; the rest of v goes through the slope.</summary>
    private static Integer CdfOfD2(CircuitBuilder builder, in Integer d1HalfCells, in Integer root, in Integer wholeCells)
    {
        // d₁ = 2·a + 1 in half cells, so d₂ = 2·(a − whole) + 1.
        SignedMagnitude d2 = SignedMagnitude.OfOdd(builder, Half(d1HalfCells) - wholeCells, SecondCellBits);
        NormalCdfGadget second = new(builder, d2.Half, Bit.False);
        Integer rest = root - wholeCells * (1L << FixedPointPricer.CellShift);
        return second.SignedCdfLessHalf(d2.Sign) - second.SlopeTimes(rest);
    }

    /// <summary>(x − 1)/2 of an odd integer: halving is exact, as a field element and as an integer.</summary>
    private static Integer Half(in Integer odd)
    {
        BigInteger min = odd.Min - 1, max = odd.Max;
        return Integer.Assume((odd - 1).Value * InverseOfTwo, min >> 1, max >> 1, "half of an even integer");
    }

    /// <summary>max(0, ⌊F′·(Φ₁ − η) − K·(Φ₂ − η)⌋): one decomposition of the exact value, biased by 2¹⁰⁸, whose top bit is its sign.</summary>
    private static Integer TimeValue(
        CircuitBuilder builder, in Integer forward, in Integer strike, in Integer cdfOfD1, in Integer cdfOfD2, in Integer isCallInTheMoney)
    {
        BigInteger half = BigInteger.One << (NormalDistribution.CdfScaleBits - 1);
        Integer shift = half - isCallInTheMoney * (2 * half);
        Integer forwardLeg = builder.Multiply(forward, cdfOfD1 + shift) + (BigInteger.One << (RawBits - 1));
        Integer strikeFactor = cdfOfD2 + shift;
        Linear[] hinted = builder.Hint<DifferenceBitsHint>([forwardLeg.Value, strike.Value, strikeFactor.Value], RawBits);
        Bit[] bits = Array.ConvertAll(hinted, bit => builder.AssertBit(bit));

        // Both sides are below 2¹²⁰ in magnitude, so equality in the field is equality of integers.
        builder.AssertProduct(strike, strikeFactor, forwardLeg - Bits.FromBits(bits), "time value");
        return builder.Multiply((Integer)bits[^1], Bits.FromBits(bits.AsSpan(NormalDistribution.CdfScaleBits, PriceBits)));
    }

    /// <summary>¾·φ(d₁) with 30 binary places: φ(x + δ) = φ(x)·(1 − xδ), with xδ = 9·(2n + 1)·residual·2⁻³⁹.</summary>
    internal static Integer Density(CircuitBuilder builder, in Integer atMiddle, in Integer cellOdd, in Integer residual)
    {
        const int factorBits = 39;
        Integer factor = (BigInteger.One << factorBits) - builder.Multiply(cellOdd, residual) * 9;
        return builder.MultiplyFixed(atMiddle, factor, NormalDistribution.DensityScaleBits + factorBits - FixedPointPricer.DensityBits);
    }
}
