using System.Collections.Immutable;

namespace Accel.Derivatives.Margin.Analytic;

/// <summary>What the full portfolio-margin rule says of a portfolio, in USD; losses are negative.</summary>
/// <param name="Value">Cash, options, collateral and what the perpetual has not paid yet.</param>
/// <param name="OptionValue">The options' value in it.</param>
/// <param name="CollateralValue">The collateral's value in it.</param>
/// <param name="Scenarios">Each scenario's gain, in the parameters' order.</param>
/// <param name="Binding">The scenario with the least gain, or null where the forward contingency is below them all.</param>
/// <param name="ForwardContingency">The loss of forwards moving each on its own, at most zero.</param>
/// <param name="Maintenance">What maintenance margin asks for beside the worst loss.</param>
/// <param name="Initial">What initial margin asks for beside it.</param>
/// <param name="OracleContingency">What feeds of little confidence cost in initial margin, at most zero.</param>
/// <param name="InitialFactor">Share of the worst loss in initial margin.</param>
/// <param name="MaintenanceMargin">Value less what maintenance asks for: below zero the account may be liquidated.</param>
/// <param name="InitialMargin">Value less what a new trade asks for.</param>
/// <param name="Contributions">
/// Each holding's part. Margin is homogeneous of degree one in the holdings, so by Euler's theorem the parts q·∂margin/∂q add up to it.
/// </param>
public sealed record PortfolioMarginResult(
    double Value,
    double OptionValue,
    double CollateralValue,
    ImmutableArray<ScenarioGain> Scenarios,
    ScenarioGain? Binding,
    double ForwardContingency,
    MarginCharges Maintenance,
    MarginCharges Initial,
    double OracleContingency,
    double InitialFactor,
    double MaintenanceMargin,
    double InitialMargin,
    ImmutableArray<MarginContribution> Contributions)
{
    /// <summary>The loss that margin is asked for.</summary>
    public double Worst => Binding?.Gain ?? ForwardContingency;

    /// <summary>What binds, in words.</summary>
    public string BindingName => Worst >= 0 ? "nothing" : Binding?.Scenario.ToString() ?? "forward contingency";
}

/// <summary>A scenario with the portfolio's gain in it.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Gain">Gain in USD, dampened, negative for a loss.</param>
public sealed record ScenarioGain(MarginScenario Scenario, double Gain);

/// <summary>Contingencies of one kind of margin, each at most zero.</summary>
/// <param name="Perpetual">For the perpetual.</param>
/// <param name="Collateral">The haircut.</param>
/// <param name="Option">For net short options.</param>
public sealed record MarginCharges(double Perpetual, double Collateral, double Option)
{
    /// <summary>Their sum.</summary>
    public double Total => Perpetual + Collateral + Option;
}

/// <summary>One holding's part of value and margin.</summary>
/// <param name="Name">The option's or collateral's name, <c>perpetual</c> or <c>cash</c>.</param>
/// <param name="Quantity">How much is held.</param>
/// <param name="Value">Its value.</param>
/// <param name="Worst">Its part of the worst loss; positive where it hedges.</param>
/// <param name="Maintenance">Its part of maintenance margin.</param>
/// <param name="Initial">Its part of initial margin.</param>
public sealed record MarginContribution(string Name, double Quantity, double Value, double Worst, double Maintenance, double Initial);
