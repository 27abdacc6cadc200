namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// A number with its derivatives by the market's inputs: all first ones and the second by the spot (forward-mode differentiation;
/// Griewank and Walther, "Evaluating Derivatives", ch. 3 and 13). Exact up to rounding: no step width is chosen.
/// </summary>
/// <param name="Value">The number.</param>
/// <param name="Spot">By the spot.</param>
/// <param name="SpotSpot">By the spot, twice.</param>
/// <param name="Volatility">By a parallel shift of volatility.</param>
/// <param name="Rate">By the rate.</param>
/// <param name="Yield">By the yield.</param>
/// <param name="Elapsed">By the time that passes.</param>
internal readonly record struct Jet(
    double Value, double Spot = 0, double SpotSpot = 0, double Volatility = 0, double Rate = 0, double Yield = 0, double Elapsed = 0) : IReal<Jet>
{
    public static Jet Constant(double value) => new(value);

    public static Jet operator +(Jet a, Jet b) => new(
        a.Value + b.Value,
        a.Spot + b.Spot,
        a.SpotSpot + b.SpotSpot,
        a.Volatility + b.Volatility,
        a.Rate + b.Rate,
        a.Yield + b.Yield,
        a.Elapsed + b.Elapsed);

    public static Jet operator -(Jet a, Jet b) => a + (-b);

    public static Jet operator -(Jet a) => -1 * a;

    public static Jet operator *(Jet a, Jet b) => Combine(a.Value * b.Value, a, b.Value, b, a.Value, 0, 1, 0);

    public static Jet operator /(Jet a, Jet b)
    {
        double inverse = 1 / b.Value;
        double quotient = a.Value * inverse;
        return Combine(quotient, a, inverse, b, -quotient * inverse, 0, -inverse * inverse, 2 * quotient * inverse * inverse);
    }

    public static Jet operator *(double a, Jet b) =>
        new(a * b.Value, a * b.Spot, a * b.SpotSpot, a * b.Volatility, a * b.Rate, a * b.Yield, a * b.Elapsed);

    public static Jet operator +(Jet a, double b) => a with { Value = a.Value + b };

    public static Jet Exp(Jet a)
    {
        double value = Math.Exp(a.Value);
        return Compose(a, value, value, value);
    }

    public static Jet Log(Jet a) => Compose(a, Math.Log(a.Value), 1 / a.Value, -1 / (a.Value * a.Value));

    public static Jet Sqrt(Jet a)
    {
        double value = Math.Sqrt(a.Value);
        return Compose(a, value, 0.5 / value, -0.25 / (a.Value * value));
    }

    public static Jet ScaledCdf(Jet a, Jet x)
    {
        double value = Gaussian.ScaledCdf(a.Value, x.Value);
        double density = Gaussian.ScaledDensity(a.Value, x.Value);
        return Combine(value, a, value, x, density, value, density, -x.Value * density);
    }

    private static Jet Compose(Jet a, double value, double first, double second) => Combine(value, a, first, default, 0, second, 0, 0);

    /// <summary>f(a, b) by the chain rule, from f and its partial derivatives.</summary>
    private static Jet Combine(double value, Jet a, double fa, Jet b, double fb, double faa, double fab, double fbb) => new(
        value,
        fa * a.Spot + fb * b.Spot,
        fa * a.SpotSpot + fb * b.SpotSpot + faa * a.Spot * a.Spot + 2 * fab * a.Spot * b.Spot + fbb * b.Spot * b.Spot,
        fa * a.Volatility + fb * b.Volatility,
        fa * a.Rate + fb * b.Rate,
        fa * a.Yield + fb * b.Yield,
        fa * a.Elapsed + fb * b.Elapsed);
}
