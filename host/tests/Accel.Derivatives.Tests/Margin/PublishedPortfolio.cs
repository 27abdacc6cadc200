using System.Globalization;
using System.Text.Json;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Testing;

namespace Accel.Derivatives.Tests.Margin;

/// <summary>An option of a published case as the fixed-point tests want it.</summary>
internal readonly record struct PublishedOption(
    OptionKind Kind, double Strike, double Forward, long TermSeconds, double Rate, double Volatility, double Quantity);

/// <summary>One published margin test case: the file's own parameters, portfolio and results.</summary>
internal sealed record PublishedPortfolio(
    string Name,
    MarginParameters Parameters,
    PortfolioMarginParameters RuleParameters,
    MarginPortfolio Portfolio,
    IReadOnlyList<PublishedOption> Options,
    PublishedResult Result)
{
    /// <summary>The portfolio's scale: its largest undampened scenario gain, at least a dollar.</summary>
    public double Scale => Math.Max(1, Result.Regular.Max(Math.Abs));

    public bool IsOptionsOnly => Options.Count > 0 && Portfolio.Perpetual.Quantity == 0 && !Portfolio.Collaterals.Any(c => c.MovesWithSpot);

    /// <summary>
    /// Whether every option lies in the fixed-point domain: moneyness, volatility, rate, and a volatility-down shock that stays above 5 %.
    /// </summary>
    public bool IsInDomain => Options.Count > 0 && Options.All(o =>
        o.Strike / o.Forward is > 1.0 / 16 and < 16 && o.Volatility is >= 0.05 and <= 5 && Math.Abs(o.Rate) <= 1)
        && Parameters.VolatilityUpMin < 1 << FixedPointPricer.VolatilityBits;

    public static IReadOnlyList<PublishedPortfolio> All() =>
        [.. Directory.GetFiles(OutsideData.Path("margin/derive_pmrm2"), "*.json").Order(StringComparer.Ordinal).Select(Read)];

    private static PublishedPortfolio Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement scenario = document.RootElement.GetProperty("Scenario");
        JsonElement result = document.RootElement.GetProperty(nameof(Result)).Clone();
        var feeds = scenario.GetProperty("OptionFeeds").EnumerateArray()
            .ToDictionary(f => f.GetProperty("FeedExpiry").GetInt64(), f => (Forward: Number(f, "Forward"), Rate: Number(f, "Rate")));
        PublishedOption[] options =
            [.. scenario.GetProperty(nameof(Options)).EnumerateArray().Select(o => Option(o, feeds[o.GetProperty("Expiry").GetInt64()]))];
        JsonElement parameters = document.RootElement.GetProperty(nameof(Parameters));
        return new PublishedPortfolio(
            Path.GetFileNameWithoutExtension(path),
            ReadParameters(parameters),
            MarginParameterFile.Read(parameters.GetRawText(), Path.GetFileName(path)),
            ReadPortfolio(scenario),
            options,
            ReadResult(scenario, result));
    }

    private static PublishedOption Option(JsonElement o, (double Forward, double Rate) feed) =>
        new(Kind(o), Number(o, "Strike"), feed.Forward, o.GetProperty("Expiry").GetInt64(), feed.Rate, Number(o, "MarkVol"), Number(o, "Amount"));

    private static OptionKind Kind(JsonElement option) => option.GetProperty("IsCall").GetInt32() == 1 ? OptionKind.Call : OptionKind.Put;

    /// <summary>Expiries in the order in which the options name them, which is that of the file's discount factors.</summary>
    private static MarginPortfolio ReadPortfolio(JsonElement scenario)
    {
        var feeds = scenario.GetProperty("OptionFeeds").EnumerateArray().ToDictionary(f => f.GetProperty("FeedExpiry").GetInt64());
        MarginExpiry[] expiries =
        [
            .. scenario.GetProperty(nameof(Options)).EnumerateArray().Select((o, i) => (Option: o, Index: i))
                .GroupBy(o => o.Option.GetProperty("Expiry").GetInt64())
                .Select(group => new MarginExpiry(
                    group.Key,
                    Number(feeds[group.Key], "Forward"),
                    Number(feeds[group.Key], "Rate"),
                    [.. group.Select(o => new MarginOption(
                        $"option {o.Index}", Kind(o.Option), Number(o.Option, "Strike"), Number(o.Option, "MarkVol"), Number(o.Option, "Amount")))])
                {
                    Confidence = new[] { "ForwardConfidence", "RateConfidence", "OptionVolConfidences" }.Min(name => Number(feeds[group.Key], name)),
                }),
        ];
        return new MarginPortfolio(Number(scenario, "Cash"), Number(scenario, "SpotPrice"), expiries)
        {
            SpotConfidence = Number(scenario, "SpotConfidence"),
            StablePrice = Number(scenario, "StablePrice"),
            Perpetual = new PerpetualHolding(Number(scenario, "NumPerps"), Number(scenario, "PerpPrice"))
            {
                Confidence = Number(scenario, "PerpConfidence"),
                UnrealisedGain = Number(scenario, "UnrealisedPerpPNL"),
                UnrealisedFunding = Number(scenario, "UnrealisedFunding"),
            },
            Collaterals =
            [
                .. scenario.GetProperty("Collaterals").EnumerateArray().Select(c => new CollateralHolding(
                    c.GetProperty(nameof(Name)).GetString()!,
                    Number(c, "Amount"),
                    Number(c, "Price"),
                    c.GetProperty("IsRiskCancelling").GetBoolean(),
                    Number(c, "MMHaircut"),
                    Number(c, "IMHaircut"))
                {
                    Confidence = Number(c, "Confidence"),
                    ConfidenceThreshold = Number(c, "ConfidenceFactor"),
                }),
            ],
        };
    }

    private static PublishedResult ReadResult(JsonElement scenario, JsonElement result) => new(
        [.. Losses(result, "reg_losses")],
        [.. Losses(result, "tail_losses")],
        [.. Losses(result, "skew_losses")],
        [.. result.GetProperty("skew_losses").EnumerateArray().Select(l => l[0].GetString()!)],
        name => Number(result, name),
        [.. result.GetProperty("discount_factors").EnumerateArray().Select(d => (d[0].GetDouble(), d[1].GetDouble()))],
        [.. result.GetProperty("VolShockUpEvaluated").EnumerateArray().Select(v => v.GetDouble())],
        [.. result.GetProperty("VolShockDownEvaluated").EnumerateArray().Select(v => v.GetDouble())],
        [.. scenario.GetProperty(nameof(Options)).EnumerateArray()
            .Select(o => (Number(o, "k_star"), Number(o, "linear_multiplier"), Number(o, "abs_multiplier")))],
        result.GetProperty("worst_all_scenarios").GetString()!);

    private static IEnumerable<double> Losses(JsonElement result, string name) =>
        result.GetProperty(name).EnumerateArray().Select(l => double.Parse(l[l.GetArrayLength() - 1].GetString()!, CultureInfo.InvariantCulture));

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

/// <summary>A published case's results: losses in the order of its scenarios, other figures by their names in the file.</summary>
internal sealed record PublishedResult(
    double[] Regular,
    double[] Tails,
    double[] Skews,
    string[] SkewNames,
    Func<string, double> Figure,
    (double Gain, double Loss)[] Discounts,
    double[] VolatilityUp,
    double[] VolatilityDown,
    (double Width, double Linear, double Absolute)[] SkewMultipliers,
    string Worst);
