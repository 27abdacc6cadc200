namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>An option with a closed-form price in a <see cref="LognormalMarket"/>.</summary>
/// <param name="Years">Time to payment, positive.</param>
public abstract record LognormalOption(double Years)
{
    /// <summary>Time to payment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Years { get; init => field = Require.Positive(value, nameof(Years)); } = Require.Positive(Years, nameof(Years));

    /// <summary>The value today of the option held.</summary>
    public double Price(LognormalMarket market) => Value(MarketState.WithoutDerivatives(market)).Value;

    /// <summary>The value today with its derivatives: the price formula differentiated exactly.</summary>
    public virtual Sensitivities Greeks(LognormalMarket market)
    {
        Jet value = Value(MarketState.WithDerivatives(market));
        return new Sensitivities(value.Value, value.Spot, value.SpotSpot, value.Volatility, value.Elapsed, value.Rate, value.Yield);
    }

    /// <summary>The price formula.</summary>
    private protected abstract T Value<T>(MarketState<T> market)
        where T : struct, IReal<T>;
}
