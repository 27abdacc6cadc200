using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;

namespace Accel.Derivatives.Oracle;

/// <summary>Turns a market snapshot into what an oracle signs.</summary>
public static class SnapshotBuilder
{
    /// <summary>Least mark that is signed: 5 %.</summary>
    public const long VolatilityMin = 50_000;

    /// <summary>Greatest mark that is signed: 500 %.</summary>
    public const long VolatilityMax = 5_000_000;

    /// <summary>
    /// Takes forwards, marks and implied carry rates of some instruments. Expiries at or before the oracle's time settle at the market's
    /// index for that expiry.
    /// </summary>
    /// <param name="market">The market.</param>
    /// <param name="instruments">Instruments to price; each must be quoted.</param>
    /// <param name="time">Moves the oracle's time forward to this Unix second, to settle an expiry with the market at hand; never backward.</param>
    /// <exception cref="MarketFormatException">The market lacks an instrument or a forward.</exception>
    public static OracleSnapshot Build(MarketSnapshot market, IReadOnlyCollection<Instrument> instruments, long? time = null)
    {
        long now = Math.Max(market.Time, time ?? market.Time);
        IEnumerable<OracleExpiry> expiries = instruments.Select(i => i.Expiry).Distinct().Select(e => ExpiryAt(market, e, now));
        IEnumerable<OracleInstrument> marks = instruments.Distinct().Select(i => new OracleInstrument(i, i.Expiry <= now ? 0 : Mark(market.Quote(i))));
        return OracleSnapshot.Create(market.Underlying, now, market.Spot, expiries, marks);
    }

    /// <summary>ln(forward / spot) / years in millionths, rounded, clamped to one either way.</summary>
    public static long ImpliedRate(PriceTicks forward, PriceTicks spot, long termSeconds)
    {
        double years = termSeconds / (double)ExpiryRisk.SecondsPerYear;
        double rate = Math.Log((double)forward.Value / spot.Value) / years;
        return (long)Math.Round(Math.Clamp(rate, -1, 1) * MarginParameters.Unit);
    }

    private static OracleExpiry ExpiryAt(MarketSnapshot market, long expiry, long now)
    {
        ExpiryMarket quoted = market.Expiry(expiry);
        return expiry <= now
            ? new OracleExpiry(expiry, default, quoted.Index, 0)
            : new OracleExpiry(expiry, quoted.Forward, default, ImpliedRate(quoted.Forward, market.Spot, expiry - now));
    }

    private static long Mark(MarketQuote quote) => Math.Clamp(quote.MarkVolatilityMillionths, VolatilityMin, VolatilityMax);
}
