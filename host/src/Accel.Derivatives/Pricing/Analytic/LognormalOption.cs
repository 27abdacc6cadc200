namespace Accel.Derivatives.Pricing.Analytic;

/// <summary>An option with a closed-form price in a <see cref="LognormalMarket"/>.</summary>
/// <param name="Years">Time to payment, positive.</param>
public abstract record LognormalOption(double Years) : ClosedFormInstrument
{
    /// <summary>Time to payment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public double Years { get; init => field = Require.Positive(value, nameof(Years)); } = Require.Positive(Years, nameof(Years));
}
