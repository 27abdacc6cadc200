using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class BasketTests
{
    private const double Years = 0.5;

    private static readonly LognormalMarket Market = new(Spot: 100, Rate: 0.05, Yield: 0.02, Volatility: 0.3);

    [Fact]
    public void Prices_and_Greeks_add_up_over_legs_and_nested_baskets()
    {
        LognormalInstrument[] parts =
        [
            new EuropeanOption(true, 95, Years), new BarrierOption(true, BarrierSide.Down, BarrierEffect.Out, 80, 100, 0, Years),
            new LinearFuture(99, Years),
            Basket.Straddle(105, Years),
        ];
        Basket basket = new([.. parts.Select((part, i) => new BasketLeg(i - 1.5, part))]);
        Sensitivities whole = basket.Greeks(Market), sum = default;
        for (int i = 0; i < parts.Length; i++)
        {
            sum += (i - 1.5) * parts[i].Greeks(Market);
        }

        Assert.Equal(sum, whole);
        Assert.Equal(whole.Price, basket.Price(Market), 1e-12);
    }

    [Fact]
    public void A_boxs_value_is_the_discounted_difference_of_its_strikes_and_moves_with_the_rate_alone()
    {
        Sensitivities box = Basket.Box(90, 110, Years).Greeks(Market);
        double expected = 20 * Math.Exp(-0.05 * Years);
        Assert.Equal(expected, box.Price, 1e-12);
        Assert.Equal(0, box.Delta, 1e-12);
        Assert.Equal(0, box.Gamma, 1e-12);
        Assert.Equal(0, box.Vega, 1e-11);
        Assert.Equal(-Years * expected, box.Rho, 1e-11);
    }

    [Fact]
    public void Structures_are_worth_what_their_definitions_say()
    {
        double Call(double strike) => new EuropeanOption(true, strike, Years).Price(Market);
        double Put(double strike) => new EuropeanOption(false, strike, Years).Price(Market);
        Assert.Equal(Call(95) - Call(105), Basket.CallSpread(95, 105, Years).Price(Market), 1e-12);
        Assert.Equal(Put(105) - Put(95), Basket.PutSpread(95, 105, Years).Price(Market), 1e-12);
        Assert.Equal(Call(100) + Put(100), Basket.Straddle(100, Years).Price(Market), 1e-12);
        Assert.Equal(Call(110) + Put(90), Basket.Strangle(90, 110, Years).Price(Market), 1e-12);
        Assert.Equal(Call(110) - Put(90), Basket.RiskReversal(90, 110, Years).Price(Market), 1e-12);
        Assert.Equal(Call(90) - (2 * Call(100)) + Call(110), Basket.Butterfly(90, 100, 110, Years).Price(Market), 1e-12);
        Assert.Equal(new EuropeanOption(true, 100, 1).Price(Market) - Call(100), Basket.Calendar(true, 100, Years, 1).Price(Market), 1e-12);
    }

    [Fact]
    public void Spreads_stay_within_their_strikes_and_a_long_call_less_a_put_is_a_forward()
    {
        Assert.InRange(Basket.CallSpread(95, 105, Years).Price(Market), 0, 10 * Math.Exp(-0.05 * Years));
        double parity = (100 * Math.Exp(-0.02 * Years)) - (100 * Math.Exp(-0.05 * Years));
        Assert.Equal(parity, Basket.RiskReversal(100, 100, Years).Price(Market), 1e-12);
    }

    [Fact]
    public void Strikes_and_expiries_out_of_order_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Basket.CallSpread(105, 95, Years));
        Assert.Throws<ArgumentException>(() => Basket.PutSpread(105, 95, Years));
        Assert.Throws<ArgumentException>(() => Basket.Butterfly(90, 110, 100, Years));
        Assert.Throws<ArgumentException>(() => Basket.Calendar(true, 100, 1, 1));
    }
}
