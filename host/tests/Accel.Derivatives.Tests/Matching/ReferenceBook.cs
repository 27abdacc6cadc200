using Accel.Derivatives.Market;
using Accel.Derivatives.Matching;

namespace Accel.Derivatives.Tests.Matching;

/// <summary>The rules once more, over one list of orders that is sorted anew for each question.</summary>
internal sealed class ReferenceBook(MatchingOptions options)
{
    private readonly List<Resting> _resting = [];
    private readonly List<MatchingEvent> _events = [];
    private ulong _commands;
    private ulong _arrivals;

    public IReadOnlyList<MatchingEvent> Events => _events;

    public IEnumerable<BookOrder> Orders(BookSide side) =>
        Queue(side).Select(o => new BookOrder(o.Id, o.Trader, o.Side, new PriceTicks(o.Price), o.Remaining));

    public void Execute(MatchingCommand command)
    {
        _commands++;
        EventReason refusal = command.Kind == CommandKind.Submit ? CheckNew(command) : CheckExisting(command);
        if (refusal != EventReason.None)
        {
            Add(new MatchingEvent
            {
                Kind = EventKind.Rejected,
                Reason = refusal,
                Side = command.Kind == CommandKind.Submit ? command.Side : BookSide.Bid,
                Order = command.Order,
                Trader = command.Trader,
                Price = command.Price,
                Quantity = command.Quantity,
            });
            return;
        }

        if (command.Kind == CommandKind.Cancel)
        {
            Cancel(Named(command.Order)!, EventReason.Requested);
        }
        else if (command.Kind == CommandKind.Replace)
        {
            Replace(command, Named(command.Order)!);
        }
        else
        {
            Add(new MatchingEvent
            {
                Kind = EventKind.Accepted,
                Side = command.Side,
                Order = command.Order,
                Trader = command.Trader,
                Price = command.Price,
                Quantity = command.Quantity,
                Remaining = command.Quantity,
            });
            Enter(command.Order, command.Trader, command.Side, command.Type, command.Price.Value, command.Quantity);
        }
    }

    private EventReason CheckNew(MatchingCommand c)
    {
        bool market = c.Type == OrderType.Market;
        bool rests = c.Type is OrderType.Limit or OrderType.PostOnly;
        if (market != (c.Price.Value == 0) || c.Price.Value < 0 || c.Price.Value >= 1L << 36)
        {
            return EventReason.InvalidPrice;
        }

        if (c.Quantity <= 0 || c.Quantity > options.QuantityMax)
        {
            return EventReason.InvalidQuantity;
        }

        if (Named(c.Order) is not null)
        {
            return EventReason.DuplicateOrder;
        }

        if (c.Type == OrderType.PostOnly && Tradable(c.Side, c.Price.Value).Any())
        {
            return EventReason.WouldCross;
        }

        if (c.Type == OrderType.FillOrKill && FillableQuantity(c) < c.Quantity)
        {
            return EventReason.NotFillable;
        }

        if (rests && _resting.Count == options.OrdersMax)
        {
            return EventReason.BookFull;
        }

        return rests && LevelsWith(c.Side, c.Price.Value, without: null) > options.LevelsMax ? EventReason.TooManyLevels : EventReason.None;
    }

    private EventReason CheckExisting(MatchingCommand c)
    {
        Resting? order = Named(c.Order);
        if (order is null)
        {
            return EventReason.UnknownOrder;
        }

        if (order.Trader != c.Trader)
        {
            return EventReason.NotOwner;
        }

        if (c.Kind == CommandKind.Cancel)
        {
            return EventReason.None;
        }

        if (c.Price.Value is < 1 or >= 1L << 36)
        {
            return EventReason.InvalidPrice;
        }

        if (c.Quantity <= 0 || c.Quantity > options.QuantityMax)
        {
            return EventReason.InvalidQuantity;
        }

        if (order.PostOnly && Tradable(order.Side, c.Price.Value).Any())
        {
            return EventReason.WouldCross;
        }

        return LevelsWith(order.Side, c.Price.Value, order) > options.LevelsMax ? EventReason.TooManyLevels : EventReason.None;
    }

    private void Replace(MatchingCommand c, Resting order)
    {
        bool kept = c.Price.Value == order.Price && c.Quantity <= order.Remaining;
        Add(new MatchingEvent
        {
            Kind = EventKind.Replaced,
            Side = order.Side,
            KeptPriority = kept,
            Order = c.Order,
            Trader = c.Trader,
            Price = c.Price,
            Quantity = c.Quantity,
            Remaining = c.Quantity,
        });
        if (kept)
        {
            order.Remaining = c.Quantity;
            return;
        }

        _resting.Remove(order);
        Enter(order.Id, order.Trader, order.Side, order.PostOnly ? OrderType.PostOnly : OrderType.Limit, c.Price.Value, c.Quantity);
    }

    private void Enter(OrderId id, TraderId trader, BookSide side, OrderType type, long price, long quantity)
    {
        long limit = type != OrderType.Market ? price : side == BookSide.Bid ? long.MaxValue : long.MinValue;
        while (quantity > 0 && Tradable(side, limit).FirstOrDefault() is { } maker)
        {
            if (maker.Trader != trader)
            {
                long traded = Math.Min(quantity, maker.Remaining);
                quantity -= traded;
                maker.Remaining -= traded;
                Add(new MatchingEvent
                {
                    Kind = EventKind.Fill,
                    Side = side,
                    Order = id,
                    Trader = trader,
                    Price = new PriceTicks(maker.Price),
                    Quantity = traded,
                    Remaining = quantity,
                    Maker = maker.Id,
                    MakerTrader = maker.Trader,
                    MakerRemaining = maker.Remaining,
                });
                _resting.RemoveAll(o => o.Remaining == 0);
            }
            else if (options.SelfTrade == SelfTradePolicy.CancelResting)
            {
                Cancel(maker, EventReason.SelfTrade);
            }
            else
            {
                AddCancelled(id, trader, side, type == OrderType.Market ? (side == BookSide.Bid ? (1L << 36) - 1 : 1) : price, quantity,
                    EventReason.SelfTrade);
                return;
            }
        }

        if (quantity == 0)
        {
            return;
        }

        if (type is OrderType.Limit or OrderType.PostOnly)
        {
            _resting.Add(new Resting(id, trader, side, price, ++_arrivals, type == OrderType.PostOnly) { Remaining = quantity });
        }
        else
        {
            AddCancelled(id, trader, side, price, quantity, EventReason.Unfilled);
        }
    }

    private void Cancel(Resting order, EventReason reason)
    {
        _resting.Remove(order);
        AddCancelled(order.Id, order.Trader, order.Side, order.Price, order.Remaining, reason);
    }

    private Resting? Named(OrderId id) => _resting.SingleOrDefault(o => o.Id == id);

    private IEnumerable<Resting> Queue(BookSide side) =>
        _resting.Where(o => o.Side == side).OrderBy(o => side == BookSide.Bid ? -o.Price : o.Price).ThenBy(o => o.Arrival);

    private IEnumerable<Resting> Tradable(BookSide side, long limit) =>
        side == BookSide.Bid ? Queue(BookSide.Ask).Where(o => o.Price <= limit) : Queue(BookSide.Bid).Where(o => o.Price >= limit);

    private long FillableQuantity(MatchingCommand c)
    {
        IEnumerable<Resting> makers = Tradable(c.Side, c.Price.Value);
        return options.SelfTrade == SelfTradePolicy.CancelResting
            ? makers.Where(o => o.Trader != c.Trader).Sum(o => o.Remaining)
            : makers.TakeWhile(o => o.Trader != c.Trader).Sum(o => o.Remaining);
    }

    private int LevelsWith(BookSide side, long price, Resting? without) =>
        _resting.Where(o => o.Side == side && o != without).Select(o => o.Price).Append(price).Distinct().Count();

    private void AddCancelled(OrderId id, TraderId trader, BookSide side, long price, long quantity, EventReason reason) =>
        Add(new MatchingEvent
        {
            Kind = EventKind.Cancelled,
            Reason = reason,
            Side = side,
            Order = id,
            Trader = trader,
            Price = new PriceTicks(price),
            Quantity = quantity,
        });

    private void Add(MatchingEvent e) => _events.Add(e with { Sequence = (ulong)_events.Count + 1, Command = _commands });

    private sealed record Resting(OrderId Id, TraderId Trader, BookSide Side, long Price, ulong Arrival, bool PostOnly)
    {
        public long Remaining { get; set; }
    }
}
