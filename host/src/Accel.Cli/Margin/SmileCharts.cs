using System.Globalization;
using System.Text;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Pricing.Analytic;

namespace Accel.Cli.Margin;

/// <summary>The market's smile of every live expiry with the fitted arbitrage-free surface through it.</summary>
internal static class SmileCharts
{
    private const double Width = 310, Height = 190, Left = 38, Right = 10, Top = 22, Bottom = 24;

    public static string Render(MarketSnapshot market)
    {
        Quote[] quotes = [.. market.Quotes.Where(q => q.Instrument.Expiry > market.Time).Select(q => QuoteOf(market, q)).Where(IsInformative)];
        if (quotes.Length == 0)
        {
            return "<p>The market quotes no live option near the money.</p>\n";
        }

        SsviSurface surface = SsviFit.Fit(quotes.Select(q => q.Volatility));
        double error = Math.Sqrt(
            quotes.Average(q => Math.Pow(surface.Volatility(q.Volatility.LogMoneyness, q.Volatility.Years) - q.Volatility.Volatility, 2)));
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<p>Dots: the exchange's marks of the out-of-the-money side, within two and a half deviations of the forward. Line: the SSVI surface fitted to all of them ");
        html.Append(CultureInfo.InvariantCulture, $"(ρ {surface.Rho:F3}, η {surface.Eta:F3}, γ {surface.Gamma:F3}; free of butterfly and calendar arbitrage), which misses them by {100 * error:F2} volatility points (root mean square). ");
        html.Append("Margin uses the marks, not the surface.</p>\n<div class=\"smiles\">\n");
        foreach (IGrouping<long, Quote> expiry in quotes.GroupBy(q => q.Expiry).OrderBy(g => g.Key))
        {
            Append(html, [.. expiry.OrderBy(q => q.Strike)], surface);
        }

        return html.Append("</div>\n").ToString();
    }

    private static void Append(StringBuilder html, Quote[] quotes, SsviSurface surface)
    {
        double years = quotes[0].Volatility.Years, forward = quotes[0].Forward;
        (double low, double high) = (quotes[0].Strike * 0.98, quotes[^1].Strike * 1.02);
        (double Strike, double Volatility)[] curve =
            [.. Enumerable.Range(0, 61).Select(i => low + ((high - low) * i / 60))
                .Select(k => (k, surface.Volatility(Math.Log(k / forward), years)))];
        double top = 1.05 * Math.Max(quotes.Max(q => q.Volatility.Volatility), curve.Max(p => p.Volatility));
        double bottom = 0.95 * Math.Min(quotes.Min(q => q.Volatility.Volatility), curve.Min(p => p.Volatility));
        double X(double strike) => Left + ((Width - Left - Right) * (strike - low) / (high - low));
        double Y(double volatility) => Top + ((Height - Top - Bottom) * (top - volatility) / (top - bottom));
        string date = DateTimeOffset.FromUnixTimeSeconds(quotes[0].Expiry).ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        html.Append(CultureInfo.InvariantCulture, $"<svg width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"Smile of {date}\">\n");
        html.Append(CultureInfo.InvariantCulture, $"<text class=\"value\" x=\"{Left}\" y=\"13\">{date}, forward {forward:N0}</text>\n");
        foreach (double share in new[] { 0.1, 0.5, 0.9 })
        {
            double volatility = bottom + (share * (top - bottom)), strike = low + (share * (high - low));
            html.Append(CultureInfo.InvariantCulture,
                $"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(volatility):F1}\" y2=\"{Y(volatility):F1}\"/>");
            html.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{Left - 4}\" y=\"{Y(volatility) + 4:F1}\" text-anchor=\"end\">{100 * volatility:F0} %</text>");
            html.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{X(strike):F1}\" y=\"{Height - 8:F1}\" text-anchor=\"middle\">{strike:N0}</text>\n");
        }

        html.Append("<polyline class=\"curve\" points=\"");
        html.AppendJoin(' ', curve.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Strike):F1},{Y(p.Volatility):F1}")));
        html.Append("\"/>\n");
        foreach (Quote quote in quotes)
        {
            html.Append(CultureInfo.InvariantCulture, $"<circle class=\"quote\" cx=\"{X(quote.Strike):F1}\" cy=\"{Y(quote.Volatility.Volatility):F1}\" r=\"2.4\"><title>{quote.Strike:N0}: {100 * quote.Volatility.Volatility:F2} %</title></circle>");
        }

        html.Append("\n</svg>\n");
    }

    private static Quote QuoteOf(MarketSnapshot market, MarketQuote quote)
    {
        double forward = (double)market.Expiry(quote.Instrument.Expiry).Forward.ToUsd(), strike = (double)quote.Instrument.Strike.ToUsd();
        double years = (double)(quote.Instrument.Expiry - market.Time) / ExpiryRisk.SecondsPerYear;
        return new Quote(
            quote.Instrument.Expiry,
            strike,
            forward,
            quote.Instrument.Kind == OptionKind.Call == strike >= forward,
            new VolatilityQuote(years, Math.Log(strike / forward), quote.MarkVolatilityMillionths / 1e6));
    }

    /// <summary>Out of the money and within two and a half deviations: beyond, marks follow the exchange's floor more than a market.</summary>
    private static bool IsInformative(Quote quote) => quote.IsOutOfTheMoney && quote.Volatility.Volatility > 0
        && Math.Abs(quote.Volatility.LogMoneyness) <= 2.5 * quote.Volatility.Volatility * Math.Sqrt(quote.Volatility.Years);

    private readonly record struct Quote(long Expiry, double Strike, double Forward, bool IsOutOfTheMoney, VolatilityQuote Volatility);
}
