using System.Numerics;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Xunit;

namespace Accel.Derivatives.Tests.Margin;

public sealed class PortfolioMarginTests
{
    // Per contract and scenario: the forward floored to a tick (≤ 10⁻⁴), the price within 2·10⁻⁷ of F + K, a volatility floored to 10⁻⁶ or a
    // multiplier to 2⁻²⁰ (vega ≤ 0.4·F·√T, so ≤ 10⁻⁶·F), discounts within 8·10⁻⁹. All of it is below 2·10⁻⁶·(F + K).
    private const double TolerancePerNotional = 2e-6;

    private static readonly TermFactors Undiscounted = new(1L << TermFactors.DiscountBits, 1L << TermFactors.DiscountBits, 1L << TermFactors.DiscountBits);

    [Fact]
    public void Published_option_portfolios_in_the_domain_have_the_published_worst_loss()
    {
        int compared = 0;
        foreach (PublishedPortfolio portfolio in PublishedPortfolio.All().Where(p => p.IsInDomain && p.IsOptionsOnly && p.Parameters.LossMarkup >= MarginParameters.Unit))
        {
            MarginResult result = Margin(portfolio);
            (double worst, double optionValue) = (portfolio.Result.Figure("worst_reg_loss"), portfolio.Result.Figure("OptionMTM"));
            double tolerance = TolerancePerNotional * portfolio.Options.Sum(o => Math.Abs(o.Quantity) * (o.Forward + o.Strike));
            Assert.True(Math.Abs(worst - ((double)result.Worst / 1e8)) <= tolerance, $"{portfolio.Name}: worst {result} instead of {worst} (value {optionValue})");
            Assert.Equal(optionValue, (double)result.Value / 1e8, tolerance);
            double maintenance = optionValue + (worst * portfolio.Parameters.MaintenanceFactor / 1e6);
            Assert.Equal(maintenance, (double)result.Maintenance / 1e8, 11 * tolerance);
            compared++;
        }

        Assert.True(compared >= 10, $"only {compared} portfolios are options alone and inside the domain");
    }

    [Fact]
    public void Losses_and_gains_are_discounted_by_the_sign_of_each_expiry_and_the_worst_scenario_is_a_minimum()
    {
        var factors = new TermFactors(1L << TermFactors.DiscountBits, (1L << TermFactors.DiscountBits) / 2, 1L << TermFactors.DiscountBits);
        BigInteger[] gaining = Flat(1000);
        BigInteger[] losing = Flat(-1000);
        gaining[3] = 500;
        losing[3] = -1600;
        MarginResult result = PortfolioMargin.Compute(MarginParameters.Published, new CashAmount(100), [new ExpirySums(factors, gaining), new ExpirySums(factors, losing)]);
        Assert.Equal(100, result.Value);
        Assert.Equal((-1350, 3), (result.Worst, result.WorstScenario));
        Assert.Equal((100 - 1080, 100 - 1350), (result.Maintenance, result.Initial));
    }

    [Fact]
    public void Results_are_floored_once_towards_minus_infinity()
    {
        BigInteger[] sums = Flat(0);
        sums[0] = -1;
        MarginResult result = PortfolioMargin.Compute(MarginParameters.Published, default, [new ExpirySums(Undiscounted, sums)]);
        Assert.Equal((0, -1, -1), (result.Value, result.Maintenance, result.Initial));
    }

    [Fact]
    public void Cash_alone_is_its_own_margin()
    {
        MarginResult result = PortfolioMargin.Compute(MarginParameters.Published, new CashAmount(-7), []);
        Assert.Equal(((BigInteger)(-7), (BigInteger)(-7), (BigInteger)(-7), BigInteger.Zero), (result.Value, result.Maintenance, result.Initial, result.Worst));
        Assert.Throws<ArgumentException>(() => PortfolioMargin.Compute(MarginParameters.Published, default, [new ExpirySums(Undiscounted, [])]));
    }

    private static BigInteger[] Flat(int value) => [.. Enumerable.Repeat((BigInteger)value, ScenarioGrid.ScenarioCount)];

    private static MarginResult Margin(PublishedPortfolio portfolio)
    {
        const long now = 1_700_000_000;
        Instrument Listed(PublishedOption o) => new("BTC", now + o.TermSeconds, PriceTicks.FromUsd((decimal)o.Strike), o.Kind);
        OracleSnapshot snapshot = OracleSnapshot.Create(
            "BTC",
            now,
            new PriceTicks(1),
            portfolio.Options.DistinctBy(o => o.TermSeconds).Select(o => new OracleExpiry(now + o.TermSeconds, PriceTicks.FromUsd((decimal)o.Forward), default, (long)Math.Round(o.Rate * 1e6))),
            portfolio.Options.DistinctBy(Listed).Select(o => new OracleInstrument(Listed(o), (long)Math.Round(o.Volatility * 1e6))));
        MarketRisk market = MarketRisk.Compute(snapshot, portfolio.Parameters);
        var sums = market.Terms.Select(t => new ExpirySums(t!, Flat(0))).ToList();
        foreach (PublishedOption option in portfolio.Options)
        {
            InstrumentRisk risk = market.Find(Listed(option).Id)!;
            var target = (BigInteger[])sums[risk.ExpirySlot].Sums;
            for (int s = 0; s < target.Length; s++)
            {
                target[s] += (BigInteger)Math.Round(option.Quantity * 1e4) * risk.ScenarioTicks[s];
            }
        }

        return PortfolioMargin.Compute(portfolio.Parameters, default, sums);
    }
}
