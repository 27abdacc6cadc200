using System.Globalization;
using System.Net;
using System.Text;
using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Settlement;

namespace Accel.Cli.Margin;

/// <summary>One self-contained page about an account's margin: no script, no font and no picture from elsewhere.</summary>
internal static class MarginPage
{
    private const string Style = """
        :root { color-scheme: light dark; }
        :root { --page: #fcfcfb; --ink: #1d1d1b; --soft: #6b6b66; --line: #dcdcd6; --gain: #1f6fb2; --loss: #c2571a; --mark: #1d1d1b; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #161615; --ink: #ecece8; --soft: #a3a39c; --line: #3a3a37; --gain: #5aa9e6; --loss: #f0935a; --mark: #ecece8; }
        }
        body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        body { max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } p, figcaption { color: var(--soft); max-width: 50rem; }
        .scroll { overflow-x: auto; } figure { margin: 0; } svg { display: block; font: 11px system-ui, sans-serif; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .2rem .8rem .2rem 0; text-align: right; border-bottom: 1px solid var(--line); }
        th:first-child, td:first-child, td.text { text-align: left; } tr.binds td { font-weight: 650; }
        svg text { fill: var(--soft); } svg .value { fill: var(--ink); } .gain { fill: var(--gain); } .loss { fill: var(--loss); }
        .axis { stroke: var(--line); } .curve { stroke: var(--gain); fill: none; stroke-width: 1.6; } .quote { fill: var(--mark); fill-opacity: .55; }
        .smiles { display: flex; flex-wrap: wrap; gap: 1.2rem; }
        """;

    public static string Render(MarginReport report, AccountMargin margin, PortfolioMarginRule rule)
    {
        StringBuilder page = new();
        string title = Escape($"Margin of {margin.Account.Name} on {report.Market.Underlying}");
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>{title}</h1>
            <p>{Escape($"Spot {report.Market.Spot} USD at {Time(report.Market.Time)}. Figures: {report.Basis}.")}</p>

            """);
        AppendSummary(page, report);
        page.Append("<h2>Profit and loss over spot and volatility</h2>\n");
        page.Append(SurfaceChart.Render(margin.Portfolio, rule));
        page.Append("<h2>Scenarios</h2>\n");
        page.Append(ScenarioTable(margin.Rule));
        page.Append("<h2>Each holding's part</h2>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Escape(MarginReport.ContributionBasis)}.</p>\n");
        page.Append(PartsTable(margin.Rule));
        page.Append("<h2>Volatility smiles</h2>\n");
        page.Append(SmileCharts.Render(report.Market));
        page.Append("</body>\n</html>\n");
        return page.ToString();
    }

    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Time(long time) => DateTimeOffset.FromUnixTimeSeconds(time)
        .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static void AppendSummary(StringBuilder page, MarginReport report)
    {
        page.Append("<div class=\"scroll\"><table>\n");
        Row(page, "th", ["", "value USD", "initial USD", "maintenance USD", "statement initial", "statement maintenance", "binds"]);
        Row(page, "td", Cells("as it is", report.Accounts[0]));
        foreach (WhatIfStep step in report.WhatIf)
        {
            Row(page, "td", Cells($"{(step == report.WhatIf[0] ? "after" : "then")} {step.Trade}", step.After));
        }

        page.Append("</table></div>\n");
        foreach (string refusal in report.Accounts.Concat(report.WhatIf.Select(s => s.After)).Select(a => a.StatementRefusal).OfType<string>()
            .Distinct())
        {
            page.Append(CultureInfo.InvariantCulture, $"<p>Outside the statement: {Escape(refusal)}</p>\n");
        }
    }

    private static string[] Cells(string name, AccountMargin margin) =>
    [
        name,
        MarginReport.Money(margin.Rule.Value),
        MarginReport.Money(margin.Rule.InitialMargin),
        MarginReport.Money(margin.Rule.MaintenanceMargin),
        margin.Statement is { } statement ? MarginReport.Money((double)statement.Initial * 1e-8) : "refused",
        margin.Statement is { } same ? MarginReport.Money((double)same.Maintenance * 1e-8) : "refused",
        $"{margin.Rule.BindingName} ({MarginReport.Money(margin.Rule.Worst)})",
    ];

    private static string PartsTable(PortfolioMarginResult result)
    {
        StringBuilder table = new("<div class=\"scroll\"><table>\n");
        Row(table, "th", ["holding", "quantity", "value USD", "of the worst loss", "of initial", "of maintenance"]);
        foreach (MarginContribution part in result.Contributions)
        {
            Row(table, "td", [
                part.Name, part.Quantity.ToString("N4", CultureInfo.InvariantCulture), MarginReport.Money(part.Value), MarginReport.Money(part.Worst),
                MarginReport.Money(part.Initial), MarginReport.Money(part.Maintenance),
            ]);
        }

        return table.Append("</table></div>\n").ToString();
    }

    private static string ScenarioTable(PortfolioMarginResult result)
    {
        double scale = Math.Max(1e-9, result.Scenarios.Max(s => Math.Abs(s.Gain)));
        StringBuilder table = new("<div class=\"scroll\"><table>\n");
        Row(table, "th", ["scenario", "gain USD", ""]);
        foreach (ScenarioGain gain in result.Scenarios)
        {
            ScenarioRow(table, gain.Scenario.ToString(), gain.Gain, scale, gain == result.Binding);
        }

        ScenarioRow(table, "forward contingency", result.ForwardContingency, Math.Max(scale, -result.ForwardContingency), result.Binding is null);
        return table.Append("</table></div>\n").ToString();
    }

    /// <summary>A bar from the middle: losses to the left, gains to the right.</summary>
    private static void ScenarioRow(StringBuilder table, string name, double gain, double scale, bool binds)
    {
        double width = 110 * Math.Abs(gain) / scale;
        table.Append(CultureInfo.InvariantCulture, $"<tr{(binds ? " class=\"binds\"" : "")}><td>{Escape(name)}{(binds ? " — binds" : "")}</td>");
        table.Append(CultureInfo.InvariantCulture, $"<td>{MarginReport.Money(gain)}</td><td><svg width=\"220\" height=\"12\" role=\"img\">");
        table.Append(CultureInfo.InvariantCulture, $"<rect class=\"{(gain < 0 ? "loss" : "gain")}\" x=\"{(gain < 0 ? 110 - width : 110):F1}\" y=\"1\" width=\"{width:F1}\" height=\"10\"/>");
        table.Append("<line class=\"axis\" x1=\"110\" x2=\"110\" y1=\"0\" y2=\"12\"/></svg></td></tr>\n");
    }

    private static void Row(StringBuilder table, string cell, string[] texts)
    {
        table.Append("<tr>");
        foreach (string text in texts)
        {
            table.Append(CultureInfo.InvariantCulture, $"<{cell}>{Escape(text)}</{cell}>");
        }

        table.Append("</tr>\n");
    }
}
