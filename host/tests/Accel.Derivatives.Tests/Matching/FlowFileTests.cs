using System.IO.Compression;
using System.Text;
using Accel.Derivatives.Matching.OrderFlow;
using Accel.Proving.Formats;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Matching;

public sealed class FlowFileTests : IDisposable
{
    private const string TableHeader = "seq,recv_ms,kind,id,price_cents,volume_satoshi,order_ms,side";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_day_of_LOBSTER_differs_only_where_the_file_does_not_cover_the_book()
    {
        ReplayReport report = FlowFile.Replay(OutsideData.Path("order_flow/lobster_AMZN_2012-06-21_message_1.csv.gz"),
            TestContext.Current.CancellationToken);
        Assert.Equal(57_515, report.Messages);
        Assert.Equal(57_514, report.Snapshots);
        Assert.Equal(0, report.CrossedStates);
        Assert.Equal(report.Snapshots, report.Agreements.Values.Sum() + report.Differences.Values.Sum());
        Assert.DoesNotContain("unexplained", report.Differences.Keys);
        Assert.InRange(report.Agreements.Values.Sum(), 49_287, report.Snapshots);
        Assert.InRange(report.QueueDifferences["unexplained"], 0, 6);
    }

    [Fact]
    public void Bitstamps_snapshots_agree_with_the_engine_that_matches_its_orders()
    {
        ReplayReport report = FlowFile.Replay(OutsideData.Path("order_flow/bitstamp_btcusd_20150501_partA_raw.log.gz"),
            TestContext.Current.CancellationToken);
        Assert.Equal(36_843, report.Messages);
        Assert.Equal(3_296, report.Snapshots);
        Assert.Equal(0, report.CrossedStates);
        Assert.Equal(report.Snapshots, report.Agreements.Values.Sum() + report.Differences.Values.Sum());
        Assert.InRange(report.Agreements.Values.Sum(), 3_293, report.Snapshots);
        Assert.Equal(420, report.Trades);
        Assert.InRange(report.TradeAgreements, 412, report.Trades);
        Assert.Equal(report.Trades, report.TradeAgreements + report.TradeDifferences.Values.Sum());
        Assert.Empty(report.Rejections);
    }

    [Fact]
    public void Bitstamps_table_without_snapshots_makes_every_trade_but_one_that_contradicts_its_own_orders()
    {
        ReplayReport report = FlowFile.Replay(OutsideData.Path("order_flow/bitstamp_btcusd_20150501_partA.csv.gz"),
            TestContext.Current.CancellationToken);
        Assert.Equal(33_547, report.Messages);
        Assert.Equal((0, 0), (report.CrossedStates, report.Snapshots));
        Assert.Equal(420, report.Fills);
        Assert.Equal((420, 419), (report.Trades, report.TradeAgreements));
        Assert.Empty(report.Rejections);
    }

    [Fact]
    public void The_engine_makes_every_trade_of_the_sample()
    {
        ReplayReport report = FlowFile.Replay(Path.Combine(OutsideData.RepositoryRoot, "host", "samples", "flow-btcusd.csv"),
            TestContext.Current.CancellationToken);
        Assert.Equal((57, 57, 57), (report.Fills, report.Trades, report.TradeAgreements));
        Assert.Equal(0, report.Corrections);
    }

    [Fact]
    public void An_order_that_moves_to_a_better_price_trades_there()
    {
        ReplayReport report = ReplayTable(
            "created,1,10100,5,1000,ask", "created,2,10000,9,1000,bid", "changed,2,10100,9,1000,bid", "trade,1,10100,5,,");
        Assert.Equal((1, 1), (report.Fills, report.TradeAgreements));
    }

    [Fact]
    public void An_order_that_no_row_creates_enters_when_its_name_comes_up_with_the_quantity_that_its_trade_tells()
    {
        // Order 5 was entered between 4 and 6: 4, which would have met it, did not.
        ReplayReport report = ReplayTable(
            "created,4,10100,9,1000,bid", "deleted,4,10100,9,1000,bid", "created,6,10100,9,1000,bid", "deleted,5,10100,0,1000,ask",
            "trade,1,10100,7,,", "changed,6,10100,2,1000,bid");
        Assert.Equal((1, 1, 1), (report.Fills, report.TradeAgreements, report.Corrections));
        Assert.Empty(report.QueueDifferences);
    }

    [Fact]
    public void A_trade_that_the_engine_does_not_make_is_reported()
    {
        ReplayReport report = ReplayTable("created,1,10100,5,1000,ask", "created,2,10100,5,1000,bid", "trade,1,10100,4,,");
        Assert.Equal((1, 0), (report.Trades, report.TradeAgreements));
        Assert.Equal(1, report.TradeDifferences.Values.Sum());
    }

    [Theory]
    [InlineData("x.csv: line 3: seq is 2; expected 1", "0,1,created,1,10100,5,1,ask", "2,1,created,2,10100,5,1,ask")]
    [InlineData("x.csv: line 2: kind is 'crated'", "0,1,crated,1,10100,5,1,ask")]
    [InlineData("x.csv: line 2: price_cents is '0'", "0,1,created,1,0,5,1,ask")]
    [InlineData("x.csv: line 2: volume_satoshi is '-5'", "0,1,created,1,10100,-5,1,ask")]
    [InlineData("x.csv: line 2: volume_satoshi is '9999999999999999999999'", "0,1,created,1,10100,9999999999999999999999,1,ask")]
    [InlineData("x.csv: line 2: side is 'b'", "0,1,created,1,10100,5,1,b")]
    [InlineData("x.csv: line 2: it has 3 fields", "0,1,crea")]
    [InlineData("x.csv: line 2: it has more than 8 fields", "0,1,created,1,10100,5,1,ask,,,,,,")]
    public void A_malformed_row_of_the_table_is_named_with_what_would_be_right(string expected, params string[] rows)
    {
        File.WriteAllLines(_folder["x.csv"], [TableHeader, .. rows]);
        Assert.Contains(expected, Refusal("x.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_compressed_file_unfolds_to_is_bounded_and_a_damaged_one_is_named()
    {
        WriteCompressed("long.csv.gz", new string('1', 1 << 20));
        Assert.Contains("long.csv.gz: line 1: it is longer than 65536 characters", Refusal("long.csv.gz"), StringComparison.Ordinal);
        IEnumerable<string> rows = Enumerable.Range(0, 5_000).Select(i => $"{i},1,created,{i + 1},{10_000 + (i % 97)},5,1,bid");
        WriteCompressed("cut.csv.gz", string.Join('\n', rows.Prepend(TableHeader)));
        byte[] whole = File.ReadAllBytes(_folder["cut.csv.gz"]);
        File.WriteAllBytes(_folder["cut.csv.gz"], whole[..(whole.Length / 2)]);
        Assert.Matches("^cut.csv.gz: line [0-9]+: ", Refusal("cut.csv.gz"));
    }

    [Theory]
    [InlineData("1430438404518 order_created {\"price\": \"99999999999999999999\", \"amount\": \"1\", \"id\": 1, \"order_type\": 0}")]
    [InlineData("1430438404518 order_created {\"price\": \"1\", \"amount\": \"-1\", \"id\": 1, \"order_type\": 0}")]
    [InlineData("1430438404518 order_created {\"price\": \"1\", \"amount\": \"1\", \"id\": 1, \"order_type\": 2}")]
    [InlineData("1430438404518 order_moved {\"price\": \"1\", \"amount\": \"1\", \"id\": 1, \"order_type\": 0}")]
    [InlineData("1430438404518 trade {\"price\": 1e300, \"amount\": 1, \"id\": 1}")]
    [InlineData("1430438404518 order_book {\"bids\": [], \"asks\": []}")]
    public void A_hostile_event_of_the_log_is_refused_with_its_line(string line)
    {
        const string Good = "1430438404518 order_deleted {\"price\": \"1\", \"amount\": \"1\", \"id\": 9, \"order_type\": 0}";
        File.WriteAllLines(_folder["x.log"], [Good, line]);
        Assert.Contains("x.log: line 2: ", Refusal("x.log"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1,8,2,5,200,-1")]
    [InlineData("1.1,1,2,-5,200,-1")]
    [InlineData("1.1,1,2,5,200,0")]
    public void A_message_outside_LOBSTERs_domain_is_refused_with_its_line(string message)
    {
        WriteLobster(["1.0,1,1,5,100,1", message], ["0,0,100,5", "200,5,100,5"]);
        Assert.Contains("x_message_1.csv: line 2: ", Refusal("x_message_1.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_answer_in_the_order_book_file_is_reported()
    {
        WriteLobster(["1.0,1,1,5,100,1", "1.1,1,2,5,200,-1", "1.2,1,3,7,100,1"], ["0,0,100,5", "200,5,100,5", "200,5,100,11"]);
        ReplayReport report = FlowFile.Replay(_folder["x_message_1.csv"], TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (report.Agreements.Values.Sum(), report.Differences.Values.Sum()));
    }

    [Fact]
    public void An_execution_out_of_turn_is_reported()
    {
        string[] rows = ["200,1,90,5", "200,1,100,5", "200,1,100,12", "200,1,100,11"];
        WriteLobster(["1.0,1,9,5,90,1", "1.1,1,1,5,100,1", "1.2,1,2,7,100,1", "1.3,4,1,1,100,1"], rows);
        ReplayReport inTurn = FlowFile.Replay(_folder["x_message_1.csv"], TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (inTurn.QueueAgreements, inTurn.QueueDifferences.Values.Sum()));
        WriteLobster(["1.0,1,9,5,90,1", "1.1,1,1,5,100,1", "1.2,1,2,7,100,1", "1.3,4,2,1,100,1"], rows);
        ReplayReport outOfTurn = FlowFile.Replay(_folder["x_message_1.csv"], TestContext.Current.CancellationToken);
        Assert.Equal((0, 1), (outOfTurn.QueueAgreements, outOfTurn.QueueDifferences["unexplained"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("1430438404518 order_created {\"price\": \"236.47\"}")]
    [InlineData("1430438404518 trade {")]
    [InlineData("34200.1,1,2,3,4,5")]
    public void A_file_in_neither_format_is_refused(string text)
    {
        File.WriteAllText(_folder["x"], text);
        Assert.Throws<InvalidFileException>(() => FlowFile.Replay(_folder["x"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_malformed_line_is_named()
    {
        WriteLobster(["1.0,1,1,5,100,1", "1.1,1,2,x,200,-1"], ["0,0,100,5", "200,5,100,5"]);
        InvalidFileException refusal = Assert.Throws<InvalidFileException>(() =>
            FlowFile.Replay(_folder["x_message_1.csv"], TestContext.Current.CancellationToken));
        Assert.Contains("line 2", refusal.Message, StringComparison.Ordinal);
    }

    private ReplayReport ReplayTable(params string[] events)
    {
        File.WriteAllLines(_folder["x.csv"], [TableHeader, .. events.Select((text, i) => $"{i},{1_000 + i},{text}")]);
        return FlowFile.Replay(_folder["x.csv"], TestContext.Current.CancellationToken);
    }

    private string Refusal(string name) =>
        Assert.Throws<InvalidFileException>(() => FlowFile.Replay(_folder[name], TestContext.Current.CancellationToken)).Message;

    private void WriteCompressed(string name, string text)
    {
        using var stream = new GZipStream(File.Create(_folder[name]), CompressionLevel.Fastest);
        stream.Write(Encoding.ASCII.GetBytes(text));
    }

    private void WriteLobster(string[] messages, string[] rows)
    {
        File.WriteAllLines(_folder["x_message_1.csv"], messages);
        File.WriteAllLines(_folder["x_orderbook_1.csv"], rows);
    }
}
