using Accel.Derivatives.Market;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Market;

public sealed class DeribitSnapshotReaderTests
{
    private const string Header =
        "timestamp,instrument_name,underlying,underlying_name,option_type,strike,expiry_datetime,time_to_maturity,bid_price,ask_price,mark_price,mid_price,"
        + "futures_price,futures_instrument_name,implied_volatility,delta,vega,open_interest,volume,bid_ask_spread,currency,index_price,volume_usd";

    private const string Line =
        "2026-01-03T09:14:26.617222+00:00,BTC-16JAN26-82000-C,89797.54,BTC-16JAN26,call,82000.0,2026-01-16T08:00:00+00:00,0.03545,,0.0965,0.09279887,,"
        + "89797.54,BTC-16JAN26,0.4523,0.86627,36.48476,2.3,3.0,,BTC,89659.21,26074.11";

    [Theory]
    [InlineData("deribit_options_snapshot_20260103T091426Z.csv.gz", "BTC")]
    [InlineData("deribit_options_snapshot_20260103T091426Z.csv.gz", "ETH")]
    [InlineData("deribit_options_snapshot_20260304T093315Z.csv.gz", "BTC")]
    [InlineData("deribit_options_snapshot_20260612T075931Z.csv.gz", "BTC")]
    public void Real_snapshots_read_and_every_expiry_has_a_forward_near_its_index(string file, string underlying)
    {
        MarketSnapshot market = DeribitSnapshotReader.ReadFile(OutsideData.Path($"option_chains/{file}"), underlying);
        Assert.True(market.Quotes.Count > 400);
        Assert.Equal(market.Expiries.Order(), market.Expiries);
        foreach (long expiry in market.Expiries)
        {
            ExpiryMarket quoted = market.Expiry(expiry);
            Assert.InRange((double)quoted.Forward.Value / quoted.Index.Value, 0.99, 1.08);
            Assert.InRange((double)quoted.Index.Value / market.Spot.Value, 0.995, 1.005);
        }
    }

    [Fact]
    public void An_expiry_priced_on_the_index_takes_its_forward_from_put_call_parity()
    {
        // 13 June 2026 has no future; the money is near 63,000 and the expiry a day away, and lines were polled minutes apart, so its forward is within 20 basis points of the index.
        MarketSnapshot market = DeribitSnapshotReader.ReadFile(OutsideData.Path("option_chains/deribit_options_snapshot_20260612T075931Z.csv.gz"), "BTC");
        long expiry = new DateTimeOffset(2026, 6, 13, 8, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.All(market.Quotes.Where(q => q.Instrument.Expiry == expiry), q => Assert.Null(q.FutureUsd));
        Assert.InRange((double)market.Expiry(expiry).Forward.Value / market.Spot.Value, 0.998, 1.002);
    }

    [Fact]
    public void A_line_becomes_a_quote()
    {
        MarketQuote quote = Read(Header, Line).Quotes.Single();
        Assert.Equal(Instrument.Parse("BTC-16JAN26-82000-C"), quote.Instrument);
        Assert.Equal((null, 0.0965m, 0.09279887m), (quote.Bid, quote.Ask!.Value, quote.Mark));
        Assert.Equal((452_300, 89_659.21m, 89_797.54m, "BTC-16JAN26"), (quote.MarkVolatilityMillionths, quote.IndexUsd, quote.FutureUsd!.Value, quote.UnderlyingName));
    }

    [Theory]
    [InlineData("82000.0", "82000.5", "line 2, column strike: '82000.5' where 82000.0000 was expected")]
    [InlineData("0.4523", "x", "line 2, column implied_volatility: 'x' where a non-negative decimal number")]
    [InlineData("call", "put", "line 2, column option_type: 'put' where call was expected")]
    [InlineData("2026-01-16T08", "2026-01-17T08", "line 2, column expiry_datetime")]
    [InlineData("BTC-16JAN26-82000-C", "BTC-16JAN26-82000", "line 2, column instrument_name")]
    [InlineData("BTC,89659.21", "BTC,0", "line 2, column index_price: '0' where a price in USD above 0")]
    [InlineData("2026-01-03T09:14:26.617222+00:00", "yesterday", "line 2, column timestamp")]
    [InlineData(",26074.11", "", "line 2: not 23 comma-separated fields")]
    public void A_fault_names_file_line_column_and_what_would_be_right(string right, string wrong, string message)
    {
        MarketFormatException error = Assert.Throws<MarketFormatException>(() => Read(Header, Line.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.StartsWith("market.csv: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_are_checked()
    {
        Assert.Contains("column delta is missing", Assert.Throws<MarketFormatException>(() => Read(Header.Replace("delta", "rho", StringComparison.Ordinal), Line)).Message, StringComparison.Ordinal);
        Assert.Throws<MarketFormatException>(() => Read());
    }

    [Fact]
    public void One_instrument_twice_two_times_or_none_are_refused()
    {
        Assert.Contains("quoted twice", Assert.Throws<MarketFormatException>(() => Read(Header, Line, Line)).Message, StringComparison.Ordinal);
        Assert.Contains("first line's time", Assert.Throws<MarketFormatException>(() => Read(Header, Line, Line.Replace("09:14", "09:15", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        Assert.Contains("no line quotes", Assert.Throws<MarketFormatException>(() => Read(Header)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_snapshot_lacks_is_named()
    {
        MarketSnapshot market = Read(Header, Line);
        Assert.Contains("does not quote BTC-16JAN26-82000-P", Assert.Throws<MarketFormatException>(() => market.Quote(Instrument.Parse("BTC-16JAN26-82000-P"))).Message, StringComparison.Ordinal);
        Assert.Contains("no option expires", Assert.Throws<MarketFormatException>(() => market.Expiry(1)).Message, StringComparison.Ordinal);
        MarketSnapshot unpriced = Read(Header, Line.Replace("89797.54,BTC-16JAN26,call", "89797.54,index_price,call", StringComparison.Ordinal));
        Assert.Contains("has no future", Assert.Throws<MarketFormatException>(() => unpriced.Expiry(unpriced.Quotes[0].Instrument.Expiry)).Message, StringComparison.Ordinal);
    }

    private static MarketSnapshot Read(params string[] lines) => DeribitSnapshotReader.Read(new StringReader(string.Join('\n', lines)), "market.csv", "BTC");
}
