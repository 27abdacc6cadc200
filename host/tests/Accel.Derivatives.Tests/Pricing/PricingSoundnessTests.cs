using System.Numerics;
using Accel.Derivatives.Circuits.Pricing;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Pricing;

public sealed class PricingSoundnessTests
{
    private const int Seed = 20261125;

    public static TheoryData<string> Names => [.. PricingGadget.All.Keys];

    /// <summary>Lies that know what the pricing hints mean.</summary>
    private static HintLies Lies { get; } = new HintLies()
        .With("pricing.quotient", NeighbourLies)
        .With("pricing.square-root", NeighbourLies)
        .With("pricing.odd-magnitude", OtherSign)
        .With("pricing.leading-shift", NeighbourLies)
        .With("pricing.clamp", NeighbourLies)
        .With("pricing.excess", NeighbourLies)
        .With("lookup.pieces", OtherCut)
        .With("pricing.normalise", OtherShift)
        .With("pricing.thermometer", OtherThermometer)
        .With("lookup.horner(pricing.Φ(d1))", OtherSums)
        .With("lookup.horner(pricing.Φ(d1) at the mark)", OtherSums)
        .With("lookup.weighted-horner(pricing.Φ(d2))", OtherSums)
        .With("pricing.difference-bits", (_, outputs) => NoBits(outputs, first: 0))
        .With("bits", (_, outputs) => NoBits(outputs, first: 0));

    [Theory]
    [MemberData(nameof(Names))]
    public void No_wire_of_a_gadget_is_free_and_no_hint_may_lie(string name)
    {
        PricingGadget gadget = PricingGadget.All[name];
        using CompiledCircuit circuit = CompiledCircuit.Compile(gadget.Circuit.Unbound());
        Random random = new(Seed);
        foreach (long[] inputs in gadget.Corners.Append(gadget.Draw(random)))
        {
            SoundnessReport report = SoundnessAssert.Sound(
                circuit, GadgetCircuit.Assign(circuit, inputs), new SoundnessOptions { Seed = Seed, Lies = Lies, HintSampleMax = 40 });
            TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        }
    }

    /// <summary>The same by look-ups: limbs, rows, multiplicities and running sums are hints too.</summary>
    [Theory]
    [InlineData("ln")]
    [InlineData("reciprocal")]
    [InlineData("v")]
    [InlineData("v at least")]
    [InlineData("moneyness")]
    [InlineData("option value")]
    [InlineData("option value at the mark")]
    public void With_look_ups_no_wire_of_a_gadget_is_free_and_no_hint_may_lie(string name)
    {
        PricingGadget gadget = PricingGadget.All[name];
        using CompiledCircuit circuit = CompiledCircuit.Compile(gadget.Circuit.Unbound(), new CompilerOptions(Lookups: true));
        Random random = new(Seed);
        foreach (long[] inputs in gadget.Corners.Take(3).Append(gadget.Draw(random)))
        {
            SoundnessReport report = SoundnessAssert.Sound(
                circuit,
                GadgetCircuit.Assign(circuit, inputs),
                new SoundnessOptions { Seed = Seed, Lies = Lies, HintSampleMax = 30, TimeBudget = TimeSpan.FromSeconds(TestScale.Count(3)) },
                HashedChallenges.Instance);
            TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        }
    }

    [Theory]
    [InlineData("sign and magnitude")]
    [InlineData("sqrt")]
    [InlineData("Φ")]
    [InlineData("moneyness")]
    [InlineData("ln")]
    [InlineData("option value")]
    public void Every_constraint_of_a_gadget_is_needed(string name)
    {
        PricingGadget gadget = PricingGadget.All[name];
        using CompiledCircuit circuit = CompiledCircuit.Compile(gadget.Circuit.Unbound());
        Random random = new(Seed);
        Assignment[] assignments = [.. gadget.Corners.Take(3).Append(gadget.Draw(random)).Select(inputs => GadgetCircuit.Assign(circuit, inputs))];
        SoundnessReport report = SoundnessAssert.SoundAndTight(
            circuit, assignments, killRateMin: 0.9, new SoundnessOptions { Seed = Seed, Lies = Lies, HintSampleMax = 10, DeletionSampleMax = 30, MutationsPerDeletionMax = 2_000 });
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
    }

    /// <summary>The whole instrument, one expiry and the grid: every wire, and a sample of the hints of every kind.</summary>
    [Fact]
    public void No_wire_of_an_instrument_is_free_and_no_hint_may_lie()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new RiskCircuit(bindsOutputs: false));
        foreach (OptionQuote quote in (OptionQuote[])
            [new(true, 900_000_000, 1_000_000_000, 500_000, 1_000_000), new(false, 1_000_000_000, 1_000_000_000, 50_000, 28), default])
        {
            SoundnessReport report = SoundnessAssert.Sound(
                circuit,
                RiskCircuit.AssignInputs(circuit, quote, ScenarioGrid.Published),
                new SoundnessOptions { Seed = Seed, Lies = Lies, HintSampleMax = TestScale.Count(12), TimeBudget = TimeSpan.FromSeconds(TestScale.Count(10)) });
            TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        }
    }

    [Fact]
    public void Square_root_has_one_solution_at_small_widths()
    {
        GadgetCircuit source = new("small sqrt", [4], 1, (b, x) => [SquareRootGadget.Floor(b, x[0])]);
        AssertUnique(source, Enumerable.Range(0, 16), candidates: 4);
    }

    [Fact]
    public void Reciprocal_has_one_solution_at_small_widths()
    {
        GadgetCircuit source = new("small reciprocal", [2], 1, (b, x) =>
            [ReciprocalGadget.Compute(b, 7, Integer.Assume(x[0].Value, 1, 3, "the test draws no zero")).Quotient]);
        AssertUnique(source, Enumerable.Range(1, 3), candidates: 8);
    }

    [Fact]
    public void Sign_and_magnitude_have_one_solution_at_small_widths()
    {
        GadgetCircuit source = new("small sign", [-3], 2, (b, x) =>
        {
            SignedMagnitude value = SignedMagnitude.OfOdd(b, x[0], 3);
            return [value.Sign, Bits.FromBits(value.Half)];
        });
        AssertUnique(source, Enumerable.Range(-8, 16), candidates: 2);
    }

    private static void AssertUnique(GadgetCircuit source, IEnumerable<int> inputs, int candidates)
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(source.Unbound());
        Fr[] values = [.. Enumerable.Range(0, candidates).Select(i => (Fr)i)];
        foreach (int input in inputs)
        {
            Assert.Single(ExhaustiveSolutions.Find(circuit, GadgetCircuit.Assign(circuit, [input]), values));
        }
    }

    private static IEnumerable<Fr[]> NeighbourLies(Fr[] inputs, Fr[] outputs) =>
        [[outputs[0] + Fr.One], [outputs[0] - Fr.One], [-outputs[0]], [inputs[0]]];

    /// <summary>The other sign with the magnitude that the field's other representative would have.</summary>
    private static IEnumerable<Fr[]> OtherSign(Fr[] inputs, Fr[] outputs)
    {
        foreach (Fr[] lie in NoBits(outputs, first: 1))
        {
            yield return lie;
        }

        BigInteger other = (outputs[0].IsZero ? -inputs[0] : inputs[0]).ToBigInteger() >> 1;
        yield return [Fr.One - outputs[0], .. Enumerable.Range(0, outputs.Length - 1).Select(i => (other >> i).IsEven ? Fr.Zero : Fr.One)];
        yield return [Fr.One - outputs[0], .. outputs[1..]];
    }

    /// <summary>A neighbouring leading bit, with the mantissa shifted to suit.</summary>
    private static IEnumerable<Fr[]> OtherShift(Fr[] inputs, Fr[] outputs)
    {
        int width = (outputs.Length + 1) / 2;
        foreach (Fr[] lie in NoBits(outputs, width))
        {
            yield return lie;
        }

        int leading = Array.FindIndex(outputs, 0, width, bit => bit.IsOne);
        foreach (int other in (int[])[leading - 1, leading + 1])
        {
            if (other >= 0 && other < width)
            {
                BigInteger shifted = inputs[0].ToBigInteger() << (width - 1 - other);
                yield return
                [
                    .. Enumerable.Range(0, width).Select(i => i == other ? Fr.One : Fr.Zero),
                    .. Enumerable.Range(0, width - 1).Select(i => (shifted >> i).IsEven ? Fr.Zero : Fr.One),
                ];
            }
        }
    }

    /// <summary>A flipped bit and a neighbour below that makes up for it, and so is no bit: the weighted sum stays.</summary>
    private static IEnumerable<Fr[]> NoBits(Fr[] outputs, int first)
    {
        for (int i = first; i + 1 < outputs.Length; i++)
        {
            Fr[] lie = [.. outputs];
            lie[i + 1] = Fr.One - outputs[i + 1];
            lie[i] = outputs[i] + ((outputs[i + 1] - lie[i + 1]) * 2);
            yield return lie;
        }
    }

    /// <summary>A piece one greater with the one above, or the rest, one less: each cut of the same sum.</summary>
    private static IEnumerable<Fr[]> OtherCut(Fr[] inputs, Fr[] outputs)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            Fr[] lie = [.. outputs];
            lie[i] += Fr.FromBigInteger(BigInteger.One << (int)inputs[i + 1].ToBigInteger());
            if (i + 1 < outputs.Length)
            {
                lie[i + 1] -= Fr.One;
            }

            yield return lie;
        }
    }

    /// <summary>Every other number of ones, and a one that is missing between others.</summary>
    private static IEnumerable<Fr[]> OtherThermometer(Fr[] inputs, Fr[] outputs)
    {
        for (int zeros = 0; zeros <= outputs.Length; zeros++)
        {
            yield return [.. Enumerable.Range(0, outputs.Length).Select(i => i < zeros ? Fr.Zero : Fr.One)];
            yield return [.. Enumerable.Range(0, outputs.Length).Select(i => i == zeros ? Fr.One - outputs[i] : outputs[i])];
        }
    }

    /// <summary>Sums that imply a row with one coefficient changed, or the true row with a factor.</summary>
    private static IEnumerable<Fr[]> OtherSums(Fr[] inputs, Fr[] outputs)
    {
        for (int changed = 0; changed < outputs.Length; changed++)
        {
            Fr[] lie = [.. outputs];
            Fr change = Fr.One;
            for (int k = changed; k >= 0; k--)
            {
                lie[k] += change;
                change *= inputs[1];
            }

            yield return lie;
        }

        yield return Array.ConvertAll(outputs, value => value.Double());
    }
}
