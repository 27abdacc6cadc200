using System.Numerics;
using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Proving.Tests.Frontend;

public sealed class CompiledCircuitTests
{
    [Fact]
    public void SolvesAndNamesTheFailingConstraint()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new Cubic());
        Fr[] wires = WitnessSolver.Solve(circuit, new Assignment(circuit).Set("y", 35).Set("x", 3));
        Assert.Null(WitnessSolver.FindViolation(circuit, wires));

        UnsatisfiedConstraintException failure = Assert.Throws<UnsatisfiedConstraintException>(
            () => WitnessSolver.Solve(circuit, new Assignment(circuit).Set("y", 36).Set("x", 3)));
        Assert.Equal("cubic/x³ + x + 5 = y", failure.Violation.Name);
        Assert.Equal(-1, failure.Violation.A.ToSignedBigInteger());
    }

    [Fact]
    public void EqualDefinitionsHaveEqualDigestsAndAStoredCircuitSolvesTheSame()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new ManyInstances(50));
        using CompiledCircuit again = CompiledCircuit.Compile(new ManyInstances(50));
        using CompiledCircuit other = CompiledCircuit.Compile(new ManyInstances(51));
        Assert.Equal(circuit.Digest, again.Digest);
        Assert.NotEqual(circuit.Digest, other.Digest);

        string path = Path.GetTempFileName();
        try
        {
            circuit.Save(path);
            using CompiledCircuit loaded = CompiledCircuit.Load(path, CoreHints.All);
            Assert.Equal(circuit.Digest, loaded.Digest);
            Fr[] expected = WitnessSolver.Solve(circuit, new Assignment(circuit).Set("x", 7), new SolverOptions { ThreadCount = 1 });
            Fr[] actual = WitnessSolver.Solve(loaded, new Assignment(loaded).Set("x", 7), new SolverOptions { ThreadCount = 4 });
            Assert.Equal(expected, actual);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void RefusesADamagedFile()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new ManyInstances(3));
        string path = Path.GetTempFileName();
        try
        {
            circuit.Save(path);
            byte[] whole = File.ReadAllBytes(path);
            Random random = new(7);
            for (int i = 0; i < 200; i++)
            {
                byte[] damaged = (byte[])whole.Clone();
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, damaged);
                Assert.Throws<InvalidDataException>(() => CompiledCircuit.Load(path, CoreHints.All));
                File.WriteAllBytes(path, whole[..random.Next(whole.Length)]);
                Assert.Throws<InvalidDataException>(() => CompiledCircuit.Load(path, CoreHints.All));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void CutsLongCombinations()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new LongSum(1000), new CompilerOptions(CombinationLengthMax: 16));
        Fr[] values = Enumerable.Range(1, 1000).Select(i => (Fr)i).ToArray();
        WitnessSolver.Solve(circuit, new Assignment(circuit).Set("x", values));
        Assert.True(circuit.TermCount < 16 * 3 * circuit.ConstraintCount);
        Assert.True(circuit.ConstraintCount > 1000 / 16);
    }

    [Fact]
    public void AChallengeIsBoundToWhatIsCommittedAndLaterStepsReadIt()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new PermutationByChallenge());
        SolverOptions options = new() { Challenges = new PoseidonLikeChallenges() };
        WitnessSolver.Solve(circuit, new Assignment(circuit).Set("a", [1, 2, 3]).Set("b", [3, 1, 2]), options);
        Assert.Throws<UnsatisfiedConstraintException>(
            () => WitnessSolver.Solve(circuit, new Assignment(circuit).Set("a", [1, 2, 3]).Set("b", [3, 1, 1]), options));
        Assert.Throws<InvalidOperationException>(
            () => WitnessSolver.Solve(circuit, new Assignment(circuit).Set("a", [1, 2, 3]).Set("b", [3, 1, 2])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ChallengesAreDrawnInTheOrderOfTheCallsAfterThePublicInputs(int threads)
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new DeepThenShallow());
        OrderLog log = new();

        WitnessSolver.Solve(circuit, new Assignment(circuit).Set("public", 5).Set("x", [2, 3]), new SolverOptions { Challenges = log, ThreadCount = threads });

        // By depth alone the second could come first; it must not, because it is bound to the first commitment.
        Assert.Equal(["begin 5", "0: 1 value", "1: 1 value"], log.Calls);
        Assert.Equal(circuit.ChallengeCount, circuit.Commitments.Count);
        Assert.True(circuit.Commitments[0].Challenge < circuit.Commitments[1].Challenge);
    }

    [Fact]
    public void What_cannot_bind_a_challenge_refuses_the_circuit()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new PermutationByChallenge());

        // Whoever may choose the challenge takes a value that both lists hold, and the rows are satisfied by lists that differ.
        SolverOptions chosen = new() { Challenges = new ChosenChallenge(1) };
        WitnessSolver.Solve(circuit, new Assignment(circuit).Set("a", [1, 2, 3]).Set("b", [1, 5, 6]), chosen);

        Assert.Throws<ArgumentException>(() => R1csFile.Write(Stream.Null, circuit));
    }

    [Fact]
    public void Refuses_a_template_that_uses_a_combination_from_outside() =>
        Assert.Throws<InvalidOperationException>(() => CompiledCircuit.Compile(new Leaking()));

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Refuses_to_cut_combinations_into_less_than_two_terms(int length)
    {
        Assert.Equal(2, CompilerOptions.CombinationLengthLeast);
        Assert.Throws<ArgumentOutOfRangeException>(() => CompiledCircuit.Compile(new LongSum(3), new CompilerOptions(length)));
    }

    [Fact]
    public void Cuts_combinations_into_pairs()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new LongSum(9), new CompilerOptions(CompilerOptions.CombinationLengthLeast));
        WitnessSolver.Solve(circuit, new Assignment(circuit).Set("x", [1, 2, 3, 4, 5, 6, 7, 8, 9]));
    }

    private sealed class Cubic : ICircuit
    {
        public string Name => "Cubic";

        public void Define(CircuitBuilder builder)
        {
            Linear y = builder.PublicInput("y");
            Linear x = builder.SecretInput("x");
            using ScopeHandle scope = builder.Scope("cubic");
            builder.AssertEqual(builder.Multiply(builder.Square(x), x) + x + 5, y, "x³ + x + 5 = y");
        }
    }

    private sealed class ManyInstances(int count) : ICircuit
    {
        public string Name => "ManyInstances";

        public void Define(CircuitBuilder builder)
        {
            Linear x = builder.SecretInput("x");
            Linear sum = x;
            for (int i = 0; i < count; i++)
            {
                using ScopeHandle scope = builder.Scope($"instance[{i}]");
                sum = builder.Call(new LowByte(), [sum + i, x])[0];
            }

            builder.ToUnsigned(sum, 8);
        }
    }

    private sealed class LowByte : ITemplate
    {
        public string Key => "LowByte";

        public int InputCount => 2;

        public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
        {
            Bit[] bits = builder.ToBits(builder.Multiply(inputs[0], inputs[1]), 64);
            return [Bits.FromBits(bits.AsSpan(0, 8))];
        }
    }

    private sealed class LongSum(int count) : ICircuit
    {
        public string Name => "LongSum";

        public void Define(CircuitBuilder builder)
        {
            Linear sum = Linear.Sum(builder.SecretInputs("x", count));
            builder.AssertEqual(builder.Square(sum), (long)count * (count + 1) / 2 * ((long)count * (count + 1) / 2));
        }
    }

    private sealed class PermutationByChallenge : ICircuit
    {
        public string Name => "PermutationByChallenge";

        public void Define(CircuitBuilder builder)
        {
            Linear[] a = builder.SecretInputs("a", 3);
            Linear[] b = builder.SecretInputs("b", 3);
            builder.Defer(late =>
            {
                Linear challenge = late.Commit([.. a, .. b]);
                late.AssertEqual(Product(late, a, challenge), Product(late, b, challenge), "same multiset");
            });
        }

        private static Linear Product(CircuitBuilder builder, Linear[] values, Linear challenge) =>
            values.Aggregate(Linear.One, (product, value) => builder.Multiply(product, challenge - value));
    }

    private sealed class Leaking : ICircuit
    {
        public string Name => "Leaking";

        public void Define(CircuitBuilder builder)
        {
            Linear[] x = builder.SecretInputs("x", 5);
            builder.Call(new LeakingTemplate(x[4]), [x[0]]);
        }
    }

    private sealed class LeakingTemplate(Linear outside) : ITemplate
    {
        public string Key => "Leaking";

        public int InputCount => 1;

        public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs) => [builder.Multiply(inputs[0], outside)];
    }

    private sealed class OrderLog : IChallengeSource
    {
        public List<string> Calls { get; } = [];

        public void Begin(ReadOnlySpan<Fr> publicInputs) => Calls.Add($"begin {publicInputs[0]}");

        public Fr Derive(int index, ReadOnlySpan<Fr> committed)
        {
            Calls.Add($"{index}: {committed.Length} value");
            return index + 10;
        }
    }

    private sealed class ChosenChallenge(Fr value) : IChallengeSource
    {
        public Fr Derive(int index, ReadOnlySpan<Fr> committed) => value;
    }

    private sealed class PoseidonLikeChallenges : IChallengeSource
    {
        public Fr Derive(int index, ReadOnlySpan<Fr> committed)
        {
            BigInteger mix = index + 11;
            foreach (Fr value in committed)
            {
                mix = ((mix * 1_000_003) + value.ToBigInteger()) % Fr.Modulus;
            }

            return Fr.FromBigInteger(mix);
        }
    }
}

/// <summary>The first commitment is to a value that takes many levels, the second to an input.</summary>
internal sealed class DeepThenShallow : ICircuit
{
    public string Name => "DeepThenShallow";

    public void Define(CircuitBuilder builder)
    {
        builder.PublicInput("public");
        Linear[] x = builder.SecretInputs("x", 2);
        Linear deep = x[0];
        for (int i = 0; i < 20; i++)
        {
            deep = builder.Multiply(deep, x[1]);
        }

        Linear first = builder.Commit([deep]);
        Linear second = builder.Commit([x[1]]);
        builder.Multiply(first, second);
    }
}
