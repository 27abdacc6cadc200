namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>What a line of Bitstamp's stream reports.</summary>
internal enum BitstampEventKind
{
    Created,
    Changed,
    Deleted,
    Trade,
    Snapshot,
}

/// <summary>A line of Bitstamp's stream.</summary>
/// <param name="TimeMs">When it was received, Unix milliseconds.</param>
/// <param name="Kind">What it reports.</param>
/// <param name="Order">
/// The order, with what remains of it; of a trade its own name, its price and quantity; of a snapshot nothing. Quantities in 10⁻⁸ coin.
/// </param>
internal readonly record struct BitstampEvent(long TimeMs, BitstampEventKind Kind, BookOrder Order)
{
    /// <summary>Prices and quantities of a snapshot, best first; at least one on each side.</summary>
    public IReadOnlyList<(long Price, long Quantity)> Bids { get; init; } = [];

    /// <inheritdoc cref="Bids"/>
    public IReadOnlyList<(long Price, long Quantity)> Asks { get; init; } = [];

    /// <summary>Whether the exchange says that the order traded: a change, or an end with nothing left.</summary>
    public bool IsFill => Kind == BitstampEventKind.Changed || (Kind == BitstampEventKind.Deleted && Order.Remaining == 0);
}
