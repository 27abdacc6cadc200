using Accel.Derivatives.Pricing;
using Accel.Derivatives.Pricing.Analytic;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class ImpliedVolatilityTests
{
    private const int Seed = 20261123;

    /// <summary>A price is known to its last bits only, so σ is known to their share of vega.</summary>
    private const double PriceBits = 64 * 2.3e-16;

    [Fact]
    public void Random_prices_give_their_volatility_back()
    {
        Random random = new(Seed);
        int count = TestScale.Count(40_000), solved = 0;
        double worst = 0;
        for (int i = 0; i < count; i++)
        {
            bool isCall = random.Next(2) == 0;
            double forward = 100, strike = forward * Math.Exp(4 * (random.NextDouble() - 0.5) * random.NextDouble());
            double years = Math.Pow(10, random.NextDouble() * 4 - 3), rate = 0.2 * random.NextDouble() - 0.1;
            double volatility = Math.Pow(10, random.NextDouble() * 2.5 - 2);
            BlackScholes option = BlackScholes.OnForward(isCall, forward, strike, rate, years, volatility);
            double resolution = PriceBits * (forward + strike) / option.Vega;
            if (option.Price <= 0 || resolution > 1e-3 * volatility)
            {
                continue;
            }

            solved++;
            double implied = ImpliedVolatility.Solve(isCall, option.Price, forward, strike, rate, years);
            double difference = Math.Abs(implied - volatility);
            Assert.True(difference <= resolution + 1e-13 * volatility, $"case {i}, seed {Seed}: {implied} for {option}");
            worst = Math.Max(worst, difference / volatility);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{solved} of {count} prices determine σ; largest relative difference {worst:E2}");
        Assert.True(solved > count / 2);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-100)]
    [InlineData(1e-12)]
    [InlineData(0.3)]
    public void Far_options_are_solved(double price)
    {
        double implied = ImpliedVolatility.Solve(true, price, 100, 180, 0, 1);
        double again = new EuropeanOption(true, 180, 1).Price(LognormalMarket.OnForward(100, 0, implied));
        Assert.Equal(1, again / price, 1e-9);
    }

    [Theory]
    [InlineData(0.9999999)]
    [InlineData(0.99)]
    public void Prices_just_below_the_maximum_are_solved(double share)
    {
        double price = 100 * share;
        double implied = ImpliedVolatility.Solve(true, price, 100, 120, 0, 2);
        Assert.Equal(price, new EuropeanOption(true, 120, 2).Price(LognormalMarket.OnForward(100, 0, implied)), 1e-11);
    }

    [Theory]
    [InlineData(true, 19.9, ArbitrageBound.Intrinsic, "below the discounted intrinsic value 20")]
    [InlineData(false, -0.001, ArbitrageBound.Intrinsic, "below the discounted intrinsic value 0")]
    [InlineData(true, 120, ArbitrageBound.Maximum, "not below the discounted forward 120")]
    [InlineData(false, 101, ArbitrageBound.Maximum, "not below the discounted strike 100")]
    public void Prices_that_allow_arbitrage_are_refused_with_the_bound(bool isCall, double price, ArbitrageBound bound, string message)
    {
        Assert.Equal(bound, ImpliedVolatility.TrySolve(isCall, price, 120, 100, 0, 1, out double volatility));
        Assert.True(double.IsNaN(volatility));
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => ImpliedVolatility.Solve(isCall, price, 120, 100, 0, 1));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_intrinsic_value_has_no_volatility() => Assert.Equal(0, ImpliedVolatility.Solve(true, 20, 120, 100, 0, 1));
}
