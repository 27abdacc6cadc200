namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>A price and its derivatives, all in price units per unit of the input.</summary>
/// <param name="Price">The price.</param>
/// <param name="Delta">∂price/∂s.</param>
/// <param name="Gamma">∂²price/∂s².</param>
/// <param name="Vega">∂price/∂σ, per unit of volatility (1 = 100 %), volatility shifted in parallel.</param>
/// <param name="Theta">∂price/∂t, per year: time passes, the spot stays, and what it adds to a running average counts.</param>
/// <param name="Rho">∂price/∂r, the yield unchanged.</param>
/// <param name="YieldRho">∂price/∂q, the rate unchanged.</param>
public readonly record struct Sensitivities(double Price, double Delta, double Gamma, double Vega, double Theta, double Rho, double YieldRho)
{
    /// <summary>The sensitivities of both together.</summary>
    public static Sensitivities operator +(Sensitivities a, Sensitivities b) => new(
        a.Price + b.Price, a.Delta + b.Delta, a.Gamma + b.Gamma, a.Vega + b.Vega, a.Theta + b.Theta, a.Rho + b.Rho, a.YieldRho + b.YieldRho);

    /// <summary>The sensitivities of so many.</summary>
    public static Sensitivities operator *(double quantity, Sensitivities a) => new(
        quantity * a.Price, quantity * a.Delta, quantity * a.Gamma, quantity * a.Vega, quantity * a.Theta, quantity * a.Rho, quantity * a.YieldRho);

    /// <summary>The relative change of the price by that of the spot: delta·s/price.</summary>
    /// <param name="spot">s at which these were taken.</param>
    public double Elasticity(double spot) => Delta * spot / Price;
}
