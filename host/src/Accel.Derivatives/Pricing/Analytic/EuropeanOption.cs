namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>A European call or put: (±(s − K))⁺ at expiry (Black and Scholes 1973; Merton 1973; Black 1976).</summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Years">Time to expiry, positive.</param>
public sealed record EuropeanOption(bool IsCall, double Strike, double Years) : LognormalOption(Years)
{
    /// <summary>K &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public double Strike { get; init => field = Require.Positive(value, nameof(Strike)); } = Require.Positive(Strike, nameof(Strike));

    /// <summary>The textbook closed forms.</summary>
    public override Sensitivities Greeks(LognormalMarket market)
    {
        BlackScholes option = new(IsCall, market.Spot, Strike, market.Yield, market.Rate, Years, market.Volatility.To(Years));
        return new Sensitivities(option.Price, option.Delta, option.Gamma, option.Vega, option.Theta, option.Rho, option.YieldRho);
    }

    /// <summary>The same by differentiating the price formula, as every other option does it.</summary>
    internal Sensitivities DifferentiatedGreeks(LognormalMarket market) => base.Greeks(market);

    private protected override T Value<T>(MarketState<T> market) =>
        BlackFormula.Vanilla(IsCall, market.Forward(Years), T.Constant(Strike), market.Deviation(Years), market.LogDiscount(Years));
}
