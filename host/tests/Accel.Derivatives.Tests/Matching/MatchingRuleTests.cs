using Accel.Derivatives.Market;
using Accel.Derivatives.Matching;
using Xunit;

namespace Accel.Derivatives.Tests.Matching;

public sealed class MatchingRuleTests
{
    private readonly EventList _sink = new();
    private MatchingEngine _engine = new(new MatchingOptions());

    [Fact]
    public void A_limit_order_trades_at_the_resting_price_and_rests_with_what_is_left()
    {
        Submit(1, BookSide.Ask, 100, 5);
        MatchingEvent[] events = Submit(2, BookSide.Bid, 102, 8);
        Assert.Equal([EventKind.Accepted, EventKind.Fill], events.Select(e => e.Kind));
        Assert.Equal((100, 5, 3, 0), (events[1].Price.Value, events[1].Quantity, events[1].Remaining, events[1].MakerRemaining));
        Assert.Equal((new OrderId(2), new OrderId(1)), (events[1].Order, events[1].Maker));
        Assert.Equal([(2UL, 3L)], Resting(BookSide.Bid));
        Assert.Empty(Resting(BookSide.Ask));
    }

    [Fact]
    public void Better_prices_trade_first_and_older_orders_before_younger_ones()
    {
        Submit(1, BookSide.Ask, 101, 1);
        Submit(2, BookSide.Ask, 100, 1);
        Submit(3, BookSide.Ask, 100, 1);
        Submit(4, BookSide.Ask, 99, 1);
        Assert.Equal([4UL, 2, 3, 1], Submit(5, BookSide.Bid, 200, 4).Skip(1).Select(e => e.Maker.Value));
    }

    [Fact]
    public void A_market_order_takes_any_price_and_never_rests()
    {
        Submit(1, BookSide.Bid, 1, 2);
        Submit(2, BookSide.Bid, 90, 2);
        MatchingEvent[] events = Submit(3, BookSide.Ask, 0, 5, OrderType.Market);
        Assert.Equal([EventKind.Accepted, EventKind.Fill, EventKind.Fill, EventKind.Cancelled], events.Select(e => e.Kind));
        Assert.Equal((EventReason.Unfilled, 1), (events[3].Reason, events[3].Quantity));
        Assert.Equal(0, _engine.OrderCount);
    }

    [Fact]
    public void A_market_order_with_a_price_is_refused() =>
        AssertRefused(EventReason.InvalidPrice, Submit(3, BookSide.Ask, 7, 5, OrderType.Market));

    [Fact]
    public void A_post_only_order_that_would_trade_is_refused_and_else_rests()
    {
        Submit(1, BookSide.Ask, 100, 5);
        AssertRefused(EventReason.WouldCross, Submit(2, BookSide.Bid, 100, 5, OrderType.PostOnly));
        Assert.Equal(EventKind.Accepted, Assert.Single(Submit(2, BookSide.Bid, 99, 5, OrderType.PostOnly)).Kind);
        AssertRefused(EventReason.WouldCross, Execute(MatchingCommand.Replace(new OrderId(2), new TraderId(2), new PriceTicks(100), 5)));
        Assert.Equal([(2UL, 5L)], Resting(BookSide.Bid));
    }

    [Fact]
    public void Immediate_or_cancel_trades_within_its_limit_and_cancels_the_rest()
    {
        Submit(1, BookSide.Ask, 100, 5);
        Submit(2, BookSide.Ask, 101, 5);
        MatchingEvent[] events = Submit(3, BookSide.Bid, 100, 7, OrderType.ImmediateOrCancel);
        Assert.Equal([EventKind.Accepted, EventKind.Fill, EventKind.Cancelled], events.Select(e => e.Kind));
        Assert.Equal(2, events[2].Quantity);
        Assert.Equal([(2UL, 5L)], Resting(BookSide.Ask));
    }

    [Fact]
    public void Fill_or_kill_trades_whole_or_leaves_the_book_alone()
    {
        Submit(1, BookSide.Ask, 100, 5);
        Submit(2, BookSide.Ask, 101, 5);
        AssertRefused(EventReason.NotFillable, Submit(3, BookSide.Bid, 100, 6, OrderType.FillOrKill));
        Assert.Equal([(1UL, 5L), (2UL, 5L)], Resting(BookSide.Ask));
        Assert.Equal([5L, 1L], Submit(3, BookSide.Bid, 101, 6, OrderType.FillOrKill).Skip(1).Select(e => e.Quantity));
    }

    [Fact]
    public void Fill_or_kill_does_not_count_on_its_own_traders_orders()
    {
        Submit(1, BookSide.Ask, 100, 5, trader: 7);
        Submit(2, BookSide.Ask, 100, 5);
        AssertRefused(EventReason.NotFillable, Submit(3, BookSide.Bid, 100, 6, OrderType.FillOrKill, trader: 7));
        Assert.Equal([(1UL, 5L), (2UL, 5L)], Resting(BookSide.Ask));
        Assert.Equal([EventKind.Accepted, EventKind.Cancelled, EventKind.Fill],
            Submit(3, BookSide.Bid, 100, 5, OrderType.FillOrKill, trader: 7).Select(e => e.Kind));
    }

    [Fact]
    public void Self_trade_prevention_cancels_the_resting_order_by_default()
    {
        Submit(1, BookSide.Ask, 100, 5, trader: 7);
        Submit(2, BookSide.Ask, 100, 5);
        MatchingEvent[] events = Submit(3, BookSide.Bid, 100, 6, trader: 7);
        Assert.Equal([EventKind.Accepted, EventKind.Cancelled, EventKind.Fill], events.Select(e => e.Kind));
        Assert.Equal((new OrderId(1), EventReason.SelfTrade, 5), (events[1].Order, events[1].Reason, events[1].Quantity));
        Assert.Equal([(3UL, 1L)], Resting(BookSide.Bid));
    }

    [Fact]
    public void Self_trade_prevention_can_cancel_the_incoming_order_instead()
    {
        _engine = new MatchingEngine(new MatchingOptions { SelfTrade = SelfTradePolicy.CancelIncoming });
        Submit(1, BookSide.Ask, 99, 5);
        Submit(2, BookSide.Ask, 100, 5, trader: 7);
        MatchingEvent[] events = Submit(3, BookSide.Bid, 100, 6, trader: 7);
        Assert.Equal([EventKind.Accepted, EventKind.Fill, EventKind.Cancelled], events.Select(e => e.Kind));
        Assert.Equal((new OrderId(3), EventReason.SelfTrade, 1), (events[2].Order, events[2].Reason, events[2].Quantity));
        Assert.Equal([(2UL, 5L)], Resting(BookSide.Ask));
        Assert.Empty(Resting(BookSide.Bid));
    }

    [Fact]
    public void Only_the_owner_cancels_and_only_what_rests()
    {
        Submit(1, BookSide.Ask, 100, 5);
        AssertRefused(EventReason.NotOwner, Execute(MatchingCommand.Cancel(new OrderId(1), new TraderId(9))));
        MatchingEvent cancelled = Assert.Single(Execute(MatchingCommand.Cancel(new OrderId(1), new TraderId(1))));
        Assert.Equal((EventKind.Cancelled, EventReason.Requested, 5), (cancelled.Kind, cancelled.Reason, cancelled.Quantity));
        AssertRefused(EventReason.UnknownOrder, Execute(MatchingCommand.Cancel(new OrderId(1), new TraderId(1))));
    }

    [Theory]
    [InlineData(100, 4, true)]
    [InlineData(100, 5, true)]
    [InlineData(100, 6, false)]
    [InlineData(101, 5, false)]
    [InlineData(99, 4, false)]
    public void Replacing_keeps_the_place_only_where_the_price_stays_and_the_quantity_does_not_grow(long price, long quantity, bool kept)
    {
        Submit(1, BookSide.Ask, 100, 5);
        Submit(2, BookSide.Ask, 100, 5);
        Submit(3, BookSide.Ask, price, 1);
        MatchingEvent replaced = Assert.Single(Execute(MatchingCommand.Replace(new OrderId(1), new TraderId(1), new PriceTicks(price), quantity)));
        Assert.Equal((EventKind.Replaced, kept), (replaced.Kind, replaced.KeptPriority));
        ulong[] queue = [.. _engine.Orders(BookSide.Ask).Where(o => o.Price.Value == price).Select(o => o.Order.Value)];
        Assert.Equal(1UL, kept ? queue[0] : queue[^1]);
        Assert.True(queue.Length > 1);
    }

    [Fact]
    public void Replacing_to_a_price_that_trades_trades()
    {
        Submit(1, BookSide.Ask, 100, 5);
        Submit(2, BookSide.Bid, 90, 5);
        MatchingEvent[] events = Execute(MatchingCommand.Replace(new OrderId(2), new TraderId(2), new PriceTicks(100), 7));
        Assert.Equal([EventKind.Replaced, EventKind.Fill], events.Select(e => e.Kind));
        Assert.Equal([(2UL, 2L)], Resting(BookSide.Bid));
    }

    [Fact]
    public void Prices_quantities_and_names_outside_their_range_are_refused()
    {
        Submit(1, BookSide.Bid, 1, 1);
        AssertRefused(EventReason.InvalidPrice, Submit(2, BookSide.Bid, 0, 1));
        AssertRefused(EventReason.InvalidPrice, Submit(2, BookSide.Bid, 1L << PriceTicks.Bits, 1));
        AssertRefused(EventReason.InvalidQuantity, Submit(2, BookSide.Bid, 1, 0));
        AssertRefused(EventReason.InvalidQuantity, Submit(2, BookSide.Bid, 1, _engine.Options.QuantityMax + 1));
        AssertRefused(EventReason.DuplicateOrder, Submit(1, BookSide.Bid, 1, 1));
        Assert.Equal([(1UL, 1L)], Resting(BookSide.Bid));
    }

    [Fact]
    public void A_full_book_refuses_orders_and_prices_that_would_rest()
    {
        _engine = new MatchingEngine(new MatchingOptions { OrdersMax = 3, LevelsMax = 2 });
        Submit(1, BookSide.Bid, 10, 1);
        Submit(2, BookSide.Bid, 11, 1);
        AssertRefused(EventReason.TooManyLevels, Submit(3, BookSide.Bid, 12, 1));
        Submit(3, BookSide.Bid, 11, 1);
        AssertRefused(EventReason.BookFull, Submit(4, BookSide.Ask, 20, 1));
        AssertRefused(EventReason.TooManyLevels, Execute(MatchingCommand.Replace(new OrderId(2), new TraderId(2), new PriceTicks(12), 1)));
        Assert.Equal(EventKind.Replaced,
            Assert.Single(Execute(MatchingCommand.Replace(new OrderId(1), new TraderId(1), new PriceTicks(12), 1))).Kind);
        Assert.Equal(EventKind.Fill, Submit(4, BookSide.Ask, 0, 1, OrderType.Market)[1].Kind);
    }

    [Fact]
    public void A_command_outside_its_enumerations_is_no_command()
    {
        MatchingCommand broken = MatchingCommand.FromFields((CommandKind)3, BookSide.Bid, OrderType.Limit, default, default, default, 1);
        Assert.Throws<ArgumentException>(() => Execute(broken));
        Assert.Equal(0UL, _engine.CommandCount);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(int.MaxValue, 1, 1)]
    [InlineData(1, 1, long.MaxValue)]
    public void Bounds_that_could_overflow_are_refused(int orders, int levels, long quantity) =>
        Assert.Throws<ArgumentException>(() =>
            new MatchingEngine(new MatchingOptions { OrdersMax = orders, LevelsMax = levels, QuantityMax = quantity }));

    private MatchingEvent[] Submit(ulong order, BookSide side, long price, long quantity, OrderType type = OrderType.Limit, ulong? trader = null) =>
        Execute(MatchingCommand.Submit(type, new OrderId(order), new TraderId(trader ?? order), side, new PriceTicks(price), quantity));

    private MatchingEvent[] Execute(MatchingCommand command)
    {
        int before = _sink.Events.Count;
        EventList sink = _sink;
        _engine.Execute(in command, ref sink);
        return [.. _sink.Events.Skip(before)];
    }

    private IEnumerable<(ulong Order, long Remaining)> Resting(BookSide side) => _engine.Orders(side).Select(o => (o.Order.Value, o.Remaining));

    private static void AssertRefused(EventReason reason, MatchingEvent[] events)
    {
        MatchingEvent rejected = Assert.Single(events);
        Assert.Equal((EventKind.Rejected, reason), (rejected.Kind, rejected.Reason));
    }
}
