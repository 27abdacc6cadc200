namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// The generalised Black–Scholes–Merton market: the spot s pays a yield q and money earns r, both continuous, and
/// ds/s = (r − q)·dt + σ·dW. The cost of carry is b = r − q. Black-76 is the case s = F, q = r (Haug, "Option Pricing Formulas", 2nd ed., §1.1).
/// </summary>
/// <param name="Spot">s &gt; 0.</param>
/// <param name="Rate">r, per year.</param>
/// <param name="Yield">q, per year.</param>
/// <param name="Volatility">σ, per √year, positive; flat unless given by time.</param>
public sealed record LognormalMarket(double Spot, double Rate, double Yield, VolatilityTermStructure Volatility)
{
    /// <summary>s &gt; 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">s is not positive.</exception>
    public double Spot { get; init => field = Require.Positive(value, nameof(Spot)); } = Require.Positive(Spot, nameof(Spot));

    /// <summary>r, per year.</summary>
    /// <exception cref="ArgumentOutOfRangeException">r is not finite.</exception>
    public double Rate { get; init => field = Require.Finite(value, nameof(Rate)); } = Require.Finite(Rate, nameof(Rate));

    /// <summary>q, per year.</summary>
    /// <exception cref="ArgumentOutOfRangeException">q is not finite.</exception>
    public double Yield { get; init => field = Require.Finite(value, nameof(Yield)); } = Require.Finite(Yield, nameof(Yield));

    /// <summary>Black-76: the underlying is a forward, which costs nothing to carry.</summary>
    public static LognormalMarket OnForward(double forward, double rate, VolatilityTermStructure volatility) => new(forward, rate, rate, volatility);
}
