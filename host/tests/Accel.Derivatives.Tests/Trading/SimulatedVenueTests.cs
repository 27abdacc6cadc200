using System.Text;
using Accel.Derivatives.Circuits;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.Market;
using Accel.Derivatives.Matching.OrderFlow;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Derivatives.Trading.Simulation;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Trading;

/// <summary>Recorded flow as trade batches: nothing is lost, states are chained, and what is written proves as what was booked.</summary>
public sealed class SimulatedVenueTests : IDisposable
{
    private const int Coin = 100_000_000;

    private static readonly MarketSnapshot Market = DeribitSnapshotReader.ReadFile(Sample("market-btc.csv"), "BTC");

    private static readonly SimulationOptions Options = new()
    {
        Domain = 4242,
        Members = 4,
        Shape = TradeShape.Tiny with { Accounts = 4, Trades = 4 },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_fill_is_booked_refused_or_beyond_the_last_batch_and_each_batch_begins_where_the_one_before_ended()
    {
        foreach (int most in new[] { 3, int.MaxValue })
        {
            ReplayReport record = Replay(Sample("flow-btcusd.csv"));
            SimulatedVenue venue = SimulatedVenue.Open(Market, null, Options with { BatchesMax = most });
            SimulatedTrading trading = venue.Trade(record);
            Fr root = venue.Genesis.Root;
            long trades = 0;
            foreach (TradeBatchResult batch in trading.Batches(TestContext.Current.CancellationToken))
            {
                Assert.Equal(root, batch.PublicInputs.OldRoot);
                root = batch.PublicInputs.NewRoot;
                trades += batch.Batch.Trades.Count;
            }

            Assert.Equal(trading.State.Root, root);
            Assert.Equal(trading.Booked, trades);
            Assert.Equal(record.Fills, trading.Booked + trading.Refused + trading.BeyondLastBatch);
            Assert.Equal(most == 3, trading.BeyondLastBatch > 0);
            Assert.Equal(most == 3 ? 3 : trading.BatchCount, trading.BatchCount);
        }
    }

    [Fact]
    public void The_seed_decides_who_trades()
    {
        Assert.Equal(LastRoot(Options), LastRoot(Options));
        Assert.NotEqual(LastRoot(Options), LastRoot(Options with { Seed = 2 }));
    }

    [Fact]
    public void Money_and_contracts_are_conserved_and_partial_fills_stay_in_their_slots()
    {
        ReplayReport record = Replay(Sample("flow-btcusd.csv"));
        SimulatedVenue venue = SimulatedVenue.Open(Market, null, Options);
        SimulatedTrading trading = venue.Trade(record);
        TradeBatchResult[] batches = [.. trading.Batches(TestContext.Current.CancellationToken)];
        Assert.Equal(TotalCash(venue.Genesis), TotalCash(trading.State));
        Account[] accounts = [.. trading.State.Accounts.Values];
        Assert.Equal(0, accounts.Sum(account => account.Positions.Sum(position => position.Quantity.Value)));
        IGrouping<SignedOrder, Trade>[] filledTwice =
        [
            .. batches.SelectMany(batch => batch.Batch.Trades)
                .SelectMany(trade => new[] { (Order: trade.Buy, Trade: trade), (Order: trade.Sell, Trade: trade) })
                .GroupBy(pair => pair.Order, pair => pair.Trade).Where(group => group.Count() > 1),
        ];
        Assert.NotEmpty(filledTwice);
        Assert.All(filledTwice, group => Assert.InRange(group.Sum(trade => trade.Quantity), 2, group.Key.Order.Quantity));
    }

    [Fact]
    public void A_written_batch_is_booked_again_from_its_file_alone_and_satisfies_the_circuit()
    {
        SimulationOptions options = Options with { Shape = TradeShape.Tiny, BatchesMax = 3 };
        SimulatedVenue venue = SimulatedVenue.Open(Market, null, options);
        foreach (TradeBatchResult batch in venue.Trade(Replay(Sample("flow-btcusd.csv"))).Batches(TestContext.Current.CancellationToken))
        {
            TradeBatchResult again = TradeBatchFile.Read(Write(venue, batch), "trades.json");
            Assert.Equal(batch.PublicInputs, again.PublicInputs);
            Assert.Equal(batch.Words, again.Words);
            foreach (PublicFace face in Enum.GetValues<PublicFace>())
            {
                WitnessSolver.Solve(TradeCircuits.Trade(face), TradeBatchAssignment.Of(TradeCircuits.Trade(face), face, again));
            }
        }
    }

    [Fact]
    public void A_batch_that_was_changed_is_refused_with_the_place()
    {
        SimulatedVenue venue = SimulatedVenue.Open(Market, null, Options);
        TradeBatchResult batch = venue.Trade(Replay(Sample("flow-btcusd.csv"))).Batches(TestContext.Current.CancellationToken).First();
        string text = Write(venue, batch);
        string newRoot = batch.PublicInputs.NewRoot.ToString();
        string quantity = $"\"quantity\": \"{ExactDecimal.Format(batch.Batch.Trades[0].Buy.Order.Quantity, 4)}\",\n      \"expiresAt\"";
        (string Expected, string Old, string New)[] changes =
        [
            ("t.json: $.publicInputs.newRoot: found", newRoot, (batch.PublicInputs.NewRoot + 1).ToString()),
            ("t.json: $.publicInputs.oldRoot: found", "\"cash\": \"1000000.0", "\"cash\": \"1000001.0"),
            ("t.json: $: member 'note' is unknown", "\"origin\"", "\"note\""),
            ("t.json: $.trades[0].buyOrder: found 99", "\"buyOrder\": 0", "\"buyOrder\": 99"),
            ("t.json: $.format: found", TradeBatchFile.Format, "accel-batch-1"),
            ("did not sign", quantity, "\"quantity\": \"858993.4591\",\n      \"expiresAt\""),
        ];
        foreach ((string expected, string old, string changed) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            AssertRefused(expected, text.Replace(old, changed, StringComparison.Ordinal));
        }

        AssertRefused("t.json: line", text[..(text.Length / 2)]);
    }

    [Fact]
    public void A_member_without_margin_trades_nothing()
    {
        SimulatedTrading trading = Run(Options with { Cash = default }, Trades(5, Coin));
        Assert.Equal((0, 5), (trading.Booked, trading.RefusedFor(FillRefusal.InitialMargin)));
        Assert.Equal(0, trading.BatchCount);
    }

    [Fact]
    public void Open_interest_stops_at_its_limit()
    {
        var limited = new VenueParameters { OpenInterestMax = 10_000 };
        SimulatedTrading trading = Run(Options with { Members = 2, Parameters = limited }, Trades(30, Coin));
        Assert.True(trading.RefusedFor(FillRefusal.OpenInterest) > 0);
        Assert.True(trading.Booked > 0);
        Assert.InRange(trading.State.Find(ExchangeState.OpenInterestLeaf)!.OpenInterest!.Sum(position => position.Quantity.Value), 0, 10_000);
    }

    [Fact]
    public void A_fill_of_less_than_a_unit_is_refused() =>
        Assert.Equal(3, Run(Options, Trades(3, 9_999)).RefusedFor(FillRefusal.BelowOneUnit));

    [Fact]
    public void A_seventeenth_partly_filled_order_of_a_member_finds_no_slot_until_one_is_gone()
    {
        // Each ask is better than those before it and is filled in part, so that all of them stay.
        List<string> rows = [];
        for (int i = 0; i < 40; i++)
        {
            rows.Add($"created,{(2 * i) + 1},{20_000 - i},{2 * Coin},1000,ask");
            rows.Add($"created,{(2 * i) + 2},{20_000 - i},{Coin},1000,bid");
        }

        SimulatedTrading stuck = Run(Options with { Members = 2 }, rows);
        Assert.InRange(stuck.RefusedFor(FillRefusal.NoOrderSlot), 8, 24);
        List<string> freed =
            [.. rows.Chunk(2).SelectMany((pair, i) => new[] { pair[0], pair[1], $"deleted,{(2 * i) + 1},{20_000 - i},{Coin},1000,ask" })];
        SimulatedTrading free = Run(Options with { Members = 2 }, freed);
        Assert.Equal((40, 0), (free.Booked, free.RefusedFor(FillRefusal.NoOrderSlot)));
    }

    [Fact]
    public void Two_orders_that_were_dealt_to_one_member_do_not_trade()
    {
        // A bid meets a new ask, then an older one that has an owner already: one time in two, that is the bid's own.
        List<string> rows = [];
        for (int i = 0; i < 20; i++)
        {
            int name = 10 * i;
            rows.Add($"created,{name + 1},20100,{2 * Coin},1000,ask");
            rows.Add($"created,{name + 2},20100,{Coin},1000,bid");
            rows.Add($"created,{name + 3},20000,{Coin},1000,ask");
            rows.Add($"created,{name + 4},20100,{2 * Coin},1000,bid");
        }

        SimulatedTrading trading = Run(Options with { Members = 2 }, rows);
        Assert.InRange(trading.RefusedFor(FillRefusal.SelfTrade), 1, 19);
        Assert.Equal(60, trading.Booked + trading.Refused);
    }

    [Fact]
    public void An_order_that_moved_is_signed_again()
    {
        SimulatedVenue venue = SimulatedVenue.Open(Market, null, Options);
        SimulatedTrading trading = venue.Trade(Replay(Table(
        [
            $"created,1,20000,{3 * Coin},1000,ask",
            $"created,2,20000,{Coin},1000,bid",
            $"changed,1,20500,{2 * Coin},1000,ask",
            $"created,3,20500,{Coin},1000,bid",
        ])));
        Trade[] trades = [.. trading.Batches(TestContext.Current.CancellationToken).SelectMany(batch => batch.Batch.Trades)];
        Assert.Equal(2, trades.Length);
        Assert.Equal(trades[0].Sell.Order.Leaf, trades[1].Sell.Order.Leaf);
        Assert.NotEqual(trades[0].Sell.Order.Nonce, trades[1].Sell.Order.Nonce);
        Assert.Equal((30_000, 20_000), (trades[0].Sell.Order.Quantity, trades[1].Sell.Order.Quantity));
        Assert.Equal(trading.Mapping.Mark, trades[0].Price);
        Assert.Equal(trading.Mapping.Mark.Value * 205 / 200, trades[1].Price.Value);
    }

    [Theory]
    [InlineData("BTC-5MAR27-98000-C", "has expired")]
    [InlineData("BTC-25JUN27-140001-C", "does not quote")]
    public void An_option_without_a_price_is_refused(string instrument, string expected)
    {
        Exception refusal = Assert.ThrowsAny<Exception>(() => SimulatedVenue.Open(Market, Instrument.Parse(instrument), Options));
        Assert.True(refusal is ArgumentException or FormatException);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_outside_their_range_and_a_record_without_fills_are_refused()
    {
        (string Expected, SimulationOptions Options)[] wrong =
        [
            ("1 members", Options with { Members = 1 }),
            ("0 batches", Options with { BatchesMax = 0 }),
            ("cash of -0.00000001", Options with { Cash = new CashAmount(-1) }),
        ];
        foreach ((string expected, SimulationOptions options) in wrong)
        {
            Assert.Contains(expected, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
        }

        SimulatedVenue venue = SimulatedVenue.Open(Market, null, Options);
        ReplayReport quiet = Replay(Table([$"created,1,20000,{Coin},1000,ask"]));
        Assert.Contains("no fill", Assert.Throws<ArgumentException>(() => venue.Trade(quiet)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lobster_AMZN_2012-06-21_message_1.csv.gz")]
    [InlineData("bitstamp_btcusd_20150501_partA_raw.log.gz")]
    [InlineData("bitstamp_btcusd_20150501_partA.csv.gz")]
    public void Real_flow_becomes_batches_that_are_booked_again_from_their_files(string name)
    {
        ReplayReport record = Replay(OutsideData.Path($"order_flow/{name}"));
        SimulatedVenue venue = SimulatedVenue.Open(Market, null, new SimulationOptions { Domain = 4242, BatchesMax = 4 });
        SimulatedTrading trading = venue.Trade(record);
        foreach (TradeBatchResult batch in trading.Batches(TestContext.Current.CancellationToken))
        {
            Assert.Equal(TradeShape.Standard.Trades, batch.Batch.Trades.Count);
            Assert.Equal(batch.PublicInputs, TradeBatchFile.Read(Write(venue, batch), name).PublicInputs);
        }

        Assert.Equal(record.Fills, trading.Booked + trading.Refused + trading.BeyondLastBatch);
        Assert.Equal(4, trading.BatchCount);
    }

    private static string Sample(string name) => Path.Combine(OutsideData.RepositoryRoot, "host", "samples", name);

    private static ReplayReport Replay(string path) => FlowFile.Replay(path, TestContext.Current.CancellationToken);

    private static string Write(SimulatedVenue venue, TradeBatchResult batch)
    {
        using var stream = new MemoryStream();
        TradeBatchFile.Write(stream, "a test", venue.Snapshot, batch);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void AssertRefused(string expected, string text)
    {
        Exception refusal = Assert.ThrowsAny<Exception>(() => TradeBatchFile.Read(text, "t.json"));
        Assert.True(refusal is MarketFormatException or SettlementException, refusal.ToString());
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    private static Int128 TotalCash(ExchangeState state) => state.Accounts.Values.Aggregate((Int128)0, (sum, account) => sum + account.Cash.Value);

    /// <summary>So many pairs of an ask and a bid that fill each other.</summary>
    private static List<string> Trades(int count, long quantity) =>
    [
        .. Enumerable.Range(0, 2 * count).Select(i => $"created,{i + 1},20000,{quantity},1000,{(i % 2 == 0 ? "ask" : "bid")}"),
    ];

    private Fr LastRoot(SimulationOptions options)
    {
        SimulatedTrading trading = SimulatedVenue.Open(Market, null, options).Trade(Replay(Sample("flow-btcusd.csv")));
        Assert.NotEmpty(trading.Batches(TestContext.Current.CancellationToken).ToArray());
        return trading.State.Root;
    }

    private SimulatedTrading Run(SimulationOptions options, List<string> events)
    {
        SimulatedTrading trading = SimulatedVenue.Open(Market, null, options).Trade(Replay(Table(events)));
        long trades = trading.Batches(TestContext.Current.CancellationToken).Sum(batch => batch.Batch.Trades.Count);
        Assert.Equal(trades, trading.Booked);
        return trading;
    }

    private string Table(IReadOnlyList<string> events)
    {
        string path = _folder["flow.csv"];
        const string Header = "seq,recv_ms,kind,id,price_cents,volume_satoshi,order_ms,side";
        File.WriteAllLines(path, [Header, .. events.Select((text, i) => $"{i},{1_000 + i},{text}")]);
        return path;
    }
}
