using Accel.Derivatives.Margin;
using Xunit;

namespace Accel.Derivatives.Tests.Margin;

public sealed class TermFactorsTests
{
    private const double DiscountUnit = 1.0 / (1L << TermFactors.DiscountBits);

    // Eight units of the coarser of the two: the exponential's own relative error and the truncations of its argument.
    private const double Tolerance = 8e-9;

    [Fact]
    public void Published_discount_factors_are_reproduced()
    {
        int checkedFactors = 0;
        foreach (PublishedPortfolio portfolio in PublishedPortfolio.All().Where(p => p.IsInDomain))
        {
            var expiries = portfolio.Options.Select(o => (o.TermSeconds, o.Rate)).Distinct().ToList();
            for (int i = 0; i < expiries.Count; i++)
            {
                TermFactors factors = TermFactors.Of(portfolio.Parameters, expiries[i].TermSeconds, (long)Math.Round(expiries[i].Rate * 1e6));
                double discount = factors.Discount * DiscountUnit;

                // The published factors multiply discounted values; ours take the discount in.
                Assert.Equal(portfolio.Discounts[i].Gain * discount, factors.GainDiscount * DiscountUnit, Tolerance);
                Assert.Equal(portfolio.Discounts[i].Loss * discount, factors.LossDiscount * DiscountUnit, Tolerance);
                checkedFactors++;
            }
        }

        Assert.True(checkedFactors > 100, $"only {checkedFactors} expiries");
    }

    [Theory]
    [InlineData(794_852, 1.712811375927374, 0.6079537432399443)] // published for test 19
    [InlineData(2_592_000, 1.5, 0.725)] // the reference term itself
    [InlineData(1, 2.3870, 0.2371)] // floored to a day: 1 + ½·30^0.3 and 1 − 0.275·30^0.3
    public void Volatility_multipliers_follow_the_term(long term, double up, double down)
    {
        double unit = Math.Pow(2, -TermFactors.MultiplierBits);
        TermFactors factors = TermFactors.Of(MarginParameters.Published, term, 0);
        Assert.Equal(up, factors.VolatilityUp * unit, 1e-4);
        Assert.Equal(down, factors.VolatilityDown * unit, 1e-4);
    }

    [Fact]
    public void A_negative_rate_counts_as_zero_and_a_long_term_saturates()
    {
        Assert.Equal(TermFactors.Of(MarginParameters.Published, 5_000_000, 0), TermFactors.Of(MarginParameters.Published, 5_000_000, -400_000));
        long longest = (1L << TermFactors.TermBits) - 1;
        Assert.Equal(TermFactors.Of(MarginParameters.Published, longest, 50_000), TermFactors.Of(MarginParameters.Published, longest + 1, 50_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => TermFactors.Of(MarginParameters.Published, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TermFactors.Of(MarginParameters.Published, 1, 1_000_001));
    }
}
