using System.Collections.Immutable;

namespace Accel.Derivatives.Pricing;

/// <summary>Which volatility a scenario prices with.</summary>
public enum VolatilityShift
{
    /// <summary>The mark volatility times the upward multiplier.</summary>
    Up,

    /// <summary>The mark volatility.</summary>
    None,

    /// <summary>The mark volatility times the downward multiplier.</summary>
    Down,
}

/// <summary>One scenario: a spot shock and a volatility shift.</summary>
/// <param name="Shock">Index into the grid's spot shocks, 0…8.</param>
/// <param name="Volatility">The volatility shift.</param>
public readonly record struct Scenario(int Shock, VolatilityShift Volatility);

/// <summary>The 23 regular scenarios of the published portfolio-margin rule: nine spot shocks, the outer two with volatility up only, the inner seven with all three.</summary>
public sealed class ScenarioGrid
{
    /// <summary>Number of spot shocks.</summary>
    public const int ShockCount = 9;

    /// <summary>Number of scenarios: 2 + 7·3.</summary>
    public const int ScenarioCount = 23;

    /// <summary>The shock that leaves the spot where it is.</summary>
    public const int UnshockedIndex = 4;

    /// <summary>The scenario that is the mark: unshocked spot and volatility.</summary>
    public const int MarkIndex = 11;

    /// <summary>The unit of a spot shock: 10⁶ is no shock.</summary>
    public const uint ShockUnit = 1_000_000;

    /// <summary>The least shock, 0.001: its logarithm bounds what the pricer must hold.</summary>
    public const uint ShockMin = 1_000;

    /// <summary>Shocks are below 2²⁴, about 16.8.</summary>
    public const uint ShockLimit = 1 << 24;

    /// <param name="shocksPpm">Nine factors in 10⁻⁶, ascending, the middle one 10⁶.</param>
    /// <param name="volatility">The rule for the volatility multipliers.</param>
    /// <exception cref="ArgumentException">The shocks are not nine, not ascending, out of range, or the middle one is not 10⁶.</exception>
    public ScenarioGrid(ReadOnlySpan<uint> shocksPpm, VolatilityShock volatility)
    {
        ShocksPpm = [.. shocksPpm];
        Volatility = volatility;
        if (shocksPpm.Length != ShockCount || shocksPpm[UnshockedIndex] != ShockUnit)
        {
            throw new ArgumentException($"a grid has {ShockCount} spot shocks, the middle one {ShockUnit}; got [{string.Join(", ", ShocksPpm)}]");
        }

        for (int i = 0; i < ShockCount; i++)
        {
            if (shocksPpm[i] < ShockMin || shocksPpm[i] >= ShockLimit || (i > 0 && shocksPpm[i] <= shocksPpm[i - 1]))
            {
                throw new ArgumentException($"spot shock {i} is {shocksPpm[i]}; shocks ascend within [{ShockMin}, {ShockLimit})");
            }
        }
    }

    /// <summary>The scenarios, by ascending shock and within a shock up, none, down.</summary>
    public static ImmutableArray<Scenario> Scenarios { get; } = BuildScenarios();

    /// <summary>The published regular grid: ±4.5 %, ±9 %, ±13.5 % and ±18 %.</summary>
    public static ScenarioGrid Published { get; } =
        new([820_000, 865_000, 910_000, 955_000, 1_000_000, 1_045_000, 1_090_000, 1_135_000, 1_180_000], VolatilityShock.Published);

    /// <summary>Spot factors in 10⁻⁶, ascending.</summary>
    public ImmutableArray<uint> ShocksPpm { get; }

    /// <summary>The rule for the volatility multipliers.</summary>
    public VolatilityShock Volatility { get; }

    private static ImmutableArray<Scenario> BuildScenarios()
    {
        ImmutableArray<Scenario>.Builder scenarios = ImmutableArray.CreateBuilder<Scenario>(ScenarioCount);
        scenarios.Add(new Scenario(0, VolatilityShift.Up));
        for (int shock = 1; shock < ShockCount - 1; shock++)
        {
            scenarios.AddRange(new(shock, VolatilityShift.Up), new(shock, VolatilityShift.None), new(shock, VolatilityShift.Down));
        }

        scenarios.Add(new Scenario(ShockCount - 1, VolatilityShift.Up));
        return scenarios.MoveToImmutable();
    }
}
