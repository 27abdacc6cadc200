using Accel.Derivatives.Pricing;

namespace Accel.Derivatives.Margin;

/// <summary>
/// The published portfolio-margin rule's parameters, all in millionths unless said. They are private data of a proof; their
/// <see cref="Hash"/> is public, so that a contract decides which parameters count.
/// </summary>
public sealed record MarginParameters
{
    /// <summary>One, in millionths.</summary>
    public const long Unit = 1_000_000;

    /// <summary>Bits of a packed spot shock.</summary>
    public const int SpotShockBits = 24;

    /// <summary>Largest value of every factor, power and scale: ten.</summary>
    public const long FactorMax = 10 * Unit;

    /// <summary>The parameters of the published test vectors, of 23 scenarios.</summary>
    public static MarginParameters Published { get; } = new();

    /// <summary>Share of the worst loss that maintenance margin asks for.</summary>
    public long MaintenanceFactor { get; init; } = 800_000;

    /// <summary>Share of the worst loss that initial margin asks for.</summary>
    public long InitialFactor { get; init; } = 1_000_000;

    /// <summary>Nine spot shocks as multiples of spot, ascending, the fifth being one: its scenario without a volatility shift is the value now.</summary>
    public IReadOnlyList<long> SpotShocks { get; init; } = [820_000, 865_000, 910_000, 955_000, 1_000_000, 1_045_000, 1_090_000, 1_135_000, 1_180_000];

    /// <summary>Volatility up multiplies by 1 + this·(30 days / term)^power.</summary>
    public long VolatilityRangeUp { get; init; } = 500_000;

    /// <summary>Volatility down multiplies by 1 − this·(30 days / term)^power, or zero when that is negative.</summary>
    public long VolatilityRangeDown { get; init; } = 275_000;

    /// <summary>Floor under a volatility that was shocked up.</summary>
    public long VolatilityUpMin { get; init; } = 450_000;

    /// <summary>The power for terms up to 30 days.</summary>
    public long ShortTermPower { get; init; } = 300_000;

    /// <summary>The power for longer terms.</summary>
    public long LongTermPower { get; init; } = 130_000;

    /// <summary>Floor under the term in the volatility shock, in seconds, in [1, 2²⁷).</summary>
    public long TermFloorSeconds { get; init; } = 86_400;

    /// <summary>Multiple of the rate at which gains are discounted further.</summary>
    public long GainRateScale { get; init; } = 1_000_000;

    /// <summary>Rate added to that.</summary>
    public long GainRateAdd { get; init; } = 80_000;

    /// <summary>Constant discount of gains, at most two.</summary>
    public long GainDiscount { get; init; } = 950_000;

    /// <summary>Multiple of the rate at which losses are marked up.</summary>
    public long LossRateScale { get; init; } = 500_000;

    /// <summary>Rate added to that.</summary>
    public long LossRateAdd { get; init; } = 80_000;

    /// <summary>Constant mark-up of losses, from one to four; a loss is never marked up beyond its undiscounted size.</summary>
    public long LossMarkup { get; init; } = 1_040_000;

    /// <summary>The scenarios and volatility rule as the pricer takes them.</summary>
    /// <exception cref="ArgumentException">The shocks are not nine, not ascending, out of range, or the middle one is not one.</exception>
    public ScenarioGrid ToGrid() => new(
        [.. SpotShocks.Select(shock => (uint)Math.Clamp(shock, 0, uint.MaxValue))],
        new VolatilityShock(
            (uint)VolatilityRangeUp, (uint)VolatilityRangeDown, (uint)ShortTermPower, (uint)LongTermPower, (uint)TermFloorSeconds, (uint)VolatilityUpMin));

    /// <summary><c>Poseidon</c> of the fourteen scalars in order of declaration and the nine spot shocks packed into 24 bits each, first lowest.</summary>
    public Fr Hash()
    {
        Validate();
        return Poseidon.Hash([.. Scalars().Select(v => (Fr)v), PackedSpotShocks()]);
    }

    /// <summary>The fourteen scalars in the order of the hash.</summary>
    public IReadOnlyList<long> Scalars() =>
    [
        MaintenanceFactor, InitialFactor, VolatilityRangeUp, VolatilityRangeDown, VolatilityUpMin, ShortTermPower, LongTermPower,
        TermFloorSeconds, GainRateScale, GainRateAdd, GainDiscount, LossRateScale, LossRateAdd, LossMarkup,
    ];

    /// <summary>Checks every bound that the fixed-point arithmetic relies on.</summary>
    /// <exception cref="ArgumentException">A parameter is out of range; the message names it and its range.</exception>
    public void Validate()
    {
        Check(nameof(MaintenanceFactor), MaintenanceFactor, 0, FactorMax);
        Check(nameof(InitialFactor), InitialFactor, 0, FactorMax);
        Check(nameof(VolatilityRangeUp), VolatilityRangeUp, 0, FactorMax);
        Check(nameof(VolatilityRangeDown), VolatilityRangeDown, 0, FactorMax);
        Check(nameof(VolatilityUpMin), VolatilityUpMin, 0, (1L << FixedPointPricer.VolatilityBits) - 1);
        Check(nameof(ShortTermPower), ShortTermPower, 0, FactorMax);
        Check(nameof(LongTermPower), LongTermPower, 0, FactorMax);
        Check(nameof(TermFloorSeconds), TermFloorSeconds, 1, (long)ExpiryRisk.SecondsMax);
        Check(nameof(GainRateScale), GainRateScale, 0, FactorMax);
        Check(nameof(GainRateAdd), GainRateAdd, 0, FactorMax);
        Check(nameof(GainDiscount), GainDiscount, 0, 2 * Unit);
        Check(nameof(LossRateScale), LossRateScale, 0, FactorMax);
        Check(nameof(LossRateAdd), LossRateAdd, 0, FactorMax);
        Check(nameof(LossMarkup), LossMarkup, Unit, 4 * Unit);
        ToGrid();
    }

    private static void Check(string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{name}: {value} is outside [{least}, {most}]");
        }
    }

    private Fr PackedSpotShocks()
    {
        Fr packed = Fr.Zero;
        for (int i = SpotShocks.Count - 1; i >= 0; i--)
        {
            packed = (packed * (1L << SpotShockBits)) + SpotShocks[i];
        }

        return packed;
    }
}
