namespace Accel.Proving.Groth16;

/// <summary>A proof that passed its check on the host.</summary>
/// <param name="Proof">The proof.</param>
/// <param name="PublicInputs">The public inputs that it is for, the constant one excluded.</param>
/// <param name="Timings">How long each step took.</param>
public sealed record ProofResult(Proof Proof, ReadOnlyMemory<Fr> PublicInputs, ProofTimings Timings);

/// <summary>
/// A finished proof failed its check on the host and was discarded. Either the witness does not satisfy the circuit, or the backend
/// computed wrongly; the same witness on another backend tells which.
/// </summary>
public sealed class UnverifiedProofException : Exception
{
    /// <summary>A failed check.</summary>
    /// <param name="backend">The backend that computed the proof.</param>
    public UnverifiedProofException(string backend)
        : base($"the proof computed on {backend} does not verify: the witness does not satisfy the circuit, or the backend computed wrongly; the proof was discarded")
    {
        Backend = backend;
    }

    /// <summary>The backend that computed the proof.</summary>
    public string Backend { get; }
}

/// <summary>How to prove.</summary>
public sealed record ProverOptions
{
    /// <summary>
    /// Whether products run side by side. By default they do on devices, whose queue hides transfers and whose G2 product may run on
    /// the host meanwhile, and not on the CPU, where each product already fills every core.
    /// </summary>
    public bool? OverlapProducts { get; init; }
}

/// <summary>The two scalars that hide the witness. Anyone who learns them, or sees two proofs of different witnesses share them, learns of the witness.</summary>
/// <param name="R">Blinds A.</param>
/// <param name="S">Blinds B.</param>
internal readonly record struct Blinding(Fr R, Fr S)
{
    public static Blinding Random() => new(RandomScalar.Next(), RandomScalar.Next());
}
