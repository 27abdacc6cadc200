namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// One expiry's smile of total variance w(k) = a + b·(ρ(k − m) + √((k − m)² + σ²)) by log-moneyness k = ln(K/F)
/// (Gatheral 2004; Gatheral and Jacquier 2014, "Arbitrage-free SVI volatility surfaces", §3.1).
/// </summary>
/// <param name="A">Level.</param>
/// <param name="B">Slope of the wings, 0 or more.</param>
/// <param name="Rho">Skew, in (−1, 1).</param>
/// <param name="M">Log-moneyness of the smile's middle.</param>
/// <param name="Sigma">Roundness, positive.</param>
public readonly record struct RawSvi(double A, double B, double Rho, double M, double Sigma)
{
    /// <summary>w(k) = σ_Black²·t.</summary>
    public double TotalVariance(double k) => A + B * (Rho * (k - M) + Root(k));

    /// <summary>
    /// Durrleman's g(k) = (1 − k·w′/2w)² − w′²/4·(1/w + 1/4) + w″/2: the risk-neutral density has its sign, so that a smile is free of
    /// butterfly arbitrage where it is never negative (Gatheral and Jacquier 2014, lemma 2.2).
    /// </summary>
    public double DensityFactor(double k)
    {
        double w = TotalVariance(k), root = Root(k);
        double slope = B * (Rho + (k - M) / root);
        double curvature = B * Sigma * Sigma / (root * root * root);
        double tilt = 1 - k * slope / (2 * w);
        return tilt * tilt - slope * slope / 4 * (1 / w + 0.25) + curvature / 2;
    }

    private double Root(double k) => Math.Sqrt((k - M) * (k - M) + Sigma * Sigma);
}
