using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>A par rate observed in a market: the fixed rate at which a swap is worth nothing.</summary>
/// <param name="FixedLeg">Periods of the fixed rate; a deposit has one.</param>
/// <param name="Rate">The rate per year.</param>
public sealed record ParQuote(SwapSchedule FixedLeg, double Rate)
{
    /// <summary>The last day, which becomes a node of the curve.</summary>
    public DateOnly Maturity => FixedLeg.Dates[^1];

    /// <summary>The quote's swap on a notional of one, floating periods like the fixed ones.</summary>
    public InterestRateSwap Swap => new(1, Rate, PaysFixed: true, FixedLeg, FixedLeg);
}

/// <summary>
/// Finds the curve on which every quoted swap is worth nothing: one node at each maturity, nearest first (Hull, §4.7). A swap whose
/// payments lie between nodes sees the forward that its own node fixes, so each step solves one equation in one rate.
/// </summary>
public static class CurveBootstrap
{
    /// <summary>Zero rates are sought within ±this, per year.</summary>
    public const double ZeroRateMax = 2;

    private const int Steps = 200;

    /// <summary>The curve through all quotes.</summary>
    /// <param name="date">The curve's day.</param>
    /// <param name="quotes">At least one; maturities distinct and after the day.</param>
    /// <exception cref="ArgumentException">Maturities repeat or lie before the day, or no rate within ±200 % prices a quote; the message names
    /// it.</exception>
    public static RateCurve Fit(DateOnly date, IEnumerable<ParQuote> quotes)
    {
        ParQuote[] ordered = [.. quotes.OrderBy(q => q.Maturity)];
        ImmutableArray<(DateOnly Date, double ZeroRate)> nodes = [];
        foreach (ParQuote quote in ordered)
        {
            nodes = nodes.Add((quote.Maturity, quote.Rate));
            RateCurve curve = new(date, nodes.AsSpan());
            nodes = nodes.SetItem(nodes.Length - 1, (quote.Maturity, Solve(curve, quote)));
        }

        return new RateCurve(date, nodes.AsSpan());
    }

    /// <summary>
    /// Newton's method with exact slopes, falling back to halving where a step leaves the bracket (Press et al., "Numerical Recipes", §9.4).
    /// </summary>
    private static double Solve(RateCurve curve, ParQuote quote)
    {
        int node = curve.Nodes.Length - 1;
        InterestRateSwap swap = quote.Swap;
        double low = -ZeroRateMax, high = ZeroRateMax, rate = Math.Clamp(quote.Rate, low, high);
        if (!(swap.Value(curve.With(node, low)) < 0 && swap.Value(curve.With(node, high)) > 0))
        {
            throw new ArgumentException($"no zero rate within ±{ZeroRateMax} prices the quote of {quote.Rate} to {quote.Maturity:o}");
        }

        for (int step = 0; step < Steps; step++)
        {
            (double value, double slope) = swap.ValueAndSlope(curve.With(node, rate), node);
            (low, high) = value < 0 ? (rate, high) : (low, rate);
            double next = rate - (value / slope);
            next = next > low && next < high ? next : (low + high) / 2;
            if (Math.Abs(next - rate) <= 1e-15)
            {
                return next;
            }

            rate = next;
        }

        return rate;
    }
}
