using System.Security.Cryptography;
using System.Text;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class NormalDistributionTests
{
    private const double CellWidth = 0.75 / (1 << NormalDistribution.CellBits);
    private const long SaturatedCell = 1L << NormalDistribution.SaturationCellBits;

    [Fact]
    public void Cdf_is_within_its_bound_at_every_cell_and_never_leaves_the_unit_interval()
    {
        double worst = 0;
        for (long cell = 0; cell <= SaturatedCell; cell++)
        {
            Int128 value = NormalDistribution.CdfLessHalf(cell);
            Assert.InRange(value, 0, Int128.One << (NormalDistribution.CdfScaleBits - 1));
            double error = (double)value / Math.Pow(2, NormalDistribution.CdfScaleBits) + 0.5 - Gaussian.Cdf(Middle(cell));
            worst = Math.Max(worst, Math.Abs(error));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"Φ: worst error {worst:E2}");
        Assert.InRange(worst, 0, 6e-9);
    }

    [Fact]
    public void Cdf_with_its_slope_stays_in_the_unit_interval_at_both_ends_of_every_cell()
    {
        Int128 half = Int128.One << (NormalDistribution.CdfScaleBits - 1);
        const long halfCell = 1L << (FixedPointPricer.CellShift - 1);
        for (long cell = 0; cell <= SaturatedCell; cell++)
        {
            Int128 move = NormalDistribution.SlopeAt(cell) * halfCell;
            Assert.InRange(NormalDistribution.CdfLessHalf(cell) + move, -half, half);
            Assert.InRange(NormalDistribution.CdfLessHalf(cell) - move, -half, half);
        }
    }

    [Fact]
    public void Slope_and_density_are_within_their_bounds_at_every_cell()
    {
        double worstSlope = 0, worstDensity = 0;
        for (long cell = 0; cell < SaturatedCell; cell++)
        {
            Assert.True(NormalDistribution.DensityAt(cell) >= 0, $"density of cell {cell}");
            double density = Gaussian.Density(Middle(cell));
            double slope = (double)NormalDistribution.SlopeAt(cell) / Math.Pow(2, NormalDistribution.SlopeScaleBits);
            double scaled = (double)NormalDistribution.DensityAt(cell) / Math.Pow(2, NormalDistribution.DensityScaleBits);
            worstSlope = Math.Max(worstSlope, Math.Abs(slope - 0.75 * density));
            worstDensity = Math.Max(worstDensity, Math.Abs(scaled - 0.75 * density));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"slope: worst error {worstSlope:E2}; density: {worstDensity:E2}");
        Assert.InRange(worstSlope, 0, 1e-5);
        Assert.InRange(worstDensity, 0, 3e-7);
        Assert.True(NormalDistribution.IsSaturated(SaturatedCell) && !NormalDistribution.IsSaturated(SaturatedCell - 1));
        Assert.Equal(Int128.Zero, NormalDistribution.DensityAt(SaturatedCell));
    }

    /// <summary>The tables are part of the statement: a proving key made on one machine must serve another.</summary>
    [Fact]
    public void Tables_are_the_same_on_every_machine()
    {
        StringBuilder text = new();
        foreach (SegmentedPolynomial table in (SegmentedPolynomial[])
            [NormalDistribution.Cdf, NormalDistribution.Slope, NormalDistribution.Density, NaturalLogarithm.Table, Exponential.Table])
        {
            for (int segment = 0; segment < SegmentedPolynomial.SegmentCount; segment++)
            {
                for (int k = 0; k <= table.Degree; k++)
                {
                    text.Append(table.Coefficient(segment, k)).Append('/').Append(table.ScaleBits).Append(' ');
                }
            }
        }

        Assert.Equal("2AA7CBC6742481941E534754ABCF946B55C56C6678FED74C902833D3F1D0DBE2", Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString()))));
    }

    private static double Middle(long cell) => (cell + 0.5) * CellWidth;
}
