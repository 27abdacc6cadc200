using Accel.Derivatives.Margin;
using Accel.Derivatives.Pricing;
using Xunit;

namespace Accel.Derivatives.Tests.Margin;

public sealed class TermFactorsTests
{
    private const double DiscountUnit = 1.0 / (1L << TermFactors.DiscountBits);

    // The exponential's relative error of 4·10⁻⁹ and two truncations to 2⁻³⁰, on factors up to 1.1.
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
                Assert.Equal(portfolio.Result.Discounts[i].Gain * discount, factors.GainDiscount * DiscountUnit, Tolerance);
                Assert.Equal(portfolio.Result.Discounts[i].Loss * discount, factors.LossDiscount * DiscountUnit, Tolerance);
                checkedFactors++;
            }
        }

        Assert.True(checkedFactors > 100, $"only {checkedFactors} expiries");
    }

    [Fact]
    public void A_negative_rate_counts_as_zero_and_a_long_term_saturates()
    {
        Assert.Equal(TermFactors.Of(MarginParameters.Published, 5_000_000, 0), TermFactors.Of(MarginParameters.Published, 5_000_000, -400_000));
        const long longest = (long)ExpiryRisk.SecondsMax;
        Assert.Equal(TermFactors.Of(MarginParameters.Published, longest, 50_000), TermFactors.Of(MarginParameters.Published, longest + 1, 50_000));
        Assert.Equal(1.0, TermFactors.DiscountAt(longest, 0) * DiscountUnit, Tolerance);
        Assert.Equal(31_536_000e12, (double)TermFactors.RateDivisor);
        Assert.Throws<ArgumentOutOfRangeException>(() => TermFactors.Of(MarginParameters.Published, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TermFactors.Of(MarginParameters.Published, 1, 1_000_001));
    }
}
