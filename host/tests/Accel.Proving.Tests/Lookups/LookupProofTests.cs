using Accel.Compute;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Proving.Tests.Lookups;

/// <summary>A circuit that looks up, proved under the challenge that the proof itself gives.</summary>
public sealed class LookupProofTests
{
    [Theory]
    [InlineData(CommitmentHash.Keccak256)]
    [InlineData(CommitmentHash.Poseidon)]
    public async Task A_circuit_with_look_ups_proves_and_verifies(CommitmentHash hash)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using CompiledCircuit circuit = CompiledCircuit.Compile(new FlooredSquares(), new CompilerOptions(Lookups: true));
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, hash, threads: 2, progress: null, cancel);
        await using CpuBackend backend = new();
        Fr[] values = [-300, 0, 77, 4095];
        Fr sum = (-300L * -300 >> 7) + (77 * 77 >> 7) + (4095L * 4095 >> 7);
        Assignment assignment = new Assignment(circuit).Set("sum", sum).Set("values", values);

        ProofResult result = await Groth16Prover.ProveAsync(key, circuit, assignment, backend, options: null, progress: null, cancel);

        VerificationKey verification = VerificationKey.FromProvingKey(key);
        Assert.Equal([sum], result.PublicInputs.ToArray());
        Assert.Single(result.Proof.Commitments!.Points.ToArray());
        Assert.True(Groth16Verifier.Verify(verification, [sum], result.Proof));
        Assert.False(Groth16Verifier.Verify(verification, [sum + 1], result.Proof));

        Assignment tooWide = new Assignment(circuit).Set("sum", sum).Set("values", [.. values[..3], 4096]);
        await Assert.ThrowsAsync<UnsatisfiedConstraintException>(
            () => Groth16Prover.ProveAsync(key, circuit, tooWide, backend, options: null, progress: null, cancel));
    }

    /// <summary>Σ ⌊x²/2⁷⌋ of four values of 12 bits and a sign; ranges within and outside a template.</summary>
    private sealed class FlooredSquares : ICircuit
    {
        public string Name => "floored squares";

        public void Define(CircuitBuilder builder)
        {
            Linear expected = builder.PublicInput("sum");
            Linear sum = Linear.Zero;
            foreach (Linear value in builder.SecretInputs("values", 4))
            {
                builder.ToSigned(value, 12);
                sum += builder.Call(new FlooredSquare(), [value])[0];
            }

            builder.AssertEqual(sum, expected, "sum");
        }
    }

    private sealed class FlooredSquare : ITemplate
    {
        public string Key => "FlooredSquare";

        public int InputCount => 1;

        public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
        {
            Integer value = Integer.Assume(inputs[0], -4096, 4095, "the caller checks it");
            return [builder.FloorShift(builder.Multiply(value, value), 7).Value];
        }
    }
}
