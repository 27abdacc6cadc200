using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>
/// The normal distribution on the grid that the pricer quantises d to: cell n of width 3/4·2⁻¹¹ is represented by its middle,
/// |d| = (n + ½)·¾·2⁻¹¹. Sixteen segments of 1,024 cells cover |d| &lt; 6; beyond it Φ saturates to 0 or 1, which is 10⁻⁹ away.
/// </summary>
/// <remarks>
/// Φ within 6·10⁻⁹ at every cell (quintic: 4.4·10⁻⁹ where |φ⁗| is largest; saturation 1.0·10⁻⁹); and 0 ≤ Φ ≤ 1 holds exactly.
/// A sign-and-magnitude argument has no zero, for d = 0 lies on a cell's edge: the sign is unique and Φ(−x) = 1 − Φ(x) exactly.
/// </remarks>
public static class NormalDistribution
{
    /// <summary>Cells per y-unit are 2¹¹, where y = d/(3/4).</summary>
    public const int CellBits = 11;

    /// <summary>A segment has 2¹⁰ cells: half a y-unit.</summary>
    internal const int SegmentCellBits = 10;

    /// <summary>Φ saturates from cell 2¹⁴ on: eight y-units, |d| = 6.</summary>
    public const int SaturationCellBits = SegmentCellBits + 4;

    /// <summary>Binary places of Φ.</summary>
    public const int CdfScaleBits = 72;

    /// <summary>Binary places of the slope: of φ·¾ per y-unit.</summary>
    public const int SlopeScaleBits = 44;

    /// <summary>Binary places of the density that the Greeks use.</summary>
    public const int DensityScaleBits = 56;

    /// <summary>The numerator and binary places of ¾: d = ¾·y.</summary>
    private static readonly BigInteger ArgumentUnit = HighPrecision.Ratio(3, 4);

    private static readonly Lazy<SegmentedPolynomial> LazyCdf =
        new(() => Build(HighPrecision.NormalCdfLessHalf, degree: 5, CdfScaleBits));

    private static readonly Lazy<SegmentedPolynomial> LazySlope = new(() => Build(ScaledDensity, degree: 3, SlopeScaleBits));

    private static readonly Lazy<SegmentedPolynomial> LazyDensity = new(() => Build(ScaledDensity, degree: 4, DensityScaleBits));

    /// <summary>Φ − ½ by segment, in the cell offset T = (n mod 1,024) − 512.</summary>
    public static SegmentedPolynomial Cdf => LazyCdf.Value;

    /// <summary>dΦ/dy = ¾·φ by segment, in the same offset; within 10⁻⁵: it multiplies at most half a cell.</summary>
    public static SegmentedPolynomial Slope => LazySlope.Value;

    /// <summary>The same with one degree more, within 3·10⁻⁷, for the Greeks.</summary>
    public static SegmentedPolynomial Density => LazyDensity.Value;

    /// <summary>Φ(|d|) − ½ at the middle of a cell, times 2⁷²; exactly 2⁷¹ from cell 2¹⁴ on.</summary>
    public static Int128 CdfLessHalf(long cell) => IsSaturated(cell) ? Int128.One << (CdfScaleBits - 1) : At(Cdf, cell);

    /// <summary>¾·φ at the middle of a cell, times 2⁴⁴; zero from cell 2¹⁴ on.</summary>
    public static Int128 SlopeAt(long cell) => IsSaturated(cell) ? 0 : At(Slope, cell);

    /// <summary>¾·φ at the middle of a cell, times 2⁵⁶; zero from cell 2¹⁴ on.</summary>
    public static Int128 DensityAt(long cell) => IsSaturated(cell) ? 0 : At(Density, cell);

    /// <summary>Whether a cell lies at |d| ≥ 6.</summary>
    public static bool IsSaturated(long cell) => cell >> SaturationCellBits != 0;

    private static Int128 At(SegmentedPolynomial table, long cell) =>
        table.Evaluate((int)(cell >> SegmentCellBits), (cell & ((1 << SegmentCellBits) - 1)) - (1 << (SegmentCellBits - 1)));

    private static BigInteger ScaledDensity(BigInteger d) => HighPrecision.NormalDensity(d) * 3 / 4;

    private static SegmentedPolynomial Build(Func<BigInteger, BigInteger> function, int degree, int scaleBits)
    {
        BigInteger cell = ArgumentUnit >> CellBits;
        return new SegmentedPolynomial(
            function, 0, cell << SegmentCellBits, Enumerable.Repeat(cell, degree + 1).ToArray(), cell / 2, scaleBits);
    }
}
