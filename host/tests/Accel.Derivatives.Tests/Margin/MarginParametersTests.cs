using Accel.Derivatives.Margin;
using Xunit;

namespace Accel.Derivatives.Tests.Margin;

public sealed class MarginParametersTests
{
    private static readonly long[] Shocks = [1_180_000, 1_135_000, 1_090_000, 1_045_000, 1_000_000, 955_000, 910_000, 865_000, 820_000];

    [Fact]
    public void The_defaults_are_the_published_parameters()
    {
        PublishedPortfolio plain = PublishedPortfolio.All().First(p => p.Name.StartsWith("test_19_", StringComparison.Ordinal));
        Assert.Equal(MarginParameters.Published.Scalars(), plain.Parameters.Scalars());
        Assert.Equal(MarginParameters.Published.SpotShocks, plain.Parameters.SpotShocks);
    }

    [Fact]
    public void Every_parameter_changes_the_hash()
    {
        MarginParameters p = MarginParameters.Published;
        MarginParameters[] variants =
        [
            p, p with { MaintenanceFactor = 1 }, p with { InitialFactor = 1 }, p with { VolatilityRangeUp = 1 }, p with { VolatilityRangeDown = 1 }, p with { VolatilityUpMin = 1 },
            p with { ShortTermPower = 1 }, p with { LongTermPower = 1 }, p with { TermFloorSeconds = 1 }, p with { GainRateScale = 1 }, p with { GainRateAdd = 1 },
            p with { GainDiscount = 1 }, p with { LossRateScale = 1 }, p with { LossRateAdd = 1 }, p with { LossMarkup = 1_000_000 }, p with { SpotShocks = [.. Shocks[..8], 819_999] },
        ];
        Assert.Equal(variants.Length, variants.Select(v => v.Hash()).Distinct().Count());
    }

    [Fact]
    public void Parameters_out_of_range_are_named()
    {
        MarginParameters p = MarginParameters.Published;
        p.Validate();
        Assert.Contains("LossMarkup: 999999 is outside [1000000, 4000000]", Assert.Throws<ArgumentException>((p with { LossMarkup = 999_999 }).Validate).Message, StringComparison.Ordinal);
        Assert.Contains("MaintenanceFactor", Assert.Throws<ArgumentException>((p with { MaintenanceFactor = MarginParameters.FactorMax + 1 }).Validate).Message, StringComparison.Ordinal);
        Assert.Contains("SpotShocks", Assert.Throws<ArgumentException>((p with { SpotShocks = Shocks[..8] }).Validate).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>((p with { SpotShocks = [.. Shocks.Reverse()] }).Validate);
        Assert.Throws<ArgumentException>((p with { SpotShocks = [.. Shocks.Select(s => s + 1)] }).Validate);
    }

    [Fact]
    public void There_are_23_scenarios_in_the_published_order()
    {
        Assert.Equal(MarginParameters.ScenarioCount, MarginParameters.Scenarios.Count);
        Assert.Equal(new MarginScenario(0, VolatilityShock.Up), MarginParameters.Scenarios[0]);
        Assert.Equal([VolatilityShock.Down, VolatilityShock.None, VolatilityShock.Up], MarginParameters.Scenarios.Skip(1).Take(3).Select(s => s.Volatility));
        Assert.Equal(new MarginScenario(4, VolatilityShock.None), MarginParameters.Scenarios[MarginParameters.BaseScenario]);
        Assert.Equal(new MarginScenario(8, VolatilityShock.Up), MarginParameters.Scenarios[^1]);
    }
}
