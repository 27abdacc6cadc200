using Accel.Derivatives.Pricing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class BlackScholesTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068542949)]
    [InlineData(-2, 0.022750131948179207)]
    [InlineData(2.9999, 0.998649658717045076)]
    [InlineData(-3.0001, 0.001349454913260718)]
    [InlineData(-6, 9.865876450376981e-10)]
    [InlineData(-40, 0)]
    public void Cdf_agrees_with_published_values(double x, double expected) =>
        Assert.Equal(expected, BlackScholes.NormalCdf(x), 2e-15);

    [Fact]
    public void Prices_agree_with_the_european_table()
    {
        foreach (OutsideTable.Row row in OutsideTable.Read("pricing_kat/ql_europeanoption_testValues.csv").Rows)
        {
            Assert.Equal(row.Number("result"), Option(row).Price, row.Number("tol"));
        }
    }

    [Fact]
    public void Greeks_agree_with_the_european_table()
    {
        foreach (OutsideTable.Row row in OutsideTable.Read("pricing_kat/ql_europeanoption_testGreekValues.csv").Rows)
        {
            BlackScholes option = Option(row);
            double value = row.Text("note") switch
            {
                "delta" => option.Delta,
                "elasticity" => option.Elasticity,
                "gamma" => option.Gamma,
                "vega" => option.Vega,
                "theta per day" => option.Theta / 365,
                "dividendRho" => option.YieldRho,
                string other => throw new InvalidDataException($"greek '{other}'"),
            };
            Assert.Equal(row.Number("result"), value, 1e-4);
        }
    }

    [Fact]
    public void Prices_agree_with_derivagem()
    {
        foreach (OutsideTable.Row row in OutsideTable.Read("pricing_kat/parsec_blackscholes_derivagem.csv").Rows)
        {
            BlackScholes option = new(
                row.Text("type") == "C", row.Number("spot"), row.Number("strike"), row.Number("q"), row.Number("r"), row.Number("t"), row.Number("vol"));
            Assert.Equal(row.Number("derivagem_ref"), option.Price, 1.6e-5);
        }
    }

    [Fact]
    public void Digitals_agree_with_the_european_tables()
    {
        foreach (OutsideTable.Row row in OutsideTable.Read("pricing_kat/ql_digitaloption_testCashOrNothingEuropeanValues.csv").Rows)
        {
            Assert.Equal(row.Number("result"), Option(row).CashOrNothing(10), row.Number("tol"));
        }

        foreach (OutsideTable.Row row in OutsideTable.Read("pricing_kat/ql_digitaloption_testAssetOrNothingEuropeanValues.csv").Rows)
        {
            Assert.Equal(row.Number("result"), Option(row).AssetOrNothing, row.Number("tol"));
        }
    }

    [Theory]
    [InlineData("pricing_kat/ql_binaryoption_testCashOrNothingHaugValues.csv", false)]
    [InlineData("pricing_kat/ql_binaryoption_testAssetOrNothingHaugValues.csv", true)]
    public void Binary_barriers_agree_with_haug(string path, bool paysAsset)
    {
        foreach (OutsideTable.Row row in OutsideTable.Read(path).Rows)
        {
            string type = row.Text("barrierType");
            BarrierSide side = type.StartsWith("Down", StringComparison.Ordinal) ? BarrierSide.Down : BarrierSide.Up;
            BinaryBarrier option = new(Option(row), row.Number("barrier"), side);
            bool isIn = type.EndsWith("In", StringComparison.Ordinal);
            double cash = row.Number("cash");
            double value = (isIn, paysAsset) switch
            {
                (true, true) => option.AssetIn,
                (true, false) => option.CashIn(cash),
                (false, true) => option.AssetOut,
                (false, false) => option.CashOut(cash),
            };
            Assert.True(Math.Abs(value - row.Number("result")) <= row.Number("tol"), $"{value} for {row}");
        }
    }

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
        Assert.Equal(1 / Math.Sqrt(2 * Math.PI), BlackScholes.NormalDensity(0), 1e-16);
    }

    internal static BlackScholes Option(OutsideTable.Row row) => new(
        row.Text("type") == "call", row.Number("s"), row.Number("strike"), row.Number("q"), row.Number("r"), row.Number("t"), row.Number("v"));
}
