using Accel.Derivatives.Margin;
using Accel.Derivatives.Pricing;
using Xunit;

namespace Accel.Derivatives.Tests.Margin;

public sealed class MarginParametersTests
{
    private static readonly long[] Shocks = [820_000, 865_000, 910_000, 955_000, 1_000_000, 1_045_000, 1_090_000, 1_135_000, 1_180_000];

    [Fact]
    public void The_defaults_are_the_published_parameters()
    {
        PublishedPortfolio plain = PublishedPortfolio.All().First(p => p.Name.StartsWith("test_19_", StringComparison.Ordinal));
        Assert.Equal(MarginParameters.Published.Scalars(), plain.Parameters.Scalars());
        Assert.Equal(MarginParameters.Published.SpotShocks, plain.Parameters.SpotShocks);
    }

    [Fact]
    public void The_grid_is_the_pricers_published_one()
    {
        ScenarioGrid grid = MarginParameters.Published.ToGrid();
        Assert.Equal(ScenarioGrid.Published.ShocksPpm, grid.ShocksPpm);
        Assert.Equal(ScenarioGrid.Published.Volatility, grid.Volatility);
    }

    [Fact]
    public void Every_parameter_changes_the_hash()
    {
        MarginParameters p = MarginParameters.Published;
        MarginParameters[] variants =
        [
            p, p with { MaintenanceFactor = 1 }, p with { InitialFactor = 1 }, p with { VolatilityRangeUp = 1 }, p with { VolatilityRangeDown = 1 }, p with { VolatilityUpMin = 1 },
            p with { ShortTermPower = 1 }, p with { LongTermPower = 1 }, p with { TermFloorSeconds = 1 }, p with { GainRateScale = 1 }, p with { GainRateAdd = 1 },
            p with { GainDiscount = 1 }, p with { LossRateScale = 1 }, p with { LossRateAdd = 1 }, p with { LossMarkup = 1_000_000 }, p with { SpotShocks = [.. Shocks[..8], 1_180_001] },
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
        Assert.Contains("shocks", Assert.Throws<ArgumentException>((p with { SpotShocks = Shocks[..8] }).Validate).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>((p with { SpotShocks = [.. Shocks.Reverse()] }).Validate);
        Assert.Throws<ArgumentException>((p with { SpotShocks = [.. Shocks.Select(s => s + 1)] }).Validate);
    }
}
