using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

/// <summary>The exchange's own marks, in coin: forward, volatility, strike and time from its lines, price from ours.</summary>
public sealed class ExchangeMarkTests
{
    private const double MedianErrorMax = 1e-5;

    /// <summary>What the fixed-point price may differ from the closed form at the same inputs, beyond one tick, of F + K.</summary>
    private const double ArithmeticErrorMax = 2e-8;

    // Lines are polled one by one: on the two later days the futures moved meanwhile, so only the median is held there.
    [Theory]
    [InlineData("20260103T091426Z", 5e-5)]
    [InlineData("20260304T093315Z", double.PositiveInfinity)]
    [InlineData("20260612T075931Z", double.PositiveInfinity)]
    public void Marks_of_every_line_are_reproduced(string snapshotName, double errorMax)
    {
        string path = OutsideData.Path($"option_chains/deribit_options_snapshot_{snapshotName}.csv.gz");
        List<double> errors = [];
        double arithmetic = 0;
        foreach (string underlying in (string[])["BTC", "ETH"])
        {
            MarketSnapshot snapshot = DeribitSnapshotReader.ReadFile(path, underlying);
            foreach (MarketQuote quote in snapshot.Quotes)
            {
                OptionQuote option = Option(snapshot, quote);
                double ticks = FixedPointPricer.Price(option, ScenarioGrid.Published).MarkTicks;
                errors.Add(Math.Abs((ticks / option.ForwardTicks) - (double)quote.Mark));
                arithmetic = Math.Max(arithmetic, (Math.Abs(ticks - InDoubles(option)) - 1) / (option.ForwardTicks + option.StrikeTicks));
            }
        }

        errors.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{snapshotName}: {errors.Count} marks, median error {errors[errors.Count / 2]:E2}, worst {errors[^1]:E2} coin; fixed point against closed form {arithmetic:E2} of F + K");
        Assert.InRange(errors[errors.Count / 2], 0, MedianErrorMax);
        Assert.InRange(errors[^1], 0, errorMax);
        Assert.InRange(arithmetic, 0, ArithmeticErrorMax);
    }

    private static OptionQuote Option(MarketSnapshot snapshot, MarketQuote quote)
    {
        // A line's own future is what its mark was computed from; without one, parity of the expiry's marks gives the forward.
        PriceTicks forward = quote.FutureUsd is decimal future ? PriceTicks.FromUsd(future) : snapshot.Expiry(quote.Instrument.Expiry).Forward;
        return new OptionQuote(
            quote.Instrument.Kind == OptionKind.Call,
            (ulong)quote.Instrument.Strike.Value,
            (ulong)forward.Value,
            (uint)quote.MarkVolatilityMillionths,
            (ulong)(quote.Instrument.Expiry - snapshot.Time));
    }

    private static double InDoubles(OptionQuote option)
    {
        double years = (double)option.SecondsToExpiry / ExpiryRisk.SecondsPerYear;
        return BlackScholes.OnForward(option.IsCall, option.ForwardTicks, option.StrikeTicks, 0, years, option.VolatilityPpm / 1e6).Price;
    }
}
