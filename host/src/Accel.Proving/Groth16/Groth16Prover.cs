using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Proving.Groth16;

/// <summary>Proves one statement (Groth, eprint 2016/260, §3.2); a <see cref="ProvingService"/> proves many with one key.</summary>
public static class Groth16Prover
{
    /// <summary>Proves once: loads the key, proves that the witness satisfies its circuit, and lets go of it.</summary>
    /// <param name="key">The proving key.</param>
    /// <param name="witness">The value of every wire; it must not change until the proof is done.</param>
    /// <param name="backend">What computes.</param>
    /// <param name="options">How to prove; null for the defaults.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the proof.</param>
    /// <exception cref="ArgumentException">
    /// The witness has another length than the key's wires, its wire 0 is not one, or the key draws challenges, which a finished witness cannot have.
    /// </exception>
    /// <exception cref="InvalidFileException">The key's file was shortened.</exception>
    /// <exception cref="UnverifiedProofException">The finished proof fails its check.</exception>
    public static async Task<ProofResult> ProveAsync(
        ProvingKey key, ReadOnlyMemory<Fr> witness, IComputeBackend backend, ProverOptions? options, IProgress<ProofPhase>? progress, CancellationToken cancel)
    {
        await using ProvingService service = await StartOnceAsync(key, backend, options, cancel);
        return await service.ProveAsync(witness, progress, cancel);
    }

    /// <summary>Solves a circuit and proves it once, commitments included. A device that can works on the witness while it is solved.</summary>
    /// <param name="key">The proving key.</param>
    /// <param name="circuit">The key's circuit.</param>
    /// <param name="assignment">Values of its inputs.</param>
    /// <param name="backend">What computes.</param>
    /// <param name="options">How to prove; null for the defaults.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the proof.</param>
    /// <exception cref="ArgumentException">The key is for another circuit.</exception>
    /// <exception cref="UnsatisfiedConstraintException">The inputs satisfy no witness.</exception>
    /// <exception cref="InvalidFileException">The key's file was shortened.</exception>
    /// <exception cref="UnverifiedProofException">The finished proof fails its check.</exception>
    public static async Task<ProofResult> ProveAsync(
        ProvingKey key, CompiledCircuit circuit, Assignment assignment, IComputeBackend backend, ProverOptions? options, IProgress<ProofPhase>? progress, CancellationToken cancel)
    {
        await using ProvingService service = await StartOnceAsync(key, backend, options, cancel);
        return await service.ProveAsync(circuit, assignment, progress, cancel);
    }

    private static Task<ProvingService> StartOnceAsync(ProvingKey key, IComputeBackend backend, ProverOptions? options, CancellationToken cancel)
    {
        ProvingServiceOptions once = new() { ProofsAtOnce = 1, IsForOneProof = true, Prover = (options ?? new ProverOptions()) with { ReleasesKeyPages = true } };
        return ProvingService.StartAsync(key, backend, once, cancel);
    }
}
