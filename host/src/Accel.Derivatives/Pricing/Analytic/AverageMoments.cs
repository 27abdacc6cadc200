namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Moments of what an arithmetic average still has to take, by the average's full weight.</summary>
/// <param name="Mean">E[A].</param>
/// <param name="Square">E[A²].</param>
/// <param name="SpotWeighted">E[A·s]/E[s], s the spot at or after the last fixing.</param>
internal readonly record struct AverageMoments<T>(T Mean, T Square, T SpotWeighted)
    where T : struct, IReal<T>
{
    /// <summary>The variance of ln A, were A lognormal.</summary>
    public T LogVariance => Square.Value > Mean.Value * Mean.Value ? T.Log(Square / (Mean * Mean)) : T.Constant(0);

    /// <summary>What the fixings to come from a given one on add to the average of all.</summary>
    public static AverageMoments<T> OfFixings(MarketState<T> market, FixingSchedule fixings, int from)
    {
        T mean = T.Constant(0), square = T.Constant(0), grown = T.Constant(0);
        foreach (double years in fixings.Years.AsSpan()[from..])
        {
            // E[sᵢ·sⱼ] = Fᵢ·Fⱼ·exp(variance to the earlier), so each new fixing meets the sum of its predecessors' Fⱼ·exp(varianceⱼ).
            T forward = market.Forward(years);
            T own = forward * T.Exp(market.Variance(years));
            mean += forward;
            square += forward * (own + 2 * grown);
            grown += own;
        }

        double weight = 1d / fixings.Count;
        return new AverageMoments<T>(weight * mean, weight * weight * square, weight * grown);
    }

    /// <summary>∫s dt·weight over the time to come; the spot-weighted mean is not needed and stays E[A].</summary>
    public static AverageMoments<T> OfAllTime(MarketState<T> market, double years, double weight)
    {
        T time = market.Time(years), volatility = market.VolatilityTo(years);
        T growth = market.Carry * time;
        T scale = weight * time * market.Spot;
        T mean = scale * ExponentialMean.First(growth);
        T square = 2 * scale * scale * ExponentialMean.Second(2 * growth + volatility * volatility * time, growth);
        return new AverageMoments<T>(mean, square, mean);
    }

    /// <summary>A vanilla on the average; where what is past exceeds the strike, the call is a forward and the put nothing (Haug, §4.20.3).</summary>
    public T Vanilla(bool isCall, T remainingStrike, T logDiscount)
    {
        if (remainingStrike.Value <= 0)
        {
            return isCall ? T.Exp(logDiscount) * (Mean - remainingStrike) : T.Constant(0);
        }

        return BlackFormula.Vanilla(isCall, Mean, remainingStrike, T.Sqrt(LogVariance), logDiscount);
    }
}
