using Accel.Compute;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;
using Accel.Proving.Tests.Gadgets;
using Xunit;

namespace Accel.Proving.Tests.Solver;

/// <summary>A witness that is read while it is solved shows only wires that are final.</summary>
public sealed class GrowingWitnessTests
{
    private static readonly Fr Poison = -(Fr)0x5eed;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 16)]
    [InlineData(3, 64)]
    public void At_every_hint_of_a_random_circuit_the_final_chunks_are_those_of_the_witness(int seed, int chunkWires)
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new RandomCircuit(seed, steps: 60));
        Assignment assignment = new Assignment(circuit).Set("x", RandomCircuit.Inputs(seed));
        Fr[] expected = WitnessSolver.Solve(circuit, assignment, new SolverOptions { ThreadCount = 1 }, Cancel);
        Fr[] values = Poisoned(circuit);
        GrowingScalars wires = new(values, chunkWires);
        int calls = 0;
        int partly = 0;
        SolverOptions options = new()
        {
            Intercept = (_, _, _, _) =>
            {
                calls++;
                partly += wires.FinalCount > 0 && wires.FinalCount < wires.ChunkCount ? 1 : 0;
                for (int chunk = 0; chunk < wires.ChunkCount; chunk++)
                {
                    Range range = (chunk * chunkWires)..Math.Min(values.Length, (chunk + 1) * chunkWires);
                    Assert.True(!wires.IsFinal(chunk) || values.AsSpan(range).SequenceEqual(expected.AsSpan(range)), $"seed {seed}, call {calls}: chunk {chunk} is final too early");
                }
            },
        };

        WitnessSolver.Solve(circuit, assignment, wires, options, Cancel);

        Assert.Equal(expected, values);
        Assert.True(wires.Whole.IsCompletedSuccessfully);
        Assert.InRange(partly, 1, calls);
    }

    [Fact]
    public void A_hints_wires_are_final_only_when_it_has_returned()
    {
        // Wires 0 and 1 are the constant and the input; the hint sets 2 to 7, chunks 1 to 3.
        using CompiledCircuit circuit = LambdaCircuit.Compile("hinted", 1, (builder, x) => builder.AssertEqual(Linear.Sum(builder.Hint<LookingHint>(x, 6)), 6 * x[0]));
        GrowingScalars wires = new(Poisoned(circuit), 2);
        int[] seen = [];
        LookingHint.Called = () => seen = [.. Enumerable.Range(0, wires.ChunkCount).Where(wires.IsFinal)];

        WitnessSolver.Solve(circuit, LambdaCircuit.Assign(circuit, 9), wires, new SolverOptions { ThreadCount = 1 }, Cancel);

        Assert.Equal([0], seen);
        Assert.Equal(4, wires.FinalCount);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(5, 8)]
    public async Task On_many_threads_whoever_waits_for_a_chunk_reads_the_witness(int seed, int threads)
    {
        const int ChunkWires = 32;
        using CompiledCircuit circuit = LambdaCircuit.Compile("wide", 300, (builder, x) =>
        {
            foreach (Linear value in x)
            {
                builder.ToUnsigned(builder.Square(value) + value, 40);
            }
        });
        Random random = new(seed);
        Assignment assignment = LambdaCircuit.Assign(circuit, [.. Enumerable.Range(0, 300).Select(_ => (Fr)random.Next(1 << 19))]);
        Fr[] expected = WitnessSolver.Solve(circuit, assignment, new SolverOptions { ThreadCount = 1 }, Cancel);
        GrowingScalars wires = new(Poisoned(circuit), ChunkWires);
        Fr[] read = new Fr[circuit.WireCount];
        Task[] readers = [.. Enumerable.Range(0, wires.ChunkCount).Select(chunk => wires.ReadAsync(
            chunk * ChunkWires, read.AsMemory((chunk * ChunkWires)..Math.Min(read.Length, (chunk + 1) * ChunkWires)), Cancel).AsTask())];
        Assert.DoesNotContain(readers, reader => reader.IsCompleted);

        WitnessSolver.Solve(circuit, assignment, wires, new SolverOptions { ThreadCount = threads }, Cancel);

        await Task.WhenAll(readers);
        Assert.Equal(expected, read);
    }

    [Fact]
    public async Task A_violated_constraint_fails_the_stream_with_the_solvers_error()
    {
        using CompiledCircuit circuit = LambdaCircuit.Compile("violated", 4, (builder, x) => Array.ForEach(x, value => builder.ToUnsigned(value, 4)));
        GrowingScalars wires = new(Poisoned(circuit), 2);
        UnsatisfiedConstraintException error = Assert.Throws<UnsatisfiedConstraintException>(
            () => WitnessSolver.Solve(circuit, LambdaCircuit.Assign(circuit, 1, 2, 16, 3), wires, options: null, Cancel));
        Assert.Same(error, await Assert.ThrowsAsync<UnsatisfiedConstraintException>(() => wires.Whole));
        Assert.False(wires.TryGetMemory(out _));

        GrowingScalars shorter = new(new Fr[circuit.WireCount - 1], 2);
        Assert.Throws<ArgumentException>(() => WitnessSolver.Solve(circuit, LambdaCircuit.Assign(circuit, 1, 2, 3, 4), shorter, options: null, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => shorter.ReadAsync(0, new Fr[1], Cancel).AsTask());
    }

    /// <summary>Repeats its input, after a look around.</summary>
    private readonly struct LookingHint : IHint
    {
        public static Action Called { get; set; } = () => { };

        public static string Name => "test repeat";

        public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
        {
            Called();
            outputs.Fill(inputs[0]);
        }
    }

    private static Fr[] Poisoned(CompiledCircuit circuit)
    {
        Fr[] values = new Fr[circuit.WireCount];
        Array.Fill(values, Poison);
        return values;
    }
}
