namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>A market's inputs as numbers that carry derivatives or not.</summary>
internal readonly record struct MarketState<T>(T Spot, T Rate, T Yield, T VolatilityShift, T Elapsed, VolatilityTermStructure Volatility)
    where T : struct, IReal<T>
{
    public T Carry => Rate - Yield;

    /// <summary>Time from now to a date; a date that is now stays so, for what is fixed now no longer moves.</summary>
    public T Time(double years) => years > 0 ? T.Constant(years) - Elapsed : T.Constant(0);

    public T VolatilityTo(double years) => VolatilityShift + Volatility.To(years);

    /// <summary>σ²·t.</summary>
    public T Variance(double years)
    {
        T volatility = VolatilityTo(years);
        return volatility * volatility * Time(years);
    }

    /// <summary>σ·√t.</summary>
    public T Deviation(double years) => VolatilityTo(years) * T.Sqrt(Time(years));

    /// <summary>ln e⁻ʳᵗ.</summary>
    public T LogDiscount(double years) => -(Rate * Time(years));

    public T Discount(double years) => T.Exp(LogDiscount(years));

    public T Forward(double years) => Spot * T.Exp(Carry * Time(years));
}

/// <summary>Makes states from markets.</summary>
internal static class MarketState
{
    public static MarketState<Real> WithoutDerivatives(LognormalMarket market) =>
        new(new(market.Spot), new(market.Rate), new(market.Yield), default, default, market.Volatility);

    public static MarketState<Jet> WithDerivatives(LognormalMarket market) => new(
        new(market.Spot, Spot: 1),
        new(market.Rate, Rate: 1),
        new(market.Yield, Yield: 1),
        new(0, Volatility: 1),
        new(0, Elapsed: 1),
        market.Volatility);
}
