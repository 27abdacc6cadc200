using Accel.Derivatives.Market;
using Xunit;

namespace Accel.Derivatives.Tests.Market;

public sealed class InstrumentTests
{
    [Theory]
    [InlineData("BTC-16JAN26-82000-C", 1_768_550_400, 820_000_000, OptionKind.Call)]
    [InlineData("ETH-4JAN26-3100-P", 1_767_513_600, 31_000_000, OptionKind.Put)]
    [InlineData("XRP_USDC-25SEP26-0.525-C", 1_790_323_200, 5_250, OptionKind.Call)]
    public void A_listed_name_states_expiry_strike_and_kind(string name, long expiry, long strike, OptionKind kind)
    {
        Instrument instrument = Instrument.Parse(name);
        Assert.Equal((expiry, strike, kind), (instrument.Expiry, instrument.Strike.Value, instrument.Kind));
        Assert.Equal(name, instrument.Name);
        Assert.Equal(name, instrument.ToString());
    }

    [Fact]
    public void A_strike_may_write_its_decimal_point_as_d() =>
        Assert.Equal(Instrument.Parse("XRP-25SEP26-0.525-C"), Instrument.Parse("XRP-25SEP26-0d525-C"));

    [Theory]
    [InlineData("BTC-16JAN26-82000", "four parts")]
    [InlineData("btc-16JAN26-82000-C", "four parts")]
    [InlineData("BTC-32JAN26-82000-C", "a day")]
    [InlineData("BTC-16JAN26-0-C", "a strike of at least")]
    [InlineData("BTC-16JAN26-1.00001-C", "at most four decimals")]
    [InlineData("BTC-16JAN26-99999999-C", "below 6871947.6736")]
    [InlineData("BTC-16JAN26-82000-X", "C or P")]
    public void A_malformed_name_says_what_was_expected(string name, string expected)
    {
        FormatException error = Assert.Throws<FormatException>(() => Instrument.Parse(name));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_id_is_the_hash_of_the_definition_and_every_part_counts()
    {
        Instrument call = Instrument.Parse("BTC-16JAN26-82000-C");
        Assert.Equal(Poseidon.Hash(0x425443, 1_768_550_400, 820_000_000, 0), call.Id);
        Instrument[] others = [call with { Kind = OptionKind.Put }, call with { Strike = new PriceTicks(820_000_001) }, call with { Expiry = call.Expiry + 1 }, call with { Underlying = "ETH" }];
        Assert.Equal(5, others.Append(call).Select(i => i.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("btc")]
    [InlineData("ABCDEFGHIJKLMNOPQ")]
    public void An_underlying_is_a_short_upper_case_ticker(string ticker) => Assert.Throws<ArgumentException>(() => Instrument.UnderlyingId(ticker));

    [Fact]
    public void Pay_offs_are_what_the_option_is_worth_at_settlement()
    {
        Instrument call = Instrument.Parse("BTC-16JAN26-82000-C");
        Instrument put = call with { Kind = OptionKind.Put };
        Assert.Equal((10_000, 0), (call.Payoff(new PriceTicks(820_010_000)), put.Payoff(new PriceTicks(820_010_000))));
        Assert.Equal((0, 10_000), (call.Payoff(new PriceTicks(819_990_000)), put.Payoff(new PriceTicks(819_990_000))));
    }
}
