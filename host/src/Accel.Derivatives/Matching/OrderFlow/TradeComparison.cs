using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>Pairs the trades that a record reports with the fills that the engine made, by price and quantity, within a time of each other.</summary>
internal sealed class TradeComparison(ReplayReport report, long windowMs)
{
    private readonly List<Execution> _reported = [];
    private readonly List<Execution> _made = [];

    /// <summary>The record reports a trade.</summary>
    public void Expect(long timeMs, PriceTicks price, long quantity)
    {
        report.Trades++;
        Pair(new Execution(timeMs, price, quantity), _made, _reported);
    }

    /// <summary>The engine made a fill.</summary>
    public void Made(long timeMs, PriceTicks price, long quantity) => Pair(new Execution(timeMs, price, quantity), _reported, _made);

    /// <summary>Gives up on what the window has passed.</summary>
    public void Settle(long timeMs)
    {
        int missed = _reported.RemoveAll(trade => trade.TimeMs < timeMs - windowMs);
        if (missed > 0)
        {
            const string Cause = "the engine made no fill of this price and quantity within 2 s";
            report.TradeDifferences[Cause] = report.TradeDifferences.GetValueOrDefault(Cause) + missed;
        }

        _made.RemoveAll(fill => fill.TimeMs < timeMs - windowMs);
    }

    private void Pair(Execution execution, List<Execution> others, List<Execution> own)
    {
        int match = others.FindIndex(other => other.Price == execution.Price && other.Quantity == execution.Quantity);
        if (match >= 0)
        {
            report.TradeAgreements++;
            others.RemoveAt(match);
        }
        else
        {
            own.Add(execution);
        }
    }

    private readonly record struct Execution(long TimeMs, PriceTicks Price, long Quantity);
}
