using System.Globalization;
using System.IO.Compression;
using Accel.Derivatives.Pricing.Analytic;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

/// <summary>
/// The exchange's marks, deltas and vegas against Black-76 on each line's own future; marks are in coin, so a price is divided by the forward.
/// </summary>
public sealed class DeribitMarkTests
{
    private const double DaysPerYear = 365;

    /// <summary>Volatilities are published to 10⁻⁴.</summary>
    private const double VolatilityRounding = 5e-5;

    // Lines are polled one by one: on the two later days futures moved between a line's mark and its future, so only the median is held there.
    [Theory]
    [InlineData("20260103T091426Z", 5e-5)]
    [InlineData("20260304T093315Z", double.PositiveInfinity)]
    [InlineData("20260612T075931Z", double.PositiveInfinity)]
    public void Marks_are_the_prices_at_their_volatility(string snapshot, double errorMax)
    {
        List<Line> lines = Read(snapshot);
        double[] marks = Sorted(lines, line => line.Option.Price(line.Market) / line.Market.Spot - line.Mark);
        double[] deltas = Sorted(lines, line => line.Option.Greeks(line.Market).Delta - line.Delta);
        double[] vegas = Sorted(lines, line => (line.Option.Greeks(line.Market).Vega / 100 - line.Vega) / line.Market.Spot);
        Report(snapshot, "mark, coin", marks);
        Report(snapshot, "delta", deltas);
        Report(snapshot, "vega, of forward per 1 %", vegas);
        Assert.InRange(Quantile(marks, 0.5), 0, 1e-5);
        Assert.InRange(marks[^1], 0, errorMax);
        Assert.InRange(Quantile(deltas, 0.5), 0, 1e-3);
        Assert.InRange(Quantile(vegas, 0.5), 0, 1e-5);
    }

    [Fact]
    public void Marks_imply_the_published_volatility()
    {
        List<double> errors = [];
        foreach (Line line in Read("20260103T091426Z"))
        {
            // Where a coin's vega is smaller, the rounding of the future moves the volatility more than it moves itself.
            if (line.Option.Greeks(line.Market).Vega >= 0.02 * line.Market.Spot)
            {
                double implied = ImpliedVolatility.Solve(
                    line.Option.IsCall, line.Mark * line.Market.Spot, line.Market.Spot, line.Option.Strike, 0, line.Option.Years);
                errors.Add(Math.Abs(implied - line.Volatility));
            }
        }

        errors.Sort();
        Report("20260103T091426Z", "implied volatility", [.. errors]);
        Assert.InRange(errors[errors.Count / 2], 0, VolatilityRounding);
        Assert.InRange(errors[^1], 0, 30 * VolatilityRounding);
    }

    private static double[] Sorted(List<Line> lines, Func<Line, double> difference) => [.. lines.Select(line => Math.Abs(difference(line))).Order()];

    private static double Quantile(double[] sorted, double level) => sorted[(int)(level * (sorted.Length - 1))];

    private static void Report(string snapshot, string what, double[] sorted) => TestContext.Current.TestOutputHelper!.WriteLine(
        $"{snapshot}: {what}: {sorted.Length} lines, median {Quantile(sorted, 0.5):E2}, 99 % {Quantile(sorted, 0.99):E2}, largest {sorted[^1]:E2}");

    /// <summary>The lines that name the future they were priced on, before expiry.</summary>
    private static List<Line> Read(string snapshot)
    {
        using FileStream file = File.OpenRead(OutsideData.Path($"option_chains/deribit_options_snapshot_{snapshot}.csv.gz"));
        using GZipStream plain = new(file, CompressionMode.Decompress);
        using StreamReader reader = new(plain);
        string[] header = reader.ReadLine()!.Split(',');
        List<Line> lines = [];
        while (reader.ReadLine() is string text)
        {
            string[] fields = text.Split(',');
            string Field(string name) => fields[Array.IndexOf(header, name)];
            double Number(string name) => double.Parse(Field(name), CultureInfo.InvariantCulture);
            double years = (Date(Field("expiry_datetime")) - Date(Field("timestamp"))).TotalDays / DaysPerYear;
            if (Field("futures_price").Length > 0 && years > 0)
            {
                lines.Add(new Line(
                    new EuropeanOption(Field("option_type") == "call", Number("strike"), years),
                    LognormalMarket.OnForward(Number("futures_price"), 0, Number("implied_volatility")),
                    Number("implied_volatility"),
                    Number("mark_price"),
                    Number("delta"),
                    Number("vega")));
            }
        }

        return lines;
    }

    private static DateTimeOffset Date(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Line(EuropeanOption Option, LognormalMarket Market, double Volatility, double Mark, double Delta, double Vega);
}
