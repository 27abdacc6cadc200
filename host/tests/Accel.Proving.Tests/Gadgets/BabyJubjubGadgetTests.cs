using System.Numerics;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Gadgets;

public sealed class BabyJubjubGadgetTests(ITestOutputHelper output)
{
    private static readonly BabyJubjubPoint P = BabyJubjubPoint.Base8.Multiply(1234567);
    private static readonly BabyJubjubPoint Q = BabyJubjubPoint.Base8.Multiply(7654321);

    /// <summary>Points of order 2 and 8·l beside those of the subgroup.</summary>
    private static readonly BabyJubjubPoint Order2 = new(Fr.Zero, -Fr.One);

    [Fact]
    public void AdditionEqualsTheNativeOneForEveryKindOfPair()
    {
        using CompiledCircuit add = LambdaCircuit.CompileFunction("add", 4, (builder, x) =>
            Coordinates(builder.Add(builder.AssertOnCurve(x[0], x[1]), builder.AssertOnCurve(x[2], x[3]))));
        using CompiledCircuit dbl = LambdaCircuit.CompileFunction("double", 2, (builder, x) => Coordinates(builder.Double(builder.AssertOnCurve(x[0], x[1]))));
        BabyJubjubPoint[] points = [P, Q, -P, BabyJubjubPoint.Identity, Order2, P + Order2];
        foreach (BabyJubjubPoint a in points)
        {
            AssertPoint(a + a, LambdaCircuit.Results(dbl, 2, a.X, a.Y));
            foreach (BabyJubjubPoint b in points)
            {
                AssertPoint(a + b, LambdaCircuit.Results(add, 2, a.X, a.Y, b.X, b.Y));
            }
        }

        Assert.Equal(3 + 3 + 6 + 2, add.ConstraintCount);
        Assert.Equal(3 + 5 + 2, dbl.ConstraintCount);
        Assert.False(LambdaCircuit.IsSatisfied(dbl, P.X, P.Y + Fr.One));
    }

    [Fact]
    public void AConstantPointMustBeOnTheCurve()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("add constant", 2, (builder, x) =>
            Coordinates(builder.Add(-builder.AssertOnCurve(x[0], x[1]), CurvePoint.Constant(Q))));
        AssertPoint(Q - P, LambdaCircuit.Results(circuit, 2, P.X, P.Y));
        Assert.Equal(3 + 3 + 2, circuit.ConstraintCount);
        Assert.Throws<ArgumentException>(() => CurvePoint.Constant(new(1, 1)));
    }

    [Fact]
    public void SelectAndAssertEqualWorkOnBothCoordinates()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("choose", 3, (builder, x) =>
        {
            CurvePoint chosen = builder.Select(builder.AssertBit(x[0]), CurvePoint.Constant(P), CurvePoint.Constant(Q));
            builder.AssertEqual(chosen, builder.AssertOnCurve(x[1], x[2]), "chosen");
        });
        Assert.True(LambdaCircuit.IsSatisfied(circuit, 1, P.X, P.Y));
        Assert.True(LambdaCircuit.IsSatisfied(circuit, 0, Q.X, Q.Y));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, 0, P.X, P.Y));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, 0, -Q.X, Q.Y));
    }

    [Fact]
    public void TheCofactorIsClearedAndSmallOrdersAreRefused()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("cofactor", 2, (builder, x) =>
            Coordinates(builder.MultiplyByCofactor(builder.AssertOnCurve(x[0], x[1])).Point));
        AssertPoint(P.Multiply(8), LambdaCircuit.Results(circuit, 2, P.X, P.Y));
        BabyJubjubPoint mixed = P + Order2;
        AssertPoint(P.Multiply(8), LambdaCircuit.Results(circuit, 2, mixed.X, mixed.Y));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, Fr.Zero, Fr.One));
        Assert.False(LambdaCircuit.IsSatisfied(circuit, Order2.X, Order2.Y));
        Assert.Equal(3 + 16 + 2, circuit.ConstraintCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    public void FixedBaseProductsAreRightForEveryShortScalar(int bits)
    {
        using CompiledCircuit circuit = CompileFixed(bits);
        for (int scalar = 0; scalar < 1 << bits; scalar++)
        {
            AssertPoint(BabyJubjubPoint.Base8.Multiply(scalar), LambdaCircuit.Results(circuit, 2, scalar));
        }
    }

    [Fact]
    public void FixedBaseProductsAreRightAtTheEndsOfTheWidestScalar()
    {
        using CompiledCircuit circuit = CompileFixed(252);
        BigInteger suborder = BabyJubjubPoint.Suborder;
        foreach (BigInteger scalar in new[] { 0, 1, suborder - 1, suborder, suborder + 1, 2 * suborder, (BigInteger.One << 249) - 1, BigInteger.One << 249, (BigInteger.One << 252) - 1 })
        {
            AssertPoint(BabyJubjubPoint.Base8.Multiply(scalar), LambdaCircuit.Results(circuit, 2, Fr.FromBigInteger(scalar)));
        }

        output.WriteLine($"fixed base, 252 bits: {circuit.ConstraintCount - 253 - 2} constraints, {circuit.TermCount} terms with the bits");
        Assert.Equal(509, circuit.ConstraintCount - 253 - 2);
        Assert.Throws<ArgumentException>(() => CompileFixed(253));
        Assert.Throws<ArgumentException>(() => LambdaCircuit.Compile("base", 1, (builder, x) => builder.MultiplyFixed(Order2, builder.ToBits(x[0], 3))));
    }

    [Fact]
    public void VariableBaseProductsAreRightForEveryShortScalar()
    {
        using CompiledCircuit circuit = CompileShortVariable(6);
        for (int scalar = 32; scalar < 64; scalar++)
        {
            AssertPoint(P.Multiply(8 * scalar), LambdaCircuit.Results(circuit, 2, P.X, P.Y, scalar));
        }
    }

    [Fact]
    public void VariableBaseProductsAreRightForEveryKindOfFieldElement()
    {
        using CompiledCircuit circuit = CompileVariable();
        BigInteger suborder = BabyJubjubPoint.Suborder;
        foreach (BigInteger scalar in new[] { 0, 1, 2, 3, suborder - 1, suborder, suborder + 1, 3 * suborder, BigInteger.One << 253, Fr.Modulus - 2, Fr.Modulus - 1 })
        {
            AssertPoint(P.Multiply(8 * scalar), LambdaCircuit.Results(circuit, 2, P.X, P.Y, Fr.FromBigInteger(scalar)));
        }

        output.WriteLine($"variable base: {circuit.ConstraintCount - 19 - 2} constraints");
        Assert.Equal(2024, circuit.ConstraintCount - 19 - 2);
    }

    [Fact]
    public void ArithmeticIsSoundAndEveryConstraintIsNeeded()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("arithmetic", 4, (builder, x) =>
        {
            CurvePoint sum = builder.Add(builder.AssertOnCurve(x[0], x[1]), builder.AssertOnCurve(x[2], x[3]));
            return Coordinates(builder.MultiplyByCofactor(sum).Point);
        });
        SoundnessReport report = SoundnessAssert.SoundAndTight(circuit, [LambdaCircuit.Assign(circuit, P.X, P.Y, Q.X, Q.Y)], killRateMin: 1);
        output.WriteLine(report.ToString());
    }

    [Fact]
    public void ShortProductsAreSoundAndEveryConstraintIsNeeded()
    {
        using CompiledCircuit fixedBase = CompileFixed(11);
        output.WriteLine(SoundnessAssert.SoundAndTight(fixedBase, [LambdaCircuit.Assign(fixedBase, 1234)], killRateMin: 1).ToString());
        using CompiledCircuit variable = CompileShortVariable(9);
        output.WriteLine(SoundnessAssert.SoundAndTight(variable, [LambdaCircuit.Assign(variable, P.X, P.Y, 345)], killRateMin: 1).ToString());
    }

    private static CompiledCircuit CompileFixed(int bits) => LambdaCircuit.CompileFunction($"fixed base {bits}", 1, (builder, x) =>
        Coordinates(builder.MultiplyFixed(BabyJubjubPoint.Base8, builder.ToBits(x[0], bits))));

    private static CompiledCircuit CompileShortVariable(int bits) => LambdaCircuit.CompileFunction($"variable base {bits}", 3, (builder, x) =>
    {
        SubgroupPoint point = builder.MultiplyByCofactor(builder.AssertOnCurve(x[0], x[1]));
        Bit[] low = builder.ToBits(x[2] - (1 << (bits - 1)), bits - 1);
        return Coordinates(VariableBaseMultiplication.MultiplyFromTopBit(builder, point, [.. low, Bit.True]));
    });

    private static CompiledCircuit CompileVariable() => LambdaCircuit.CompileFunction("variable base", 3, (builder, x) =>
        Coordinates(builder.Multiply(builder.MultiplyByCofactor(builder.AssertOnCurve(x[0], x[1])), x[2])));

    private static Linear[] Coordinates(CurvePoint point) => [point.X, point.Y];

    private static void AssertPoint(BabyJubjubPoint expected, Fr[] actual) => Assert.Equal([expected.X, expected.Y], actual);
}
