namespace Accel.Derivatives.Margin.Analytic;

/// <summary>What a scenario does to volatility.</summary>
public enum VolatilityMove
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Every mark rises by the term's shock.</summary>
    Up,

    /// <summary>Every mark falls by the term's shock.</summary>
    Down,

    /// <summary>Marks fall below the forward and rise above it, in proportion to log-moneyness.</summary>
    LinearSkew,

    /// <summary>Marks rise on both sides of the forward, in proportion to the size of log-moneyness.</summary>
    AbsoluteSkew,
}

/// <summary>One scenario of the portfolio-margin rule.</summary>
/// <param name="SpotFactor">What spot and forwards are multiplied by, positive.</param>
/// <param name="Volatility">What happens to volatility.</param>
/// <param name="Dampening">What the gain is multiplied by: below one in the tails.</param>
public sealed record MarginScenario(double SpotFactor, VolatilityMove Volatility, double Dampening)
{
    /// <summary>Whether volatilities move by strike.</summary>
    public bool IsSkew => Volatility is VolatilityMove.LinearSkew or VolatilityMove.AbsoluteSkew;

    /// <summary>The factor that spot moves by: a skew leaves it where it is, as the published vectors do even where a skew names a factor.</summary>
    public double EffectiveSpotFactor => IsSkew ? 1 : SpotFactor;

    /// <summary>
    /// Whether the skew's cap is that of the linear skew. The published vectors cap a linear skew that names a spot factor other than one
    /// as they cap the absolute skew; one case shows it, to the last digit.
    /// </summary>
    internal bool HasLinearCap => Volatility == VolatilityMove.LinearSkew && SpotFactor == 1;

    /// <inheritdoc />
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"spot {100 * (EffectiveSpotFactor - 1):+0.#;-0.#;±0} %, {Describe(Volatility)}{(Dampening == 1 ? string.Empty : $", ×{Dampening:0.####}")}");

    private static string Describe(VolatilityMove move) => move switch
    {
        VolatilityMove.Up => "volatility up",
        VolatilityMove.Down => "volatility down",
        VolatilityMove.LinearSkew => "linear skew",
        VolatilityMove.AbsoluteSkew => "absolute skew",
        _ => "volatility as marked",
    };
}
