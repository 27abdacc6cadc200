using System.Globalization;
using System.Text.Json;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Testing;

namespace Accel.Derivatives.Tests.Margin;

/// <summary>One published margin test case. The file lists shocks downwards and volatility down, none, up; reversed, that is the pricer's order.</summary>
internal sealed record PublishedPortfolio(
    string Name,
    MarginParameters Parameters,
    IReadOnlyList<ModelOption> Options,
    double LinearUsd,
    double OptionValue,
    double[] Gains,
    double Worst,
    IReadOnlyList<(double Gain, double Loss)> Discounts)
{
    /// <summary>Whether every option lies in the fixed-point domain: moneyness, volatility, rate, and a volatility-down shock that stays above 5 %.</summary>
    public bool IsInDomain => Options.Count > 0 && Options.All(o =>
        o.Strike / o.Forward is > 1.0 / 16 and < 16 && o.Volatility is >= 0.05 and <= 5 && Math.Abs(o.Rate) <= 1)
        && Parameters.VolatilityUpMin < 1 << FixedPointPricer.VolatilityBits;

    public static IReadOnlyList<PublishedPortfolio> All() =>
        [.. Directory.GetFiles(OutsideData.Path("margin/derive_pmrm2"), "*.json").Order(StringComparer.Ordinal).Select(Read)];

    private static PublishedPortfolio Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement scenario = document.RootElement.GetProperty("Scenario");
        JsonElement result = document.RootElement.GetProperty("Result");
        var feeds = scenario.GetProperty("OptionFeeds").EnumerateArray()
            .ToDictionary(f => f.GetProperty("FeedExpiry").GetInt64(), f => (Forward: Number(f, "Forward"), Rate: Number(f, "Rate")));
        ModelOption[] options = [.. scenario.GetProperty(nameof(Options)).EnumerateArray().Select(o => Option(o, feeds[o.GetProperty("Expiry").GetInt64()]))];
        return new PublishedPortfolio(
            Path.GetFileNameWithoutExtension(path),
            ReadParameters(document.RootElement.GetProperty(nameof(Parameters))),
            options,
            LinearUsdOf(scenario),
            Number(result, "OptionMTM"),
            [.. result.GetProperty("reg_losses").EnumerateArray().Select(l => double.Parse(l[2].GetString()!, CultureInfo.InvariantCulture)).Reverse()],
            Number(result, "worst_reg_loss"),
            [.. result.GetProperty("discount_factors").EnumerateArray().Select(d => (d[0].GetDouble(), d[1].GetDouble()))]);
    }

    private static ModelOption Option(JsonElement o, (double Forward, double Rate) feed) => new(
        o.GetProperty("IsCall").GetInt32() == 1 ? OptionKind.Call : OptionKind.Put,
        Number(o, "Strike"),
        feed.Forward,
        o.GetProperty("Expiry").GetInt64(),
        feed.Rate,
        Number(o, "MarkVol"),
        Number(o, "Amount"));

    /// <summary>Collateral counts in units of the stable coin, so its dollar value is divided by the stable coin's price.</summary>
    private static double LinearUsdOf(JsonElement scenario) =>
        (Number(scenario, "NumPerps") * Number(scenario, "PerpPrice"))
        + scenario.GetProperty("Collaterals").EnumerateArray()
            .Where(c => c.GetProperty("IsRiskCancelling").GetBoolean())
            .Sum(c => Number(c, "Amount") * Number(c, "Price") / Number(scenario, "StablePrice"));

    private static MarginParameters ReadParameters(JsonElement parameters)
    {
        JsonElement volatility = parameters.GetProperty("VolShock");
        JsonElement margin = parameters.GetProperty("Margin");
        return new MarginParameters
        {
            MaintenanceFactor = Millionths(margin, "MM_LOSS_FACTOR"),
            InitialFactor = Millionths(margin, "IM_LOSS_FACTOR"),
            SpotShocks =
            [
                .. parameters.GetProperty("Scenarios").EnumerateArray().Take(ScenarioGrid.ScenarioCount)
                    .Select(s => (long)Math.Round(Number(s, "SpotShock") * 1e6)).Distinct().Reverse(),
            ],
            VolatilityRangeUp = Millionths(volatility, "VOLRANGEUP"),
            VolatilityRangeDown = Millionths(volatility, "VOLRANGEDOWN"),
            VolatilityUpMin = Millionths(volatility, "MIN_VOL_EVAL_SHOCKED"),
            ShortTermPower = Millionths(volatility, "SHORTTERMPOWER"),
            LongTermPower = Millionths(volatility, "LONGTERMPOWER"),
            TermFloorSeconds = (long)Math.Round(Number(volatility, "DTE_FLOOR") * 86_400),
            GainRateScale = Millionths(margin, "LONG_RATE_MULTSCALE"),
            GainRateAdd = Millionths(margin, "LONG_RATE_ADDSCALE"),
            GainDiscount = Millionths(margin, "BASE_STATIC_DISCOUNT"),
            LossRateScale = Millionths(margin, "SHORT_RATE_MULTSCALE"),
            LossRateAdd = Millionths(margin, "SHORT_RATE_ADDSCALE"),
            LossMarkup = Millionths(margin, "BASE_STATIC_DISCOUNT_NEG"),
        };
    }

    private static long Millionths(JsonElement element, string name) => (long)Math.Round(Number(element, name) * 1e6);

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
