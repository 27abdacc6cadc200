using Accel.Compute;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>Circuits that draw challenges from commitments prove and verify.</summary>
public sealed class CommitmentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, CommitmentHash.Keccak256)]
    [InlineData(2, CommitmentHash.Keccak256)]
    [InlineData(3, CommitmentHash.Keccak256)]
    [InlineData(1, CommitmentHash.Poseidon)]
    [InlineData(3, CommitmentHash.Poseidon)]
    public async Task A_circuit_with_commitments_proves_and_verifies(int commitments, CommitmentHash hash)
    {
        CommittingCircuit definition = new(commitments: commitments);
        using CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, hash, threads: 2, progress: null, Cancel);
        await using CpuBackend backend = new();

        ProofResult result = await Groth16Prover.ProveAsync(key, circuit, definition.Assign(circuit), backend, options: null, progress: null, Cancel);

        Assert.Equal(commitments, result.Proof.Commitments!.Points.Length);
        Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(key), result.PublicInputs.Span, result.Proof));
    }
}
