namespace Accel.Derivatives.Margin;

/// <summary>One option's volatility under the three moves, 10⁻⁶ per √year, each in the pricer's domain.</summary>
/// <param name="None">The mark itself.</param>
/// <param name="Up">max(floor, mark·up).</param>
/// <param name="Down">mark·down.</param>
public readonly record struct ScenarioVolatilities(long None, long Up, long Down)
{
    /// <summary>The least volatility of the pricer's domain: 5 %.</summary>
    public const long Least = 50_000;

    /// <summary>The greatest volatility of the pricer's domain: 500 %.</summary>
    public const long Greatest = 5_000_000;

    /// <summary>Applies an expiry's multipliers to a mark; products are truncated once, and every result saturates to the domain.</summary>
    /// <param name="parameters">Valid parameters.</param>
    /// <param name="factors">The expiry's factors.</param>
    /// <param name="mark">Mark volatility in 10⁻⁶; saturates.</param>
    public static ScenarioVolatilities Of(MarginParameters parameters, TermFactors factors, long mark)
    {
        long none = Saturate(mark);
        long up = Math.Max(parameters.VolatilityUpMin, (none * factors.VolatilityUp) >> TermFactors.MultiplierBits);
        long down = (none * factors.VolatilityDown) >> TermFactors.MultiplierBits;
        return new ScenarioVolatilities(none, Saturate(up), Saturate(down));
    }

    /// <summary>The nearest volatility of the domain.</summary>
    public static long Saturate(long volatility) => Math.Clamp(volatility, Least, Greatest);
}
