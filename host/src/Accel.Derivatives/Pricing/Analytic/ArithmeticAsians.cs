namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// A call or put on the arithmetic average of discrete fixings: the average is taken for lognormal with its own first two moments
/// (Turnbull and Wakeman 1991, "A quick algorithm for pricing European average options", without the Edgeworth terms; Lévy 1992;
/// Haug, 2nd ed., §4.20.3, with a volatility for each fixing).
/// </summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Fixings">The fixings; the past average is an arithmetic one.</param>
/// <param name="Years">Time to payment, not before the last fixing.</param>
public sealed record DiscreteArithmeticAsian(bool IsCall, double Strike, FixingSchedule Fixings, double Years)
    : LognormalOption(Fixings.CheckedPayment(Years, nameof(Years)))
{
    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    private protected override T Value<T>(MarketState<T> market)
    {
        // A fixing that is now is known: it moves the strike, and only the rest is taken for lognormal.
        int now = Fixings.Years.Count(years => years == 0);
        T known = 1d / Fixings.Count * (now * market.Spot + Fixings.PastAverage * Fixings.PastCount);
        return AverageMoments<T>.OfFixings(market, Fixings, now).Vanilla(IsCall, T.Constant(Strike) - known, market.LogDiscount(Fixings.CheckedPayment(Years, nameof(Years))));
    }
}

/// <summary>
/// A call or put on the arithmetic average over all time from its start to expiry, taken for lognormal with its own first two moments
/// (Lévy 1992, "Pricing European average rate currency options"; Haug, 2nd ed., §4.20.4).
/// </summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Years">Time to expiry, positive.</param>
/// <param name="ElapsedYears">How long the average has run, 0 or more.</param>
/// <param name="AverageSoFar">The arithmetic average up to now; positive if it has run.</param>
/// <remarks>The volatility to expiry counts as constant.</remarks>
public sealed record ContinuousArithmeticAsian(bool IsCall, double Strike, double Years, double ElapsedYears = 0, double AverageSoFar = 0)
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
        double accrued = ElapsedYears > 0 ? ElapsedYears * Require.Positive(AverageSoFar, nameof(AverageSoFar)) : 0;
        double weight = 1 / (ElapsedYears + Years);

        // While time passes at an unmoved spot, the average so far takes the spot in.
        T past = weight * (market.Elapsed * market.Spot + accrued);
        return AverageMoments<T>.OfAllTime(market, Years, weight).Vanilla(IsCall, T.Constant(Strike) - past, market.LogDiscount(Years));
    }
}

/// <summary>
/// Pays ±(s − A)⁺, the spot at payment against the arithmetic average A of discrete fixings, none of them past: an exchange of two assets
/// (Margrabe 1978), the average taken for lognormal with its own moments (Lévy 1997, "Asian options", in Clewlow and Strickland).
/// </summary>
/// <param name="IsCall">Whether it pays the spot's excess over the average, or the average's over the spot.</param>
/// <param name="Fixings">The fixings.</param>
/// <param name="Years">Time to payment, not before the last fixing.</param>
public sealed record AverageStrikeAsian(bool IsCall, FixingSchedule Fixings, double Years)
    : LognormalOption(Fixings.CheckedPayment(Years, nameof(Years)))
{
    /// <summary>The fixings.</summary>
    /// <exception cref="ArgumentException">There are past fixings.</exception>
    public FixingSchedule Fixings { get; } = Fixings.PastCount == 0
        ? Fixings
        : throw new ArgumentException("an average with past fixings is not close to lognormal, as the exchange formula needs it", nameof(Fixings));

    private protected override T Value<T>(MarketState<T> market)
    {
        AverageMoments<T> average = AverageMoments<T>.OfFixings(market, Fixings, from: 0);
        T covariance = T.Log(average.SpotWeighted / average.Mean);
        T variance = market.Variance(Years) + average.LogVariance - 2 * covariance;
        return BlackFormula.Vanilla(IsCall, market.Forward(Years), average.Mean, T.Sqrt(variance), market.LogDiscount(Fixings.CheckedPayment(Years, nameof(Years))));
    }
}
