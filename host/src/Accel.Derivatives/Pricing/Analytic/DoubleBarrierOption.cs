namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// A European call or put that ends, or comes alive, when the spot leaves a corridor watched continuously: the image series of
/// Ikeda and Kunitomo (1992, "Pricing options with curved boundaries"; Haug, 2nd ed., §4.17.2) for level barriers, without rebate.
/// A spot at or outside the corridor's ends has left it.
/// </summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Effect">What leaving the corridor does.</param>
/// <param name="LowerBarrier">L &gt; 0.</param>
/// <param name="UpperBarrier">U &gt; L.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Years">Time to expiry, positive.</param>
/// <remarks>The volatility to expiry counts as constant.</remarks>
public sealed record DoubleBarrierOption(bool IsCall, BarrierEffect Effect, double LowerBarrier, double UpperBarrier, double Strike, double Years)
    : LognormalOption(Years)
{
    /// <summary>An image n corridors away weighs e^(−2n²·ln²(U/L)/v²): what is left out is below e⁻⁴⁰.</summary>
    private static readonly double ImageReach = Math.Sqrt(20);

    /// <summary>L &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">L is not positive.</exception>
    public double LowerBarrier { get; } = Require.Positive(LowerBarrier, nameof(LowerBarrier));

    /// <summary>U &gt; L.</summary>
    /// <exception cref="ArgumentOutOfRangeException">U does not exceed L.</exception>
    public double UpperBarrier { get; } = UpperBarrier > LowerBarrier
        ? Require.Positive(UpperBarrier, nameof(UpperBarrier))
        : throw new ArgumentOutOfRangeException(nameof(UpperBarrier), UpperBarrier, $"must exceed the lower barrier, {LowerBarrier}");

    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    private protected override T Value<T>(MarketState<T> market)
    {
        T inside = Inside(market);
        return Effect == BarrierEffect.Out
            ? inside
            : BlackFormula.Vanilla(IsCall, market.Forward(Years), T.Constant(Strike), market.Deviation(Years), market.LogDiscount(Years)) - inside;
    }

    /// <summary>The value of the payment on the paths that stay inside.</summary>
    private T Inside<T>(MarketState<T> market)
        where T : struct, IReal<T>
    {
        double from = IsCall ? Math.Max(Strike, LowerBarrier) : LowerBarrier;
        double to = IsCall ? UpperBarrier : Math.Min(Strike, UpperBarrier);
        if (market.Spot.Value <= LowerBarrier || market.Spot.Value >= UpperBarrier || from >= to)
        {
            return T.Constant(0);
        }

        T volatility = market.VolatilityTo(Years);
        T drift = market.Carry / (volatility * volatility) + -0.5;
        T logSpot = T.Log(market.Spot);
        T asset = Images(market, drift + 1, logSpot - market.Yield * market.Time(Years), from, to);
        T cash = Images(market, drift, market.LogDiscount(Years), from, to);
        return BlackFormula.Sign(IsCall) * (asset - Strike * cash);
    }

    /// <summary>One unit paid if the spot ends between two levels, without having left the corridor.</summary>
    private T Images<T>(MarketState<T> market, T drift, T logUnit, double from, double to)
        where T : struct, IReal<T>
    {
        T deviation = market.Deviation(Years);
        double width = Math.Log(UpperBarrier / LowerBarrier);
        T logLower = T.Constant(Math.Log(LowerBarrier));
        T logSpot = T.Log(market.Spot);
        int reach = 1 + (int)Math.Ceiling(ImageReach * deviation.Value / width);
        T sum = T.Constant(0);
        for (int n = -reach; n <= reach; n++)
        {
            sum += Between(logUnit + 2 * n * width * drift, logSpot + 2 * n * width);
            sum -= Between(logUnit + 2 * drift * (logLower - logSpot + -n * width), 2 * logLower - logSpot + -2 * n * width);
        }

        return sum;

        T Between(T logWeight, T logStart) => Above(logWeight, logStart, from) - Above(logWeight, logStart, to);

        T Above(T logWeight, T logStart, double level) =>
            T.ScaledCdf(logWeight, (logStart + -Math.Log(level)) / deviation + drift * deviation);
    }
}
