namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>
/// What a pricing formula needs of a number. Each formula is written once: over <see cref="Real"/> it gives the price, over <see cref="Jet"/>
/// the price with its exact derivatives.
/// </summary>
internal interface IReal<T>
    where T : struct, IReal<T>
{
    /// <summary>The number without its derivatives, for branches.</summary>
    double Value { get; }

    static abstract T Constant(double value);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator -(T a);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator *(double a, T b);

    static abstract T operator +(T a, double b);

    static abstract T Exp(T a);

    static abstract T Log(T a);

    static abstract T Sqrt(T a);

    /// <summary>eᵃ·Φ(x): see <see cref="Gaussian.ScaledCdf"/>.</summary>
    static abstract T ScaledCdf(T a, T x);
}
