using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class MarketRiskGadgetTests
{
    private const int Seed = 20261123;
    private const int InstrumentConstraintsMax = 330 * ScenarioGrid.ScenarioCount;
    private const int InstrumentConstraintsWithLookupsMax = 60 * ScenarioGrid.ScenarioCount;
    private static readonly Lazy<(RiskCircuit Source, CompiledCircuit Compiled)> Circuit = new(() => Compile(lookups: false));

    private static readonly Lazy<(RiskCircuit Source, CompiledCircuit Compiled)> WithLookups = new(() => Compile(lookups: true));

    [Fact]
    public void An_instrument_stays_within_its_constraints()
    {
        RiskCircuit circuit = Circuit.Value.Source;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"instrument {circuit.InstrumentConstraints}, expiry {circuit.ExpiryConstraints}, grid and inputs {circuit.SharedConstraints} constraints");
        CompiledCircuit compiled = Circuit.Value.Compiled;
        foreach (IGrouping<string, string> part in Enumerable.Range(0, compiled.ConstraintCount).Select(compiled.NameOf).GroupBy(name => string.Join('/', name.Split('/').Take(2))))
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"  {part.Key}: {part.Count()}");
        }

        Assert.InRange(circuit.InstrumentConstraints, 1, InstrumentConstraintsMax);
    }

    /// <summary>
    /// 64 instruments share their tables, so that one more costs its look-ups alone: the difference of two circuits is the gadget's price. The tables,
    /// the grid and the expiry shared out among the 64 stay within the same bound.
    /// </summary>
    [Fact]
    public void With_look_ups_an_instrument_stays_within_its_constraints()
    {
        using CompiledCircuit many = CompiledCircuit.Compile(new RiskCircuit(bindsOutputs: false, instruments: 64), new CompilerOptions(Lookups: true));
        using CompiledCircuit more = CompiledCircuit.Compile(new RiskCircuit(bindsOutputs: false, instruments: 128), new CompilerOptions(Lookups: true));
        double price = (more.ConstraintCount - many.ConstraintCount) / 64.0;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"instrument {price}, {price / ScenarioGrid.ScenarioCount:F2} a scenario; with 64 of them {many.ConstraintCount} in all, {many.ConstraintCount / 64.0 / ScenarioGrid.ScenarioCount:F2} a scenario");
        foreach (IGrouping<string, string> part in Enumerable.Range(0, many.ConstraintCount).Select(many.NameOf).GroupBy(name => string.Join('/', name.Split('/').Take(3))).OrderBy(part => -part.Count()))
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"  {part.Key}: {part.Count()}, {part.Count() / 64.0:F2} an instrument");
        }

        Assert.InRange(price, 1, InstrumentConstraintsWithLookupsMax);
        Assert.InRange(many.ConstraintCount / 64.0, price, InstrumentConstraintsWithLookupsMax);
    }

    [Fact]
    public void Circuit_equals_the_reference_on_random_quotes_of_the_whole_domain()
    {
        Random random = new(Seed);
        for (int i = 0; i < TestScale.Count(200); i++)
        {
            OptionQuote quote = i % 2 == 0 ? FixedPointPricerTests.RandomQuote(random) : FixedPointPricerTests.WildQuote(random);
            AssertEqualsReference(quote, i % 5 == 0 ? WildGrid(random) : ScenarioGrid.Published, withLookups: i % 3 == 0);
        }
    }

    [Fact]
    public void Circuit_equals_the_reference_at_every_corner()
    {
        ulong[] prices = [0, 1, 1_000_000_000, 8_000_000_000, (1UL << ExpiryRisk.PriceBits) - 1];
        uint[] volatilities = [0, 50_000, 5_000_000, (1U << FixedPointPricer.VolatilityBits) - 1];
        ulong[] times = [0, 28, VolatilityShock.ReferenceSeconds, ExpiryRisk.SecondsMax + 1];
        foreach (ulong strike in prices)
        {
            foreach (ulong forward in prices)
            {
                foreach (uint volatility in volatilities)
                {
                    foreach (ulong time in times)
                    {
                        AssertEqualsReference(new OptionQuote((strike + (time / 4)) % 2 == 0, strike, forward, volatility, time), ScenarioGrid.Published, withLookups: (strike + forward + volatility) % 3 == 0);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_wrong_output_violates_the_circuit()
    {
        CompiledCircuit circuit = Circuit.Value.Compiled;
        OptionQuote quote = new(true, 900_000_000, 1_000_000_000, 500_000, 1_000_000);
        RiskRow row = FixedPointPricer.Price(quote, ScenarioGrid.Published);
        Fr[] outputs = Array.ConvertAll<long, Fr>([.. row.ScenarioTicks, row.DeltaBillionths, row.GammaBillionths, row.VegaTicks, row.ThetaTicks], value => value);
        for (int i = 0; i < outputs.Length; i++)
        {
            Fr[] wrong = [.. outputs];
            wrong[i] += Fr.One;
            Violation? violation = WitnessSolver.TrySolve(circuit, RiskCircuit.Assign(circuit, quote, ScenarioGrid.Published).Set("risk", wrong)).Violation;
            Assert.NotNull(violation);
        }
    }

    private static void AssertEqualsReference(in OptionQuote quote, ScenarioGrid grid, bool withLookups)
    {
        AssertEqualsReference(Circuit.Value.Compiled, quote, grid);
        if (withLookups)
        {
            AssertEqualsReference(WithLookups.Value.Compiled, quote, grid);
        }
    }

    private static void AssertEqualsReference(CompiledCircuit circuit, in OptionQuote quote, ScenarioGrid grid)
    {
        Violation? violation = WitnessSolver.TrySolve(
            circuit, RiskCircuit.Assign(circuit, quote, grid), new SolverOptions { Challenges = HashedChallenges.Instance }).Violation;
        Assert.True(violation is null, $"seed {Seed}, {circuit.ChallengeCount} challenges: {quote} under {string.Join(' ', grid.ShocksPpm)} {grid.Volatility}: {violation}");
    }

    /// <summary>Shocks and volatility parameters from all of their domains.</summary>
    private static ScenarioGrid WildGrid(Random random)
    {
        uint[] low = Distinct(random, ScenarioGrid.ShockMin, ScenarioGrid.ShockUnit);
        uint[] high = Distinct(random, ScenarioGrid.ShockUnit + 1, ScenarioGrid.ShockLimit);
        VolatilityShock volatility = new(
            (uint)random.NextInt64(1L << random.Next(25)), (uint)random.NextInt64(1L << random.Next(25)), (uint)random.NextInt64(1L << random.Next(25)),
            (uint)random.NextInt64(1L << random.Next(25)), (uint)random.NextInt64(1, 1L << random.Next(1, 28)), (uint)random.NextInt64(1L << random.Next(24)));
        return new ScenarioGrid([.. low, ScenarioGrid.ShockUnit, .. high], volatility);
    }

    private static uint[] Distinct(Random random, uint min, uint limit)
    {
        SortedSet<uint> values = [];
        while (values.Count < 4)
        {
            values.Add((uint)random.NextInt64(min, limit));
        }

        return [.. values];
    }

    private static (RiskCircuit, CompiledCircuit) Compile(bool lookups)
    {
        RiskCircuit circuit = new(bindsOutputs: true);
        return (circuit, CompiledCircuit.Compile(circuit, new CompilerOptions(Lookups: lookups)));
    }
}
