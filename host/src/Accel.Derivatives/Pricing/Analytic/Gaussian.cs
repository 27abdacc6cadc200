namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>The standard normal distribution in double precision.</summary>
public static class Gaussian
{
    /// <summary>Φ underflows beyond it.</summary>
    private const double TailEnd = 40;

    private const double TailStart = 3;

    private const double InverseSqrtTwoPi = 0.39894228040143267794;

    /// <summary>The density φ(x).</summary>
    public static double Density(double x) => InverseSqrtTwoPi * Math.Exp(-x * x / 2);

    /// <summary>
    /// Φ(x) within 2·10⁻¹⁵: for |x| &lt; 3 the series φ(x)·Σ x²ᵏ⁺¹/(2k+1)!! (Abramowitz and Stegun, 26.2.11),
    /// beyond it the continued fraction 26.2.14. What is no number stays none.
    /// </summary>
    public static double Cdf(double x)
    {
        double magnitude = Math.Abs(x);
        double tail = magnitude < TailStart ? 0.5 - Series(magnitude) : magnitude >= TailEnd ? 0 : Density(magnitude) / Fraction(magnitude);
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>eᵃ·Φ(x), also where eᵃ overflows while Φ underflows: reflected barrier terms at small volatility are of this kind.</summary>
    public static double ScaledCdf(double a, double x) => x < -TailStart ? ScaledDensity(a, x) / Fraction(-x) : Math.Exp(a) * Cdf(x);

    /// <summary>eᵃ·φ(x).</summary>
    public static double ScaledDensity(double a, double x) => InverseSqrtTwoPi * Math.Exp(a - x * x / 2);

    /// <summary>Φ(x)/φ(x), finite for x ≤ 0 (Mills' ratio of −x).</summary>
    internal static double MillsRatio(double x) => x < -TailStart ? 1 / Fraction(-x) : Cdf(x) / Density(x);

    private static double Series(double x)
    {
        double term = x, sum = x;
        for (int k = 3; term > 1e-18 * sum; k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return sum * Density(x);
    }

    private static double Fraction(double x)
    {
        double value = x;
        for (int k = 100; k > 0; k--)
        {
            value = x + k / value;
        }

        return value;
    }
}
