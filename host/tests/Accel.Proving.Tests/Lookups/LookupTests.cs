using System.Numerics;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Lookups;
using Accel.Proving.Solver;
using Accel.Proving.Tests.Gadgets;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Lookups;

public sealed class LookupTests(ITestOutputHelper output)
{
    private static readonly CompilerOptions WithLookups = new(Lookups: true);

    private static readonly SolverOptions Solving = new() { Challenges = HashedChallenges.Instance };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(64)]
    [InlineData(249)]
    public void RangesAreSharpAtBothEnds(int bits)
    {
        BigInteger end = BigInteger.One << bits;
        using CompiledCircuit unsigned = Compile(1, (builder, x) => builder.ToUnsigned(x[0], bits));
        AssertAccepts(unsigned, [0, 1, end - 1], [-1, end, end + 1, Fr.Modulus >> 1]);
        using CompiledCircuit signed = Compile(1, (builder, x) => builder.ToSigned(x[0], bits));
        AssertAccepts(signed, [-end, -1, 0, end - 1], [-end - 1, end]);
    }

    [Fact]
    public void EveryWidthHasEveryValueAndNoOther()
    {
        // One circuit for each width, so that the plan is free to choose; all values around the interval.
        for (int bits = 1; bits <= 6; bits++)
        {
            using CompiledCircuit circuit = Compile(1, (builder, x) => builder.ToUnsigned(x[0], bits));
            for (int value = -3; value < (1 << bits) + 3; value++)
            {
                Assert.Equal(value >= 0 && value < 1 << bits, IsSatisfied(circuit, value));
            }

            Assert.False(IsSatisfied(circuit, ((Fr)2).Inverse()));
        }
    }

    [Fact]
    public void ManyRangesShareOneTable()
    {
        const int count = 4_000;
        using CompiledCircuit bits = LambdaCircuit.Compile("bits", count, (builder, x) => Array.ForEach(x, value => builder.ToUnsigned(value, 36)));
        using CompiledCircuit lookups = Compile(count, (builder, x) => Array.ForEach(x, value => builder.ToUnsigned(value, 36)));
        output.WriteLine($"{count} ranges of 36 bits: {bits.ConstraintCount} constraints by bits, {lookups.ConstraintCount} by look-ups");
        Assert.Equal(37 * count, bits.ConstraintCount);
        Assert.InRange(lookups.ConstraintCount, 3 * count, (3 * count) + 4_500);
        Fr[] values = [.. Enumerable.Range(0, count).Select(i => (Fr)((ulong)i * 17_179_869 % (1UL << 36)))];
        Assert.True(IsSatisfied(lookups, values));
        values[77] = 1L << 36;
        Assert.False(IsSatisfied(lookups, values));
    }

    [Fact]
    public void ArithmeticAgreesWithIntegersForAllSmallValues()
    {
        using CompiledCircuit circuit = CompileFunction(
            2,
            14,
            (builder, x) =>
            {
                Integer a = builder.ToSigned(x[0], 3), b = builder.ToSigned(x[1], 3);
                (Integer quotient, Integer remainder) = builder.FloorDivide(a, builder.Max(b, 1));
                Slice[] slices = builder.Split(a + 8, 1, 3);
                return
                [
                    builder.IsNegative(a), builder.IsLess(a, b), builder.IsLessOrEqual(a, b), builder.Min(a, b), builder.Max(a, b),
                    builder.FloorShift(a, 1), builder.FloorShift(a, 7), builder.MultiplyFixed(a, b, 2), quotient, remainder, slices[0].Value, slices[1].Value,
                    builder.ToSignedWithSign(x[0], 3).IsNegative, builder.IsNegative(Integer.Constant(-1) * 1),
                ];
            });
        for (int a = -8; a < 8; a++)
        {
            for (int b = -8; b < 8; b++)
            {
                int d = Math.Max(b, 1);
                int remainder = ((a % d) + d) % d;
                Fr[] expected =
                [
                    a < 0 ? 1 : 0, a < b ? 1 : 0, a <= b ? 1 : 0, Math.Min(a, b), Math.Max(a, b), a >> 1, a >> 7, (a * b) >> 2, (a - remainder) / d, remainder,
                    (a + 8) & 1, (a + 8) >> 1, a < 0 ? 1 : 0, 1,
                ];
                AssertFunction(circuit, [a, b], expected);
            }
        }
    }

    [Fact]
    public void ASignOfAValueThatIsZeroOrMinusOneIsItsNegation()
    {
        using CompiledCircuit circuit = CompileFunction(1, 1, (builder, x) => [builder.ToSignedWithSign(x[0], 0).IsNegative]);
        AssertFunction(circuit, [0], [0]);
        AssertFunction(circuit, [-1], [1]);
        Assert.False(IsSatisfied(circuit, 1, -1));
    }

    [Fact]
    public void ATemplatesLookUpsAreMadeForEveryInstance()
    {
        using CompiledCircuit circuit = Compile(3, (builder, x) => Array.ForEach(x, value => builder.Call(new SquareBelow256(), [value])));
        AssertAccepts(circuit, [0], []);
        Assert.True(IsSatisfied(circuit, 15, 0, 7));
        for (int i = 0; i < 3; i++)
        {
            Fr[] values = [3, 3, 3];
            values[i] = 16;
            Assert.False(IsSatisfied(circuit, values));
        }
    }

    [Fact]
    public void ARowIsFoundAndNoOtherFits()
    {
        using CompiledCircuit function = CompileFunction(1, 2, (builder, x) => builder.LookUp<SquaresAndCubes>(x[0]));
        AssertFunction(function, [7], [49, 343]);
        using CompiledCircuit circuit = Compile(1, (builder, x) => builder.LookUp<SquaresAndCubes>(x[0]));
        AssertAccepts(circuit, [0, 10], [-1, 11, 1 << 20]);

        // Columns of another row, and of two rows mixed.
        foreach (Fr[] lie in (Fr[][])[[64, 512], [49, 512], [49, 344], [0, 0]])
        {
            SolverOptions lying = Solving with
            {
                Intercept = (_, hint, _, outputs) =>
                {
                    if (hint.Name == LookupRowHint<SquaresAndCubes>.Name)
                    {
                        lie.CopyTo(outputs);
                    }
                },
            };
            Assert.NotNull(WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, 7), lying).Violation);
        }
    }

    [Fact]
    public void APolynomialsValueIsThatOfItsRowAndAsCheapAsTheRow()
    {
        using CompiledCircuit values = CompileFunction(2, 3, (builder, x) => builder.LookUpValues<Polynomials>(x[0], x[1]));
        using CompiledCircuit weighted = CompileFunction(3, 1, (builder, x) => [builder.LookUpWeightedValue<PolynomialPair>(x[0], x[1], x[2])]);
        foreach (int key in Enumerable.Range(0, Polynomials.RowCount))
        {
            foreach (int x in (int[])[-512, -1, 0, 1, 3, 511])
            {
                int p = Polynomials.First(key, x), q = Polynomials.Second(key, x);
                AssertFunction(values, [key, x], [p, q, 7 * key]);
                AssertFunction(weighted, [key, x, -29], [p - (29 * q)]);
            }
        }

        Assert.False(IsSatisfied(values, [Polynomials.RowCount, 0, 0, 0, 0]));
        Assert.Equal(Polynomials.ColumnCount + 1, PriceOf((builder, x) => builder.LookUpValues<Polynomials>(x[0], x[1])));
        Assert.Equal(Polynomials.ColumnCount + 1, PriceOf((builder, x) => builder.LookUp<Polynomials>(x[0])));
        Assert.Equal(PolynomialPair.ColumnCount + 1, PriceOf((builder, x) => builder.LookUpWeightedValue<PolynomialPair>(x[0], x[1], x[2])));
    }

    /// <summary>
    /// Sums that belong to another key, another point or a row with one coefficient changed: each is consistent by itself, and the other key's row is counted.
    /// </summary>
    [Fact]
    public void SumsOfAnotherPolynomialAreRefused()
    {
        const int key = 4, x = 9, weight = 5;
        using CompiledCircuit values = Compile(3, (builder, x) => builder.LookUpValues<Polynomials>(x[0], x[1]));
        using CompiledCircuit weighted = Compile(3, (builder, x) => builder.LookUpWeightedValue<PolynomialPair>(x[0], x[1], x[2]));
        Fr[] truth = Advice<LookupHornerHint<Polynomials>>(Polynomials.ColumnCount, key, x);
        Fr[] weightedTruth = Advice<LookupWeightedHornerHint<PolynomialPair>>(PolynomialPair.ColumnCount, key, x, weight);
        foreach ((int otherKey, int otherX, int otherWeight) in (ReadOnlySpan<(int, int, int)>)[(key + 1, x, weight), (key, x + 1, weight), (key, x, weight + 1), (key + 1, x - 1, weight)])
        {
            AssertRefused(values, truth, Advice<LookupHornerHint<Polynomials>>(Polynomials.ColumnCount, otherKey, otherX), otherKey);
            AssertRefused(weighted, weightedTruth, Advice<LookupWeightedHornerHint<PolynomialPair>>(PolynomialPair.ColumnCount, otherKey, otherX, otherWeight), otherKey);
        }

        for (int changed = 0; changed < truth.Length; changed++)
        {
            AssertRefused(values, truth, WithCoefficientChanged(truth, changed), key);
            if (changed < weightedTruth.Length)
            {
                AssertRefused(weighted, weightedTruth, WithCoefficientChanged(weightedTruth, changed), key);
            }
        }

        // A coefficient more moves the sums below it as well, so that these imply no other change.
        static Fr[] WithCoefficientChanged(Fr[] sums, int changed)
        {
            Fr[] lie = [.. sums];
            int first = changed < 3 ? 0 : changed < 5 ? 3 : 5;
            for (int k = changed; k >= first; k--)
            {
                lie[k] += ((Fr)x).Pow(changed - k);
            }

            return lie;
        }

        void AssertRefused(CompiledCircuit circuit, Fr[] truth, Fr[] lie, int countedKey)
        {
            Assert.Null(Violation(circuit, truth, key));
            if (!truth.AsSpan().SequenceEqual(lie))
            {
                Assert.NotNull(Violation(circuit, lie, countedKey));
            }
        }

        Violation? Violation(CompiledCircuit circuit, Fr[] advice, int countedKey) => WitnessSolver.TrySolve(
            circuit,
            LambdaCircuit.Assign(circuit, key, x, weight),
            Solving with
            {
                Intercept = (_, hint, _, outputs) =>
                {
                    if (hint.Name.Contains("horner", StringComparison.Ordinal))
                    {
                        advice.CopyTo(outputs);
                    }
                    else if (hint.Name == MultiplicityHint.Name)
                    {
                        outputs.Clear();
                        outputs[countedKey] = Fr.One;
                    }
                },
            }).Violation;
    }

    [Fact]
    public void TablesDoNotMix()
    {
        // 50 is a value of the wide range and 4 a key of the table, but neither is a value of the narrow range.
        using CompiledCircuit circuit = Compile(3, (builder, x) =>
        {
            builder.ToUnsigned(x[0], 2);
            builder.ToUnsigned(x[1], 12);
            builder.LookUp<SquaresAndCubes>(x[2]);
        });
        Assert.True(IsSatisfied(circuit, 3, 50, 10));
        Assert.False(IsSatisfied(circuit, 50, 50, 10));
        Assert.False(IsSatisfied(circuit, 4, 50, 10));
        Assert.False(IsSatisfied(circuit, 3, 50, 11));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    [InlineData(63)]
    public void AChallengeThatIsAnEntryLeavesNoWitness(int entry)
    {
        Fr[] values = [.. Enumerable.Range(0, 300).Select(i => (Fr)(i % 64))];
        using CompiledCircuit circuit = Compile(values.Length, (builder, x) => Array.ForEach(x, value => builder.ToUnsigned(value, 6)));
        Assert.Null(WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, values), new SolverOptions { Challenges = new Chosen(64) }).Violation);
        Solution solution = WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, values), new SolverOptions { Challenges = new Chosen(entry) });
        Assert.Contains("the challenge is no entry", solution.Violation!.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void AChallengeThatIsAFoldedEntryLeavesNoWitness()
    {
        // Row 0 of the table is all zeros and folds to zero, whatever the folding challenge is.
        using CompiledCircuit circuit = Compile(1, (builder, x) => builder.LookUp<SquaresAndCubes>(x[0]));
        Assert.Null(WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, 4), new SolverOptions { Challenges = new Chosen(12345) }).Violation);
        Assert.NotNull(WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, 4), new SolverOptions { Challenges = new Chosen(0) }).Violation);
    }

    [Fact]
    public void AllThatIsLookedUpIsCommittedAndWithoutLookUpsNothingIs()
    {
        Action<CircuitBuilder, Linear[]> define = (builder, x) =>
        {
            builder.ToUnsigned(x[0] + (x[1] * 5), 20);
            if (builder.UsesLookups)
            {
                builder.LookUp<SquaresAndCubes>(x[2]);
                builder.LookUpValues<Polynomials>(x[2], x[3]);
                builder.LookUpWeightedValue<PolynomialPair>(x[2], x[4], x[5]);
            }
        };
        using CompiledCircuit circuit = Compile(6, define);
        Assert.Equal(1, circuit.ChallengeCount);
        uint[] committed = [.. circuit.CommittedWires];
        Assert.Equal(committed.Distinct().Count(), committed.Length);
        foreach (InputDeclaration input in circuit.Inputs)
        {
            Assert.All(Enumerable.Range(0, input.Count), i => Assert.Contains(input.FirstWire + (uint)i, committed));
        }

        foreach (ref readonly HintCall call in circuit.Body(0).HintCalls)
        {
            // Rows, sums, limbs and multiplicities are fixed before the challenge; only what it defines comes after.
            bool isAfter = circuit.Hints[call.Hint].Name == FractionSumsHint.Name;
            for (uint i = 0; i < call.OutputCount; i++)
            {
                Assert.Equal(!isAfter, committed.Contains(call.FirstOutput + i));
            }
        }

        using CompiledCircuit plain = LambdaCircuit.Compile("plain", 6, define);
        Assert.Equal(0, plain.ChallengeCount);
    }

    [Fact]
    public void LookUpsAreRefusedWithoutTheOptionAndTablesOutsideTheirLimits()
    {
        Assert.Throws<InvalidOperationException>(() => LambdaCircuit.Compile("off", 1, (builder, x) => builder.LookUpRange(x[0], 3)));
        Assert.Throws<InvalidOperationException>(() => LambdaCircuit.Compile("off", 1, (builder, x) => builder.LookUp<SquaresAndCubes>(x[0])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compile(1, (builder, x) => builder.LookUpRange(x[0], 254)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compile(1, (builder, x) => builder.LookUpRange(x[0], 0)));
        Assert.Throws<InvalidOperationException>(() => Compile(1, (builder, x) => builder.LookUp<TooLong>(x[0])));
        Assert.Throws<InvalidOperationException>(() => Compile(1, (builder, x) => _ = builder.Split(x[0], 2)[0].Bits.Length));
        Assert.Throws<InvalidOperationException>(() => LambdaCircuit.Compile("off", 1, (builder, x) => builder.LookUpValues<Polynomials>(x[0], x[0])));
        Assert.Throws<InvalidOperationException>(() => Compile(1, (builder, x) => builder.LookUpWeightedValue<Polynomials>(x[0], x[0], x[0])));
    }

    [Fact]
    public void AStoredCircuitWithLookUpsLoadsAndSolves()
    {
        using CompiledCircuit circuit = Compile(2, (builder, x) =>
        {
            builder.FloorShift(builder.ToSigned(x[0], 40), 13);
            builder.LookUp<SquaresAndCubes>(x[1]);
        });
        string path = Path.GetTempFileName();
        try
        {
            circuit.Save(path);
            using CompiledCircuit loaded = CompiledCircuit.Load(path, CoreHints.All.With<LookupRowHint<SquaresAndCubes>>());
            Assert.Equal(circuit.Digest, loaded.Digest);
            Assert.True(IsSatisfied(loaded, -(1L << 40), 3));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void NoWireIsFreeAndNoHintMayLie()
    {
        using CompiledCircuit circuit = Compile(3, (builder, x) =>
        {
            Integer a = builder.ToSigned(x[0], 8);
            builder.ToWire(builder.IsNegative(a));
            builder.ToWire(builder.MultiplyFixed(a, builder.ToUnsigned(x[1], 5), 3).Value);
            builder.ToWire(builder.LookUp<SquaresAndCubes>(x[2])[1] + 1);
            builder.ToWire(builder.LookUpValues<Polynomials>(x[2], x[0])[1] + 1);
            builder.ToWire(builder.LookUpWeightedValue<PolynomialPair>(x[2], x[0], x[1]) + 1);
        });
        foreach (Assignment assignment in (Assignment[])[LambdaCircuit.Assign(circuit, -37, 22, 7), LambdaCircuit.Assign(circuit, 63, 31, 0), LambdaCircuit.Assign(circuit, 0, 0, 10)])
        {
            output.WriteLine(SoundnessAssert.Sound(circuit, assignment, challenges: HashedChallenges.Instance).ToString());
        }
    }

    /// <summary>
    /// A prover whose value is no row can repair the sum at the end by a false running sum, and only there: the forged witness then breaks the constraint of
    /// its own look-up and no other.
    /// </summary>
    [Fact]
    public void EveryLookUpsConstraintIsNeeded()
    {
        const int count = 40;
        using CompiledCircuit circuit = Compile(count, (builder, x) => Array.ForEach(x, value => builder.LookUp<SquaresAndCubes>(value)));
        int row = Array.FindIndex([.. Enumerable.Range(0, circuit.ConstraintCount).Select(circuit.NameOf)], name => name == "looked up");
        for (int forged = 0; forged < count; forged++)
        {
            Fr[] values = [.. Enumerable.Range(0, count).Select(i => (Fr)(i == forged ? 11 : i % 11))];
            Fr[] wires = WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, values), Solving).Wires;
            Broken honest = Broken.Find(circuit, wires);
            (int total, Fr difference) = Assert.Single(honest.Rows);
            Assert.Equal("look-ups/squares and cubes/every look-up is a row", circuit.NameOf(total));

            HintCall sums = FractionSums(circuit, count);
            for (int i = forged; i < count; i++)
            {
                wires[sums.FirstOutput + i] -= difference;
            }

            (int broken, _) = Assert.Single(Broken.Find(circuit, wires).Rows);
            Assert.Equal("looked up", circuit.NameOf(broken));
            Assert.True(forged == 0 || broken > row);
            row = broken;
        }
    }

    private static CompiledCircuit Compile(int inputCount, Action<CircuitBuilder, Linear[]> define) => LambdaCircuit.Compile("look-ups", inputCount, define, WithLookups);

    /// <summary>The outputs, one for each result, are inputs after the arguments.</summary>
    private static CompiledCircuit CompileFunction(int inputCount, int resultCount, Func<CircuitBuilder, Linear[], Linear[]> define) => Compile(inputCount + resultCount, (builder, x) =>
    {
        Linear[] results = define(builder, x[..inputCount]);
        for (int i = 0; i < resultCount; i++)
        {
            builder.AssertEqual(results[i], x[inputCount + i]);
        }
    });

    private static void AssertFunction(CompiledCircuit circuit, Fr[] arguments, Fr[] results)
    {
        Violation? violation = WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, [.. arguments, .. results]), Solving).Violation;
        Assert.True(violation is null, $"{string.Join(", ", arguments.Select(a => a.ToSignedBigInteger()))}: {violation}");
        Assert.False(IsSatisfied(circuit, [.. arguments, .. results[..^1], results[^1] + 1]));
    }

    /// <summary>What one more look-up costs once the table is there.</summary>
    private static int PriceOf(Action<CircuitBuilder, Linear[]> lookUp)
    {
        using CompiledCircuit one = Compile(3, lookUp);
        using CompiledCircuit two = Compile(3, (builder, x) =>
        {
            lookUp(builder, x);
            lookUp(builder, x);
        });
        return two.ConstraintCount - one.ConstraintCount;
    }

    private static Fr[] Advice<THint>(int count, params ReadOnlySpan<Fr> inputs)
        where THint : IHint
    {
        Fr[] outputs = new Fr[count];
        THint.Compute(inputs, outputs);
        return outputs;
    }

    private static HintCall FractionSums(CompiledCircuit circuit, int count)
    {
        foreach (ref readonly HintCall call in circuit.Body(0).HintCalls)
        {
            if (circuit.Hints[call.Hint].Name == FractionSumsHint.Name && call.OutputCount == count)
            {
                return call;
            }
        }

        throw new InvalidOperationException($"no hint sums {count} fractions");
    }

    private static bool IsSatisfied(CompiledCircuit circuit, params ReadOnlySpan<Fr> values) => LambdaCircuit.IsSatisfied(circuit, values);

    private static void AssertAccepts(CompiledCircuit circuit, BigInteger[] accepted, BigInteger[] refused)
    {
        int inputs = circuit.Inputs[0].Count;
        Assert.All(accepted, value => Assert.True(IsSatisfied(circuit, [.. Enumerable.Repeat(Fr.FromBigInteger(value), inputs)]), $"{value}"));
        Assert.All(refused, value => Assert.False(IsSatisfied(circuit, [.. Enumerable.Repeat(Fr.FromBigInteger(value), inputs)]), $"{value}"));
    }

    /// <summary>Every row that a witness breaks, with A·B − C.</summary>
    private readonly struct Broken(CompiledCircuit circuit, Fr[] wires) : IRowVisitor
    {
        public List<(int Row, Fr Difference)> Rows { get; } = [];

        public static Broken Find(CompiledCircuit circuit, Fr[] wires)
        {
            Broken broken = new(circuit, wires);
            circuit.VisitRows(ref broken);
            return broken;
        }

        public void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c)
        {
            Fr difference = (Sum(a) * Sum(b)) - Sum(c);
            if (!difference.IsZero)
            {
                Rows.Add((constraint, difference));
            }
        }

        private Fr Sum(ReadOnlySpan<Term> terms)
        {
            Fr sum = Fr.Zero;
            foreach (ref readonly Term term in terms)
            {
                sum += circuit.Coefficients[(int)term.Coefficient] * wires[term.Wire];
            }

            return sum;
        }
    }

    private sealed class Chosen(Fr value) : IChallengeSource
    {
        public Fr Derive(int index, ReadOnlySpan<Fr> committed) => value;
    }

    private sealed class SquareBelow256 : ITemplate
    {
        public string Key => "SquareBelow256";

        public int InputCount => 1;

        public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs) => [builder.ToUnsigned(builder.Square(inputs[0]), 8).Value];
    }

    private readonly struct SquaresAndCubes : ILookupTable
    {
        public static string Name => "squares and cubes";

        public static int RowCount => 11;

        public static int ColumnCount => 2;

        public static void ReadRow(int key, Span<Fr> columns) => (columns[0], columns[1]) = (key * key, key * key * key);
    }

    /// <summary>A quadratic, a linear polynomial and a column.</summary>
    private readonly struct Polynomials : IPolynomialTable
    {
        public static string Name => "polynomials";

        public static int RowCount => 11;

        public static int ColumnCount => 6;

        public static ReadOnlySpan<int> CoefficientCounts => [3, 2];

        public static int First(int key, int x) => key + 1 - (key * key * x) + (3 * x * x);

        public static int Second(int key, int x) => 2 - key + (key * x);

        public static void ReadRow(int key, Span<Fr> columns) =>
            ((Fr[])[key + 1, -(key * key), 3, 2 - key, key, 7 * key]).CopyTo(columns);
    }

    /// <summary>The two polynomials alone.</summary>
    private readonly struct PolynomialPair : IPolynomialTable
    {
        public static string Name => "polynomial pair";

        public static int RowCount => Polynomials.RowCount;

        public static int ColumnCount => 5;

        public static ReadOnlySpan<int> CoefficientCounts => Polynomials.CoefficientCounts;

        public static void ReadRow(int key, Span<Fr> columns)
        {
            Span<Fr> all = new Fr[Polynomials.ColumnCount];
            Polynomials.ReadRow(key, all);
            all[..ColumnCount].CopyTo(columns);
        }
    }

    private readonly struct TooLong : ILookupTable
    {
        public static string Name => "too long";

        public static int RowCount => LookupTables.RowsMax + 1;

        public static int ColumnCount => 1;

        public static void ReadRow(int key, Span<Fr> columns) => columns[0] = key;
    }
}
