using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// The surface SVI of Gatheral and Jacquier (2014, §4): w(k, θ) = θ/2·(1 + ρφk + √((φk + ρ)² + 1 − ρ²)) with φ(θ) = η/(θ^γ·(1 + θ)^(1−γ)),
/// θ the total variance at the money. With 0 &lt; γ ≤ ½, η(1 + |ρ|) ≤ 2 and θ that does not fall, it is free of butterfly and calendar
/// arbitrage (theorems 4.1 and 4.2); the constructor refuses anything else.
/// </summary>
public sealed record SsviSurface
{
    /// <param name="rho">ρ, in (−1, 1).</param>
    /// <param name="eta">η, positive, at most 2/(1 + |ρ|).</param>
    /// <param name="gamma">γ, in (0, ½].</param>
    /// <param name="nodes">By expiry: time and θ, both positive; times ascend, θ does not fall.</param>
    /// <exception cref="ArgumentException">A condition is broken; the message says which.</exception>
    public SsviSurface(double rho, double eta, double gamma, ReadOnlySpan<(double Years, double Theta)> nodes)
    {
        if (!(Math.Abs(rho) < 1 && eta > 0 && eta * (1 + Math.Abs(rho)) <= 2 && gamma > 0 && gamma <= 0.5))
        {
            throw new ArgumentException(
                $"butterfly arbitrage is excluded by |ρ| < 1, 0 < η(1 + |ρ|) ≤ 2, 0 < γ ≤ ½; got ρ = {rho}, η = {eta}, γ = {gamma}");
        }

        (double Years, double Theta) before = (0, 0);
        foreach ((double Years, double Theta) node in nodes)
        {
            before = node.Years > before.Years && node.Theta >= before.Theta && node.Theta > 0
                ? node
                : throw new ArgumentException(
                    $"calendar arbitrage: θ = {node.Theta} at {node.Years} years after {before.Theta} at {before.Years}", nameof(nodes));
        }

        (Rho, Eta, Gamma) = (rho, eta, gamma);
        Nodes = nodes.IsEmpty ? throw new ArgumentException("a surface needs an expiry", nameof(nodes)) : [.. nodes];
    }

    /// <summary>ρ.</summary>
    public double Rho { get; }

    /// <summary>η.</summary>
    public double Eta { get; }

    /// <summary>γ.</summary>
    public double Gamma { get; }

    /// <summary>Time and at-the-money total variance by expiry.</summary>
    public ImmutableArray<(double Years, double Theta)> Nodes { get; }

    /// <summary>The smile at a positive time: θ is linear between expiries and from zero, and beyond the last in proportion to time.</summary>
    public RawSvi Slice(double years)
    {
        Require.Positive(years, nameof(years));
        (double Years, double Theta) before = (0, 0);
        foreach ((double Years, double Theta) node in Nodes)
        {
            if (years <= node.Years)
            {
                return Slice(Rho, Eta, Gamma, before.Theta + (node.Theta - before.Theta) * (years - before.Years) / (node.Years - before.Years));
            }

            before = node;
        }

        return Slice(Rho, Eta, Gamma, before.Theta * years / before.Years);
    }

    /// <summary>The Black volatility at a log-moneyness ln(K/F) and a time.</summary>
    public double Volatility(double logMoneyness, double years) => Math.Sqrt(Slice(years).TotalVariance(logMoneyness) / years);

    internal static RawSvi Slice(double rho, double eta, double gamma, double theta)
    {
        double phi = eta / (Math.Pow(theta, gamma) * Math.Pow(1 + theta, 1 - gamma));
        double circle = 1 - rho * rho;
        return new RawSvi(theta / 2 * circle, theta * phi / 2, rho, -rho / phi, Math.Sqrt(circle) / phi);
    }
}
