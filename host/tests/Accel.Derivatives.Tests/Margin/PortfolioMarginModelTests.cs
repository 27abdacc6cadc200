using Accel.Derivatives.Margin;
using Accel.Derivatives.Pricing;
using Xunit;

namespace Accel.Derivatives.Tests.Margin;

public sealed class PortfolioMarginModelTests
{
    // The vectors were computed in double precision too; portfolios of a million dollars leave 10⁻⁹ dollars of cancellation.
    private const double RelativeTolerance = 1e-10;

    [Fact]
    public void Every_regular_scenario_of_every_published_portfolio_is_reproduced()
    {
        IReadOnlyList<PublishedPortfolio> portfolios = PublishedPortfolio.All();
        Assert.Equal(70, portfolios.Count);
        foreach (PublishedPortfolio portfolio in portfolios)
        {
            double[] gains = PortfolioMarginModel.ScenarioGains(portfolio.Parameters, portfolio.Options, portfolio.LinearUsd);
            double scale = Math.Max(1, portfolio.Gains.Max(Math.Abs));
            for (int s = 0; s < gains.Length; s++)
            {
                Assert.True(
                    Math.Abs(gains[s] - portfolio.Gains[s]) <= RelativeTolerance * scale,
                    $"{portfolio.Name}, scenario {s}: {gains[s]:R} instead of {portfolio.Gains[s]:R}");
            }

            Assert.Equal(portfolio.OptionValue, PortfolioMarginModel.OptionValue(portfolio.Options), RelativeTolerance * Math.Max(1, Math.Abs(portfolio.OptionValue)));
        }
    }

    [Fact]
    public void Worst_regular_loss_is_the_minimum_over_scenarios()
    {
        foreach (PublishedPortfolio portfolio in PublishedPortfolio.All().Where(p => p.Options.Count > 0))
        {
            double worst = PortfolioMarginModel.ScenarioGains(portfolio.Parameters, portfolio.Options, portfolio.LinearUsd).Min();
            Assert.Equal(portfolio.Worst, worst, RelativeTolerance * Math.Max(1, Math.Abs(portfolio.Worst)));
        }
    }

    [Fact]
    public void Shocked_volatilities_of_the_published_call_spread_are_reproduced()
    {
        // 795 thousand seconds at 105.57 %: the vectors' VolShockUpEvaluated and VolShockDownEvaluated of test 19.
        PublishedPortfolio spread = PublishedPortfolio.All().Single(p => p.Name.StartsWith("test_19_", StringComparison.Ordinal));
        Assert.Equal(1.8081604322450222, PortfolioMarginModel.ShockedVolatility(spread.Parameters, spread.Options[0], VolatilityShift.Up), 1e-12);
        Assert.Equal(0.6417974089917114, PortfolioMarginModel.ShockedVolatility(spread.Parameters, spread.Options[0], VolatilityShift.Down), 1e-12);
    }
}
