using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing;

/// <summary>
/// Black-76 in integers: the reference that the circuit matches bit for bit. call = F′·Φ(d₁) − K·Φ(d₂), floored once to a tick.
/// </summary>
/// <remarks>
/// <para>
/// d₁ = ln(F′/K)/v + v/2 is quantised to the middle of a cell of width h = ¾·2⁻¹¹; d₂ = d₁ − v exactly, v's last 17 bits by a slope.
/// Since F′φ(d₁) = Kφ(d₂), moving both by δ changes the price only by ½·F′·φ(d₁)·v·δ²: with |δ| ≤ h/2 at most 7·10⁻⁹·v·F′, and errors of ln and
/// 1/v hide in δ the same way. With Φ's own error the price is within 2·10⁻⁸·(F′ + K) for v ≤ 1.
/// </para>
/// <para>
/// What is floored is the time value, the price of whichever of call and put is out of the money; it is clamped at zero. The intrinsic value is then
/// added, so both prices are at least intrinsic, at most F′ and K, and call − put = F′ − K exactly.
/// </para>
/// </remarks>
public static class FixedPointPricer
{
    /// <summary>Binary places of v in y-units (d = ¾·y).</summary>
    public const int VarianceRootBits = 28;

    /// <summary>v is below 2⁵ y-units, for volatilities are below 2²³ and τ below 2³⁴.</summary>
    public const int VarianceRootLimitBits = VarianceRootBits + 5;

    /// <summary>Volatilities are below 2²³ · 10⁻⁶.</summary>
    public const int VolatilityBits = 23;

    /// <summary>Bits of v below a cell.</summary>
    public const int CellShift = VarianceRootBits - NormalDistribution.CellBits;

    /// <summary>Bits that a scenario's logarithm drops: 30 − 20 binary places.</summary>
    internal const int LogDropBits = 10;

    /// <summary>Cells of d₁ from 2¹⁷ on, 64 y-units, count as the last one: d₂ saturates with it, as v is below 32.</summary>
    public const int WindowBits = NormalDistribution.CellBits + 6;

    /// <summary>Bits of a cell that a Greek's residual keeps.</summary>
    internal const int ResidualBits = 12;

    /// <summary>Binary places of the Greeks' ¾·φ.</summary>
    internal const int DensityBits = 30;

    /// <summary>The precision of d₁ before it is quantised: places of ln and of 1/v.</summary>
    /// <param name="LogBits">Binary places of ln(F/K).</param>
    /// <param name="ReciprocalBits">Binary places of 16/(9·v).</param>
    public readonly record struct Precision(int LogBits, int ReciprocalBits)
    {
        /// <summary>Shocked scenarios: only prices depend on them, in second order.</summary>
        public static Precision Scenario => new(20, 15);

        /// <summary>The mark: delta depends on it in first order.</summary>
        public static Precision Mark => new(30, 24);

        /// <summary>Binary places of d₁'s numerator, in y-units.</summary>
        public int ArgumentBits => LogBits + ReciprocalBits;

        /// <summary>Bits of |2·d₁ + 1| below a cell.</summary>
        public int CellShift => ArgumentBits + 1 - NormalDistribution.CellBits;
    }

    /// <summary>All 23 scenario values and the Greeks.</summary>
    /// <param name="quote">The option, within the domain that its parameters state.</param>
    /// <param name="grid">The scenarios.</param>
    /// <exception cref="ArgumentOutOfRangeException">A field of the quote is out of its domain.</exception>
    public static RiskRow Price(in OptionQuote quote, ScenarioGrid grid) =>
        Price(quote.IsCall, quote.StrikeTicks, quote.VolatilityPpm, new ExpiryRisk(quote.ForwardTicks, quote.SecondsToExpiry, grid));

    /// <summary>The same from what the expiry shares.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The strike or the volatility is out of its domain.</exception>
    public static RiskRow Price(bool isCall, ulong strikeTicks, uint volatilityPpm, ExpiryRisk expiry)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(strikeTicks, 1UL << ExpiryRisk.PriceBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(volatilityPpm, 1U << VolatilityBits);
        long strike = (long)strikeTicks;
        long logStrike = NaturalLogarithm.Compute(strikeTicks);
        long[] roots = [.. expiry.Taus.Select((tau, i) => VarianceRoot(volatilityPpm, tau, expiry.VarianceRootMins[i]))];
        ImmutableArray<long>.Builder values = ImmutableArray.CreateBuilder<long>(ScenarioGrid.ScenarioCount);
        foreach (Scenario scenario in ScenarioGrid.Scenarios)
        {
            D1 d1 = values.Count == ScenarioGrid.MarkIndex
                ? Quantise(expiry.LogForward - logStrike, roots[(int)scenario.Volatility], Precision.Mark)
                : Quantise(
                    (expiry.LogForward >> LogDropBits) - (logStrike >> LogDropBits) + expiry.LogShocks[scenario.Shock],
                    roots[(int)scenario.Volatility],
                    Precision.Scenario);
            values.Add(Value(isCall, strike, expiry.ShockedForwards[scenario.Shock], d1, roots[(int)scenario.Volatility]));
        }

        long root = roots[(int)VolatilityShift.None];
        D1 mark = Quantise(expiry.LogForward - logStrike, root, Precision.Mark);
        return Greeks.Compute(isCall, volatilityPpm, expiry, mark, root, values.MoveToImmutable());
    }

    /// <summary>v = max(⌊σ·τ⌋, least), in units of 2⁻²⁸ y-units; in [2¹¹, 2³³).</summary>
    public static long VarianceRoot(uint volatilityPpm, long tau, long least) =>
        Math.Max((long)((Int128)volatilityPpm * tau >> ExpiryRisk.VarianceRootShift), least);

    /// <summary>⌊16/(9·v)⌋: with v in y-units, ln(F/K)·16/(9·v) is ln(F/K)/(σ√T) in y-units.</summary>
    /// <param name="root">v in units of 2⁻²⁸.</param>
    /// <param name="bits">Binary places of the result.</param>
    public static long Reciprocal(long root, int bits) => ReciprocalNumerator(bits) / root;

    /// <summary>⌊16/9·2²⁸·2ᵇⁱᵗˢ⌋, what v divides.</summary>
    public static long ReciprocalNumerator(int bits) => (long)((Int128.One << (VarianceRootBits + bits + 4)) / 9);

    /// <summary>d₁ as sign and cell: |2·d₁ + 1| is odd, so never zero, and the sign is unique.</summary>
    public static D1 Quantise(long logMoneyness, long root, Precision precision)
    {
        Int128 d1 = (Int128)logMoneyness * Reciprocal(root, precision.ReciprocalBits)
            + ((Int128)root << (precision.ArgumentBits - VarianceRootBits - 1));
        Int128 magnitude = Int128.Abs(2 * d1 + 1);
        int shift = precision.CellShift;
        Int128 cell = Int128.Min(magnitude >> shift, Int128.One << WindowBits);
        bool isInWindow = cell >> WindowBits == 0;
        long residual = (long)((magnitude >> (shift - ResidualBits)) & ((1 << ResidualBits) - 1)) - (1 << (ResidualBits - 1));
        return new D1(d1 < 0, isInWindow ? (long)cell : (1L << WindowBits) - 1, residual);
    }

    /// <summary>A quantised d₁.</summary>
    /// <param name="IsNegative">Its sign.</param>
    /// <param name="Cell">The cell of |d₁|, at most 2¹⁷ − 1.</param>
    /// <param name="Residual">Where in the cell |d₁| lies: offset from the middle in 2⁻¹² cells, in [−2¹¹, 2¹¹).</param>
    public readonly record struct D1(bool IsNegative, long Cell, long Residual);

    /// <summary>Φ(d₁) − ½, times 2⁷².</summary>
    public static Int128 CdfOfD1(D1 d1) => Signed(d1.IsNegative, NormalDistribution.CdfLessHalf(d1.Cell));

    /// <summary>Φ(d₁ − v) − ½, times 2⁷². In half cells d₁ is odd and v's whole cells are even, so d₂'s sign is unique too.</summary>
    public static Int128 CdfOfD2(D1 d1, long root)
    {
        long wholeCells = (root + (1L << (CellShift - 1))) >> CellShift;
        long rest = root - (wholeCells << CellShift);
        long halfCells = (d1.IsNegative ? -1 : 1) * (2 * d1.Cell + 1) - 2 * wholeCells;
        long cell = Math.Abs(halfCells) >> 1;
        return Signed(halfCells < 0, NormalDistribution.CdfLessHalf(cell)) - NormalDistribution.SlopeAt(cell) * rest;
    }

    /// <summary>The price in ticks of whichever of call and put is out of the money; at most the smaller of F′ and K.</summary>
    public static long TimeValue(long strike, long forward, D1 d1, long root)
    {
        Int128 half = Int128.One << (NormalDistribution.CdfScaleBits - 1);
        Int128 shift = forward >= strike ? -half : half;
        Int128 raw = forward * (CdfOfD1(d1) + shift) - strike * (CdfOfD2(d1, root) + shift);
        return (long)Int128.Max(raw >> NormalDistribution.CdfScaleBits, 0);
    }

    private static long Value(bool isCall, long strike, long forward, D1 d1, long root)
    {
        long intrinsic = isCall == forward >= strike ? Math.Abs(forward - strike) : 0;
        return TimeValue(strike, forward, d1, root) + intrinsic;
    }

    private static Int128 Signed(bool isNegative, Int128 magnitude) => isNegative ? -magnitude : magnitude;
}
