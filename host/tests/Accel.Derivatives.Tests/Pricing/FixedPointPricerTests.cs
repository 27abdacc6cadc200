using Accel.Derivatives.Pricing;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class FixedPointPricerTests
{
    private const int Seed = 20261122;
    private const double TicksPerUnit = 1e6;

    [Fact]
    public void Prices_agree_with_the_european_table()
    {
        foreach (OutsideTable.Row row in OutsideTable.Read("pricing_kat/ql_europeanoption_testValues.csv").Rows)
        {
            Assert.Equal(row.Number("result"), Discounted(BlackScholesTests.Option(row)), row.Number("tol"));
        }
    }

    [Fact]
    public void Prices_agree_with_derivagem()
    {
        foreach (OutsideTable.Row row in OutsideTable.Read("pricing_kat/parsec_blackscholes_derivagem.csv").Rows)
        {
            BlackScholes option = new(
                row.Text("type") == "C", row.Number("spot"), row.Number("strike"), row.Number("q"), row.Number("r"), row.Number("t"), row.Number("vol"));
            Assert.Equal(row.Number("derivagem_ref"), Discounted(option), 2e-5);
        }
    }

    [Fact]
    public void Greeks_agree_with_the_european_table()
    {
        foreach (OutsideTable.Row row in OutsideTable.Read("pricing_kat/ql_europeanoption_testGreekValues.csv").Rows)
        {
            BlackScholes option = BlackScholesTests.Option(row);
            double carry = Math.Exp((option.Rate - option.Yield) * option.Years);
            double discount = Math.Exp(-option.Rate * option.Years);
            double forward = option.Spot * carry;
            RiskRow risk = FixedPointPricer.Price(Quote(option, forward), ScenarioGrid.Published);
            double price = risk.MarkTicks / TicksPerUnit * discount;
            double delta = risk.DeltaBillionths / 1e9 * carry * discount;
            double gamma = risk.GammaBillionths / 1e9 * 100 / forward * carry * carry * discount;

            // The forward's theta leaves out what the rate does to the forward and to the discount: ∂F/∂t = −(r − q)·F.
            double theta = risk.ThetaTicks * 365 / TicksPerUnit * discount + option.Rate * price - (option.Rate - option.Yield) * option.Spot * delta;
            double value = row.Text("note") switch
            {
                "delta" => delta,
                "elasticity" => delta * option.Spot / price,
                "gamma" => gamma,
                "vega" => risk.VegaTicks * 100 / TicksPerUnit * discount,
                "theta per day" => theta / 365,
                "dividendRho" => -option.Years * delta * option.Spot,
                string other => throw new InvalidDataException($"greek '{other}'"),
            };
            Assert.True(Math.Abs(row.Number("result") - value) <= 1e-4, $"{value} for {row}");
        }
    }

    [Theory]
    [InlineData(28UL, 50_000U, 1_000_000_000UL, 1_000_000_000UL)]
    [InlineData(28UL, 50_000U, 8_000_000_000UL, 1_000_000_000UL)]
    [InlineData(28UL, 5_000_000U, 1_000_000_000UL, 8_000_000_000UL)]
    [InlineData(1UL, 50_000U, 1_000_000_000UL, 1_000_010_000UL)]
    [InlineData(1UL, 5_000_000U, 1_000_000_000UL, 1_000_010_000UL)]
    [InlineData(126_144_000UL, 50_000U, 900_000_000UL, 1_000_000_000UL)]
    [InlineData(126_144_000UL, 5_000_000U, 900_000_000UL, 1_000_000_000UL)]
    [InlineData(126_144_000UL, 5_000_000U, 68_000_000_000UL, 4_000_000_000UL)]
    public void Corners_of_the_domain_agree_with_the_closed_form(ulong seconds, uint volatility, ulong strike, ulong forward)
    {
        foreach (bool isCall in (bool[])[true, false])
        {
            AssertClose(new OptionQuote(isCall, strike, forward, volatility, seconds), 3e-8);
        }
    }

    [Fact]
    public void Every_scenario_agrees_with_the_closed_form_on_random_quotes()
    {
        Random random = new(Seed);
        double worst = 0;
        for (int i = 0; i < TestScale.Count(3_000); i++)
        {
            worst = Math.Max(worst, AssertClose(RandomQuote(random), 3e-8));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"worst error {worst:E2} of F + K");
    }

    [Fact]
    public void Prices_are_at_least_intrinsic_at_most_forward_or_strike_and_in_exact_parity()
    {
        Random random = new(Seed);
        for (int i = 0; i < TestScale.Count(3_000); i++)
        {
            OptionQuote call = WildQuote(random) with { IsCall = true };
            ExpiryRisk expiry = new(call.ForwardTicks, call.SecondsToExpiry, ScenarioGrid.Published);
            RiskRow calls = FixedPointPricer.Price(call, ScenarioGrid.Published);
            RiskRow puts = FixedPointPricer.Price(call with { IsCall = false }, ScenarioGrid.Published);
            for (int s = 0; s < ScenarioGrid.ScenarioCount; s++)
            {
                long forward = expiry.ShockedForwards[ScenarioGrid.Scenarios[s].Shock];
                long strike = (long)call.StrikeTicks;
                Assert.Equal(forward - strike, calls.ScenarioTicks[s] - puts.ScenarioTicks[s]);
                Assert.InRange(calls.ScenarioTicks[s], Math.Max(0, forward - strike), forward);
                Assert.InRange(puts.ScenarioTicks[s], Math.Max(0, strike - forward), strike);
            }

            Assert.Equal(1_000_000_000, calls.DeltaBillionths - puts.DeltaBillionths);
            Assert.InRange(calls.DeltaBillionths, -20, 1_000_000_020);
            Assert.True(calls.GammaBillionths >= 0 && calls.VegaTicks >= 0 && calls.ThetaTicks <= 0, $"seed {Seed}: {call}");
        }
    }

    [Fact]
    public void Prices_rise_with_volatility_and_calls_fall_with_strike_up_to_the_stated_error()
    {
        Random random = new(Seed);
        for (int i = 0; i < 2_000; i++)
        {
            OptionQuote quote = RandomQuote(random) with { IsCall = true };
            long slack = (long)(5e-8 * (quote.ForwardTicks + quote.StrikeTicks)) + 1;
            long price = FixedPointPricer.Price(quote, ScenarioGrid.Published).MarkTicks;
            long moreVolatile = FixedPointPricer.Price(quote with { VolatilityPpm = quote.VolatilityPpm + 1_000 }, ScenarioGrid.Published).MarkTicks;
            long farther = FixedPointPricer.Price(quote with { StrikeTicks = quote.StrikeTicks + quote.StrikeTicks / 1_000 + 1 }, ScenarioGrid.Published).MarkTicks;
            Assert.True(moreVolatile >= price - slack && farther <= price + slack, $"seed {Seed}: {quote}: {price}, {moreVolatile}, {farther}");
        }
    }

    [Fact]
    public void Empty_slots_and_inputs_out_of_the_domain_have_stated_results()
    {
        RiskRow empty = FixedPointPricer.Price(default, ScenarioGrid.Published);
        Assert.All(empty.ScenarioTicks, value => Assert.Equal(0, value));
        OptionQuote quote = new(true, 1_000_000, 1_000_000, 500_000, ExpiryRisk.SecondsMax);
        Assert.Equal(FixedPointPricer.Price(quote, ScenarioGrid.Published).ScenarioTicks, FixedPointPricer.Price(quote with { SecondsToExpiry = 1UL << 39 }, ScenarioGrid.Published).ScenarioTicks);
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPointPricer.Price(quote with { ForwardTicks = 1UL << ExpiryRisk.PriceBits }, ScenarioGrid.Published));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPointPricer.Price(quote with { StrikeTicks = 1UL << ExpiryRisk.PriceBits }, ScenarioGrid.Published));
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPointPricer.Price(quote with { VolatilityPpm = 1U << FixedPointPricer.VolatilityBits }, ScenarioGrid.Published));
    }

    [Fact]
    public void Grid_refuses_shocks_that_are_not_nine_ascending_and_centred()
    {
        uint[] shocks = [.. ScenarioGrid.Published.ShocksPpm];
        Assert.Equal(new Scenario(ScenarioGrid.UnshockedIndex, VolatilityShift.None), ScenarioGrid.Scenarios[ScenarioGrid.MarkIndex]);
        Assert.Equal(ScenarioGrid.ScenarioCount, ScenarioGrid.Scenarios.Distinct().Count());
        Assert.Throws<ArgumentException>(() => new ScenarioGrid(shocks.AsSpan(1), VolatilityShock.Published));
        (shocks[0], shocks[1]) = (shocks[1], shocks[0]);
        Assert.Throws<ArgumentException>(() => new ScenarioGrid(shocks, VolatilityShock.Published));
        shocks[0] = ScenarioGrid.ShockMin - 1;
        Assert.Throws<ArgumentException>(() => new ScenarioGrid(shocks, VolatilityShock.Published));
    }

    internal static OptionQuote RandomQuote(Random random)
    {
        ulong forward = (ulong)Math.Exp(Math.Log(1e5) + random.NextDouble() * Math.Log(3e4));
        double years = Math.Exp(random.NextDouble() * Math.Log(1.2e8)) / ExpiryRisk.SecondsPerYear;
        double volatility = Math.Exp(Math.Log(0.05) + random.NextDouble() * Math.Log(100));
        double deviation = volatility * Math.Sqrt(years);
        double moneyness = Math.Clamp((random.NextDouble() * 8 - 4) * (deviation + (random.Next(3) == 0 ? 0.1 : 0)), -2.5, 2.5);
        return new OptionQuote(
            random.Next(2) == 0, (ulong)(forward * Math.Exp(moneyness)) + 1, forward, (uint)(volatility * 1e6), (ulong)(years * ExpiryRisk.SecondsPerYear) + 1);
    }

    /// <summary>Anything that the domain's types admit, short numbers as often as long ones.</summary>
    internal static OptionQuote WildQuote(Random random) => new(
        random.Next(2) == 0,
        (ulong)random.NextInt64(1L << random.Next(ExpiryRisk.PriceBits + 1)),
        (ulong)random.NextInt64(1L << random.Next(ExpiryRisk.PriceBits + 1)),
        (uint)random.NextInt64(1L << random.Next(FixedPointPricer.VolatilityBits + 1)),
        (ulong)random.NextInt64(1L << random.Next(41)));

    private static double AssertClose(in OptionQuote quote, double bound)
    {
        ScenarioGrid grid = ScenarioGrid.Published;
        RiskRow risk = FixedPointPricer.Price(quote, grid);
        ExpiryRisk expiry = new(quote.ForwardTicks, quote.SecondsToExpiry, grid);
        (long up, long down) = grid.Volatility.Multipliers(quote.SecondsToExpiry);
        double sigma = quote.VolatilityPpm / 1e6;
        double unit = Math.Pow(2, -VolatilityShock.MultiplierBits);
        double years = (double)quote.SecondsToExpiry / ExpiryRisk.SecondsPerYear;

        // σ√T saturates from below; the closed form is held to the same floor.
        double least = 0.75 * ExpiryRisk.VarianceRootMin / (1L << FixedPointPricer.VarianceRootBits) / Math.Sqrt(years);
        double[] sigmas = [Math.Max(sigma * up * unit, grid.Volatility.MinimumUpPpm / 1e6), sigma, sigma * down * unit];
        double worst = 0;
        for (int s = 0; s < ScenarioGrid.ScenarioCount; s++)
        {
            Scenario scenario = ScenarioGrid.Scenarios[s];
            double forward = expiry.ShockedForwards[scenario.Shock];
            double exact = BlackScholes.OnForward(
                quote.IsCall, forward, quote.StrikeTicks, 0, years, Math.Max(sigmas[(int)scenario.Volatility], least)).Price;
            double error = Math.Max(0, Math.Abs(risk.ScenarioTicks[s] - exact) - 1) / (forward + quote.StrikeTicks);
            Assert.True(error <= bound, $"seed {Seed}: {quote} scenario {s}: {risk.ScenarioTicks[s]} ticks, exact {exact}");
            worst = Math.Max(worst, error);
        }

        return worst;
    }

    private static OptionQuote Quote(BlackScholes option, double forward) => new(
        option.IsCall,
        (ulong)Math.Round(option.Strike * TicksPerUnit),
        (ulong)Math.Round(forward * TicksPerUnit),
        (uint)Math.Round(option.Volatility * 1e6),
        (ulong)Math.Round(option.Years * ExpiryRisk.SecondsPerYear));

    private static double Discounted(BlackScholes option)
    {
        double forward = option.Spot * Math.Exp((option.Rate - option.Yield) * option.Years);
        RiskRow risk = FixedPointPricer.Price(Quote(option, forward), ScenarioGrid.Published);
        return risk.MarkTicks / TicksPerUnit * Math.Exp(-option.Rate * option.Years);
    }
}
