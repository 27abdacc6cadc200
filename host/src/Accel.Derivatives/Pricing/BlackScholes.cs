using Accel.Derivatives.Pricing.Analytic;

namespace Accel.Derivatives.Pricing;

/// <summary>
/// Closed forms for European options in double precision: what the fixed-point pricer is analysed against. The underlying's spot s pays a
/// yield q and money earns r, both continuous; Black-76 is the case s = F, q = r.
/// </summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="Spot">s &gt; 0.</param>
/// <param name="Strike">K &gt; 0.</param>
/// <param name="Yield">q, per year.</param>
/// <param name="Rate">r, per year.</param>
/// <param name="Years">Time to expiry, positive.</param>
/// <param name="Volatility">σ, per √year, positive.</param>
public readonly record struct BlackScholes(bool IsCall, double Spot, double Strike, double Yield, double Rate, double Years, double Volatility)
{
    private double Deviation => Volatility * Math.Sqrt(Years);

    private double D1 => (Math.Log(Spot / Strike) + (Rate - Yield) * Years) / Deviation + Deviation / 2;

    private double D2 => D1 - Deviation;

    private double Sign => IsCall ? 1 : -1;

    private double YieldDiscount => Math.Exp(-Yield * Years);

    private double RateDiscount => Math.Exp(-Rate * Years);

    private double DiscountedDensity => YieldDiscount * Gaussian.Density(D1);

    /// <summary>Black-76: an option on a forward, discounted at the rate.</summary>
    public static BlackScholes OnForward(bool isCall, double forward, double strike, double rate, double years, double volatility) =>
        new(isCall, forward, strike, rate, rate, years, volatility);

    /// <summary>The option's value (Black and Scholes 1973, Merton 1973).</summary>
    public double Price => Sign * (Spot * AssetLeg - Strike * CashLeg);

    /// <summary>∂price/∂s.</summary>
    public double Delta => Sign * AssetLeg;

    /// <summary>∂²price/∂s².</summary>
    public double Gamma => DiscountedDensity / (Spot * Deviation);

    /// <summary>∂price/∂σ, per unit of volatility.</summary>
    public double Vega => Spot * DiscountedDensity * Math.Sqrt(Years);

    /// <summary>∂price/∂t, per year.</summary>
    public double Theta =>
        -Spot * DiscountedDensity * Volatility / (2 * Math.Sqrt(Years)) + Sign * (Yield * Spot * AssetLeg - Rate * Strike * CashLeg);

    /// <summary>∂price/∂r.</summary>
    public double Rho => Sign * Strike * Years * CashLeg;

    /// <summary>∂price/∂q.</summary>
    public double YieldRho => -Sign * Spot * Years * AssetLeg;

    /// <summary>delta·s/price.</summary>
    public double Elasticity => Delta * Spot / Price;

    private double AssetLeg => YieldDiscount * Gaussian.Cdf(Sign * D1);

    private double CashLeg => RateDiscount * Gaussian.Cdf(Sign * D2);
}
