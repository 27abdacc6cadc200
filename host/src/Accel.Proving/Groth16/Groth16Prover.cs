using System.Diagnostics;
using Accel.Compute;
using Accel.Proving.Formats;

namespace Accel.Proving.Groth16;

/// <summary>
/// Proves statements of one key on one backend (Groth, eprint 2016/260, §3.2), with the key's points resident there. No proof leaves
/// it unverified: hardware can be wrong, and a witness can be.
/// </summary>
public sealed class Groth16Prover : IAsyncDisposable
{
    private readonly ProvingKey _key;
    private readonly VerificationKey _verificationKey;
    private readonly IComputeBackend _backend;
    private readonly ResidentKey _bases;

    private Groth16Prover(ProvingKey key, IComputeBackend backend, ResidentKey bases)
    {
        _key = key;
        _verificationKey = VerificationKey.FromProvingKey(key);
        _backend = backend;
        _bases = bases;
    }

    /// <summary>Makes a key's points resident on a backend.</summary>
    /// <param name="key">The key; the prover keeps its points in place until it is disposed.</param>
    /// <param name="backend">The backend; it must stay open while the prover is used.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    public static async Task<Groth16Prover> LoadAsync(ProvingKey key, IComputeBackend backend, CancellationToken cancel) =>
        new(key, backend, await ResidentKey.LoadAsync(key, backend, cancel));

    /// <summary>Proves once: loads the key, proves, and lets go of it.</summary>
    /// <param name="key">The proving key.</param>
    /// <param name="witness">The value of every wire.</param>
    /// <param name="backend">What computes.</param>
    /// <param name="options">How to prove; null for the defaults.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the proof.</param>
    /// <exception cref="ArgumentException">The witness has another length than the key's wires, or its wire 0 is not one.</exception>
    /// <exception cref="InvalidFileException">The key's file was shortened.</exception>
    /// <exception cref="UnverifiedProofException">The finished proof fails its check.</exception>
    public static async Task<ProofResult> ProveAsync(
        ProvingKey key, ReadOnlyMemory<Fr> witness, IComputeBackend backend, ProverOptions? options, IProgress<ProofPhase>? progress, CancellationToken cancel)
    {
        RequireWitness(key, witness.Span);
        await using Groth16Prover prover = await LoadAsync(key, backend, cancel);
        return await prover.ProveAsync(witness, options, progress, cancel);
    }

    /// <summary>Proves that the witness satisfies the key's circuit; the two blinding scalars are fresh from the operating system's generator.</summary>
    /// <param name="witness">The value of every wire; it must not change until the proof is done.</param>
    /// <param name="options">How to prove; null for the defaults.</param>
    /// <param name="progress">Told of each step as it begins.</param>
    /// <param name="cancel">Cancels the proof.</param>
    /// <exception cref="ArgumentException">The witness has another length than the key's wires, or its wire 0 is not one.</exception>
    /// <exception cref="InvalidFileException">The key's file was shortened.</exception>
    /// <exception cref="UnverifiedProofException">The finished proof fails its check.</exception>
    public Task<ProofResult> ProveAsync(ReadOnlyMemory<Fr> witness, ProverOptions? options, IProgress<ProofPhase>? progress, CancellationToken cancel) =>
        ProveAsync(witness, Blinding.Random(), options ?? new ProverOptions(), progress, cancel);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _bases.DisposeAsync();

    /// <summary>Proves with given blinding, which hides nothing once it is known: for tests of determinism only.</summary>
    internal async Task<ProofResult> ProveAsync(
        ReadOnlyMemory<Fr> witness, Blinding blinding, ProverOptions options, IProgress<ProofPhase>? progress, CancellationToken cancel)
    {
        RequireWitness(_key, witness.Span);
        _key.RequireWhole();
        long start = Stopwatch.GetTimestamp();
        ProofTimings timings = new();
        ProofProducts products = await new ProofComputation(_key, _backend, _bases, witness, timings, progress, cancel)
            .RunAsync(options.OverlapProducts ?? _backend.Info.Kind != CpuBackend.Kind);
        Proof proof = Combine(products, blinding);

        ReadOnlyMemory<Fr> publicInputs = witness.Slice(1, _key.Header.PublicCount).ToArray();
        bool verified = await timings.MeasureAsync(
            ProofPhase.Verification, progress, () => ValueTask.FromResult(Groth16Verifier.Verify(_verificationKey, publicInputs.Span, proof)));
        timings.Finish(start);
        return verified ? new ProofResult(proof, publicInputs, timings) : throw new UnverifiedProofException($"{_backend.Info.Kind} ({_backend.Info.Device})");
    }

    private static void RequireWitness(ProvingKey key, ReadOnlySpan<Fr> witness)
    {
        if (witness.Length != key.Header.WireCount)
        {
            throw new ArgumentException($"the witness has {witness.Length} values, but the key's circuit has {key.Header.WireCount} wires", nameof(witness));
        }

        if (!witness[0].IsOne)
        {
            throw new ArgumentException($"wire 0 of the witness is {witness[0]}, but it must be the constant one", nameof(witness));
        }
    }

    /// <summary>A = α + Σ wᵢuᵢ + rδ, B = β + Σ wᵢvᵢ + sδ, C = Σ wᵢ(…)/δ + ht/δ + sA + rB − rsδ.</summary>
    private Proof Combine(ProofProducts products, Blinding blinding)
    {
        ProvingKeyHeader header = _key.Header;
        G1 delta1 = G1.FromAffine(header.Delta1);
        G1 a = products.A + header.Alpha1 + (delta1 * blinding.R);
        G1 b1 = products.B1 + header.Beta1 + (delta1 * blinding.S);
        G2 b2 = products.B2 + header.Beta2 + (G2.FromAffine(header.Delta2) * blinding.S);
        G1 c = products.C + products.H + (a * blinding.S) + (b1 * blinding.R) - (delta1 * (blinding.R * blinding.S));
        return new Proof(a.ToAffine(), b2.ToAffine(), c.ToAffine());
    }
}
