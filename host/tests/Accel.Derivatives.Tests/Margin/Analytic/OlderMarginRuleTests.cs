using System.Text.Json;
using Accel.Derivatives.Margin.Analytic;
using Accel.Derivatives.Market;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Margin.Analytic;

/// <summary>The older published rule: the ±15 % grid, as a second set of parameters for the same code.</summary>
public sealed class OlderMarginRuleTests(ITestOutputHelper output)
{
    private const double Unit = 1e-18;

    /// <summary>Of a case's scale, its value or worst loss. The vectors are rounded to about 16 digits.</summary>
    private const double Tolerance = 1e-12;

    [Fact]
    public void Every_published_case_is_reproduced()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(OutsideData.Path("margin/derive_pmrm1_verify_scenarios.json")));
        PortfolioMarginRule rule = new(PortfolioMarginParameters.PublishedGrid);
        int cases = 0, figures = 0;
        double worstDifference = 0;
        foreach (JsonProperty test in document.RootElement.EnumerateObject())
        {
            JsonElement result = test.Value.GetProperty("Result");
            PortfolioMarginResult computed = rule.Compute(Portfolio(test.Value.GetProperty("Scenario")));
            double scale = 1 + Math.Abs(computed.Value) + Math.Abs(computed.InitialMargin);
            (string Name, double Computed)[] compared =
            [
                ("PortfolioMTM", computed.Value), ("MinSpan", computed.Scenarios.Min(s => s.Gain)),
                ("ForwardContingency", computed.ForwardContingency),
                ("PerpContingency", computed.Maintenance.Perpetual), ("BaseContingency", computed.Maintenance.Collateral),
                ("OptionContingency", computed.Maintenance.Option), ("OracleContingency", computed.OracleContingency),
                ("LossFactor", computed.InitialFactor), ("MaintenanceMarginHand", computed.MaintenanceMargin),
                ("InitialMarginHand", computed.InitialMargin),
            ];
            foreach ((string name, double figure) in compared)
            {
                double published = Value(result, name), difference = Math.Abs(published - figure) / scale;
                Assert.True(difference <= Tolerance, $"{test.Name}: {name} is {figure:R} instead of {published:R}");
                worstDifference = Math.Max(worstDifference, difference);
                figures++;
            }

            cases++;
        }

        output.WriteLine($"{cases} cases, {figures} figures, worst {worstDifference:E1} of the portfolio's scale");
        Assert.Equal(21, cases);
    }

    [Fact]
    public void Published_volatility_multipliers_are_reproduced()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(OutsideData.Path("margin/derive_pmrm1_verify_scenarios.json")));
        VolatilityTermShock shock = PortfolioMarginParameters.PublishedGrid.VolatilityTerm;
        int compared = 0;
        foreach (JsonElement scenario in document.RootElement.EnumerateObject().Select(t => t.Value.GetProperty("Scenario")))
        {
            double[] terms = Numbers(scenario, "OptionExpiries"), up = Numbers(scenario, "VolShockUp"), down = Numbers(scenario, "VolShockDown");
            for (int i = 0; i < terms.Length; i++, compared++)
            {
                Assert.Equal(up[i], shock.UpFactor(terms[i]), 1e-14);
                Assert.Equal(down[i], shock.DownFactor(terms[i]), 1e-14);
            }
        }

        Assert.True(compared > 60, $"only {compared} options");
    }

    private static MarginPortfolio Portfolio(JsonElement scenario)
    {
        double[] terms = Numbers(scenario, "OptionExpiries"), strikes = Scaled(scenario, "OptionStrikes"), calls = Numbers(scenario, "OptionIsCall");
        double[] quantities = Scaled(scenario, "OptionAmounts"), volatilities = Scaled(scenario, "OptionVols"), rates = Scaled(scenario, "Rates");
        double[] moving = Scaled(scenario, "ForwardsVariable"), settled = Scaled(scenario, "ForwardsFixed");
        double[][] confidences =
            [Scaled(scenario, "OptionVolConfidences"), Scaled(scenario, "ForwardConfidences"), Scaled(scenario, "RateConfidences")];
        MarginExpiry[] expiries =
        [
            .. Enumerable.Range(0, terms.Length).GroupBy(i => terms[i]).Select(group => new MarginExpiry(
                group.Key,
                settled[group.First()] + moving[group.First()],
                rates[group.First()],
                [.. group.Select(i =>
                    new MarginOption($"option {i}", calls[i] == 1 ? OptionKind.Call : OptionKind.Put, strikes[i], volatilities[i], quantities[i]))])
            {
                FixedForward = settled[group.First()],
                Confidence = confidences.Min(c => c[group.First()]),
            }),
        ];
        double spot = Value(scenario, "SpotPrice");
        return new MarginPortfolio(Value(scenario, "Cash"), spot, expiries)
        {
            SpotConfidence = Value(scenario, "SpotConfidence"),
            StablePrice = Value(scenario, "StablePrice"),
            Perpetual = new PerpetualHolding(Value(scenario, "Perps"), Value(scenario, "PerpPrice"))
            {
                Confidence = Value(scenario, "PerpConfidence"),
                UnrealisedGain = Value(scenario, "UnrealisedPerpPNL"),
                UnrealisedFunding = Value(scenario, "UnrealisedFunding"),
            },
            Collaterals =
            [
                new CollateralHolding("base", Value(scenario, "Base"), spot, MovesWithSpot: true, MaintenanceHaircut: 0.02, InitialHaircut: 0),
            ],
        };
    }

    private static double Value(JsonElement element, string name) => element.GetProperty(name).GetDouble() * Unit;

    private static double[] Scaled(JsonElement element, string name) => [.. Numbers(element, name).Select(v => v * Unit)];

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
