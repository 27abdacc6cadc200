using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Gadgets;

public sealed class IntegersTests(ITestOutputHelper output)
{
    private static readonly Fr[] SmallCandidates = [-2, -1, 0, 1, 2, 3];

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(249)]
    public void RangesAreSharpAtBothEnds(int bits)
    {
        BigInteger end = BigInteger.One << bits;
        using CompiledCircuit unsigned = LambdaCircuit.Compile("unsigned", 1, (builder, x) => AssertInterval(builder.ToUnsigned(x[0], bits), 0, end - 1));
        AssertAccepts(unsigned, [0, end - 1], [-1, end]);
        Assert.Equal(bits + 1, unsigned.ConstraintCount);

        using CompiledCircuit signed = LambdaCircuit.Compile("signed", 1, (builder, x) => AssertInterval(builder.ToSigned(x[0], bits), -end, end - 1));
        AssertAccepts(signed, [-end, -1, 0, end - 1], [-end - 1, end]);
        Assert.Equal(bits + 2, signed.ConstraintCount);
    }

    [Theory]
    [InlineData(-10, 10)]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(-16, 7)]
    [InlineData(-3, 15)]
    [InlineData(-1, 15)]
    [InlineData(14, 15)]
    [InlineData(-16, -16)]
    [InlineData(-100, 100)]
    public void NarrowIsExactAtItsBounds(int min, int max)
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("narrow", 1, (builder, x) =>
            AssertInterval(builder.Narrow(builder.ToSigned(x[0], 4), min, max), Math.Max(min, -16), Math.Min(max, 15)));
        for (int value = -17; value <= 16; value++)
        {
            Assert.Equal(value is >= -16 and <= 15 && value >= min && value <= max, LambdaCircuit.IsSatisfied(circuit, value));
        }
    }

    [Fact]
    public void NarrowRefusesEmptyIntervals()
    {
        Assert.Throws<ArgumentException>(() => LambdaCircuit.Compile("empty", 1, (builder, x) => builder.Narrow(builder.ToSigned(x[0], 4), 3, 2)));
        Assert.Throws<InvalidOperationException>(() => LambdaCircuit.Compile("outside", 1, (builder, x) => builder.Narrow(builder.ToSigned(x[0], 4), 17, 20)));
    }

    [Fact]
    public void NarrowIsExactNearTheLargestMagnitude()
    {
        BigInteger max = (BigInteger.One << 248) + 12345;
        using CompiledCircuit circuit = LambdaCircuit.Compile("wide", 1, (builder, x) => builder.Narrow(builder.ToSigned(x[0], 249), -max, max));
        AssertAccepts(circuit, [max, -max, 0], [max + 1, -max - 1]);
    }

    [Fact]
    public void SignAndOrderAreRightForEveryPairOfSmallValues()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("order", 2, (builder, x) =>
        {
            Integer a = builder.ToSigned(x[0], 3), b = builder.ToSigned(x[1], 3);
            return
            [
                builder.IsNegative(a), builder.IsLess(a, b), builder.IsLessOrEqual(a, b), builder.Min(a, b), builder.Max(a, b),
                builder.Select(builder.IsNegative(b), a, b),
            ];
        });
        for (int a = -8; a < 8; a++)
        {
            for (int b = -8; b < 8; b++)
            {
                Fr[] expected = [a < 0 ? 1 : 0, a < b ? 1 : 0, a <= b ? 1 : 0, Math.Min(a, b), Math.Max(a, b), b < 0 ? a : b];
                Assert.Equal(expected, LambdaCircuit.Results(circuit, 6, a, b));
            }
        }
    }

    [Fact]
    public void AssertedOrderHoldsAtTheBoundary()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("asserted", 3, (builder, x) =>
        {
            Integer a = builder.ToSigned(x[0], 4), b = builder.ToSigned(x[1], 4);
            builder.AssertLessOrEqual(a, b);
            builder.AssertLess(a, builder.ToSigned(x[2], 4));
            builder.AssertNonNegative(b);
            builder.AssertNonNegative(builder.ToUnsigned(b, 4));
        });
        foreach ((int a, int b, int c) in new[] { (0, 0, 1), (-16, 0, -15), (15, 15, 15), (3, 2, 4), (-1, -1, 0), (2, 3, 2) })
        {
            Assert.Equal(a <= b && a < c && b >= 0, LambdaCircuit.IsSatisfied(circuit, a, b, c));
        }
    }

    [Fact]
    public void TheSignIsUniqueAtZeroAndAtTheEnds()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("sign", 1, (builder, x) => [builder.IsNegative(Integer.Assume(x[0], -4, 3, "the test gives such values"))]);
        Assert.Equal(3 + 1 + 1, circuit.ConstraintCount);
        for (int value = -4; value <= 3; value++)
        {
            Assert.Equal([value < 0 ? Fr.One : Fr.Zero], LambdaCircuit.Results(circuit, 1, value));
            Assert.Single(ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, value), SmallCandidates));
        }
    }

    [Fact]
    public void ASignThatTheIntervalDecidesCostsNothing()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("decided", 1, (builder, x) =>
        {
            Integer value = Integer.Assume(x[0], 0, 3, "the test gives such values");
            return [builder.IsNegative(value), builder.IsNegative(-value - 1)];
        });
        Assert.Equal([0, 1], LambdaCircuit.Results(circuit, 2, 2));
        Assert.Equal(2, circuit.ConstraintCount);
        Assert.Throws<ArgumentException>(() => Integer.Assume(Linear.One, 0, 3, " "));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void ShiftsFloorTowardsMinusInfinity(int shift)
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("shift", 1, (builder, x) => [builder.FloorShift(Integer.Assume(x[0], -16, 15, "the test gives such values"), shift)]);
        for (int value = -16; value < 16; value++)
        {
            Assert.Equal([(Fr)(value >> shift)], LambdaCircuit.Results(circuit, 1, value));
        }
    }

    [Fact]
    public void AShiftIsUnique()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("shift", 1, (builder, x) => [builder.FloorShift(Integer.Assume(x[0], -8, 7, "the test gives such values"), 2)]);
        for (int value = -8; value < 8; value++)
        {
            Assert.Single(ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, value), SmallCandidates));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => LambdaCircuit.Compile("negative", 1, (builder, x) => builder.FloorShift(builder.ToSigned(x[0], 3), -1)));
    }

    [Fact]
    public void FixedPointProductsFloor()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("fixed", 2, (builder, x) => [builder.MultiplyFixed(builder.ToSigned(x[0], 4), builder.ToSigned(x[1], 4), 3)]);
        for (int a = -16; a < 16; a += 5)
        {
            for (int b = -16; b < 16; b++)
            {
                Assert.Equal([(Fr)((a * b) >> 3)], LambdaCircuit.Results(circuit, 1, a, b));
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(1, 7)]
    [InlineData(3, 6)]
    public void DivisionFloorsForBothSigns(int divisorMin, int divisorMax)
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("divide", 2, (builder, x) =>
        {
            Integer divisor = builder.Narrow(builder.ToUnsigned(x[1], 3), divisorMin, divisorMax);
            (Integer quotient, Integer remainder) = builder.FloorDivide(builder.ToSigned(x[0], 4), divisor);
            return [quotient, remainder];
        });
        for (int value = -16; value < 16; value++)
        {
            for (int divisor = divisorMin; divisor <= divisorMax; divisor++)
            {
                int quotient = (int)Math.Floor(value / (double)divisor);
                Assert.Equal([quotient, value - (quotient * divisor)], LambdaCircuit.Results(circuit, 2, value, divisor));
            }
        }
    }

    [Theory]
    [InlineData(-7, -1)]
    [InlineData(1, 7)]
    [InlineData(0, 0)]
    public void DivisionFloorsWhereTheDividendKeepsOneSign(int min, int max)
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("divide", 2, (builder, x) =>
        {
            (Integer quotient, Integer remainder) = builder.FloorDivide(
                Integer.Assume(x[0], min, max, "the test gives such values"), Integer.Assume(x[1], 2, 3, "the test gives such values"));
            return [quotient, remainder];
        });
        for (int value = min; value <= max; value++)
        {
            for (int divisor = 2; divisor <= 3; divisor++)
            {
                int quotient = (int)Math.Floor(value / (double)divisor);
                Assert.Equal([quotient, value - (quotient * divisor)], LambdaCircuit.Results(circuit, 2, value, divisor));
            }
        }
    }

    [Fact]
    public void DivisionIsUnique()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("divide", 1, (builder, x) =>
        {
            (Integer quotient, Integer remainder) = builder.FloorDivide(Integer.Assume(x[0], -3, 3, "the test gives such values"), 3);
            return [quotient, remainder];
        });
        for (int value = -3; value <= 3; value++)
        {
            Assert.Single(ExhaustiveSolutions.Find(circuit, LambdaCircuit.Assign(circuit, value), [-1, 0, 1, 2, 3]));
        }

        Assert.Throws<ArgumentException>(() => LambdaCircuit.Compile("zero", 2, (builder, x) => builder.FloorDivide(builder.ToSigned(x[0], 3), builder.ToUnsigned(x[1], 3))));
    }

    [Fact]
    public void ARangeCheckCoversItsInterval()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("range", 2, (builder, x) =>
        {
            AssertInterval(builder.RangeCheck(x[0], 5, 12), 5, 12);
            AssertInterval(builder.RangeCheck(x[1], 6, 6), 6, 6);
        });
        Assert.True(LambdaCircuit.IsSatisfied(circuit, 5, 6));
        Assert.True(LambdaCircuit.IsSatisfied(circuit, 12, 6));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, 4, 6));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, 13, 6));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, 12, 7));
    }

    [Fact]
    public void IntervalsThatCouldWrapDoNotCompile()
    {
        Assert.Throws<InvalidOperationException>(() => LambdaCircuit.Compile("sum", 2, (builder, x) => _ = builder.ToSigned(x[0], 250) + builder.ToSigned(x[1], 250)));
        Assert.Throws<InvalidOperationException>(() => LambdaCircuit.Compile("product", 2, (builder, x) => builder.Multiply(builder.ToSigned(x[0], 130), builder.ToSigned(x[1], 130))));
    }

    [Fact]
    public void ArithmeticIsSoundAndEveryConstraintIsNeeded()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("arithmetic", 3, (builder, x) =>
        {
            Integer a = builder.ToSigned(x[0], 6), b = builder.ToSigned(x[1], 6);
            Integer d = builder.Narrow(builder.ToUnsigned(x[2], 4), 3, 11);
            (Integer quotient, Integer remainder) = builder.FloorDivide(builder.MultiplyFixed(a, b, 2), d);
            return [builder.Min(quotient, a), builder.Max(remainder, b), builder.IsLessOrEqual(a, b)];
        });
        SoundnessReport report = SoundnessAssert.SoundAndTight(
            circuit, [LambdaCircuit.Assign(circuit, -37, 22, 7), LambdaCircuit.Assign(circuit, 63, -64, 11), LambdaCircuit.Assign(circuit, 0, 0, 3)], killRateMin: 1);
        output.WriteLine(report.ToString());
    }

    private static void AssertInterval(Integer value, BigInteger min, BigInteger max) => Assert.Equal((min, max), (value.Min, value.Max));

    private static void AssertAccepts(CompiledCircuit circuit, BigInteger[] accepted, BigInteger[] refused)
    {
        Assert.All(accepted, value => Assert.True(LambdaCircuit.IsSatisfied(circuit, Fr.FromBigInteger(value))));
        Assert.All(refused, value => Assert.False(LambdaCircuit.IsSatisfied(circuit, Fr.FromBigInteger(value))));
    }
}
