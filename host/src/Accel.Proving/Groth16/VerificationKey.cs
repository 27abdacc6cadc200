namespace Accel.Proving.Groth16;

/// <summary>A Groth16 verification key (Groth, eprint 2016/260, §3.2).</summary>
/// <param name="Alpha1">α·G1.</param>
/// <param name="Beta2">β·G2.</param>
/// <param name="Gamma2">γ·G2.</param>
/// <param name="Delta2">δ·G2.</param>
/// <param name="Inputs">(βuᵢ + αvᵢ + wᵢ)/γ·G1 for the constant one and each public wire; at least one.</param>
public sealed record VerificationKey(G1Affine Alpha1, G2Affine Beta2, G2Affine Gamma2, G2Affine Delta2, ReadOnlyMemory<G1Affine> Inputs)
{
    /// <summary>The number of public inputs, the constant one excluded.</summary>
    public int PublicCount => Inputs.Length - 1;

    /// <summary>What belongs to the circuit's commitments; null for a circuit without commitments.</summary>
    public VerificationCommitments? Commitments { get; init; }

    /// <summary>The part of a proving key that verifiers need, copied from it.</summary>
    public static VerificationKey FromProvingKey(ProvingKey key) =>
        new(key.Header.Alpha1, key.Header.Beta2, key.Header.Gamma2, key.Header.Delta2, key.Points.Inputs.ToArray())
        {
            Commitments = key.Commitments is { } commitments
                ? new VerificationCommitments(commitments.Hash, [.. commitments.Items.Select(item => new VerificationCommitment(item.ChallengeInput, item.Sigma2))])
                : null,
        };
}

/// <summary>What a verification key holds for a circuit's commitments.</summary>
/// <param name="Hash">What draws the challenges.</param>
/// <param name="Items">One entry for each commitment, in the order in which a proof makes them; at least one.</param>
public sealed record VerificationCommitments(CommitmentHash Hash, IReadOnlyList<VerificationCommitment> Items)
{
    /// <summary>The 32 bytes that a transcript of <see cref="CommitmentHash.Keccak256"/> absorbs first, for verifiers elsewhere.</summary>
    public static ReadOnlyMemory<byte> KeccakTag => CommitmentTranscript.Keccak.Tag;
}

/// <summary>One commitment of a verification key.</summary>
/// <param name="ChallengeInput">(βu + αv + w)/γ·G1 of the challenge's wire.</param>
/// <param name="Sigma2">σⱼ·G2.</param>
public sealed record VerificationCommitment(G1Affine ChallengeInput, G2Affine Sigma2);
