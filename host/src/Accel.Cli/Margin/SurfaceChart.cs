using System.Globalization;
using System.Text;
using Accel.Derivatives.Margin.Analytic;

namespace Accel.Cli.Margin;

/// <summary>Profit and loss over spot and volatility as a table of colours, each cell with its figure.</summary>
internal static class SurfaceChart
{
    private const int CellWidth = 46, CellHeight = 26, Left = 62, Top = 24;

    private static readonly double[] SpotFactors = [.. Enumerable.Range(-10, 21).Select(i => 1 + (i * 0.05))];

    private static readonly double[] VolatilityFactors = [2, 1.5, 1.25, 1.1, 1, 0.9, 0.75, 0.5, 0.25];

    public static string Render(MarginPortfolio portfolio, PortfolioMarginRule rule)
    {
        double[][] gains = [.. VolatilityFactors.Select(v => SpotFactors.Select(s => rule.Gain(portfolio, s, v)).ToArray())];
        double scale = Math.Max(1e-9, gains.Max(row => row.Max(Math.Abs)));
        int width = Left + (CellWidth * SpotFactors.Length) + 4, height = Top + (CellHeight * VolatilityFactors.Length) + 4;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<figure><div class=\"scroll\"><svg width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"Profit and loss over spot and volatility\">\n");
        for (int column = 0; column < SpotFactors.Length; column++)
        {
            Label(svg, Left + ((column + 0.5) * CellWidth), Top - 8, "middle", $"{100 * (SpotFactors[column] - 1):+0;-0;0} %");
        }

        for (int row = 0; row < VolatilityFactors.Length; row++)
        {
            Label(svg, Left - 6, Top + ((row + 0.65) * CellHeight), "end",
                string.Create(CultureInfo.InvariantCulture, $"vol ×{VolatilityFactors[row]}"));
            for (int column = 0; column < SpotFactors.Length; column++)
            {
                Cell(svg, column, row, gains[row][column], scale);
            }
        }

        svg.Append("</svg></div><figcaption>Undampened gain of the portfolio in USD when spot and all forwards move by the column and every mark is multiplied by the row. ");
        return svg.Append("Blue gains, orange losses; stronger colour, larger figure. Hold the pointer over a cell for its exact value.</figcaption></figure>\n").ToString();
    }

    private static void Cell(StringBuilder svg, int column, int row, double gain, double scale)
    {
        // The square root lets small figures be seen beside large ones.
        double opacity = 0.85 * Math.Sqrt(Math.Abs(gain) / scale);
        double x = Left + (column * CellWidth), y = Top + (row * CellHeight);
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{(gain < 0 ? "loss" : "gain")}\" x=\"{x}\" y=\"{y}\" width=\"{CellWidth - 1}\" height=\"{CellHeight - 1}\" fill-opacity=\"{opacity:F3}\">");
        svg.Append(CultureInfo.InvariantCulture,
            $"<title>spot {100 * (SpotFactors[column] - 1):+0;-0;0} %, volatility ×{VolatilityFactors[row]}: {gain:N2} USD</title></rect>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"value\" x=\"{x + (CellWidth / 2.0)}\" y=\"{y + 17}\" text-anchor=\"middle\" pointer-events=\"none\">{Compact(gain)}</text>\n");
    }

    private static void Label(StringBuilder svg, double x, double y, string anchor, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y:F1}\" text-anchor=\"{anchor}\">{text}</text>\n");

    private static string Compact(double usd) => Math.Abs(usd) switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{usd / 1e9:0.0}b"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{usd / 1e6:0.0}m"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{usd / 1e3:0}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{usd:0}"),
    };
}
