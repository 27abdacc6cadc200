using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Pricing.Analytic;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class SsviSurfaceTests
{
    private static readonly double[] Grid = [.. Enumerable.Range(-300, 601).Select(i => i / 100d)];

    [Fact]
    public void The_density_factor_finds_vogts_arbitrage()
    {
        // Gatheral and Jacquier 2014, example 3.1: a smile of Axel Vogt's whose density turns negative although its wings are not too steep.
        RawSvi vogt = new(-0.0410, 0.1331, 0.3060, 0.3586, 0.4153);
        Assert.True(Grid.Min(vogt.DensityFactor) < 0);
        Assert.True(Grid.All(k => vogt.TotalVariance(k) > 0));
    }

    [Fact]
    public void A_surface_gives_its_own_parameters_back()
    {
        SsviSurface surface = new(-0.4, 1.1, 0.35, [(0.1, 0.02), (0.5, 0.12), (1, 0.2)]);
        SsviSurface fitted = SsviFit.Fit(
            from node in surface.Nodes
            from k in new[] { -0.4, -0.2, -0.1, 0, 0.1, 0.2, 0.4 }
            select new VolatilityQuote(node.Years, k, surface.Volatility(k, node.Years)));
        Assert.Equal(surface.Rho, fitted.Rho, 1e-3);
        Assert.Equal(surface.Eta, fitted.Eta, 1e-2);
        Assert.Equal(surface.Gamma, fitted.Gamma, 1e-2);
        Assert.All(fitted.Nodes.Zip(surface.Nodes), pair => Assert.Equal(pair.Second.Theta, pair.First.Theta, 1e-5));
    }

    [Theory]
    [InlineData("BTC", 0.012)]
    [InlineData("ETH", 0.012)]
    public void A_snapshot_is_fitted_without_arbitrage(string underlying, double medianMax)
    {
        string path = OutsideData.Path("option_chains/deribit_options_snapshot_20260103T091426Z.csv.gz");
        MarketSnapshot snapshot = DeribitSnapshotReader.ReadFile(path, underlying);
        VolatilityQuote[] quotes = [.. snapshot.Quotes.Select(quote => Quote(snapshot, quote)).Where(IsInformative)];
        SsviSurface surface = SsviFit.Fit(quotes);
        double[] errors = [.. quotes.Select(quote => Math.Abs(surface.Volatility(quote.LogMoneyness, quote.Years) - quote.Volatility)).Order()];
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{underlying}: {quotes.Length} quotes, {surface.Nodes.Length} expiries: ρ {surface.Rho:F3}, η {surface.Eta:F3}, γ {surface.Gamma:F3}; "
            + $"volatility errors: median {errors[errors.Length / 2]:F4}, 95 % {errors[(int)(0.95 * errors.Length)]:F4}, largest {errors[^1]:F4}");
        Assert.InRange(errors[errors.Length / 2], 0, medianMax);
        AssertFreeOfArbitrage(surface);
    }

    [Theory]
    [InlineData(1, 1, 0.5)]
    [InlineData(-1, 1, 0.5)]
    [InlineData(0.5, 1.3334, 0.5)]
    [InlineData(0, 0, 0.5)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 1, 0.5001)]
    [InlineData(double.NaN, 1, 0.5)]
    public void Every_bound_against_butterflies_is_kept(double rho, double eta, double gamma) =>
        Assert.Contains(
            "butterfly", Assert.Throws<ArgumentException>(() => new SsviSurface(rho, eta, gamma, [(1, 0.1)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Parameters_that_allow_arbitrage_are_refused()
    {
        Assert.Contains(
            "butterfly", Assert.Throws<ArgumentException>(() => new SsviSurface(-0.5, 1.5, 0.5, [(1, 0.1)])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "calendar", Assert.Throws<ArgumentException>(() => new SsviSurface(0, 1, 0.5, [(1, 0.1), (2, 0.09)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SsviFit.Fit([]));
    }

    [Fact]
    public void The_steepest_surface_allowed_is_free_of_arbitrage() =>
        AssertFreeOfArbitrage(new SsviSurface(-0.7, 2 / 1.7, 0.5, [(0.01, 0.001), (0.1, 0.02), (1, 0.3), (3, 2)]));

    private static void AssertFreeOfArbitrage(SsviSurface surface)
    {
        double Before(int i) => i > 0 ? surface.Nodes[i - 1].Years : 0;
        double[] times = [.. surface.Nodes.SelectMany((node, i) => new[] { (Before(i) + node.Years) / 2, node.Years })];
        for (int i = 0; i < times.Length; i++)
        {
            RawSvi slice = surface.Slice(times[i]);
            Assert.All(Grid, k => Assert.True(slice.DensityFactor(k) >= 0, $"butterfly at k = {k}, {times[i]} years"));
            if (i > 0)
            {
                RawSvi before = surface.Slice(times[i - 1]);
                Assert.All(Grid, k => Assert.True(
                    slice.TotalVariance(k) >= before.TotalVariance(k) - 1e-15, $"calendar at k = {k}, {times[i - 1]} to {times[i]} years"));
            }
        }
    }

    private static VolatilityQuote Quote(MarketSnapshot snapshot, MarketQuote quote)
    {
        double forward = (double)snapshot.Expiry(quote.Instrument.Expiry).Forward.ToUsd(), strike = (double)quote.Instrument.Strike.ToUsd();
        double years = (double)(quote.Instrument.Expiry - snapshot.Time) / ExpiryRisk.SecondsPerYear;
        return new VolatilityQuote(years, Math.Log(strike / forward), quote.MarkVolatilityMillionths / 1e6);
    }

    /// <summary>Within two and a half deviations of the money: beyond, marks follow the exchange's floor more than a market.</summary>
    private static bool IsInformative(VolatilityQuote quote) => Math.Abs(quote.LogMoneyness) <= 2.5 * quote.Volatility * Math.Sqrt(quote.Years);
}
