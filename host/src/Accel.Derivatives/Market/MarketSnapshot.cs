namespace Accel.Derivatives.Market;

/// <summary>
/// Every quote of one underlying at one moment. Exchanges are polled line by line, so one expiry's lines may carry slightly different
/// futures and indices; the snapshot takes the lower median of each, which no single stale line can move.
/// </summary>
public sealed class MarketSnapshot
{
    private readonly Dictionary<Instrument, MarketQuote> _quotes;
    private readonly Dictionary<long, IReadOnlyList<MarketQuote>> _byExpiry;

    /// <summary>Collects the quotes of one underlying.</summary>
    /// <param name="source">Where the quotes come from, for messages.</param>
    /// <param name="underlying">Ticker.</param>
    /// <param name="time">Unix second of the snapshot.</param>
    /// <param name="quotes">At least one; each instrument at most once.</param>
    /// <exception cref="MarketFormatException">There are no quotes, an instrument is quoted twice, or one has another underlying.</exception>
    public MarketSnapshot(string source, string underlying, long time, IReadOnlyList<MarketQuote> quotes)
    {
        Source = source;
        Underlying = underlying;
        Time = time;
        Quotes = quotes.Count > 0 ? quotes : throw new MarketFormatException($"{source}: no line quotes an option on {underlying}");
        _quotes = new Dictionary<Instrument, MarketQuote>(quotes.Count);
        foreach (MarketQuote quote in quotes)
        {
            if (quote.Instrument.Underlying != underlying)
            {
                throw new MarketFormatException($"{source}: {quote.Instrument} is not an option on {underlying}");
            }

            if (!_quotes.TryAdd(quote.Instrument, quote))
            {
                throw new MarketFormatException($"{source}: {quote.Instrument} is quoted twice");
            }
        }

        Spot = PriceTicks.FromUsd(LowerMedian(quotes.Select(q => q.IndexUsd)));
        _byExpiry = quotes.GroupBy(q => q.Instrument.Expiry).ToDictionary(g => g.Key, g => (IReadOnlyList<MarketQuote>)[.. g]);
    }

    /// <summary>Where the quotes come from.</summary>
    public string Source { get; }

    /// <summary>Ticker of the underlying.</summary>
    public string Underlying { get; }

    /// <summary>Unix second of the snapshot.</summary>
    public long Time { get; }

    /// <summary>The quotes, in the source's order.</summary>
    public IReadOnlyList<MarketQuote> Quotes { get; }

    /// <summary>Lower median of the spot index over all lines.</summary>
    public PriceTicks Spot { get; }

    /// <summary>Expiries quoted, ascending.</summary>
    public IEnumerable<long> Expiries => _byExpiry.Keys.Order();

    /// <summary>An instrument's quote.</summary>
    /// <exception cref="MarketFormatException">The snapshot does not quote it.</exception>
    public MarketQuote Quote(Instrument instrument) => _quotes.TryGetValue(instrument, out MarketQuote? quote)
        ? quote
        : throw new MarketFormatException($"{Source} does not quote {instrument}");

    /// <summary>Forward and index of an expiry.</summary>
    /// <exception cref="MarketFormatException">No line has this expiry, or it has neither a future nor a call and a put of one strike.</exception>
    public ExpiryMarket Expiry(long expiry)
    {
        if (!_byExpiry.TryGetValue(expiry, out IReadOnlyList<MarketQuote>? quotes))
        {
            throw new MarketFormatException($"{Source}: no option expires at Unix second {expiry}");
        }

        decimal[] futures = [.. quotes.Where(q => q.FutureUsd is not null).Select(q => q.FutureUsd!.Value)];
        decimal forward = futures.Length > 0 ? LowerMedian(futures) : ParityForward(expiry, quotes);
        return new ExpiryMarket(expiry, PriceTicks.FromUsd(forward), PriceTicks.FromUsd(LowerMedian(quotes.Select(q => q.IndexUsd))));
    }

    /// <summary>
    /// In coin, call − put = 1 − K/F, so F = K / (1 − call + put). The pair with the smallest |call − put| is nearest to the money, where
    /// the exchange's rounding of marks weighs least.
    /// </summary>
    private decimal ParityForward(long expiry, IReadOnlyList<MarketQuote> quotes)
    {
        decimal? nearest = null;
        decimal forward = 0;
        foreach (MarketQuote call in quotes.Where(q => q.Instrument.Kind == OptionKind.Call).OrderBy(q => q.Instrument.Strike))
        {
            if (!_quotes.TryGetValue(call.Instrument with { Kind = OptionKind.Put }, out MarketQuote? put))
            {
                continue;
            }

            decimal difference = call.Mark - put.Mark;
            if (difference < 1 && (nearest is null || Math.Abs(difference) < nearest))
            {
                nearest = Math.Abs(difference);
                forward = call.Instrument.Strike.ToUsd() / (1 - difference);
            }
        }

        return nearest is null
            ? throw new MarketFormatException($"{Source}: expiry {expiry} has no future, and no strike with both a call and a put from which parity could give its forward")
            : forward;
    }

    private static decimal LowerMedian(IEnumerable<decimal> values)
    {
        decimal[] sorted = [.. values.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
