namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>Ranges of inputs, checked where they enter.</summary>
internal static class Require
{
    public static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "must be positive and finite");

    public static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "must be zero or positive, and finite");

    public static double Finite(double value, string name) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "must be finite");
}
