using System.Globalization;
using System.IO.Compression;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Pricing.Analytic;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class InterestRateSwapTests(ITestOutputHelper output)
{
    /// <summary>A hundredth of a basis point of notional.</summary>
    private const double HundredthOfABasisPoint = 1e-6;

    [Fact]
    public void Overnight_swaps_are_worth_nothing_at_their_quotes()
    {
        DateOnly today = new(2009, 2, 5);
        ParQuote[] quotes = [.. Rows("rates/ql_overnightindexedswap_testBootstrapRegression.csv").Select(row => Overnight(today, row))];
        RateCurve curve = CurveBootstrap.Fit(today, quotes);
        double worst = quotes.Max(q => Math.Abs(q.Swap.Value(curve)));
        double worstRate = quotes.Max(q => Math.Abs(q.Swap.ParRate(curve) - q.Rate));
        output.WriteLine($"{quotes.Length} overnight swaps: worst value {worst:E1} of notional, worst par rate off by {worstRate:E1}");
        Assert.Equal(23, quotes.Length);
        Assert.InRange(worst, 0, HundredthOfABasisPoint);
        Assert.InRange(worstRate, 0, 1e-12);
    }

    [Theory]
    [InlineData("2021")]
    [InlineData("2022")]
    [InlineData("2023")]
    public void Treasury_par_yields_of_every_day_price_their_bonds_at_par(string year)
    {
        int curves = 0, bonds = 0;
        double worst = 0;
        foreach (Dictionary<string, string> row in Rows($"rates/ust_par_yield_{year}.csv"))
        {
            DateOnly today = DateOnly.Parse(row["Date"], CultureInfo.InvariantCulture);
            ParQuote[] quotes =
                [.. row.Where(cell => cell.Key != "Date" && cell.Value.Length > 0)
                    .Select(cell => ParBond(today, cell.Key, Number(cell.Value) / 100))];
            RateCurve curve = CurveBootstrap.Fit(today, quotes);
            foreach (ParQuote quote in quotes)
            {
                // A par bond is worth its face where the swap is worth nothing; the bond is valued by itself here.
                double coupons = quote.FixedLeg.Dates.Zip(
                    quote.FixedLeg.Dates.Skip(1), (a, b) => quote.Rate * quote.FixedLeg.Convention.Years(a, b) * curve.Discount(b)).Sum();
                worst = Math.Max(worst, Math.Max(Math.Abs(coupons + curve.Discount(quote.Maturity) - 1), Math.Abs(quote.Swap.Value(curve))));
                bonds++;
            }

            curves++;
        }

        output.WriteLine($"{year}: {curves} days, {bonds} par yields, worst {worst:E1} of notional");
        Assert.True(curves > 240 && bonds > 2_800, $"only {curves} days and {bonds} yields");
        Assert.InRange(worst, 0, HundredthOfABasisPoint);
    }

    [Fact]
    public void Published_zero_rates_come_back_and_par_swaps_on_them_rebuild_the_curve()
    {
        int curves = 0, rates = 0;
        double worstRate = 0, worstSwap = 0;
        foreach (IGrouping<(string Date, string Currency), Dictionary<string, string>> group in ZeroRates().GroupBy(r => (r["DATE"], r["CURRENCY"]))
            .Where((_, i) => i % 16 == 0))
        {
            DateOnly today = DateOnly.Parse(group.Key.Date, CultureInfo.InvariantCulture);
            (DateOnly Date, double Rate)[] nodes =
                [.. group.Select(r => (SwapSchedule.Following(today.AddMonths((int)Number(r["MONTHS"]))), Number(r["VALUE"]))).OrderBy(n => n.Item1)];
            RateCurve curve = new(today, nodes);
            worstRate = Math.Max(worstRate, nodes.Max(n => Math.Abs(curve.ZeroRate(n.Date) - n.Rate)));
            rates += nodes.Length;
            ParQuote[] quotes =
                [.. group.Select(r => int.Parse(r["MONTHS"], CultureInfo.InvariantCulture)).Order().Select(months => Par(curve, months))];
            RateCurve rebuilt = CurveBootstrap.Fit(today, quotes);
            worstSwap = Math.Max(worstSwap, quotes.Max(q => Math.Abs(q.Swap.Value(rebuilt))));
            worstRate = Math.Max(worstRate, nodes.Max(n => Math.Abs(rebuilt.ZeroRate(n.Date) - n.Rate)));
            curves++;
        }

        output.WriteLine($"{curves} curves, {rates} zero rates, worst {worstRate:E1} per year; par swaps' worst value {worstSwap:E1} of notional");
        Assert.True(curves >= 90 && rates > 1_600, $"only {curves} curves and {rates} rates");
        Assert.InRange(worstSwap, 0, HundredthOfABasisPoint);
        Assert.InRange(worstRate, 0, 1e-12);
    }

    [Fact]
    public void Two_annual_quotes_give_the_discount_factors_that_the_textbook_solves_by_hand()
    {
        DateOnly today = new(2026, 6, 15);
        RateCurve curve = CurveBootstrap.Fit(today, [Annual(today, 1, 0.03), Annual(today, 2, 0.04)]);
        double first = 1 / 1.03, second = (1 - (0.04 * first)) / 1.04;
        Assert.Equal(first, curve.Discount(new DateOnly(2027, 6, 15)), 1e-15);
        Assert.Equal(second, curve.Discount(new DateOnly(2028, 6, 15)), 1e-15);
        Assert.Equal((first / second) - 1, curve.ForwardRate(new DateOnly(2027, 6, 15), new DateOnly(2028, 6, 15), DayCount.Thirty360), 1e-14);
    }

    [Fact]
    public void An_off_market_swap_is_worth_the_annuity_of_its_distance_from_par()
    {
        RateCurve curve = SampleCurve();
        SwapSchedule leg = SwapSchedule.Of(curve.Date, 84, 6, DayCount.Thirty360), floating = SwapSchedule.Of(curve.Date, 84, 3, DayCount.Actual360);
        InterestRateSwap swap = new(1e6, 0.02, PaysFixed: true, leg, floating);
        double annuity = leg.Dates.Zip(leg.Dates.Skip(1), (a, b) => DayCount.Thirty360.Years(a, b) * curve.Discount(b)).Sum();
        Assert.Equal((swap.ParRate(curve) - 0.02) * annuity * 1e6, swap.Value(curve), 1e-7);
        Assert.Equal(-swap.Value(curve), (swap with { PaysFixed = false }).Value(curve), 1e-9);
        Assert.Equal(0, (swap with { FixedRate = swap.ParRate(curve) }).Value(curve), 1e-7);
        Assert.Equal(swap.Value(curve), swap.Value(curve, curve), 1e-9);
    }

    [Fact]
    public void Dearer_floating_rates_on_their_own_curve_favour_who_receives_them()
    {
        RateCurve discount = SampleCurve(), forward = new(discount.Date, [.. discount.Nodes.Select(n => (n.Date, n.ZeroRate + 0.01))]);
        SwapSchedule leg = SwapSchedule.Of(discount.Date, 60, 12, DayCount.Actual360);
        InterestRateSwap swap = new(1e6, 0.03, PaysFixed: true, leg, leg);
        double gain = swap.Value(discount, forward) - swap.Value(discount);
        double annuity = leg.Dates.Zip(leg.Dates.Skip(1), (a, b) => DayCount.Actual365Fixed.Years(a, b) * discount.Discount(b)).Sum();
        Assert.InRange(gain, 0.0100 * annuity * 1e6, 0.0106 * annuity * 1e6);
    }

    [Fact]
    public void Buckets_add_up_to_the_DV01_and_both_are_the_values_differences()
    {
        RateCurve curve = SampleCurve();
        InterestRateSwap swap = new(
            1e7, 0.025, PaysFixed: false, SwapSchedule.Of(curve.Date.AddDays(40), 100, 6, DayCount.Thirty360),
            SwapSchedule.Of(curve.Date.AddDays(40), 100, 3, DayCount.Actual360));
        SwapSensitivities greeks = swap.Greeks(curve);
        Assert.Equal(swap.Value(curve), greeks.Value, 1e-8);
        Assert.Equal(greeks.Dv01, greeks.Buckets.Sum(), 1e-8);
        Assert.True(greeks.Dv01 < 0);
        const double step = 1e-5;
        for (int node = 0; node < curve.Nodes.Length; node++)
        {
            double rate = curve.Nodes[node].ZeroRate;
            double difference = (swap.Value(curve.With(node, rate + step)) - swap.Value(curve.With(node, rate - step))) / (2 * step) * 1e-4;
            Assert.Equal(difference, greeks.Buckets[node], 1e-5);
        }

        double up = swap.Value(Shifted(curve, step)), down = swap.Value(Shifted(curve, -step));
        Assert.Equal((up - down) / (2 * step) * 1e-4, greeks.Dv01, 1e-5);
        Assert.Equal((up - (2 * greeks.Value) + down) / (step * step) * 1e-8, greeks.Convexity, 1e-4);
    }

    [Fact]
    public void A_running_swap_pays_its_fixed_coupon_whole_and_forgets_the_past()
    {
        RateCurve curve = SampleCurve();
        DateOnly start = curve.Date.AddDays(-400);
        SwapSchedule leg = SwapSchedule.Of(start, 36, 6, DayCount.Actual360);
        InterestRateSwap swap = new(1e6, 0.03, PaysFixed: true, leg, leg) { CurrentFixing = 0.05 };
        int current = leg.Dates.Count(d => d <= curve.Date) - 1;
        Assert.True(current > 0);
        SwapSchedule rest = new([.. leg.Dates.Skip(current + 1)], DayCount.Actual360);
        DateOnly paid = leg.Dates[current + 1];
        double coupon = 1e6 * (0.05 - 0.03) * DayCount.Actual360.Years(leg.Dates[current], paid) * curve.Discount(paid);
        Assert.Equal(coupon + new InterestRateSwap(1e6, 0.03, PaysFixed: true, rest, rest).Value(curve), swap.Value(curve), 1e-8);
        SwapSensitivities greeks = swap.Greeks(curve);
        const double step = 1e-5;
        double up = swap.Value(Shifted(curve, step)), down = swap.Value(Shifted(curve, -step));
        Assert.Equal((up - down) / (2 * step) * 1e-4, greeks.Dv01, 1e-6);
        Assert.Equal((up - (2 * greeks.Value) + down) / (step * step) * 1e-8, greeks.Convexity, 1e-4);
        Assert.Contains("needs its fixing", Assert.Throws<ArgumentException>(() => (swap with { CurrentFixing = null }).Value(curve)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_inputs_are_refused_with_their_place()
    {
        RateCurve curve = SampleCurve();
        SwapSchedule leg = SwapSchedule.Of(curve.Date, 12, 12, DayCount.Actual360);
        RateCurve tomorrow = new(curve.Date.AddDays(1), (curve.Date.AddDays(99), 0.01));
        InterestRateSwap swap = new(1, 0, true, leg, leg);
        Assert.Contains("expected one day", Assert.Throws<ArgumentException>(() => swap.Value(curve, tomorrow)).Message, StringComparison.Ordinal);
        Assert.Contains("must lie after", Assert.Throws<ArgumentException>(() => new RateCurve(curve.Date, (curve.Date, 0.01))).Message,
            StringComparison.Ordinal);
        Assert.Contains("needs a node", Assert.Throws<ArgumentException>(() => new RateCurve(curve.Date)).Message, StringComparison.Ordinal);
        Assert.Contains("ascend", Assert.Throws<ArgumentException>(() => new SwapSchedule([curve.Date, curve.Date], DayCount.Actual360)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no zero rate within", Assert.Throws<ArgumentException>(() => CurveBootstrap.Fit(curve.Date, [Annual(curve.Date, 1, -2)]))
            .Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CurveBootstrap.Fit(curve.Date, [Annual(curve.Date, 1, 0.01), Annual(curve.Date, 1, 0.02)]));
    }

    private static RateCurve Shifted(RateCurve curve, double shift) => new(curve.Date, [.. curve.Nodes.Select(n => (n.Date, n.ZeroRate + shift))]);

    private static RateCurve SampleCurve()
    {
        DateOnly today = new(2026, 1, 5);
        (int Months, double Rate)[] nodes = [(3, 0.021), (12, 0.024), (36, 0.026), (60, 0.029), (120, 0.031), (360, 0.03)];
        return new RateCurve(today, [.. nodes.Select(n => (today.AddMonths(n.Months), n.Rate))]);
    }

    private static ParQuote Par(RateCurve curve, int months)
    {
        SwapSchedule leg = SwapSchedule.Of(curve.Date, months, 12, DayCount.Actual360);
        return new ParQuote(leg, new InterestRateSwap(1, 0, PaysFixed: true, leg, leg).ParRate(curve));
    }

    private static ParQuote Annual(DateOnly today, int years, double rate) => new(SwapSchedule.Of(today, 12 * years, 12, DayCount.Thirty360), rate);

    private static ParQuote Overnight(DateOnly today, Dictionary<string, string> row)
    {
        int count = (int)Number(row["n"]);
        DateOnly start = today;
        for (int days = (int)Number(row["settlementDays"]); days > 0; days--)
        {
            start = SwapSchedule.Following(start.AddDays(1));
        }

        SwapSchedule leg = row["unit"] switch
        {
            "Days" => new SwapSchedule([start, SwapSchedule.Following(start.AddDays(count))], DayCount.Actual360),
            "Weeks" => new SwapSchedule([start, SwapSchedule.Following(start.AddDays(7 * count))], DayCount.Actual360),
            "Months" => SwapSchedule.Of(start, count, 12, DayCount.Actual360),
            "Years" => SwapSchedule.Of(start, 12 * count, 12, DayCount.Actual360),
            string unit => throw new InvalidDataException($"unit {unit}"),
        };
        return new ParQuote(leg, Number(row["rate"]));
    }

    private static ParQuote ParBond(DateOnly today, string term, double rate)
    {
        string[] parts = term.Split(' ');
        int months = int.Parse(parts[0], CultureInfo.InvariantCulture) * (parts[1] == "Yr" ? 12 : 1);
        return new ParQuote(SwapSchedule.Of(today, months, 6, DayCount.Thirty360), rate);
    }

    private static IEnumerable<Dictionary<string, string>> Rows(string path) => Parse(File.ReadLines(OutsideData.Path(path)));

    private static IEnumerable<Dictionary<string, string>> ZeroRates()
    {
        using StreamReader reader =
            new(new GZipStream(File.OpenRead(OutsideData.Path("rates/curves_usd_eur_gbp_fx.csv.gz")), CompressionMode.Decompress));
        foreach (Dictionary<string, string> row in Parse(Lines(reader)).Where(r => r["CURRENCY"] is "EUR" or "GBP"))
        {
            yield return row;
        }

        static IEnumerable<string> Lines(StreamReader reader)
        {
            while (reader.ReadLine() is { } line)
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<Dictionary<string, string>> Parse(IEnumerable<string> lines)
    {
        string[]? header = null;
        foreach (string[] cells in lines.Select(line => line.Split(',')))
        {
            if (header is null)
            {
                header = cells;
                continue;
            }

            yield return header.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second.Trim('"'));
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
