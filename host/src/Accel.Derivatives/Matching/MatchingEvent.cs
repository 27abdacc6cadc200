using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching;

/// <summary>What happened.</summary>
public enum EventKind : byte
{
    /// <summary>A submission passed its checks. Fills, and the end of what cannot rest, follow.</summary>
    Accepted,

    /// <summary>A command was refused; the book is as it was.</summary>
    Rejected,

    /// <summary>The incoming order traded with a resting one, at the resting order's price.</summary>
    Fill,

    /// <summary>A quantity left without trading.</summary>
    Cancelled,

    /// <summary>A resting order has a new price or quantity. Fills follow when the new price trades.</summary>
    Replaced,
}

/// <summary>Why a command was refused, or a quantity cancelled.</summary>
public enum EventReason : byte
{
    /// <summary>Nothing to explain.</summary>
    None,

    /// <summary>The price is outside [1, 2³⁶) ticks, or a market order carries one.</summary>
    InvalidPrice,

    /// <summary>The quantity is outside [1, <see cref="MatchingOptions.QuantityMax"/>].</summary>
    InvalidQuantity,

    /// <summary>A live order already has this name.</summary>
    DuplicateOrder,

    /// <summary>No live order has this name.</summary>
    UnknownOrder,

    /// <summary>The order belongs to someone else.</summary>
    NotOwner,

    /// <summary>A post-only order would have traded.</summary>
    WouldCross,

    /// <summary>A fill-or-kill order could not trade whole.</summary>
    NotFillable,

    /// <summary>The book holds <see cref="MatchingOptions.OrdersMax"/> orders.</summary>
    BookFull,

    /// <summary>The side holds <see cref="MatchingOptions.LevelsMax"/> prices.</summary>
    TooManyLevels,

    /// <summary>The owner asked for it.</summary>
    Requested,

    /// <summary>What a market or immediate-or-cancel order could not trade.</summary>
    Unfilled,

    /// <summary>The owner would have traded with itself.</summary>
    SelfTrade,
}

/// <summary>One event. For a fill, <see cref="Order"/> is the incoming order and <see cref="Maker"/> the resting one.</summary>
public readonly record struct MatchingEvent
{
    /// <summary>Place of the event in the engine's life, from 1 without gaps.</summary>
    public ulong Sequence { get; init; }

    /// <summary>Place of the command that caused it, from 1 without gaps.</summary>
    public ulong Command { get; init; }

    /// <summary>What happened.</summary>
    public EventKind Kind { get; init; }

    /// <summary>Why, for rejections and cancellations.</summary>
    public EventReason Reason { get; init; }

    /// <summary>Side of <see cref="Order"/>; a bid where no such order is known.</summary>
    public BookSide Side { get; init; }

    /// <summary>Whether a replaced order kept its place in the queue.</summary>
    public bool KeptPriority { get; init; }

    /// <summary>The order concerned.</summary>
    public OrderId Order { get; init; }

    /// <summary>Its owner; for a rejection, who asked.</summary>
    public TraderId Trader { get; init; }

    /// <summary>The price: of the trade for fills, else the order's.</summary>
    public PriceTicks Price { get; init; }

    /// <summary>The quantity accepted, refused, traded or cancelled, or the new remaining one.</summary>
    public long Quantity { get; init; }

    /// <summary>What is left of <see cref="Order"/> after the event.</summary>
    public long Remaining { get; init; }

    /// <summary>The resting order of a fill.</summary>
    public OrderId Maker { get; init; }

    /// <summary>The owner of the resting order of a fill.</summary>
    public TraderId MakerTrader { get; init; }

    /// <summary>What is left of the resting order after a fill.</summary>
    public long MakerRemaining { get; init; }
}

/// <summary>Receives events as they happen, in order. A struct costs the engine neither an allocation nor an indirect call.</summary>
public interface IMatchingSink
{
    /// <summary>Takes one event. It must not call the engine.</summary>
    void OnEvent(in MatchingEvent matchingEvent);
}
