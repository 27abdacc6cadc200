using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Gadgets;

public sealed class BitsTests(ITestOutputHelper output)
{
    /// <summary>Bits, values beside them, and the inverses of −2 to −4 that tests for a run of ones need.</summary>
    private static readonly Fr[] SmallCandidates = [-Fr.One, Fr.Zero, Fr.One, 2, ((Fr)(-2)).Inverse(), ((Fr)(-3)).Inverse(), ((Fr)(-4)).Inverse()];

    [Fact]
    public void AssertBitAcceptsZeroAndOneAlone()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("bit", 1, (builder, x) => builder.AssertBit(x[0]));
        Assert.Equal([true, true, false, false], new Fr[] { 0, 1, 2, -1 }.Select(value => LambdaCircuit.IsSatisfied(circuit, value)));
        Assert.Throws<InvalidOperationException>(() => LambdaCircuit.Compile("constant", 1, (builder, _) => builder.AssertBit(2)));
        Assert.Equal(1, circuit.ConstraintCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(250)]
    [InlineData(253)]
    public void ToBitsAcceptsExactlyTheValuesOfItsWidth(int count)
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("bits", 1, (builder, x) => builder.ToBits(x[0], count));
        Assert.Equal(count + 1, circuit.ConstraintCount);
        BigInteger end = BigInteger.One << count;
        Assert.True(LambdaCircuit.IsSatisfied(circuit, Fr.Zero));
        Assert.True(LambdaCircuit.IsSatisfied(circuit, Fr.FromBigInteger(end - 1)));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, Fr.FromBigInteger(end)));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, -Fr.One));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(254)]
    public void ToBitsRefusesWidthsWithoutAUniqueAnswer(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LambdaCircuit.Compile("bits", 1, (builder, x) => builder.ToBits(x[0], count)));

    [Fact]
    public void CanonicalBitsAreThoseOfTheRepresentativeBelowTheModulus()
    {
        using CompiledCircuit circuit = CompileCanonical();
        foreach (Fr value in new Fr[] { 0, 1, 2, -1, -2, Fr.FromBigInteger(BigInteger.One << 253), Fr.FromBigInteger((BigInteger.One << 254) - Fr.Modulus) })
        {
            BigInteger integer = value.ToBigInteger();
            Assert.Equal(Enumerable.Range(0, 254).Select(i => (Fr)(int)((integer >> i) & 1)), LambdaCircuit.Results(circuit, 254, value));
        }

        Assert.Equal(332, circuit.ConstraintCount - 254);
    }

    /// <summary>The only other decomposition is that of value + r; each zero of r − 1 is what refuses some of them.</summary>
    [Fact]
    public void CanonicalBitsAreSoundAndEveryConstraintIsNeeded()
    {
        using CompiledCircuit circuit = CompileCanonical();
        BigInteger bound = Fr.Modulus - 1;
        List<Assignment> assignments = [LambdaCircuit.Assign(circuit, -Fr.One), LambdaCircuit.Assign(circuit, Fr.Zero)];
        for (int i = 0; i < 254; i++)
        {
            if (((bound >> i) & 1).IsZero)
            {
                BigInteger alias = ((bound >> i) + 1) << i;
                assignments.Add(LambdaCircuit.Assign(circuit, Fr.FromBigInteger(alias)));
            }
        }

        SoundnessOptions options = new() { CheckedAssignmentsMax = 2, MutationsPerDeletionMax = 150 };
        output.WriteLine(SoundnessAssert.SoundAndTight(circuit, assignments, killRateMin: 1, options).ToString());
    }

    [Fact]
    public void BitsWithinAnIntervalAreUniqueAndExist()
    {
        foreach ((int min, int max) in new[] { (0, 15), (0, 0), (3, 12), (5, 5), (7, 8), (1, 14), (8, 15) })
        {
            using CompiledCircuit circuit = LambdaCircuit.Compile($"[{min}, {max}]", 1, (builder, x) => builder.ToBitsWithin(x[0], 4, min, max));
            for (int value = -1; value <= 16; value++)
            {
                bool inside = value >= min && value <= max;
                Assert.Equal(inside, LambdaCircuit.IsSatisfied(circuit, value));
                Assert.Equal(inside ? 1 : 0, ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, value), SmallCandidates).Count);
            }
        }
    }

    [Fact]
    public void AnIntervalOfAllResiduesGivesTheRepresentativeInsideIt()
    {
        BigInteger min = 5;
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("shifted", 1, (builder, x) =>
            [.. builder.ToBitsWithin(x[0], 254, min, min + Fr.Modulus - 1).Select(bit => bit.Value)]);
        foreach (int value in new[] { 0, 4, 5, 6, -1 })
        {
            BigInteger expected = min + ((Fr)value - 5).ToBigInteger();
            Assert.Equal(Enumerable.Range(0, 254).Select(i => (Fr)(int)((expected >> i) & 1)), LambdaCircuit.Results(circuit, 254, value));
            SoundnessAssert.Sound(circuit, LambdaCircuit.Assign(circuit, value));
        }
    }

    [Fact]
    public void BitsWithinRefusesIntervalsWithoutAUniqueAnswer()
    {
        foreach ((int count, BigInteger min, BigInteger max) in new[] { (4, -1, 3), (4, 3, 2), (4, 0, 16), (255, BigInteger.Zero, Fr.Modulus) })
        {
            Assert.Throws<ArgumentException>(() => LambdaCircuit.Compile("within", 1, (builder, x) => builder.ToBitsWithin(x[0], count, min, max)));
        }
    }

    [Fact]
    public void AtMostHoldsForEveryBoundAndValueOfFourBits()
    {
        for (int bound = 0; bound <= 16; bound++)
        {
            int limit = bound;
            using CompiledCircuit circuit = LambdaCircuit.Compile($"at most {bound}", 1, (builder, x) => builder.AssertAtMost(builder.ToBits(x[0], 4), limit));
            for (int value = 0; value < 16; value++)
            {
                Assert.Equal(value <= bound, LambdaCircuit.IsSatisfied(circuit, value));
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => LambdaCircuit.Compile("negative", 1, (builder, x) => builder.AssertAtMost([Bit.True], -1)));
    }

    [Fact]
    public void LogicFollowsItsTruthTables()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("logic", 2, (builder, x) =>
        {
            Bit a = builder.AssertBit(x[0]), b = builder.AssertBit(x[1]);
            return [builder.And(a, b), builder.Or(a, b), builder.Xor(a, b), !a, builder.Select(a, b, !b).Value, builder.Select(a, 7, 9)];
        });
        for (int a = 0; a < 2; a++)
        {
            for (int b = 0; b < 2; b++)
            {
                Fr[] expected = [a & b, a | b, a ^ b, 1 - a, a == 1 ? b : 1 - b, a == 1 ? 7 : 9];
                Assert.Equal(expected, LambdaCircuit.Results(circuit, 6, a, b));
            }
        }

        Assert.Equal(2 + 4 + 6, circuit.ConstraintCount);
        SoundnessAssert.SoundAndTight(circuit, [LambdaCircuit.Assign(circuit, 1, 0)], killRateMin: 1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(5, 2)]
    public void AllIsTheConjunction(int count, int constraints)
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("all", count, (builder, x) => [builder.All([.. x.Select(bit => builder.AssertBit(bit))])]);
        for (int value = 0; value < 1 << count; value++)
        {
            Fr[] bits = [.. Enumerable.Range(0, count).Select(i => (Fr)((value >> i) & 1))];
            Assert.Equal([value == (1 << count) - 1 ? Fr.One : Fr.Zero], LambdaCircuit.Results(circuit, 1, bits));
        }

        Assert.Equal(count + constraints + 1, circuit.ConstraintCount);
    }

    [Fact]
    public void OneHotMarksTheIndexAlone()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("one-hot", 1, (builder, x) =>
            [.. builder.OneHot(builder.ToBits(x[0], 3)).Select(bit => bit.Value)]);
        for (int index = 0; index < 8; index++)
        {
            Assert.Equal(Enumerable.Range(0, 8).Select(i => i == index ? Fr.One : Fr.Zero), LambdaCircuit.Results(circuit, 8, index));
        }

        Assert.Equal(4 + 6 + 8, circuit.ConstraintCount);
    }

    [Fact]
    public void IsZeroIsUniqueEverywhereButInItsInverseAtZero()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("is zero", 2, (builder, x) => [builder.IsEqual(x[0], x[1])]);
        Assert.Equal([Fr.One], LambdaCircuit.Results(circuit, 1, 5, 5));
        Assert.Equal([Fr.Zero], LambdaCircuit.Results(circuit, 1, 5, 6));
        Assert.Equal([Fr.Zero], LambdaCircuit.Results(circuit, 1, 0, -1));

        SoundnessReport atZero = SoundnessAssert.Sound(circuit, LambdaCircuit.Assign(circuit, 5, 5));
        Assert.Equal(1, atZero.FreeWireCount);
        Assert.True(atZero.FreeLieCount > 0);
        SoundnessReport elsewhere = SoundnessAssert.SoundAndTight(circuit, [LambdaCircuit.Assign(circuit, 5, 6), LambdaCircuit.Assign(circuit, 5, 5)], killRateMin: 1);
        Assert.Equal(2 + 1, circuit.ConstraintCount);
        Assert.Equal(3, elsewhere.KilledCount);
        Assert.Single(ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, 5, 6), [.. SmallCandidates, 3]));
        Assert.Single(ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, 5, 5), SmallCandidates));
    }

    [Fact]
    public void IsZeroOfAConstantCostsNothing()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("constants", 1, (builder, x) => [builder.IsZero(3) + x[0], builder.IsZero(0)]);
        Assert.Equal([4, 1], LambdaCircuit.Results(circuit, 2, 4));
        Assert.Equal(2, circuit.ConstraintCount);
    }

    [Fact]
    public void NonZeroRefusesZeroAlone()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("nonzero", 1, (builder, x) => builder.AssertNonZero(x[0]));
        Assert.True(LambdaCircuit.IsSatisfied(circuit, 3));
        Assert.True(LambdaCircuit.IsSatisfied(circuit, -1));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, 0));
        SoundnessAssert.SoundAndTight(circuit, [LambdaCircuit.Assign(circuit, 3)], killRateMin: 1);
    }

    [Fact]
    public void FromBitsIsAnIntegerOfAtMost250Bits()
    {
        Integer value = Bits.FromBits([Bit.True, Bit.False, Bit.Constant(true)]);
        Assert.Equal((0, 7), ((int)value.Min, (int)value.Max));
        Assert.True(value.Value.IsConstant(out Fr constant));
        Assert.Equal(5, constant);
        Assert.Throws<ArgumentOutOfRangeException>(() => Bits.FromBits(new Bit[251]));
        Assert.Equal(253, Bits.UniqueBitsMax);
    }

    private static CompiledCircuit CompileCanonical() => LambdaCircuit.CompileFunction("canonical", 1, (builder, x) =>
        [.. builder.ToCanonicalBits(x[0]).Select(bit => bit.Value)]);
}
