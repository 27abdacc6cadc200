using Accel.Derivatives.Pricing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class BlackScholesTests
{
    [Fact]
    public void Greeks_are_the_derivatives_of_the_price()
    {
        BlackScholes option = new(false, 95, 100, 0.03, 0.05, 0.7, 0.4);
        const double step = 1e-4;
        double Slope(Func<double, BlackScholes> at) => (at(step).Price - at(-step).Price) / (2 * step);
        Assert.Equal(Slope(h => option with { Spot = option.Spot + h }), option.Delta, 1e-8);
        Assert.Equal((option with { Spot = option.Spot + step }).Delta - option.Delta, option.Gamma * step, 1e-9);
        Assert.Equal(Slope(h => option with { Volatility = option.Volatility + h }), option.Vega, 1e-5);
        Assert.Equal(-Slope(h => option with { Years = option.Years + h }), option.Theta, 1e-5);
        Assert.Equal(Slope(h => option with { Rate = option.Rate + h }), option.Rho, 1e-4);
        Assert.Equal(Slope(h => option with { Yield = option.Yield + h }), option.YieldRho, 1e-4);
        Assert.Equal(option.Delta * option.Spot / option.Price, option.Elasticity, 1e-12);
        Assert.Equal(BlackScholes.OnForward(true, 100, 90, 0.05, 1, 0.2), new BlackScholes(true, 100, 90, 0.05, 0.05, 1, 0.2));
    }

    internal static BlackScholes Option(OutsideTable.Row row) => new(
        row.Text("type") == "call", row.Number("s"), row.Number("strike"), row.Number("q"), row.Number("r"), row.Number("t"), row.Number("v"));
}
