namespace Accel.Derivatives.Pricing;

/// <summary>A European option on a forward, with what the oracle says of it.</summary>
/// <param name="IsCall">Call or put.</param>
/// <param name="StrikeTicks">K in ticks of 10⁻⁴ USD, below 2³⁶.</param>
/// <param name="ForwardTicks">F in ticks, below 2³⁶.</param>
/// <param name="VolatilityPpm">Mark volatility in 10⁻⁶ per √year, below 2²³ (838 %).</param>
/// <param name="SecondsToExpiry">Below 2⁴⁰; from 2²⁷ (4.25 years) on it saturates.</param>
public readonly record struct OptionQuote(bool IsCall, ulong StrikeTicks, ulong ForwardTicks, uint VolatilityPpm, ulong SecondsToExpiry);
