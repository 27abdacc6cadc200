namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Something with a price and Greeks in a <see cref="LognormalMarket"/>.</summary>
public abstract record LognormalInstrument
{
    /// <summary>The value today of one held.</summary>
    public abstract double Price(LognormalMarket market);

    /// <summary>The value today with its derivatives.</summary>
    public abstract Sensitivities Greeks(LognormalMarket market);
}

/// <summary>An instrument with one price formula, written once over any number.</summary>
public abstract record ClosedFormInstrument : LognormalInstrument
{
    /// <inheritdoc />
    public override double Price(LognormalMarket market) => Value(MarketState.WithoutDerivatives(market)).Value;

    /// <summary>The value today with its derivatives: the price formula differentiated exactly.</summary>
    public override Sensitivities Greeks(LognormalMarket market)
    {
        Jet value = Value(MarketState.WithDerivatives(market));
        return new Sensitivities(value.Value, value.Spot, value.SpotSpot, value.Volatility, value.Elapsed, value.Rate, value.Yield);
    }

    /// <summary>The price formula.</summary>
    private protected abstract T Value<T>(MarketState<T> market)
        where T : struct, IReal<T>;
}
