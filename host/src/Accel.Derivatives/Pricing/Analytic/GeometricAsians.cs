namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// A call or put on the geometric average of discrete fixings, which is lognormal itself (Haug, 2nd ed., §4.20.2; Clewlow and Strickland 1997).
/// </summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Fixings">The fixings; the past average is a geometric one.</param>
/// <param name="Years">Time to payment, not before the last fixing.</param>
public sealed record DiscreteGeometricAsian(bool IsCall, double Strike, FixingSchedule Fixings, double Years)
    : LognormalOption(Fixings.CheckedPayment(Years, nameof(Years)))
{
    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    private protected override T Value<T>(MarketState<T> market)
    {
        T logSpot = T.Log(market.Spot);
        T sum = T.Constant(Fixings.PastCount > 0 ? Fixings.PastCount * Math.Log(Fixings.PastAverage) : 0);
        T variance = T.Constant(0), earlier = T.Constant(0);
        foreach (double years in Fixings.Years)
        {
            T toFixing = market.Variance(years);
            sum += logSpot + market.Carry * market.Time(years) - 0.5 * toFixing;
            variance += toFixing + 2 * earlier;
            earlier += toFixing;
        }

        double weight = 1d / Fixings.Count;
        variance = weight * weight * variance;
        T forward = T.Exp(weight * sum + 0.5 * variance);
        return BlackFormula.Vanilla(IsCall, forward, T.Constant(Strike), T.Sqrt(variance), market.LogDiscount(Fixings.CheckedPayment(Years, nameof(Years))));
    }
}

/// <summary>A call or put on the geometric average over all time from its start to expiry (Kemna and Vorst 1990; Haug, 2nd ed., §4.20.1).</summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Years">Time to expiry, positive.</param>
/// <param name="ElapsedYears">How long the average has run, 0 or more.</param>
/// <param name="AverageSoFar">The geometric average up to now; positive if it has run.</param>
/// <remarks>The volatility to expiry counts as constant.</remarks>
public sealed record ContinuousGeometricAsian(bool IsCall, double Strike, double Years, double ElapsedYears = 0, double AverageSoFar = 0)
    : LognormalOption(Years)
{
    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    /// <summary>How long the average has run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public double ElapsedYears { get; init => field = Require.NotNegative(value, nameof(ElapsedYears)); }
        = Require.NotNegative(ElapsedYears, nameof(ElapsedYears));

    private protected override T Value<T>(MarketState<T> market)
    {
        T time = market.Time(Years), volatility = market.VolatilityTo(Years), logSpot = T.Log(market.Spot);
        double logPast = ElapsedYears > 0 ? ElapsedYears * Math.Log(Require.Positive(AverageSoFar, nameof(AverageSoFar))) : 0;
        T variance = volatility * volatility;
        T drift = market.Carry - 0.5 * variance;
        double weight = 1 / (ElapsedYears + Years);

        // While time passes at an unmoved spot, the average so far takes the spot in.
        T mean = weight * (market.Elapsed * logSpot + logPast + time * (logSpot + 0.5 * drift * time));
        T averageVariance = weight * weight / 3 * variance * time * time * time;
        T forward = T.Exp(mean + 0.5 * averageVariance);
        return BlackFormula.Vanilla(IsCall, forward, T.Constant(Strike), T.Sqrt(averageVariance), market.LogDiscount(Years));
    }
}
