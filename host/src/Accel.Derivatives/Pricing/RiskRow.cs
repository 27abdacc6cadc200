using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing;

/// <summary>What one contract is worth in every scenario, and its Greeks at the mark. Undiscounted (Black-76 on the forward); long one contract.</summary>
/// <param name="ScenarioTicks">The value in each of <see cref="ScenarioGrid.Scenarios"/>, in ticks, floored.</param>
/// <param name="DeltaBillionths">∂value/∂F, in 10⁻⁹.</param>
/// <param name="GammaBillionths">F·∂²value/∂F² / 100: what delta gains, in 10⁻⁹, when the forward rises by one per cent.</param>
/// <param name="VegaTicks">∂value/∂σ / 100: ticks for one percentage point of volatility.</param>
/// <param name="ThetaTicks">∂value/∂t / 365: ticks for the passing of one day; not positive.</param>
public sealed record RiskRow(ImmutableArray<long> ScenarioTicks, long DeltaBillionths, long GammaBillionths, long VegaTicks, long ThetaTicks)
{
    /// <summary>The value at the mark: unshocked spot and volatility.</summary>
    public long MarkTicks => ScenarioTicks[ScenarioGrid.MarkIndex];
}
