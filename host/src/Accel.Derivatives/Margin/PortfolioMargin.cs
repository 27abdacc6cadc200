using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;

namespace Accel.Derivatives.Margin;

/// <summary>Value and margin of a portfolio, in units of 10⁻⁸ USD.</summary>
/// <param name="Value">Cash and discounted option value now, floored.</param>
/// <param name="Maintenance">Value + maintenance factor·worst, floored; negative when the account is below maintenance.</param>
/// <param name="Initial">Value + initial factor·worst, floored.</param>
/// <param name="Worst">The least scenario gain, floored; at most zero whenever some scenario does not gain.</param>
/// <param name="WorstScenario">Index of the first scenario that attains it.</param>
public sealed record MarginResult(BigInteger Value, BigInteger Maintenance, BigInteger Initial, BigInteger Worst, int WorstScenario);

/// <summary>
/// The 23 regular scenarios of the published portfolio-margin rule, on integers. For scenario s and expiry e, A = Σ q·price_s exactly;
/// gain_s = Σ_e D±·A − Σ_e D·A_base, with D⁺ where A ≥ 0 and D⁻ otherwise; worst = min_s gain_s, a minimum and never a sum.
/// Until the three floors at the end nothing is rounded: |A| ≤ 2⁶², D·A is below 2⁹⁴, factor·worst below 2¹²².
/// </summary>
public static class PortfolioMargin
{
    /// <summary>Fractional bits that the exact value carries below 10⁻⁸ USD.</summary>
    public const int ValueBits = TermFactors.DiscountBits;

    /// <summary>
    /// |A| ≤ 2^<see cref="SumBits"/> units, 46 billion USD: the domain of one account's value in one expiry under one scenario. Beyond it a
    /// settlement is refused; each bit of it costs a constraint for every account, expiry and scenario.
    /// </summary>
    public const int SumBits = 62;

    /// <summary>Whether a sum lies in [−2⁶², 2⁶²).</summary>
    public static bool IsInDomain(BigInteger sum) => sum >= -(BigInteger.One << SumBits) && sum < BigInteger.One << SumBits;

    /// <summary>Computes value and margin.</summary>
    /// <param name="parameters">Valid parameters.</param>
    /// <param name="cash">Cash in 10⁻⁸ USD.</param>
    /// <param name="expiries">Per live expiry its factors and, per scenario, Σ quantity·price in 10⁻⁸ USD, undiscounted.</param>
    /// <exception cref="ArgumentException">An expiry has another number of scenarios than 23.</exception>
    public static MarginResult Compute(MarginParameters parameters, CashAmount cash, IReadOnlyList<ExpirySums> expiries)
    {
        BigInteger optionValue = 0;
        var gains = new BigInteger[ScenarioGrid.ScenarioCount];
        foreach (ExpirySums expiry in expiries)
        {
            if (expiry.Sums.Count != ScenarioGrid.ScenarioCount)
            {
                throw new ArgumentException($"an expiry has {expiry.Sums.Count} scenario sums, not {ScenarioGrid.ScenarioCount}", nameof(expiries));
            }

            optionValue += expiry.Factors.Discount * expiry.Sums[ScenarioGrid.MarkIndex];
            for (int s = 0; s < gains.Length; s++)
            {
                BigInteger sum = expiry.Sums[s];
                gains[s] += (sum.Sign >= 0 ? expiry.Factors.GainDiscount : expiry.Factors.LossDiscount) * sum;
            }
        }

        BigInteger worst = gains.Min() - optionValue;
        BigInteger value = ((BigInteger)cash.Value << ValueBits) + optionValue;
        return new MarginResult(
            value >> ValueBits,
            Floor(value, parameters.MaintenanceFactor, worst),
            Floor(value, parameters.InitialFactor, worst),
            worst >> ValueBits,
            Array.IndexOf(gains, worst + optionValue));
    }

    /// <summary>⌊(value + factor·worst) / 2³⁰⌋ with the factor in millionths.</summary>
    private static BigInteger Floor(BigInteger value, long factor, BigInteger worst)
    {
        BigInteger numerator = (value * MarginParameters.Unit) + (factor * worst);
        BigInteger divisor = (BigInteger)MarginParameters.Unit << ValueBits;
        BigInteger quotient = BigInteger.DivRem(numerator, divisor, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}

/// <summary>One live expiry of a portfolio.</summary>
/// <param name="Factors">The expiry's discounts.</param>
/// <param name="Sums">Per scenario Σ quantity·price, undiscounted, in 10⁻⁸ USD.</param>
public sealed record ExpirySums(TermFactors Factors, IReadOnlyList<BigInteger> Sums);
