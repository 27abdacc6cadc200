using Accel.Derivatives.Market;
using CsCheck;
using Xunit;

namespace Accel.Derivatives.Tests.Market;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1.25", -12_500)]
    [InlineData("0.0001", 1)]
    [InlineData("3.10000", 31_000)]
    [InlineData("-429496.7296", -4_294_967_296)]
    public void Quantities_parse_exactly(string text, long units) => Assert.Equal(units, PositionQuantity.Parse(text).Value);

    [Theory]
    [InlineData("1.00001", "more than 4 decimal places")]
    [InlineData("429496.7296", "outside")]
    [InlineData("99999999999999999999999999", "outside")]
    [InlineData("1e3", "not a decimal number")]
    [InlineData("", "not a decimal number")]
    [InlineData("1.", "not a decimal number")]
    [InlineData(".5", "not a decimal number")]
    [InlineData("--1", "not a decimal number")]
    public void Quantities_that_are_not_exact_are_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => PositionQuantity.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Cash_is_refused_beyond_its_domain()
    {
        Assert.Equal(new CashAmount(-1), CashAmount.Parse("-0.00000001"));
        Assert.False(new CashAmount(Int128.One << 80).IsInDomain);
        Assert.True(new CashAmount(-(Int128.One << 80)).IsInDomain);
        Assert.Throws<FormatException>(() => CashAmount.Parse("12089258196146292"));
    }

    [Fact]
    public void Text_of_an_amount_parses_back_to_it() => Gen.Long.Sample(
        value =>
        {
            var cash = new CashAmount(value);
            var quantity = new PositionQuantity(value >> 32);
            return CashAmount.Parse(cash.ToString()) == cash && PositionQuantity.Parse(quantity.ToString()) == quantity;
        },
        seed: "0000KOIPe647",
        iter: 1000);

    [Fact]
    public void Prices_floor_to_a_tick_and_stay_below_2_to_the_36()
    {
        Assert.Equal(new PriceTicks(896_666_218), PriceTicks.FromUsd(89_666.62182340887m));
        Assert.Equal("89666.6218", new PriceTicks(896_666_218).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceTicks.FromUsd(6_871_947.6736m));
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceTicks.FromUsd(-0.1m));
        Assert.True(new PriceTicks(1) < new PriceTicks(2) && new PriceTicks(2) > new PriceTicks(1));
        Assert.True(new PriceTicks(1) <= new PriceTicks(1) && new PriceTicks(1) >= new PriceTicks(1));
        Assert.Equal(1.5m, new PriceTicks(15_000).ToUsd());
    }
}
