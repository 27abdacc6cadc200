using Accel.Derivatives.Circuits.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class PricingGadgetTests
{
    private const int Seed = 20261124;
    private const int DrawCount = 300;

    public static TheoryData<string> Names => [.. PricingGadget.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gadget_equals_its_reference_at_corners_and_random_inputs(string name) => AssertEqualsReference(name, lookups: false, DrawCount);

    [Theory]
    [MemberData(nameof(Names))]
    public void Gadget_with_look_ups_equals_its_reference_at_corners_and_random_inputs(string name) => AssertEqualsReference(name, lookups: true, DrawCount / 3);

    private static void AssertEqualsReference(string name, bool lookups, int count)
    {
        PricingGadget gadget = PricingGadget.All[name];
        using CompiledCircuit circuit = CompiledCircuit.Compile(gadget.Circuit, new CompilerOptions(Lookups: lookups));
        Random random = new(Seed);
        foreach (long[] inputs in gadget.Corners.Concat(Enumerable.Range(0, TestScale.Count(count)).Select(_ => gadget.Draw(random))))
        {
            Violation? violation = WitnessSolver.TrySolve(circuit, GadgetCircuit.Assign(circuit, inputs, gadget.Reference(inputs)), new SolverOptions { Challenges = HashedChallenges.Instance }).Violation;
            Assert.True(violation is null, $"seed {Seed}, look-ups {lookups}: {name} at {string.Join(", ", inputs)}: {violation}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{name}, look-ups {lookups}: {gadget.Circuit.Constraints} constraints before look-ups, {circuit.ConstraintCount} in all");
    }

    [Fact]
    public void A_stored_circuit_finds_the_hints_of_every_gadget()
    {
        foreach (string hint in (string[])
            [
                "pricing.odd-magnitude", "pricing.difference-bits", "pricing.normalise", "pricing.square-root", "pricing.quotient", "pricing.thermometer", "bits",
                "lookup.horner(pricing.Φ(d1))", "lookup.horner(pricing.Φ(d1) at the mark)", "lookup.weighted-horner(pricing.Φ(d2))",
            ])
        {
            Assert.True(PricingHints.All.TryGet(hint, out _), hint);
        }
    }

    [Fact]
    public void Gadgets_refuse_arguments_whose_interval_is_too_wide()
    {
        AssertRefused(builder => LogarithmGadget.Compute(builder, Integer.Constant(1L << 36)));
        AssertRefused(builder => SquareRootGadget.Floor(builder, -1));
        AssertRefused(builder => ReciprocalGadget.Compute(builder, 1, 0));
    }

    private static void AssertRefused(Action<CircuitBuilder> define) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CompiledCircuit.Compile(new GadgetCircuit("refused", [], 0, (builder, _) =>
        {
            define(builder);
            return [];
        })));
}
