using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing;

/// <summary>The mark's Greeks from the quantised d₁ and where in its cell it lies.</summary>
internal static class Greeks
{
    /// <summary>Binary places that F·φ drops: it keeps six.</summary>
    public const int ForwardDensityShift = 24;

    /// <summary>10⁶/100: τ is for volatilities in 10⁻⁶, vega for one per cent; the ¾ of τ and of the density cancel.</summary>
    public const int VegaFactor = 10_000;

    /// <summary>What vega drops: 6 places of F·φ and 52 of τ.</summary>
    public const int VegaShift = 58;

    /// <summary>16/9·2⁷⁰/(2·365·10¹²), nearest.</summary>
    public const int ThetaFactor = 2_875_109;

    /// <summary>What theta drops.</summary>
    public const int ThetaShift = 78;

    /// <summary>10⁹/100: gamma is for one per cent.</summary>
    public const int GammaFactor = 10_000_000;

    /// <summary>What gamma drops: 30 places of φ and 24 of 1/v.</summary>
    public const int GammaShift = 54;

    /// <summary>10⁹: delta's unit.</summary>
    public const int DeltaUnit = 1_000_000_000;

    public static RiskRow Compute(
        bool isCall, uint volatilityPpm, ExpiryRisk expiry, FixedPointPricer.D1 d1, long root, ImmutableArray<long> values)
    {
        long density = Density(d1);
        long reciprocal = FixedPointPricer.Reciprocal(root, FixedPointPricer.Precision.Mark.ReciprocalBits);
        long forwardDensity = (long)((Int128)expiry.ForwardTicks * density >> ForwardDensityShift);
        return new RiskRow(
            values,
            Delta(isCall, d1),
            (long)((Int128)density * reciprocal * GammaFactor >> GammaShift),
            (long)((Int128)forwardDensity * expiry.Tau * VegaFactor >> VegaShift),
            -(long)((Int128)forwardDensity * volatilityPpm * expiry.ThetaFactor * ThetaFactor >> ThetaShift));
    }

    /// <summary>Φ(d₁) for a call, Φ(d₁) − 1 for a put, in 10⁻⁹: the cell's middle plus slope times residual.</summary>
    private static long Delta(bool isCall, FixedPointPricer.D1 d1)
    {
        // A residual is in 2⁻²³ y-units, the slope in 2⁻⁴⁴ per y-unit.
        const int align = NormalDistribution.CdfScaleBits - NormalDistribution.SlopeScaleBits - NormalDistribution.CellBits - FixedPointPricer.ResidualBits;
        Int128 magnitude = NormalDistribution.CdfLessHalf(d1.Cell) + (NormalDistribution.SlopeAt(d1.Cell) * d1.Residual << align);
        Int128 half = Int128.One << (NormalDistribution.CdfScaleBits - 1);
        return (long)(((d1.IsNegative ? -magnitude : magnitude) + (isCall ? half : -half)) * DeltaUnit >> NormalDistribution.CdfScaleBits);
    }

    /// <summary>¾·φ(d₁) with 30 binary places: φ(x + δ) = φ(x)·(1 − xδ), with xδ = 9·(2n + 1)·residual·2⁻³⁹.</summary>
    private static long Density(FixedPointPricer.D1 d1)
    {
        Int128 factor = (Int128.One << 39) - 9 * (2 * d1.Cell + 1) * d1.Residual;
        return (long)(NormalDistribution.DensityAt(d1.Cell) * factor >> (NormalDistribution.DensityScaleBits + 39 - FixedPointPricer.DensityBits));
    }
}
