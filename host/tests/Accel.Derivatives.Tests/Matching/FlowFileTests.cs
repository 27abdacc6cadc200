using Accel.Derivatives.Matching.OrderFlow;
using Accel.Proving.Formats;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Matching;

public sealed class FlowFileTests : IDisposable
{
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
        Assert.InRange(report.Agreements.Values.Sum(), 3_292, report.Snapshots);
        Assert.InRange(report.Fills, 300, 500);
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

    private void WriteLobster(string[] messages, string[] rows)
    {
        File.WriteAllLines(_folder["x_message_1.csv"], messages);
        File.WriteAllLines(_folder["x_orderbook_1.csv"], rows);
    }
}
