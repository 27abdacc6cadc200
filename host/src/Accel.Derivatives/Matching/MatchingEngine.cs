using System.Diagnostics.CodeAnalysis;
using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching;

/// <summary>One occupied price of a book.</summary>
/// <param name="Price">The price.</param>
/// <param name="Quantity">Sum of what rests there.</param>
/// <param name="OrderCount">Number of orders there.</param>
public readonly record struct BookLevel(PriceTicks Price, long Quantity, int OrderCount);

/// <summary>A resting order as the book holds it.</summary>
/// <param name="Order">Its name.</param>
/// <param name="Trader">Its owner.</param>
/// <param name="Side">Its side.</param>
/// <param name="Price">Its limit.</param>
/// <param name="Remaining">What is left of it.</param>
public readonly record struct BookOrder(OrderId Order, TraderId Trader, BookSide Side, PriceTicks Price, long Remaining);

/// <summary>
/// A limit order book with price-time priority. Its state is a function of its options and the commands so far: no clock, no chance. Commands
/// run on one thread at a time and allocate nothing.
/// </summary>
public sealed class MatchingEngine
{
    private readonly MatchingOptions _options;
    private readonly OrderBook _book;
    private ulong _eventSequence;

    /// <summary>An empty book; all its memory is allocated here.</summary>
    /// <exception cref="ArgumentException">A bound of the options is outside its range.</exception>
    public MatchingEngine(MatchingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _book = new OrderBook(options);
    }

    /// <summary>The bounds of the book.</summary>
    public MatchingOptions Options => _options;

    /// <summary>Number of commands executed.</summary>
    public ulong CommandCount { get; private set; }

    /// <summary>Number of resting orders.</summary>
    public int OrderCount => _book.OrderCount;

    /// <summary>Executes one command and reports every consequence to the sink, in order.</summary>
    /// <exception cref="ArgumentException">A field of the command is none of its enumeration's values.</exception>
    public void Execute<TSink>(in MatchingCommand command, ref TSink sink)
        where TSink : IMatchingSink
    {
        ThrowUnlessDefined(in command);
        CommandCount++;
        switch (command.Kind)
        {
            case CommandKind.Submit:
                Submit(in command, ref sink);
                break;
            case CommandKind.Cancel:
                Cancel(in command, ref sink);
                break;
            default:
                Replace(in command, ref sink);
                break;
        }
    }

    /// <summary>Number of occupied prices on a side.</summary>
    public int LevelCount(BookSide side) => _book.Ladder(side).Count;

    /// <summary>The occupied price at a depth, 0 being the best.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The side has no such depth.</exception>
    public BookLevel LevelAt(BookSide side, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(depth, LevelCount(side));
        ref PriceLevel level = ref _book.Level(_book.Ladder(side).SlotAt(depth));
        return new BookLevel(new PriceTicks(level.Price), level.Quantity, level.OrderCount);
    }

    /// <summary>The best price of a side, if it has one.</summary>
    public bool TryGetBest(BookSide side, out BookLevel best)
    {
        bool exists = LevelCount(side) > 0;
        best = exists ? LevelAt(side, 0) : default;
        return exists;
    }

    /// <summary>The level at a price, if it is occupied.</summary>
    public bool TryGetLevel(BookSide side, PriceTicks price, out BookLevel found)
    {
        int slot = _book.Ladder(side).Find(price.Value);
        found = slot < 0 ? default : new BookLevel(price, _book.Level(slot).Quantity, _book.Level(slot).OrderCount);
        return slot >= 0;
    }

    /// <summary>A live order, if it exists.</summary>
    public bool TryGetOrder(OrderId order, out BookOrder found)
    {
        int slot = _book.Find(order);
        found = slot < 0 ? default : Describe(slot);
        return slot >= 0;
    }

    /// <summary>The orders of a side in the sequence in which they would trade.</summary>
    public IEnumerable<BookOrder> Orders(BookSide side)
    {
        for (int depth = 0; depth < LevelCount(side); depth++)
        {
            int level = _book.Ladder(side).SlotAt(depth);
            for (int slot = _book.Level(level).Head; slot >= 0; slot = _book.Order(slot).Next)
            {
                yield return Describe(slot);
            }
        }
    }

    internal static void ThrowUnlessDefined(in MatchingCommand command)
    {
        if (command.Kind > CommandKind.Replace || command.Side > BookSide.Ask || command.Type > OrderType.Market)
        {
            ThrowUndefined(in command);
        }
    }

    [DoesNotReturn]
    private static void ThrowUndefined(in MatchingCommand command) =>
        throw new ArgumentException(
            $"a command has kind {(int)command.Kind}, side {(int)command.Side} and type {(int)command.Type}; the largest are 2, 1 and 4");

    private void Submit<TSink>(in MatchingCommand command, ref TSink sink)
        where TSink : IMatchingSink
    {
        EventReason refusal = CheckSubmission(in command);
        if (refusal != EventReason.None)
        {
            Reject(in command, command.Side, refusal, ref sink);
            return;
        }

        Incoming incoming = new()
        {
            Order = command.Order,
            Trader = command.Trader,
            Side = command.Side,
            Limit = command.Type == OrderType.Market ? WorstPrice(command.Side) : command.Price.Value,
            Remaining = command.Quantity,
        };
        Emit(new MatchingEvent
        {
            Kind = EventKind.Accepted,
            Side = command.Side,
            Order = command.Order,
            Trader = command.Trader,
            Price = command.Price,
            Quantity = command.Quantity,
            Remaining = command.Quantity,
        }, ref sink);
        Match(ref incoming, ref sink);
        if (incoming.Remaining == 0)
        {
            return;
        }

        if (command.Type is OrderType.Limit or OrderType.PostOnly)
        {
            Rest(in incoming, command.Type == OrderType.PostOnly);
        }
        else
        {
            EmitCancelled(command.Order, command.Trader, command.Side, command.Price.Value, incoming.Remaining, EventReason.Unfilled, ref sink);
        }
    }

    private EventReason CheckSubmission(in MatchingCommand command)
    {
        bool isMarket = command.Type == OrderType.Market;
        if (isMarket ? command.Price.Value != 0 : !IsValidPrice(command.Price))
        {
            return EventReason.InvalidPrice;
        }

        if (!IsValidQuantity(command.Quantity))
        {
            return EventReason.InvalidQuantity;
        }

        if (_book.Find(command.Order) >= 0)
        {
            return EventReason.DuplicateOrder;
        }

        return command.Type switch
        {
            OrderType.PostOnly when _book.Crosses(command.Side, command.Price.Value) => EventReason.WouldCross,
            OrderType.FillOrKill when !IsFillable(in command) => EventReason.NotFillable,
            OrderType.Limit or OrderType.PostOnly when _book.IsFull => EventReason.BookFull,
            OrderType.Limit or OrderType.PostOnly when !HasRoomForPrice(command.Side, command.Price.Value) => EventReason.TooManyLevels,
            _ => EventReason.None,
        };
    }

    private void Cancel<TSink>(in MatchingCommand command, ref TSink sink)
        where TSink : IMatchingSink
    {
        int slot = _book.Find(command.Order);
        EventReason refusal = CheckOwner(slot, command.Trader);
        if (refusal != EventReason.None)
        {
            Reject(in command, BookSide.Bid, refusal, ref sink);
            return;
        }

        CancelResting(slot, EventReason.Requested, ref sink);
    }

    private void Replace<TSink>(in MatchingCommand command, ref TSink sink)
        where TSink : IMatchingSink
    {
        int slot = _book.Find(command.Order);
        EventReason refusal = CheckReplacement(slot, in command);
        if (refusal != EventReason.None)
        {
            Reject(in command, BookSide.Bid, refusal, ref sink);
            return;
        }

        ref RestingOrder order = ref _book.Order(slot);
        ref PriceLevel level = ref _book.Level(order.Level);
        bool keepsPriority = KeepsPriority(slot, in command);
        Incoming incoming = new()
        {
            Order = order.Id,
            Trader = order.Trader,
            Side = level.Side,
            Limit = command.Price.Value,
            Remaining = command.Quantity,
        };
        bool isPostOnly = order.IsPostOnly;
        _book.Reduce(slot, keepsPriority ? order.Remaining - command.Quantity : order.Remaining);
        Emit(
            new MatchingEvent
            {
                Kind = EventKind.Replaced,
                Side = incoming.Side,
                KeptPriority = keepsPriority,
                Order = command.Order,
                Trader = command.Trader,
                Price = command.Price,
                Quantity = command.Quantity,
                Remaining = command.Quantity,
            },
            ref sink);
        if (keepsPriority)
        {
            return;
        }

        Match(ref incoming, ref sink);
        if (incoming.Remaining > 0)
        {
            Rest(in incoming, isPostOnly);
        }
    }

    private EventReason CheckReplacement(int slot, in MatchingCommand command)
    {
        EventReason refusal = CheckOwner(slot, command.Trader);
        if (refusal != EventReason.None)
        {
            return refusal;
        }

        if (!IsValidPrice(command.Price))
        {
            return EventReason.InvalidPrice;
        }

        if (!IsValidQuantity(command.Quantity))
        {
            return EventReason.InvalidQuantity;
        }

        ref RestingOrder order = ref _book.Order(slot);
        ref PriceLevel level = ref _book.Level(order.Level);
        if (order.IsPostOnly && _book.Crosses(level.Side, command.Price.Value))
        {
            return EventReason.WouldCross;
        }

        return level.OrderCount == 1 || HasRoomForPrice(level.Side, command.Price.Value) ? EventReason.None : EventReason.TooManyLevels;
    }

    private bool KeepsPriority(int slot, in MatchingCommand command)
    {
        ref RestingOrder order = ref _book.Order(slot);
        return command.Price.Value == _book.Level(order.Level).Price && command.Quantity <= order.Remaining;
    }

    private EventReason CheckOwner(int slot, TraderId trader)
    {
        if (slot < 0)
        {
            return EventReason.UnknownOrder;
        }

        return _book.Order(slot).Trader == trader ? EventReason.None : EventReason.NotOwner;
    }

    private void Match<TSink>(ref Incoming incoming, ref TSink sink)
        where TSink : IMatchingSink
    {
        while (incoming.Remaining > 0 && _book.Crosses(incoming.Side, incoming.Limit))
        {
            int slot = _book.Level(_book.Ladder(OrderBook.Opposite(incoming.Side)).Best).Head;
            if (_book.Order(slot).Trader != incoming.Trader)
            {
                Fill(ref incoming, slot, ref sink);
            }
            else if (_options.SelfTrade == SelfTradePolicy.CancelResting)
            {
                CancelResting(slot, EventReason.SelfTrade, ref sink);
            }
            else
            {
                EmitCancelled(incoming.Order, incoming.Trader, incoming.Side, incoming.Limit, incoming.Remaining, EventReason.SelfTrade, ref sink);
                incoming.Remaining = 0;
            }
        }
    }

    private void Fill<TSink>(ref Incoming incoming, int slot, ref TSink sink)
        where TSink : IMatchingSink
    {
        ref RestingOrder maker = ref _book.Order(slot);
        long quantity = Math.Min(incoming.Remaining, maker.Remaining);
        incoming.Remaining -= quantity;
        MatchingEvent fill = new()
        {
            Kind = EventKind.Fill,
            Side = incoming.Side,
            Order = incoming.Order,
            Trader = incoming.Trader,
            Price = new PriceTicks(_book.Level(maker.Level).Price),
            Quantity = quantity,
            Remaining = incoming.Remaining,
            Maker = maker.Id,
            MakerTrader = maker.Trader,
            MakerRemaining = maker.Remaining - quantity,
        };
        _book.Reduce(slot, quantity);
        Emit(fill, ref sink);
    }

    /// <summary>Whether matching would fill the order whole, its own resting orders treated as the policy says.</summary>
    private bool IsFillable(in MatchingCommand command)
    {
        long missing = command.Quantity;
        LevelLadder ladder = _book.Ladder(OrderBook.Opposite(command.Side));
        for (int depth = 0; depth < ladder.Count; depth++)
        {
            ref PriceLevel level = ref _book.Level(ladder.SlotAt(depth));
            if (!OrderBook.Reaches(command.Side, command.Price.Value, level.Price))
            {
                return false;
            }

            for (int slot = level.Head; slot >= 0; slot = _book.Order(slot).Next)
            {
                ref RestingOrder order = ref _book.Order(slot);
                bool isOwn = order.Trader == command.Trader;
                if (isOwn && _options.SelfTrade == SelfTradePolicy.CancelIncoming)
                {
                    return false;
                }

                missing -= isOwn ? 0 : order.Remaining;
                if (missing <= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Rest(in Incoming incoming, bool isPostOnly) =>
        _book.Add(incoming.Order, incoming.Trader, incoming.Side, incoming.Limit, incoming.Remaining, isPostOnly);

    private void CancelResting<TSink>(int slot, EventReason reason, ref TSink sink)
        where TSink : IMatchingSink
    {
        RestingOrder order = _book.Order(slot);
        PriceLevel level = _book.Level(order.Level);
        _book.Remove(slot);
        EmitCancelled(order.Id, order.Trader, level.Side, level.Price, order.Remaining, reason, ref sink);
    }

    private bool HasRoomForPrice(BookSide side, long price)
    {
        LevelLadder ladder = _book.Ladder(side);
        return !ladder.IsFull || ladder.Find(price) >= 0;
    }

    private bool IsValidQuantity(long quantity) => quantity >= 1 && quantity <= _options.QuantityMax;

    private static bool IsValidPrice(PriceTicks price) => price.Value is >= 1 and < 1L << PriceTicks.Bits;

    private static long WorstPrice(BookSide side) => side == BookSide.Bid ? (1L << PriceTicks.Bits) - 1 : 1;

    private void Reject<TSink>(in MatchingCommand command, BookSide side, EventReason reason, ref TSink sink)
        where TSink : IMatchingSink =>
        Emit(new MatchingEvent
        {
            Kind = EventKind.Rejected,
            Reason = reason,
            Side = side,
            Order = command.Order,
            Trader = command.Trader,
            Price = command.Price,
            Quantity = command.Quantity,
        }, ref sink);

    private void EmitCancelled<TSink>(OrderId order, TraderId trader, BookSide side, long price, long quantity, EventReason reason, ref TSink sink)
        where TSink : IMatchingSink =>
        Emit(new MatchingEvent
        {
            Kind = EventKind.Cancelled,
            Reason = reason,
            Side = side,
            Order = order,
            Trader = trader,
            Price = new PriceTicks(price),
            Quantity = quantity,
        }, ref sink);

    private void Emit<TSink>(in MatchingEvent matchingEvent, ref TSink sink)
        where TSink : IMatchingSink =>
        sink.OnEvent(matchingEvent with { Sequence = ++_eventSequence, Command = CommandCount });

    private BookOrder Describe(int slot)
    {
        ref RestingOrder order = ref _book.Order(slot);
        ref PriceLevel level = ref _book.Level(order.Level);
        return new BookOrder(order.Id, order.Trader, level.Side, new PriceTicks(level.Price), order.Remaining);
    }

    /// <summary>The order that is matching now.</summary>
    private struct Incoming
    {
        public OrderId Order;
        public TraderId Trader;
        public BookSide Side;
        public long Limit;
        public long Remaining;
    }
}
