using System.Collections.Immutable;

namespace Accel.Derivatives.Margin.Analytic;

/// <summary>
/// Every number of the portfolio-margin rule. They are data: <see cref="MarginParameterFile"/> reads them in the form of the published vectors.
/// Factors and shares are plain numbers (1 = 100 %), rates per year, terms in seconds.
/// </summary>
/// <param name="Scenarios">At least one; the worst of them counts.</param>
/// <param name="VolatilityTerm">How far volatility moves up and down, by term.</param>
/// <param name="Skew">How far volatility moves by strike.</param>
/// <param name="Discount">How gains and losses are discounted.</param>
/// <param name="ForwardBasis">What a move of one expiry's forward alone may cost.</param>
/// <param name="Contingency">What is asked for beyond the scenarios.</param>
/// <param name="MaintenanceFactor">Share of the worst loss in maintenance margin.</param>
/// <param name="InitialFactor">Share of the worst loss in initial margin, before the stable coin's loss of its peg.</param>
/// <param name="FactorsCoverContingencies">Whether these factors multiply the contingencies too, as the older rule has it.</param>
public sealed record PortfolioMarginParameters(
    ImmutableArray<MarginScenario> Scenarios,
    VolatilityTermShock VolatilityTerm,
    SkewShock Skew,
    SignDiscount Discount,
    ForwardBasis ForwardBasis,
    MarginContingency Contingency,
    double MaintenanceFactor,
    double InitialFactor,
    bool FactorsCoverContingencies)
{
    /// <summary>The published rule: 23 regular, six dampened tail and two skew scenarios.</summary>
    public static PortfolioMarginParameters Published { get; } = MarginParameterFile.ReadEmbedded("pmrm2.json");

    /// <summary>
    /// The older published rule: spot ±5, ±10 and ±15 % with volatility up, as marked and down; undiscounted values, no tails and no skews.
    /// </summary>
    public static PortfolioMarginParameters PublishedGrid { get; } = MarginParameterFile.ReadEmbedded("pmrm1.json");

    /// <summary>Share of the worst loss in initial margin at a price of the stable coin.</summary>
    public double InitialFactorAt(double stablePrice) =>
        InitialFactor + (Math.Max(0, Contingency.PegThreshold - stablePrice) * Contingency.PegFactor);
}

/// <summary>
/// The volatility shock: with a = (30 days / max(T, floor))ᵖ, p by T itself, up is max(σ·(1 + up·a), least), down σ·max(0, 1 − down·a).
/// </summary>
/// <param name="RangeUp">up.</param>
/// <param name="RangeDown">down.</param>
/// <param name="LeastUp">The least volatility that was shocked up.</param>
/// <param name="ShortTermPower">p up to 30 days.</param>
/// <param name="LongTermPower">p beyond.</param>
/// <param name="FloorSeconds">The least term that counts.</param>
public sealed record VolatilityTermShock(
    double RangeUp, double RangeDown, double LeastUp, double ShortTermPower, double LongTermPower, double FloorSeconds)
{
    private const double ReferenceSeconds = 30 * 86_400;

    /// <summary>What volatility up multiplies by, before its floor.</summary>
    public double UpFactor(double termSeconds) => 1 + (RangeUp * Scale(termSeconds));

    /// <summary>What volatility down multiplies by, at least zero.</summary>
    public double DownFactor(double termSeconds) => Math.Max(0, 1 - (RangeDown * Scale(termSeconds)));

    /// <summary>Volatility shocked up.</summary>
    public double Up(double volatility, double termSeconds) => Math.Max(LeastUp, volatility * UpFactor(termSeconds));

    /// <summary>Volatility shocked down.</summary>
    public double Down(double volatility, double termSeconds) => volatility * DownFactor(termSeconds);

    private double Scale(double termSeconds) =>
        Math.Pow(ReferenceSeconds / Math.Max(termSeconds, FloorSeconds), termSeconds <= ReferenceSeconds ? ShortTermPower : LongTermPower);
}

/// <summary>
/// The skew: volatility is multiplied by 1 + c·x, at least zero, with x = k/k*, within ±1, for the linear skew and |x| for the absolute one;
/// k = ln(K/F), k* = max(least, width·√T·(level + slope·√T)), c = cap + base·√T, T in years. Recovered from the published vectors.
/// </summary>
/// <param name="LinearCap">cap of the linear skew.</param>
/// <param name="LinearBase">base of the linear skew.</param>
/// <param name="AbsoluteCap">cap of the absolute skew.</param>
/// <param name="AbsoluteBase">base of the absolute skew.</param>
/// <param name="LeastWidth">least k*.</param>
/// <param name="WidthScale">width.</param>
/// <param name="VolatilityLevel">level.</param>
/// <param name="VolatilitySlope">slope.</param>
public sealed record SkewShock(
    double LinearCap,
    double LinearBase,
    double AbsoluteCap,
    double AbsoluteBase,
    double LeastWidth,
    double WidthScale,
    double VolatilityLevel,
    double VolatilitySlope)
{
    /// <summary>k*: the log-moneyness from which on the skew is at its cap.</summary>
    public double Width(double years)
    {
        double root = Math.Sqrt(years);
        return Math.Max(LeastWidth, WidthScale * root * (VolatilityLevel + (VolatilitySlope * root)));
    }

    /// <summary>What a skew scenario multiplies a volatility by.</summary>
    /// <param name="scenario">A skew.</param>
    /// <param name="logMoneyness">ln(K/F).</param>
    /// <param name="years">Time to expiry.</param>
    public double Factor(MarginScenario scenario, double logMoneyness, double years) => Math.Max(0, Multiplier(scenario, logMoneyness, years));

    /// <summary>The same before the floor at zero.</summary>
    internal double Multiplier(MarginScenario scenario, double logMoneyness, double years)
    {
        double root = Math.Sqrt(years);
        double cap = scenario.HasLinearCap ? LinearCap + (LinearBase * root) : AbsoluteCap + (AbsoluteBase * root);
        double position = Math.Clamp(logMoneyness / Width(years), -1, 1);
        return 1 + (cap * (scenario.Volatility == VolatilityMove.LinearSkew ? position : Math.Abs(position)));
    }
}

/// <summary>
/// Discounting by sign: an expiry's shocked value V (discounted by e^(−rT) where <paramref name="DiscountsValue"/>) counts
/// gain·e^(−T·(r·gainScale + gainAdd)) times where it is not negative, else min(e^(rT), loss·e^(T·(r·lossScale + lossAdd))) times, so that a loss
/// is never larger than undiscounted. A negative rate counts as zero.
/// </summary>
/// <param name="Gain">gain.</param>
/// <param name="GainRateScale">gainScale.</param>
/// <param name="GainRateAdd">gainAdd.</param>
/// <param name="Loss">loss.</param>
/// <param name="LossRateScale">lossScale.</param>
/// <param name="LossRateAdd">lossAdd.</param>
/// <param name="DiscountsValue">Whether values are present values; in the older rule they are forward values.</param>
public sealed record SignDiscount(
    double Gain, double GainRateScale, double GainRateAdd, double Loss, double LossRateScale, double LossRateAdd, bool DiscountsValue)
{
    /// <summary>Value now of one unit at expiry.</summary>
    public double Value(double rate, double years) => DiscountsValue ? Math.Exp(-years * Math.Max(rate, 0)) : 1;

    /// <summary>What a gain is multiplied by.</summary>
    public double GainFactor(double rate, double years) =>
        Gain * Math.Exp(-years * ((Math.Max(rate, 0) * GainRateScale) + GainRateAdd));

    /// <summary>What a loss is multiplied by.</summary>
    public double LossFactor(double rate, double years) =>
        Math.Min(1 / Value(rate, years), Loss * Math.Exp(years * ((Math.Max(rate, 0) * LossRateScale) + LossRateAdd)));
}

/// <summary>The forward contingency: per expiry (add + scale·T) times the larger loss of its forward alone moving up or down.</summary>
/// <param name="UpFactor">The forward's factor upwards.</param>
/// <param name="DownFactor">The forward's factor downwards.</param>
/// <param name="Add">add.</param>
/// <param name="TermScale">scale, per year.</param>
public sealed record ForwardBasis(double UpFactor, double DownFactor, double Add, double TermScale);

/// <summary>What the rule asks for beyond the scenarios, as shares of spot value.</summary>
/// <param name="PegThreshold">Price of the stable coin below which initial margin rises.</param>
/// <param name="PegFactor">By how much for each unit below it.</param>
/// <param name="ConfidenceThreshold">Confidence of a feed below which the oracle contingency applies; collateral has its own.</param>
/// <param name="ConfidenceFactor">Share of value asked for at no confidence at all.</param>
/// <param name="MaintenancePerpetual">Share of a perpetual's size, maintenance.</param>
/// <param name="InitialPerpetual">Share of a perpetual's size, initial.</param>
/// <param name="MaintenanceOption">Share of spot for each contract that is short after netting calls and puts of a strike, maintenance.</param>
/// <param name="InitialOption">The same, initial.</param>
public sealed record MarginContingency(
    double PegThreshold,
    double PegFactor,
    double ConfidenceThreshold,
    double ConfidenceFactor,
    double MaintenancePerpetual,
    double InitialPerpetual,
    double MaintenanceOption,
    double InitialOption)
{
    /// <summary>Share of value that a confidence costs: none from the threshold on.</summary>
    public double Penalty(double confidence, double threshold) => confidence < threshold ? ConfidenceFactor * (1 - confidence) : 0;
}
