using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;

namespace Accel.Derivatives.Margin;

/// <summary>One option of a portfolio, in the model's own units.</summary>
/// <param name="Kind">Call or put.</param>
/// <param name="Strike">Strike in USD.</param>
/// <param name="Forward">Forward of the expiry in USD.</param>
/// <param name="TermSeconds">Seconds to expiry.</param>
/// <param name="Rate">Rate of the expiry per year; a negative one counts as zero.</param>
/// <param name="Volatility">Mark volatility per √year.</param>
/// <param name="Quantity">Contracts, negative when short.</param>
public readonly record struct ModelOption(OptionKind Kind, double Strike, double Forward, long TermSeconds, double Rate, double Volatility, double Quantity);

/// <summary>
/// The margin rule in double precision, without the fixed-point domain: what the integers approximate, held to the published vectors.
/// Source of the vectors: the regular scenarios and results of derivexyz/v2-core's PMRM test cases.
/// </summary>
public static class PortfolioMarginModel
{
    // Hart's numerator and denominator, highest power first.
    private static readonly double[] HartNumerator =
        [3.52624965998911E-02, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376];

    private static readonly double[] HartDenominator =
        [8.83883476483184E-02, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752];

    /// <summary>Gain or loss of every scenario of <see cref="ScenarioGrid.Scenarios"/>, in USD.</summary>
    /// <param name="parameters">Parameters; bounds are not enforced here.</param>
    /// <param name="options">The portfolio's options.</param>
    /// <param name="linearUsd">Value in USD of holdings that move with spot one to one: perpetuals and risk-cancelling collateral.</param>
    public static double[] ScenarioGains(MarginParameters parameters, IReadOnlyList<ModelOption> options, double linearUsd)
    {
        double now = options.Sum(o => Discount(o) * o.Quantity * Price(o, 1, o.Volatility));
        var gains = new double[ScenarioGrid.ScenarioCount];
        for (int s = 0; s < gains.Length; s++)
        {
            Scenario scenario = ScenarioGrid.Scenarios[s];
            double shock = parameters.SpotShocks[scenario.Shock] / (double)MarginParameters.Unit;
            gains[s] = (linearUsd * (shock - 1)) - now;
            foreach (IGrouping<long, ModelOption> expiry in options.GroupBy(o => o.TermSeconds))
            {
                double sum = expiry.Sum(o => o.Quantity * Price(o, shock, ShockedVolatility(parameters, o, scenario.Volatility)));
                gains[s] += sum * (sum >= 0 ? GainDiscount(parameters, expiry.First()) : LossDiscount(parameters, expiry.First()));
            }
        }

        return gains;
    }

    /// <summary>Discounted value of the options now, in USD.</summary>
    public static double OptionValue(IReadOnlyList<ModelOption> options) => options.Sum(o => Discount(o) * o.Quantity * Price(o, 1, o.Volatility));

    /// <summary>Volatility in a scenario.</summary>
    public static double ShockedVolatility(MarginParameters parameters, ModelOption option, VolatilityShift shift)
    {
        double power = (option.TermSeconds <= VolatilityShock.ReferenceSeconds ? parameters.ShortTermPower : parameters.LongTermPower) / (double)MarginParameters.Unit;
        double scale = Math.Pow(VolatilityShock.ReferenceSeconds / (double)Math.Max(option.TermSeconds, parameters.TermFloorSeconds), power) / MarginParameters.Unit;
        return shift switch
        {
            VolatilityShift.Up => Math.Max(parameters.VolatilityUpMin / (double)MarginParameters.Unit, option.Volatility * (1 + (parameters.VolatilityRangeUp * scale))),
            VolatilityShift.Down => option.Volatility * Math.Max(0, 1 - (parameters.VolatilityRangeDown * scale)),
            _ => option.Volatility,
        };
    }

    private static double Years(ModelOption option) => option.TermSeconds / (double)ExpiryRisk.SecondsPerYear;

    private static double Discount(ModelOption option) => Math.Exp(-Years(option) * Math.Max(option.Rate, 0));

    private static double GainDiscount(MarginParameters p, ModelOption option)
    {
        double rate = ((Math.Max(option.Rate, 0) * p.GainRateScale) + p.GainRateAdd) / MarginParameters.Unit;
        return p.GainDiscount / (double)MarginParameters.Unit * Math.Exp(-Years(option) * rate) * Discount(option);
    }

    private static double LossDiscount(MarginParameters p, ModelOption option)
    {
        double rate = ((Math.Max(option.Rate, 0) * p.LossRateScale) + p.LossRateAdd) / MarginParameters.Unit;
        return Math.Min(1, p.LossMarkup / (double)MarginParameters.Unit * Math.Exp(Years(option) * rate) * Discount(option));
    }

    /// <summary>Undiscounted Black-76.</summary>
    private static double Price(ModelOption option, double shock, double volatility)
    {
        double forward = option.Forward * shock;
        double deviation = volatility * Math.Sqrt(Years(option));
        double call = Math.Max(forward - option.Strike, 0);
        if (deviation > 0)
        {
            double d1 = (Math.Log(forward / option.Strike) / deviation) + (deviation / 2);
            call = (forward * NormalCdf(d1)) - (option.Strike * NormalCdf(d1 - deviation));
        }

        return option.Kind == OptionKind.Call ? call : call - forward + option.Strike;
    }

    /// <summary>Φ by Hart's rational approximation in West's double-precision form ("Better approximations to cumulative normal functions", Wilmott 2005).</summary>
    private static double NormalCdf(double x)
    {
        double z = Math.Abs(x);
        if (z > 37)
        {
            return x > 0 ? 1 : 0;
        }

        double exponential = Math.Exp(-z * z / 2);
        double tail;
        if (z < 7.07106781186547)
        {
            tail = exponential * Horner(HartNumerator, z) / Horner(HartDenominator, z);
        }
        else
        {
            double fraction = z + (1 / (z + (2 / (z + (3 / (z + (4 / (z + 0.65))))))));
            tail = exponential / fraction / 2.506628274631;
        }

        return x > 0 ? 1 - tail : tail;
    }

    private static double Horner(double[] coefficients, double x) => coefficients.Aggregate(0.0, (sum, coefficient) => (sum * x) + coefficient);
}
