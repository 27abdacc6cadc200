using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching;

/// <summary>Names an order while it is live. The gateway assigns it; two live orders never share one.</summary>
/// <param name="Value">Any 64-bit number.</param>
public readonly record struct OrderId(ulong Value);

/// <summary>Names whoever an order belongs to, for self-trade prevention and for the right to cancel.</summary>
/// <param name="Value">Any 64-bit number.</param>
public readonly record struct TraderId(ulong Value);

/// <summary>The side of the book that an order belongs to.</summary>
public enum BookSide : byte
{
    /// <summary>Wants to buy.</summary>
    Bid,

    /// <summary>Wants to sell.</summary>
    Ask,
}

/// <summary>What an order may do when it arrives, and what becomes of the part that does not trade at once.</summary>
public enum OrderType : byte
{
    /// <summary>Trades at its price or better; the rest joins the book.</summary>
    Limit,

    /// <summary>A limit order that is refused when it would trade on arrival.</summary>
    PostOnly,

    /// <summary>Trades at its price or better; the rest is cancelled.</summary>
    ImmediateOrCancel,

    /// <summary>Trades whole at its price or better, or is refused and leaves the book as it was.</summary>
    FillOrKill,

    /// <summary>Trades at any price; the rest is cancelled. Its price field is zero.</summary>
    Market,
}

/// <summary>What a command asks for.</summary>
public enum CommandKind : byte
{
    /// <summary>Enter a new order.</summary>
    Submit,

    /// <summary>Take a resting order off the book.</summary>
    Cancel,

    /// <summary>Give a resting order a new price, a new remaining quantity, or both.</summary>
    Replace,
}

/// <summary>One request to the engine: the unit that the journal records. Quantities are in units of 10⁻⁴ contract.</summary>
public readonly record struct MatchingCommand
{
    /// <summary>What is asked for.</summary>
    public CommandKind Kind { get; private init; }

    /// <summary>The order's side; only read from submissions.</summary>
    public BookSide Side { get; private init; }

    /// <summary>The order's type; only read from submissions.</summary>
    public OrderType Type { get; private init; }

    /// <summary>The order.</summary>
    public OrderId Order { get; private init; }

    /// <summary>Who asks. Only the owner may cancel or replace.</summary>
    public TraderId Trader { get; private init; }

    /// <summary>Limit price; zero for market orders and cancellations.</summary>
    public PriceTicks Price { get; private init; }

    /// <summary>Quantity of a submission, or new remaining quantity of a replacement.</summary>
    public long Quantity { get; private init; }

    /// <summary>A new order.</summary>
    /// <param name="type">What it may do on arrival.</param>
    /// <param name="order">Its name; no live order has it.</param>
    /// <param name="trader">Its owner.</param>
    /// <param name="side">Bid to buy, ask to sell.</param>
    /// <param name="price">Limit in [1, 2³⁶) ticks; zero for a market order.</param>
    /// <param name="quantity">Quantity in [1, <see cref="MatchingOptions.QuantityMax"/>].</param>
    public static MatchingCommand Submit(OrderType type, OrderId order, TraderId trader, BookSide side, PriceTicks price, long quantity) =>
        new() { Kind = CommandKind.Submit, Type = type, Order = order, Trader = trader, Side = side, Price = price, Quantity = quantity };

    /// <summary>Takes an order off the book.</summary>
    public static MatchingCommand Cancel(OrderId order, TraderId trader) => new() { Kind = CommandKind.Cancel, Order = order, Trader = trader };

    /// <summary>Changes a resting order. It keeps its place in the queue only when the price stays and the quantity does not grow.</summary>
    /// <param name="order">The resting order.</param>
    /// <param name="trader">Its owner.</param>
    /// <param name="price">New limit.</param>
    /// <param name="quantity">New remaining quantity, fills so far not counted.</param>
    public static MatchingCommand Replace(OrderId order, TraderId trader, PriceTicks price, long quantity) =>
        new() { Kind = CommandKind.Replace, Order = order, Trader = trader, Price = price, Quantity = quantity };

    internal static MatchingCommand FromFields(CommandKind kind, BookSide side, OrderType type, OrderId order, TraderId trader, PriceTicks price,
        long quantity) =>
        new() { Kind = kind, Side = side, Type = type, Order = order, Trader = trader, Price = price, Quantity = quantity };
}
