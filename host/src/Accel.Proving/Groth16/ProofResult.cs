using Accel.Compute;

namespace Accel.Proving.Groth16;

/// <summary>A proof that passed its check on the host.</summary>
/// <param name="Proof">The proof.</param>
/// <param name="PublicInputs">The public inputs that it is for, the constant one excluded.</param>
/// <param name="Timings">How long each step took.</param>
public sealed record ProofResult(Proof Proof, ReadOnlyMemory<Fr> PublicInputs, ProofTimings Timings)
{
    /// <summary>How long the proof waited for its turn, which the timings leave out.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>How far the witness reached the device while it was solved; null when it was not solved here, or the backend took it whole.</summary>
    public WitnessTransfer? Transfer { get; init; }
}

/// <summary>A witness on its way from the solver to a device.</summary>
/// <param name="Bytes">Its bytes, 32 a wire; they cross the link once, for all products.</param>
/// <param name="BytesSentWhileSolving">Those that had arrived when the solver ended.</param>
public sealed record WitnessTransfer(long Bytes, long BytesSentWhileSolving);

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
    /// <summary>Threads for what the prover itself computes, at least 1; those of a backend are the backend's.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Calls that the backend is given at once, at least 1. By default all five on devices, whose queue hides transfers and whose G2
    /// product may run on the host meanwhile; on the CPU two, or one when <see cref="ThreadCount"/> is less than the processors.
    /// </summary>
    public int? CallsAtOnce { get; init; }

    /// <summary>Wires of a chunk in which a witness goes to a device while it is solved, an even number from 2.</summary>
    internal int ChunkWires { get; init; } = GrowingScalars.ChunkScalarsUsual;

    /// <summary>Whether a product gives the pages of its points back when it is done, if they lie in a file: a proof that is the key's last needs them no more.</summary>
    internal bool ReleasesKeyPages { get; init; }
}

/// <summary>The two scalars that hide the witness. Anyone who learns them, or sees two proofs of different witnesses share them, learns of the witness.</summary>
/// <param name="R">Blinds A.</param>
/// <param name="S">Blinds B.</param>
internal readonly record struct Blinding(Fr R, Fr S)
{
    public static Blinding Random() => new(RandomScalar.Next(), RandomScalar.Next());
}
