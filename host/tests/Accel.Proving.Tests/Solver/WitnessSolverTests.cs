using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;
using Accel.Proving.Tests.Gadgets;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Solver;

public sealed class WitnessSolverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomCircuitsHaveTheSameWitnessOnAnyNumberOfThreadsAndStored(int seed)
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new RandomCircuit(seed, steps: 400), new CompilerOptions(CombinationLengthMax: 24));
        Assignment assignment = new Assignment(circuit).Set("x", RandomCircuit.Inputs(seed));
        Fr[] expected = WitnessSolver.Solve(circuit, assignment, new SolverOptions { ThreadCount = 1 });
        Assert.Null(WitnessSolver.FindViolation(circuit, expected));
        foreach (int threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(expected, WitnessSolver.Solve(circuit, assignment, new SolverOptions { ThreadCount = threads }));
        }

        string path = Path.GetTempFileName();
        try
        {
            circuit.Save(path);
            using CompiledCircuit loaded = CompiledCircuit.Load(path, CoreHints.All);
            Assert.Equal(expected, WitnessSolver.Solve(loaded, new Assignment(loaded).Set("x", RandomCircuit.Inputs(seed))));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void WideLevelsAreSolvedInParallelToTheSameWitness()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("wide", 600, (builder, x) =>
        {
            foreach (Linear value in x)
            {
                builder.ToUnsigned(builder.Square(value) + value, 40);
                PoseidonGadget.Hash(builder, value);
            }
        });
        Fr[] inputs = [.. Enumerable.Range(0, 600).Select(i => (Fr)i)];
        Assignment assignment = LambdaCircuit.Assign(circuit, inputs);
        Assert.Equal(
            WitnessSolver.Solve(circuit, assignment, new SolverOptions { ThreadCount = 1 }),
            WitnessSolver.Solve(circuit, assignment, new SolverOptions { ThreadCount = 4 }));

        // Whatever the order of execution, the lowest failing constraint is reported.
        inputs[7] = inputs[432] = -1000000;
        Solution serial = WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, inputs), new SolverOptions { ThreadCount = 1 });
        Solution parallel = WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, inputs), new SolverOptions { ThreadCount = 4 });
        Assert.Null(serial.Violation);
        inputs[7] = inputs[432] = Fr.FromBigInteger(System.Numerics.BigInteger.One << 30);
        serial = WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, inputs), new SolverOptions { ThreadCount = 1 });
        parallel = WitnessSolver.TrySolve(circuit, LambdaCircuit.Assign(circuit, inputs), new SolverOptions { ThreadCount = 4 });
        Assert.NotNull(serial.Violation);
        Assert.Equal(serial.Violation, parallel.Violation);
    }

    [Fact]
    public void ACancelledSolveStops()
    {
        using CancellationTokenSource source = new();
        using CompiledCircuit circuit = LambdaCircuit.Compile("cancelled", 1, (builder, x) =>
        {
            Linear value = x[0];
            for (int i = 0; i < 100; i++)
            {
                value = builder.Hint<CountingHint>([value], 1)[0];
                builder.AssertBit(value - value + Linear.One);
            }
        });
        Assignment assignment = LambdaCircuit.Assign(circuit, 0);
        int calls = 0;
        SolverOptions options = new()
        {
            Intercept = (_, _, _, _) =>
            {
                if (++calls == 10)
                {
                    source.Cancel();
                }
            },
        };
        Assert.Throws<OperationCanceledException>(() => WitnessSolver.Solve(circuit, assignment, options, source.Token));
        Assert.Equal(10, calls);
        Assert.Throws<OperationCanceledException>(() => WitnessSolver.Solve(circuit, assignment, null, source.Token));
    }

    [Fact]
    public void InputsAreAskedForByNameAndLength()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("named", 2, (builder, x) => builder.AssertEqual(x[0], x[1]));
        Assert.Contains("'x' of named has no value", Assert.Throws<InvalidOperationException>(() => WitnessSolver.Solve(circuit, new Assignment(circuit))).Message, StringComparison.Ordinal);
        Assert.Contains("no input 'y'; it has x", Assert.Throws<ArgumentException>(() => new Assignment(circuit).Set("y", 1)).Message, StringComparison.Ordinal);
        Assert.Contains("takes 2 values, not 1", Assert.Throws<ArgumentException>(() => new Assignment(circuit).Set("x", 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => WitnessSolver.FindViolation(circuit, new Fr[2]));
    }

    [Fact]
    public void AViolationInsideATemplateIsNamedByInstanceAndRule()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("instances", 3, (builder, x) =>
        {
            for (int i = 0; i < 3; i++)
            {
                using ScopeHandle scope = builder.Scope($"account[{i}]");
                builder.Call(new ByteTemplate(), [x[i]]);
            }
        });
        UnsatisfiedConstraintException failure = Assert.Throws<UnsatisfiedConstraintException>(
            () => WitnessSolver.Solve(circuit, LambdaCircuit.Assign(circuit, 255, 256, 300)));
        Assert.Equal("account[1]/Byte/fits 8 bits", failure.Violation.Name);
        Assert.Equal(failure.Violation.Name, circuit.NameOf(failure.Violation.Constraint));
        Assert.Contains("does not hold: -256 · 1 ≠ 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFullWitnessFromElsewhereIsChecked()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("checked", 1, (builder, x) => builder.ToUnsigned(x[0], 4));
        Fr[] wires = WitnessSolver.Solve(circuit, LambdaCircuit.Assign(circuit, 5));
        Assert.Null(WitnessSolver.FindViolation(circuit, wires));
        wires[2] += Fr.One;
        Assert.Equal("bit", WitnessSolver.FindViolation(circuit, wires)!.Name);
    }

    [Fact]
    public void MultiplyAddIsOneConstraintAndOneWire()
    {
        using CompiledCircuit circuit = LambdaCircuit.CompileFunction("multiply-add", 3, (builder, x) =>
        {
            Linear sum = builder.MultiplyAdd(x[0] + x[1], x[1], (x[2] * 5) - x[0] + 7);
            Assert.True(sum.IsWire(out _));
            return [sum, builder.MultiplyAdd(3, x[0], x[1]), builder.MultiplyAdd(x[0], 3, x[1])];
        });
        Assert.Equal([(5 * 3) + 35 - 2 + 7, 9, 9], LambdaCircuit.Results(circuit, 3, 2, 3, 7));
        Assert.Equal(1 + 3, circuit.ConstraintCount);
        SoundnessAssert.SoundAndTight(circuit, [LambdaCircuit.Assign(circuit, 2, 3, 7)], killRateMin: 1);
    }

    [Fact]
    public void TemplatesOfOneKeyMustBeOfOneType() => Assert.Throws<InvalidOperationException>(() => LambdaCircuit.Compile("two", 1, (builder, x) =>
    {
        builder.Call(new ByteTemplate(), x);
        builder.Call(new OtherByteTemplate(), x);
    }));

    [Fact]
    public void ADisposedCircuitSaysSo()
    {
        CompiledCircuit circuit = LambdaCircuit.Compile("disposed", 1, (builder, x) => builder.AssertBit(x[0]));
        circuit.Dispose();
        Assert.Throws<ObjectDisposedException>(() => WitnessSolver.Solve(circuit, LambdaCircuit.Assign(circuit, 1)));
    }

    private readonly struct CountingHint : IHint
    {
        public static string Name => "counting";

        public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs) => outputs[0] = inputs[0] + Fr.One;
    }

    private sealed class ByteTemplate : ITemplate
    {
        public string Key => "Byte";

        public int InputCount => 1;

        public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
        {
            builder.ToUnsigned(inputs[0], 8);
            return [];
        }
    }

    private sealed class OtherByteTemplate : ITemplate
    {
        public string Key => "Byte";

        public int InputCount => 1;

        public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs) => [];
    }
}
