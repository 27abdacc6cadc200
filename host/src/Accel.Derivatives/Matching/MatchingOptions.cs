namespace Accel.Derivatives.Matching;

/// <summary>Whose order gives way when both sides of a trade would belong to one trader.</summary>
public enum SelfTradePolicy : byte
{
    /// <summary>
    /// The resting order is cancelled and the incoming one goes on. The default: the newest wish of a trader counts, and nobody can
    /// shield a price level from its own later orders.
    /// </summary>
    CancelResting,

    /// <summary>What is left of the incoming order is cancelled; the resting one keeps its place.</summary>
    CancelIncoming,
}

/// <summary>The bounds of one book. They are part of its journal, for they decide which commands are refused.</summary>
public sealed record MatchingOptions
{
    /// <summary>Resting orders at most: 2¹⁶ by default.</summary>
    public int OrdersMax { get; init; } = 1 << 16;

    /// <summary>Prices on one side at most: 2¹² by default. A new price costs one move of the better prices, 8 bytes each.</summary>
    public int LevelsMax { get; init; } = 1 << 12;

    /// <summary>Largest quantity of an order, in units of 10⁻⁴ contract: by default what a position can hold.</summary>
    public long QuantityMax { get; init; } = (1L << Market.PositionQuantity.MagnitudeBits) - 1;

    /// <summary>What happens instead of a trade with oneself.</summary>
    public SelfTradePolicy SelfTrade { get; init; } = SelfTradePolicy.CancelResting;

    internal const int OrdersLimit = 1 << 22;
    internal const long QuantityLimit = 1L << 40;

    /// <summary>Refuses bounds that would let a sum overflow.</summary>
    /// <exception cref="ArgumentException">A bound is outside its range.</exception>
    public void Validate()
    {
        Check(OrdersMax is >= 1 and <= OrdersLimit, nameof(OrdersMax), OrdersMax, OrdersLimit);
        Check(LevelsMax is >= 1 and <= OrdersLimit, nameof(LevelsMax), LevelsMax, OrdersLimit);
        Check(QuantityMax is >= 1 and <= QuantityLimit, nameof(QuantityMax), QuantityMax, QuantityLimit);
        if (!Enum.IsDefined(SelfTrade))
        {
            throw new ArgumentException($"there is no self-trade policy {(int)SelfTrade}");
        }
    }

    private static void Check(bool holds, string name, long value, long limit)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name} = {value} is outside 1…{limit}");
        }
    }
}
