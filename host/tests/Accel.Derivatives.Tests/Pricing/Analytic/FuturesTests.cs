using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class FuturesTests
{
    private static readonly LognormalMarket Market = new(Spot: 90_000, Rate: 0.05, Yield: 0.01, Volatility: 0.6);

    [Fact]
    public void A_dated_future_is_worth_the_forward_less_its_entry()
    {
        double forward = 90_000 * Math.Exp(0.04 * 0.5);
        Assert.Equal(forward - 88_000, new LinearFuture(88_000, 0.5).Price(Market), 1e-8);
        InverseFuture inverse = new(88_000, 0.5);
        Assert.Equal((1 / 88_000d) - (1 / forward), inverse.CoinValue(Market), 1e-18);
        Assert.Equal(inverse.CoinValue(Market) * 90_000, inverse.Price(Market), 1e-12);
        Assert.Equal(0, new LinearFuture(forward, 0.5).Price(Market), 1e-9);
    }

    [Fact]
    public void A_linear_futures_Greeks_are_the_forwards()
    {
        double forward = 90_000 * Math.Exp(0.04 * 0.5);
        Sensitivities greeks = new LinearFuture(88_000, 0.5).Greeks(Market);
        Assert.Equal(forward / 90_000, greeks.Delta, 1e-12);
        Assert.Equal((0.0, 0.0), (greeks.Gamma, greeks.Vega));
        Assert.Equal(0.5 * forward, greeks.Rho, 1e-8);
        Assert.Equal(-0.5 * forward, greeks.YieldRho, 1e-8);
        Assert.Equal(-0.04 * forward, greeks.Theta, 1e-8);
    }

    [Fact]
    public void Every_futures_Greeks_are_its_prices_differences()
    {
        LognormalInstrument[] instruments =
            [new LinearFuture(88_000, 0.5), new InverseFuture(88_000, 0.5), new LinearPerpetual(91_000, 1.001, 12),
                new InversePerpetual(91_000, 0.999, 1e-7)];
        foreach (LognormalInstrument instrument in instruments)
        {
            Sensitivities greeks = instrument.Greeks(Market);
            Assert.Equal(instrument.Price(Market), greeks.Price, 1e-9);
            Assert.Equal(Difference(m => instrument.Price(m), s => Market with { Spot = 90_000 + s }, 1), greeks.Delta,
                1e-8 * (1 + Math.Abs(greeks.Delta)));
            Assert.Equal(Difference(m => instrument.Price(m), s => Market with { Rate = 0.05 + s }, 1e-5), greeks.Rho,
                1e-6 * (1 + Math.Abs(greeks.Rho)));
        }
    }

    [Fact]
    public void Perpetuals_are_worth_price_less_entry_less_funding_owed()
    {
        Assert.Equal((1.001 * 90_000) - 91_000 - 12, new LinearPerpetual(91_000, 1.001, 12).Price(Market), 1e-9);
        InversePerpetual inverse = new(91_000, 0.999, 1e-7);
        Assert.Equal((1 / 91_000d) - (1 / (0.999 * 90_000)) - 1e-7, inverse.CoinValue(Market), 1e-18);
        Assert.Equal(1, new LinearPerpetual(91_000).Greeks(Market).Delta);
        Assert.Equal(0, new LinearPerpetual(91_000).Greeks(Market).Gamma);
    }

    [Theory]
    [InlineData(90_000, 0)]
    [InlineData(90_030, 0)]
    [InlineData(90_090, 0.0005)]
    [InlineData(89_910, -0.0005)]
    public void Funding_is_the_premium_beyond_its_band(double price, double expected) =>
        Assert.Equal(expected, PerpetualFunding.Rate(price, 90_000, 0.0005), 1e-12);

    [Fact]
    public void Funding_nets_to_zero_between_long_and_short_in_money_and_in_coins()
    {
        Assert.Equal(2 * 90_000 * 0.001 * 1.5, PerpetualFunding.PaidLinear(2, 90_000, 0.001, 1.5), 1e-9);
        Assert.Equal(0, PerpetualFunding.PaidLinear(2, 90_000, 0.001, 1.5) + PerpetualFunding.PaidLinear(-2, 90_000, 0.001, 1.5));
        Assert.Equal(180_000 / 90_000d * 0.001, PerpetualFunding.PaidInverse(180_000, 90_000, 0.001, 1), 1e-15);
        Assert.Equal(0, PerpetualFunding.PaidInverse(5, 90_000, 0.001, 1) + PerpetualFunding.PaidInverse(-5, 90_000, 0.001, 1));
    }

    [Fact]
    public void At_the_fair_ratio_funding_pays_the_cost_of_carry()
    {
        const double premiumSpeed = 1095, interest = 0.03;
        double ratio = PerpetualFunding.FairRatio(Market, premiumSpeed, interest);
        double funding = (premiumSpeed * (ratio - 1)) + interest;
        Assert.Equal(ratio * (0.05 - 0.01), funding, 1e-12);
        Assert.Equal(1, PerpetualFunding.FairRatio(Market, premiumSpeed, 0.04), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => PerpetualFunding.FairRatio(Market, 0.03, 0));
    }

    [Fact]
    public void Inputs_out_of_range_are_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Entry", () => new LinearFuture(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("Years", () => new InverseFuture(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("Ratio", () => new LinearPerpetual(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => PerpetualFunding.Rate(1, 0, 0));
    }

    private static double Difference(Func<LognormalMarket, double> price, Func<double, LognormalMarket> market, double step) =>
        (price(market(step)) - price(market(-step))) / (2 * step);
}
