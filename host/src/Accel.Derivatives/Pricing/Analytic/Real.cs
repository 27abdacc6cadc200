namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>A double, for formulas that need no derivative.</summary>
internal readonly record struct Real(double Value) : IReal<Real>
{
    public static Real Constant(double value) => new(value);

    public static Real operator +(Real a, Real b) => new(a.Value + b.Value);

    public static Real operator -(Real a, Real b) => new(a.Value - b.Value);

    public static Real operator -(Real a) => new(-a.Value);

    public static Real operator *(Real a, Real b) => new(a.Value * b.Value);

    public static Real operator /(Real a, Real b) => new(a.Value / b.Value);

    public static Real operator *(double a, Real b) => new(a * b.Value);

    public static Real operator +(Real a, double b) => new(a.Value + b);

    public static Real Exp(Real a) => new(Math.Exp(a.Value));

    public static Real Log(Real a) => new(Math.Log(a.Value));

    public static Real Sqrt(Real a) => new(Math.Sqrt(a.Value));

    public static Real ScaledCdf(Real a, Real x) => new(Gaussian.ScaledCdf(a.Value, x.Value));
}
