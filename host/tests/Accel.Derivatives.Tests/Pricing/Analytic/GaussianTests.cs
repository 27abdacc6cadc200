using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class GaussianTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068542949)]
    [InlineData(-2, 0.022750131948179207)]
    [InlineData(2.9999, 0.998649658717045076)]
    [InlineData(-3.0001, 0.001349454913260718)]
    [InlineData(-6, 9.865876450376981e-10)]
    [InlineData(-40, 0)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NaN, double.NaN)]
    public void Cdf_agrees_with_published_values(double x, double expected) => Assert.Equal(expected, Gaussian.Cdf(x), 2e-15);

    [Fact]
    public void Density_peaks_at_the_published_value() => Assert.Equal(1 / Math.Sqrt(2 * Math.PI), Gaussian.Density(0), 1e-16);

    [Theory]
    [InlineData(0.3, 0.7)]
    [InlineData(-2, -2.5)]
    [InlineData(5, -3.5)]
    public void A_scaled_cdf_is_the_product(double a, double x)
    {
        Assert.Equal(Math.Exp(a) * Gaussian.Cdf(x), Gaussian.ScaledCdf(a, x), 1e-14);
        Assert.Equal(Math.Exp(a) * Gaussian.Density(x), Gaussian.ScaledDensity(a, x), 1e-14);
    }

    [Fact]
    public void A_scaled_cdf_is_finite_where_its_factors_are_not()
    {
        // Φ(−50) = φ(50)/50·(1 − 1/2500 + …)
        double expected = 1 / (50 * Math.Sqrt(2 * Math.PI)) * (1 - 1 / 2500d + 3 / 6.25e6);
        Assert.Equal(expected, Gaussian.ScaledCdf(1250, -50), 1e-11);
    }
}
