using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

/// <summary>The exchange's own marks, in coin: forward, volatility, strike and time from its lines, price from ours.</summary>
public sealed class ExchangeMarkTests
{
    private const double MedianErrorMax = 1e-5;

    [Theory]
    [InlineData("20260103T091426Z", "BTC", 5e-5)]
    [InlineData("20260103T091426Z", "ETH", 5e-5)]
    [InlineData("20260304T093315Z", "BTC", double.PositiveInfinity)]
    [InlineData("20260304T093315Z", "ETH", double.PositiveInfinity)]
    [InlineData("20260612T075931Z", "BTC", double.PositiveInfinity)]
    [InlineData("20260612T075931Z", "ETH", double.PositiveInfinity)]
    public void Marks_of_every_line_are_reproduced(string snapshotName, string underlying, double errorMax)
    {
        string path = OutsideData.Path($"option_chains/deribit_options_snapshot_{snapshotName}.csv.gz");
        MarketSnapshot snapshot = DeribitSnapshotReader.ReadFile(path, underlying);
        List<double> errors = [];
        int outside = 0;
        foreach (MarketQuote quote in snapshot.Quotes)
        {
            if (quote.MarkVolatilityMillionths >= 1L << FixedPointPricer.VolatilityBits)
            {
                outside++;
                continue;
            }

            errors.Add(Math.Abs(ModelInCoin(snapshot, quote) - (double)quote.Mark));
        }

        errors.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{snapshotName} {underlying}: {errors.Count} marks, median error {errors[errors.Count / 2]:E2}, 99th percentile {errors[errors.Count * 99 / 100]:E2}, worst {errors[^1]:E2} coin; {outside} volatilities outside the domain");
        Assert.InRange(errors[errors.Count / 2], 0, MedianErrorMax);
        Assert.InRange(errors[^1], 0, errorMax);
        Assert.InRange(outside, 0, errors.Count / 20);
    }

    private static double ModelInCoin(MarketSnapshot snapshot, MarketQuote quote)
    {
        // A line's own future is what its mark was computed from; without one, parity of the expiry's marks gives the forward.
        PriceTicks forward = quote.FutureUsd is decimal future ? PriceTicks.FromUsd(future) : snapshot.Expiry(quote.Instrument.Expiry).Forward;
        OptionQuote option = new(
            quote.Instrument.Kind == OptionKind.Call,
            (ulong)quote.Instrument.Strike.Value,
            (ulong)forward.Value,
            (uint)quote.MarkVolatilityMillionths,
            (ulong)Math.Max(0, quote.Instrument.Expiry - snapshot.Time));
        return (double)FixedPointPricer.Price(option, ScenarioGrid.Published).MarkTicks / forward.Value;
    }
}
