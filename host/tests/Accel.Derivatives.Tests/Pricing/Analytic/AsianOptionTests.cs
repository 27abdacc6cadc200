using System.Globalization;
using Accel.Derivatives.Pricing.Analytic;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing.Analytic;

public sealed class AsianOptionTests
{
    /// <summary>SOURCE.md gives discrete averages 2e-2; Haug prints four decimals.</summary>
    private const double DiscreteTolerance = 2e-2, HaugTolerance = 1e-4;

    private const double DaysPerYear = 360;

    /// <summary>Volatility falls or rises by this from one of Table 4-28's fixings to the next, ending at the row's volatility.</summary>
    private const double VolatilitySlope = 0.005;

    private static readonly LognormalMarket Market = new(100, 0.05, 0.02, 0.3);

    [Fact]
    public void Discrete_arithmetic_averages_agree_with_turnbull_and_wakeman() => TableCheck.Agree(
        "ql_asianoptions_testTurnbullWakemanAsianEngine.csv",
        row =>
        {
            FixingSchedule fixings = FixingSchedule.Even(row.Number("first"), row.Number("expiry"), (int)row.Number("fixings"));
            double rate = row.Number("riskFreeRate");
            LognormalMarket market = new(row.Number("underlying"), rate, rate - row.Number("b"), Sloped(row, fixings));
            return new DiscreteArithmeticAsian(row.IsCall(), row.Number("strike"), fixings, row.Number("expiry")).Price(market);
        },
        _ => HaugTolerance);

    [Fact]
    public void Continuous_arithmetic_averages_agree_with_levy() => TableCheck.Agree(
        "ql_asianoptions_testLevyEngine.csv",
        row =>
        {
            LognormalMarket market = new(row.Number("spot"), row.Number("riskFreeRate"), row.Number("dividendYield"), row.Number("volatility"));
            double elapsed = row.Number("elapsed") / DaysPerYear;
            double remaining = row.Number("length") / DaysPerYear - elapsed;
            return new ContinuousArithmeticAsian(row.IsCall(), row.Number("strike"), remaining, elapsed, row.Number("currentAverage")).Price(market);
        },
        _ => HaugTolerance);

    [Fact]
    public void Discrete_arithmetic_averages_agree_with_levy() => TableCheck.Agree(
        "ql_asianoptions_testMCDiscreteArithmeticAveragePrice.csv",
        row =>
        {
            FixingSchedule fixings = WholeDays(row);
            return new DiscreteArithmeticAsian(row.IsCall(), row.Number("strike"), fixings, fixings.Years[^1]).Price(DiscreteMarket(row));
        },
        _ => DiscreteTolerance);

    [Fact]
    public void Average_strikes_agree_with_levy() => TableCheck.Agree(
        "ql_asianoptions_testMCDiscreteArithmeticAverageStrike.csv",
        row =>
        {
            FixingSchedule fixings = WholeDays(row);
            return new AverageStrikeAsian(row.IsCall(), fixings, fixings.Years[^1]).Price(DiscreteMarket(row));
        },
        _ => DiscreteTolerance);

    [Fact]
    public void A_continuous_geometric_average_agrees_with_haug() => TableCheck.Agree(
        "ql_single_values.csv",
        row => row.Number("expected"),
        row =>
        {
            Dictionary<string, string> inputs = row.Text("inputs").Split(';')
                .ToDictionary(input => input.Split('=')[0], input => input.Split('=')[1]);
            double Input(string name) => inputs[name]
                .Split('/').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).Aggregate((a, b) => a / b);
            LognormalMarket market = new(Input("spot"), Input("r"), Input("q"), Input("vol"));
            return new ContinuousGeometricAsian(inputs["type"] == "call", Input("strike"), Input("t")).Price(market);
        },
        row => row.Number("tolerance"),
        row => row.Text("name") == "asian_geometric_continuous_put");

    [Fact]
    public void Many_fixings_approach_the_continuous_average()
    {
        const int count = 20_000;
        FixingSchedule fixings = FixingSchedule.Even(0, 0.5, count);
        double step = 100d / count;
        Assert.Equal(
            new ContinuousGeometricAsian(true, 98, 0.5).Price(Market), new DiscreteGeometricAsian(true, 98, fixings, 0.5).Price(Market), step);
        Assert.Equal(
            new ContinuousArithmeticAsian(true, 98, 0.5).Price(Market), new DiscreteArithmeticAsian(true, 98, fixings, 0.5).Price(Market), step);
    }

    [Fact]
    public void One_fixing_at_expiry_is_the_vanilla()
    {
        FixingSchedule fixing = new([0.5]);
        double vanilla = new EuropeanOption(false, 104, 0.5).Price(Market);
        Assert.Equal(vanilla, new DiscreteGeometricAsian(false, 104, fixing, 0.5).Price(Market), 1e-12);
        Assert.Equal(vanilla, new DiscreteArithmeticAsian(false, 104, fixing, 0.5).Price(Market), 1e-12);
    }

    [Fact]
    public void A_fixing_now_is_known_and_leaves_a_vanilla()
    {
        // (100 + s)/2 − 98 = (s − 96)/2
        double vanilla = new EuropeanOption(true, 96, 0.5).Price(Market);
        Assert.Equal(vanilla / 2, new DiscreteArithmeticAsian(true, 98, new([0, 0.5]), 0.5).Price(Market), 1e-12);
        Assert.Equal(2 * Math.Exp(-0.05 * 0.5), new DiscreteArithmeticAsian(true, 98, new([0, 0]), 0.5).Price(Market), 1e-12);
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(0)]
    public void Without_carry_the_levy_average_has_its_limit(double carry)
    {
        ContinuousArithmeticAsian option = new(true, 98, 0.5);
        LognormalMarket market = new(100, 0.05, 0.05 - carry, 0.3);
        Assert.Equal(option.Price(market with { Yield = 0.05 - 1e-6 }), option.Price(market), 1e-4);
    }

    [Fact]
    public void A_past_above_the_strike_makes_call_a_forward_and_put_nothing()
    {
        FixingSchedule fixings = new([0.1, 0.2], pastCount: 3, pastAverage: 200);
        Assert.Equal(0, new DiscreteArithmeticAsian(false, 110, fixings, 0.2).Price(Market));
        double forward = (600 + 100 * (Math.Exp(0.03 * 0.1) + Math.Exp(0.03 * 0.2))) / 5 - 110;
        Assert.Equal(forward * Math.Exp(-0.05 * 0.2), new DiscreteArithmeticAsian(true, 110, fixings, 0.2).Price(Market), 1e-11);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Greeks_are_the_derivatives_of_the_price(bool isCall)
    {
        double[] years = [0.1, 0.25, 0.4];
        FixingSchedule Later(double t, int past) => new([.. years.Select(y => y - t)], past, past > 0 ? 97 : 0);
        SensitivityAssert.AreDerivatives(
            new DiscreteGeometricAsian(isCall, 98, Later(0, 2), 0.5), Market, t => new DiscreteGeometricAsian(isCall, 98, Later(t, 2), 0.5 - t));
        SensitivityAssert.AreDerivatives(
            new DiscreteArithmeticAsian(isCall, 98, Later(0, 2), 0.5), Market, t => new DiscreteArithmeticAsian(isCall, 98, Later(t, 2), 0.5 - t));
        SensitivityAssert.AreDerivatives(
            new AverageStrikeAsian(isCall, Later(0, 0), 0.5), Market, t => new AverageStrikeAsian(isCall, Later(t, 0), 0.5 - t));
        SensitivityAssert.AreDerivatives(
            new ContinuousArithmeticAsian(isCall, 98, 0.5, 0.3, 96),
            Market,
            t => new ContinuousArithmeticAsian(isCall, 98, 0.5 - t, 0.3 + t, (0.3 * 96 + t * Market.Spot) / (0.3 + t)));
        SensitivityAssert.AreDerivatives(
            new ContinuousGeometricAsian(isCall, 98, 0.5, 0.3, 96),
            Market,
            t => new ContinuousGeometricAsian(
                isCall, 98, 0.5 - t, 0.3 + t, Math.Exp((0.3 * Math.Log(96) + t * Math.Log(Market.Spot)) / (0.3 + t))));
    }

    [Fact]
    public void Schedules_that_make_no_average_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new FixingSchedule([]));
        Assert.Throws<ArgumentException>(() => new FixingSchedule([0.2, 0.1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixingSchedule([0.2], pastCount: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiscreteArithmeticAsian(true, 100, new FixingSchedule([0.2]), 0.1));
        DiscreteGeometricAsian option = new(true, 100, new FixingSchedule([0.2]), 0.2);
        Assert.Throws<ArgumentOutOfRangeException>(() => (option with { Years = 0.1 }).Price(Market));
        Assert.Throws<ArgumentException>(() => new AverageStrikeAsian(true, new FixingSchedule([0.2], 1, 90), 0.2));
    }

    /// <summary>The test suite's fixing dates: whole days of a 360-day year.</summary>
    private static FixingSchedule WholeDays(OutsideTable.Row row)
    {
        double first = row.Number("first");
        FixingSchedule even = FixingSchedule.Even(first, first + row.Number("length"), (int)row.Number("fixings"));
        return new FixingSchedule([.. even.Years.Select(years => Math.Round(years * DaysPerYear) / DaysPerYear)]);
    }

    private static LognormalMarket DiscreteMarket(OutsideTable.Row row) =>
        new(row.Number("underlying"), row.Number("riskFreeRate"), row.Number("dividendYield"), row.Number("volatility"));

    private static VolatilityTermStructure Sloped(OutsideTable.Row row, FixingSchedule fixings)
    {
        double slope = row.Text("slope") switch
        {
            "flat" => 0,
            "up" => VolatilitySlope,
            "down" => -VolatilitySlope,
            string other => throw new InvalidDataException($"slope '{other}'"),
        };
        int last = fixings.Years.Length - 1;
        return new VolatilityTermStructure([.. fixings.Years.Select((years, i) => (years, row.Number("volatility") - slope * (last - i)))]);
    }
}
