using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Xunit;

namespace Accel.Derivatives.Tests.Settlement;

public sealed class BookFileTests
{
    private const string Valid = """
        {"underlying":"BTC","accounts":[
          {"leaf":0,"name":"clearing","seed":"c","cash":"10","positions":[]},
          {"leaf":3,"name":"a","seed":"s","cash":"-1.5","positions":[{"instrument":"BTC-16JAN26-82000-C","quantity":"-0.25"},{"instrument":"BTC-16JAN26-82000-P","quantity":"2"}]}]}
        """;

    private const string Analysed = """
        {"underlying":"BTC","accounts":[
          {"leaf":0,"name":"clearing","seed":"c","cash":"10","positions":[]},
          {"leaf":3,"name":"a","seed":"s","cash":"100","positions":[],"perpetual":{"quantity":"-2.5","entry":"90000"},"collateral":[
            {"asset":"BTC","amount":"1.5","movesWithSpot":true,"maintenanceHaircut":0.02,"initialHaircut":0.01},
            {"asset":"GOLD","amount":"3","price":"2650.5","movesWithSpot":false,"maintenanceHaircut":0.1,"initialHaircut":0}]}]}
        """;

    [Fact]
    public void A_book_reads_and_what_is_written_reads_back_to_the_same_state()
    {
        Book book = BookFile.Read(Valid, "book.json");
        Assert.Equal((3, "a", new CashAmount(-150_000_000)), (book.Accounts[1].Leaf, book.Accounts[1].Name, book.Accounts[1].Cash));
        Assert.Equal(new BookPosition(Instrument.Parse("BTC-16JAN26-82000-C"), new PositionQuantity(-2500)), book.Accounts[1].Positions[0]);
        Assert.Equal(Book.DevelopmentKey("s").PublicKey, book.Accounts[1].Key);
        Assert.Equal(["BTC-16JAN26-82000-C", "BTC-16JAN26-82000-P"], book.Instruments.Select(i => i.Name));
        Assert.Equal(BatchShape.Tiny, book.SmallestShape());
        Assert.Equal(book.ToState().Root, BookFile.Read(BookFile.Write(book), "again").ToState().Root);
    }

    [Fact]
    public void What_is_for_margin_analysis_alone_reads_back_and_has_no_place_in_a_state()
    {
        Book book = BookFile.Read(Analysed, "book.json");
        BookAccount account = book.Accounts[1];
        Assert.Equal(new BookPerpetual(-2.5m, 90_000, null), account.Perpetual);
        Assert.Equal([new BookCollateral("BTC", 1.5m, null, true, 0.02, 0.01), new BookCollateral("GOLD", 3, 2_650.5m, false, 0.1, 0)], account.Collateral);
        BookAccount again = BookFile.Read(BookFile.Write(book), "again").Accounts[1];
        Assert.Equal(account.Perpetual, again.Perpetual);
        Assert.Equal(account.Collateral, again.Collateral);
        Assert.Contains("account a holds a perpetual or collateral", Assert.Throws<SettlementException>(() => book.ToState()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"-2.5\"", "\"0.0\"", "$.accounts[1].perpetual.quantity: found \"0.0\" where a quantity other than zero")]
    [InlineData("\"-2.5\"", "\"1e3\"", "$.accounts[1].perpetual.quantity: found 1e3 where a decimal in [-1000000000, 1000000000]")]
    [InlineData("\"90000\"", "\"-1\"", "$.accounts[1].perpetual.entry: found -1 where a decimal in [0, 1000000000]")]
    [InlineData("\"1.5\"", "\"0\"", "$.accounts[1].collateral[0].amount: found 0 where a positive amount")]
    [InlineData("0.02", "1.02", "$.accounts[1].collateral[0].maintenanceHaircut: found 1.02 where a number in [0, 1]")]
    [InlineData(",\"price\":\"2650.5\"", "", "a price, which only an asset that moves with spot may leave out")]
    public void A_fault_in_them_names_its_path(string right, string wrong, string message)
    {
        MarketFormatException error = Assert.Throws<MarketFormatException>(() => BookFile.Read(Analysed.Replace(right, wrong, StringComparison.Ordinal), "book.json"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bundled_books_are_net_zero_in_every_instrument()
    {
        Book book = Samples.Book;
        Assert.True(book.Accounts.Count >= 8 && book.Instruments.Count >= 16);
        Assert.All(book.Accounts.SelectMany(a => a.Positions).GroupBy(p => p.Instrument), g => Assert.Equal(0, g.Sum(p => p.Quantity.Value)));
    }

    [Theory]
    [InlineData("\"-1.5\"", "\"1.123456789\"", "$.accounts[1].cash: '1.123456789' has more than 8 decimal places")]
    [InlineData("\"-1.5\"", "-1.5", "$.accounts[1].cash: found -1.5 where a string")]
    [InlineData("\"leaf\":3", "\"leaf\":16777216", "$.accounts[1].leaf: found 16777216 where an integer in [0, 16777215]")]
    [InlineData("\"leaf\":3", "\"leaf\":0", "$.accounts[1].leaf: found 0 where a leaf that no other account has")]
    [InlineData("BTC-16JAN26-82000-P", "BTC-16JAN26-82000-C", "$.accounts[1].positions[1].instrument")]
    [InlineData("BTC-16JAN26-82000-P", "ETH-16JAN26-82000-P", "an option on BTC")]
    [InlineData("BTC-16JAN26-82000-P", "BTC-16JAN26", "$.accounts[1].positions[1].instrument: instrument 'BTC-16JAN26'")]
    [InlineData("\"-0.25\"", "\"0\"", "$.accounts[1].positions[0].quantity: found \"0\" where a quantity other than zero")]
    [InlineData("\"seed\":\"s\"", "\"sede\":\"s\"", "$.accounts[1]: member 'sede' is unknown")]
    [InlineData("\"seed\":\"s\",", "", "where either a seed or a publicKey was expected")]
    [InlineData("\"seed\":\"s\"", "\"publicKey\":{\"x\":\"1\",\"y\":\"2\"}", "a point of Baby Jubjub")]
    [InlineData("\"name\":\"a\",", "", "$.accounts[1]: member 'name' is missing")]
    [InlineData("\"underlying\":\"BTC\"", "\"underlying\":\"btc\"", "$.underlying: 'btc' is not a ticker")]
    [InlineData("]}]}", "]}", "not JSON")]
    public void A_fault_names_its_path(string right, string wrong, string message)
    {
        MarketFormatException error = Assert.Throws<MarketFormatException>(() => BookFile.Read(Valid.Replace(right, wrong, StringComparison.Ordinal), "book.json"));
        Assert.StartsWith("book.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
