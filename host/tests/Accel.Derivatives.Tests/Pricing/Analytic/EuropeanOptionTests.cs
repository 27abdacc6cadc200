using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class EuropeanOptionTests
{
    /// <summary>SOURCE.md: the PARSEC references agree to 1.5e-5, which is said in two figures.</summary>
    private const double DerivaGemTolerance = 1.55e-5;

    /// <summary>SOURCE.md: Greeks 1e-4.</summary>
    private const double GreekTolerance = 1e-4;

    [Fact]
    public void Prices_agree_with_haug() =>
        TableCheck.Agree("ql_europeanoption_testValues.csv", row => row.European().Price(row.Market()), TableRows.Tolerance);

    [Fact]
    public void Greeks_agree_with_haug() => TableCheck.Agree("ql_europeanoption_testGreekValues.csv", Greek, _ => GreekTolerance);

    [Fact]
    public void Prices_agree_with_derivagem() => TableCheck.Agree(
        "parsec_blackscholes_derivagem.csv",
        row => row.Number("derivagem_ref"),
        row => new EuropeanOption(row.IsCall(), row.Number("strike"), row.Number("t")).Price(
            new LognormalMarket(row.Number("spot"), row.Number("r"), row.Number("q"), row.Number("vol"))),
        _ => DerivaGemTolerance);

    [Theory]
    [InlineData(true, 100, 0.05, 0.02, 0.2, 1)]
    [InlineData(false, 100, -0.01, 0.04, 0.9, 0.05)]
    [InlineData(true, 40, 0, 0, 0.3, 0.5)]
    [InlineData(false, 250, 0.1, 0.1, 0.6, 3)]
    public void The_textbook_greeks_are_the_differentiated_price(
        bool isCall, double strike, double rate, double yield, double volatility, double years)
    {
        EuropeanOption option = new(isCall, strike, years);
        LognormalMarket market = new(97, rate, yield, volatility);
        SensitivityAssert.Equal(option.Greeks(market), option.DifferentiatedGreeks(market), 1e-13 * market.Spot);
        Assert.Equal(option.Price(market), option.Greeks(market).Price, 1e-13 * market.Spot);
    }

    [Fact]
    public void Black_76_is_a_market_without_carry()
    {
        LognormalMarket forward = LognormalMarket.OnForward(100, 0.05, 0.3);
        LognormalMarket spot = new(100 * Math.Exp(-0.03 * 2), 0.05, 0.02, 0.3);
        EuropeanOption option = new(true, 110, 2);
        Assert.Equal(option.Price(spot), option.Price(forward), 1e-12);
    }

    [Fact]
    public void Inputs_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EuropeanOption(true, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EuropeanOption(true, 1, 1) with { Years = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LognormalMarket(double.NaN, 0, 0, 0.2));
        Assert.Throws<ArgumentException>(() => new LognormalMarket(1, 0, 0, 0));
    }

    private static double Greek(OutsideTable.Row row)
    {
        Sensitivities greeks = row.European().Greeks(row.Market());
        return row.Text("note") switch
        {
            "delta" => greeks.Delta,
            "elasticity" => greeks.Elasticity(row.Number("s")),
            "gamma" => greeks.Gamma,
            "vega" => greeks.Vega,
            "theta per day" => greeks.Theta / 365,
            "dividendRho" => greeks.YieldRho,
            string other => throw new InvalidDataException($"greek '{other}'"),
        };
    }
}
