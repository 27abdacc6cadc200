namespace Accel.Derivatives.Market;

/// <summary>One instrument's line in a market snapshot. Option prices are in coin, as inverse options are quoted.</summary>
/// <param name="Instrument">What is quoted.</param>
/// <param name="Bid">Best bid in coin, when there is one.</param>
/// <param name="Ask">Best ask in coin, when there is one.</param>
/// <param name="Mark">The exchange's mark in coin.</param>
/// <param name="MarkVolatilityMillionths">Mark volatility in 10⁻⁶ per √year, as published: it may lie outside the pricer's domain.</param>
/// <param name="IndexUsd">Spot index in USD when the line was polled.</param>
/// <param name="FutureUsd">The expiry's future in USD; absent when the expiry has none.</param>
/// <param name="UnderlyingName">Name of the future that the exchange priced on, or <c>index_price</c>.</param>
public sealed record MarketQuote(
    Instrument Instrument,
    decimal? Bid,
    decimal? Ask,
    decimal Mark,
    long MarkVolatilityMillionths,
    decimal IndexUsd,
    decimal? FutureUsd,
    string UnderlyingName);

/// <summary>What a snapshot says about one expiry.</summary>
/// <param name="Expiry">Unix second.</param>
/// <param name="Forward">The expiry's future, or the forward that put–call parity of its marks implies.</param>
/// <param name="Index">Median of the expiry's spot index: the settlement price when the expiry settles at this snapshot.</param>
public sealed record ExpiryMarket(long Expiry, PriceTicks Forward, PriceTicks Index);

/// <summary>A market file or book is not what its format demands; the message names file, place and what would be right.</summary>
public sealed class MarketFormatException : FormatException
{
    /// <summary>States the fault.</summary>
    public MarketFormatException(string message)
        : base(message)
    {
    }

    /// <summary>States the fault and what revealed it.</summary>
    public MarketFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
