using System.Globalization;
using System.Net;
using System.Text;
using Accel.Network.Market.Simulation;

namespace Accel.Cli.Market;

/// <summary>One self-contained page about the simulated market: no script, no font and no picture from elsewhere.</summary>
internal static class MarketSimulationPage
{
    private const double LabelWidth = 110, BarsWidth = 380, FigureWidth = 80, RowHeight = 20;

    private const string Style = """
        :root { color-scheme: light dark; }
        :root { --page: #fcfcfb; --ink: #1d1d1b; --soft: #6b6b66; --line: #dcdcd6; --gain: #1f6fb2; --loss: #c2571a; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #161615; --ink: #ecece8; --soft: #a3a39c; --line: #3a3a37; --gain: #5aa9e6; --loss: #f0935a; }
        }
        body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        body { max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } p, figcaption { color: var(--soft); max-width: 50rem; }
        .scroll { overflow-x: auto; } figure { margin: 1rem 0; } svg { display: block; font: 11px system-ui, sans-serif; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .2rem .8rem .2rem 0; text-align: left; border-bottom: 1px solid var(--line); }
        td.figure { text-align: right; } td.FAIL { color: var(--loss); font-weight: 650; }
        svg text { fill: var(--soft); } .gain { fill: var(--gain); } .loss { fill: var(--loss); } .axis { stroke: var(--line); }
        """;

    public static string Render(MarketSimulationReport report)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>The simulated prover market</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>The simulated prover market</h1>
            <p>{Escape(report.Summary)}. A figure with a threshold is the worst of the runs, any other the mean; plots show the first run.
            One job's cost is what a usual prover spends on a usual job; the ceiling is three times that.</p>

            """);
        foreach ((MarketScenario scenario, ScenarioOutcome outcome) in report.Outcomes)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Escape(scenario.Name)}</h2>\n<p>{Escape(scenario.Claim)}</p>\n");
            AppendMeasures(page, outcome.Measures);
            AppendChart(page, outcome.Chart);
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendMeasures(StringBuilder page, IReadOnlyList<Measure> measures)
    {
        page.Append("<div class=\"scroll\"><table>\n<tr><th>measure</th><th>figure</th><th>unit</th><th>threshold</th><th>verdict</th></tr>\n");
        foreach (Measure measure in measures)
        {
            string verdict = MarketSimulationReport.Verdict(measure);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(measure.Name)}</td><td class=\"figure\">{MarketSimulationReport.Number(measure.Value)}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{Escape(measure.Unit)}</td><td class=\"figure\">{MarketSimulationReport.Threshold(measure)}</td><td class=\"{verdict}\">{verdict}</td></tr>\n");
        }

        page.Append("</table></div>\n");
    }

    /// <summary>Horizontal bars from a common zero; losses to its left.</summary>
    private static void AppendChart(StringBuilder page, ScenarioChart chart)
    {
        double[] finite = [.. chart.Bars.Select(bar => bar.Value).Where(double.IsFinite), 0];
        double low = finite.Min(), span = Math.Max(1e-9, finite.Max() - low);
        double X(double value) => LabelWidth + (BarsWidth * (value - low) / span);
        double height = (RowHeight * chart.Bars.Count) + 4;
        page.Append(CultureInfo.InvariantCulture, $"<figure><div class=\"scroll\"><svg width=\"{LabelWidth + BarsWidth + FigureWidth}\" height=\"{height}\" role=\"img\" aria-label=\"{Escape(chart.Title)}\">\n");
        for (int i = 0; i < chart.Bars.Count; i++)
        {
            (string label, double value) = chart.Bars[i];
            double shown = double.IsFinite(value) ? value : 0, y = RowHeight * i, left = X(Math.Min(0, shown));
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth - 6}\" y=\"{y + 14:F1}\" text-anchor=\"end\">{Escape(label)}</text>");
            page.Append(CultureInfo.InvariantCulture, $"<rect class=\"{(shown < 0 ? "loss" : "gain")}\" x=\"{left:F1}\" y=\"{y + 3:F1}\" width=\"{X(Math.Max(0, shown)) - left:F1}\" height=\"{RowHeight - 6}\"/>");
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(Math.Max(0, shown)) + 4:F1}\" y=\"{y + 14:F1}\">{MarketSimulationReport.Number(value)}</text>\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{X(0):F1}\" x2=\"{X(0):F1}\" y1=\"0\" y2=\"{height}\"/></svg></div>");
        page.Append(CultureInfo.InvariantCulture, $"<figcaption>{Escape(chart.Title)}, {Escape(chart.Unit)}.</figcaption></figure>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
