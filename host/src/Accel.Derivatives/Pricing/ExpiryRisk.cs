using System.Collections.Immutable;
using System.Numerics;

namespace Accel.Derivatives.Pricing;

/// <summary>What all instruments of one expiry share: the shocked forwards and their logarithms, and √T with the volatility multipliers folded in.</summary>
/// <remarks>
/// τ = √T/(¾·10⁶) with 52 binary places and T in years, so that v = σ·√T in y-units (d = ¾·y) is σppm·τ, floored once to 28 places.
/// </remarks>
public sealed class ExpiryRisk
{
    /// <summary>The greatest time that does not saturate: 2²⁷ − 1 s, 4.25 years.</summary>
    public const ulong SecondsMax = (1UL << 27) - 1;

    /// <summary>A year is 365 days.</summary>
    public const long SecondsPerYear = 31_536_000;

    /// <summary>Prices are below 2³⁶ ticks.</summary>
    public const int PriceBits = 36;

    /// <summary>Binary places of τ.</summary>
    internal const int TauBits = 52;

    /// <summary>τ saturates below 2³⁴: √T times a multiplier below 2.86 √years.</summary>
    public const long TauMax = (1L << 34) - 1;

    /// <summary>The least v, in units of 2⁻²⁸ y-units: σ√T = 5.7·10⁻⁶, where an option is worth at most 2.3·10⁻⁶·F more than its intrinsic value.</summary>
    public const long VarianceRootMin = 1 << 11;

    /// <summary>What drops from σppm·τ to v: 52 − 28 binary places.</summary>
    internal const int VarianceRootShift = TauBits - FixedPointPricer.VarianceRootBits;

    /// <summary>T·this = τ²: 2¹⁰⁴/((¾·10⁶)²·31,536,000), nearest.</summary>
    internal static readonly long TauSquarePerSecond = TauSquareConstant();

    /// <param name="forwardTicks">F in ticks, below 2³⁶.</param>
    /// <param name="secondsToExpiry">Time to expiry; saturates at <see cref="SecondsMax"/>.</param>
    /// <param name="grid">The scenarios.</param>
    /// <exception cref="ArgumentOutOfRangeException">F is 2³⁶ or more.</exception>
    public ExpiryRisk(ulong forwardTicks, ulong secondsToExpiry, ScenarioGrid grid)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(forwardTicks, 1UL << PriceBits);
        ulong seconds = Math.Min(secondsToExpiry, SecondsMax);
        ForwardTicks = (long)forwardTicks;
        ShockedForwards = [.. grid.ShocksPpm.Select(shock => Shock(forwardTicks, shock))];
        LogForward = NaturalLogarithm.Compute(forwardTicks);
        LogShocks = [.. grid.ShocksPpm.Select(shock => LogShock(shock))];
        (long up, long down) = grid.Volatility.Multipliers(seconds);
        Tau = SquareRoot.Floor((UInt128)seconds * (ulong)TauSquarePerSecond);
        Taus = [Multiplied(Tau, up), Tau, Multiplied(Tau, down)];
        long minimumUp = (long)((Int128)grid.Volatility.MinimumUpPpm * Tau >> VarianceRootShift);
        VarianceRootMins = [Math.Max(minimumUp, VarianceRootMin), VarianceRootMin, VarianceRootMin];
        ThetaFactor = (long)((Int128.One << ThetaFactorShift) / Math.Max(Tau, TauMin));
    }

    /// <summary>F in ticks.</summary>
    public long ForwardTicks { get; }

    /// <summary>⌊F·shock⌋ in ticks by shock, at most 2³⁶ − 1.</summary>
    public ImmutableArray<long> ShockedForwards { get; }

    /// <summary>ln F with 30 binary places, F in ticks.</summary>
    public long LogForward { get; }

    /// <summary>ln shock with 20 binary places; exactly 0 for the unshocked.</summary>
    public ImmutableArray<long> LogShocks { get; }

    /// <summary>τ, unshocked.</summary>
    public long Tau { get; }

    /// <summary>τ times the volatility multiplier, by <see cref="VolatilityShift"/>.</summary>
    public ImmutableArray<long> Taus { get; }

    /// <summary>The least v by <see cref="VolatilityShift"/>, in units of 2⁻²⁸ y-units.</summary>
    public ImmutableArray<long> VarianceRootMins { get; }

    /// <summary>2⁵⁴/τ, floored; τ counts as at least <see cref="TauMin"/>.</summary>
    public long ThetaFactor { get; }

    /// <summary>τ of one second.</summary>
    public static readonly long TauMin = SquareRoot.Floor((UInt128)(ulong)TauSquarePerSecond);

    /// <summary>Binary places of <see cref="ThetaFactor"/> times τ.</summary>
    internal const int ThetaFactorShift = 54;

    /// <summary>⌊ln n⌋ with 20 binary places of a shock in 10⁻⁶, less that of 10⁶.</summary>
    public static long LogShock(uint shockPpm) => (NaturalLogarithm.Compute(shockPpm) - NaturalLogarithm.Compute(ScenarioGrid.ShockUnit)) >> FixedPointPricer.LogDropBits;

    private static long Shock(ulong forward, uint shock) =>
        (long)Math.Min((ulong)((UInt128)forward * shock / ScenarioGrid.ShockUnit), (1UL << PriceBits) - 1);

    private static long Multiplied(long tau, long multiplier) =>
        (long)Int128.Min((Int128)tau * multiplier >> VolatilityShock.MultiplierBits, TauMax);

    private static long TauSquareConstant()
    {
        BigInteger denominator = new BigInteger(9) * 1_000_000 * 1_000_000 * SecondsPerYear;
        return (long)(((BigInteger.One << (2 * TauBits + 5)) / denominator + 1) >> 1);
    }
}
