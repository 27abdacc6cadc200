using System.Numerics;
using Accel.Compute;
using Accel.Network.Evm;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;

namespace Accel.Network.Tests.Support;

/// <summary>A circuit with commitments, a development key for it, and as many proofs as are asked for.</summary>
internal sealed class CommittedCase
{
    private readonly CompiledCircuit _circuit;
    private readonly ProvingKey _key;
    private readonly Assignment _assignment;

    private CommittedCase(CompiledCircuit circuit, ProvingKey key, Assignment assignment)
    {
        _circuit = circuit;
        _key = key;
        _assignment = assignment;
        Key = VerificationKey.FromProvingKey(key);
    }

    public VerificationKey Key { get; }

    public static async Task<CommittedCase> CreateAsync(int publicInputs, int commitments, CommitmentHash hash = CommitmentHash.Keccak256)
    {
        CompiledCircuit circuit = CompiledCircuit.Compile(new Circuit(publicInputs, commitments));
        Assignment assignment = new Assignment(circuit)
            .Set("public", [.. Enumerable.Range(1, publicInputs).Select(i => (Fr)(1000 * i))])
            .Set("x", [.. Enumerable.Range(1, commitments + 1).Select(i => (Fr)i)]);
        return new CommittedCase(circuit, await Groth16Setup.CreateDevelopmentKeyAsync(circuit, hash, threads: 1, progress: null, CancellationToken.None), assignment);
    }

    public async Task<(Proof Proof, BigInteger[] Words, BigInteger[] Inputs)> ProveAsync()
    {
        await using CpuBackend backend = new();
        ProofResult result = await Groth16Prover.ProveAsync(_key, _circuit, _assignment, backend, options: null, progress: null, CancellationToken.None);
        return (result.Proof, SolidityProof.ToWords(result.Proof), [.. result.PublicInputs.ToArray().Select(input => input.ToBigInteger())]);
    }

    /// <summary>Each commitment holds one private value and the challenge before it.</summary>
    private sealed class Circuit(int publicInputs, int commitments) : ICircuit
    {
        public string Name => $"Committed {publicInputs} {commitments}";

        public void Define(CircuitBuilder builder)
        {
            builder.PublicInputs("public", publicInputs);
            Linear[] x = builder.SecretInputs("x", commitments + 1);
            Linear challenge = x[commitments];
            for (int i = 0; i < commitments; i++)
            {
                challenge = builder.Multiply(builder.Commit([x[i], challenge]), x[i]);
            }
        }
    }
}
