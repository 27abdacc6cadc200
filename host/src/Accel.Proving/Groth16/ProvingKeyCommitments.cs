namespace Accel.Proving.Groth16;

/// <summary>
/// What a proving key holds for a circuit's commitments (Belling, Soleimanian and Bégassat, eprint 2022/1072): Kᵢ = (βuᵢ + αvᵢ + wᵢ)/γ·G1 of the
/// committed wires and of the challenges, which are infinity among the key's C, and for commitment j a secret σⱼ under which knowledge is proved.
/// </summary>
/// <param name="Hash">What draws the challenges.</param>
/// <param name="Items">One entry for each commitment, in the order in which a proof makes them; at least one.</param>
/// <param name="Wires">The committed wires, commitment after commitment; each occurs once.</param>
/// <param name="Basis">Kᵢ of each of <paramref name="Wires"/>.</param>
/// <param name="KnowledgeBasis">σⱼ·Kᵢ of each of <paramref name="Wires"/>, j being its commitment.</param>
public sealed record ProvingKeyCommitments(
    CommitmentHash Hash,
    IReadOnlyList<ProvingKeyCommitment> Items,
    ReadOnlyMemory<uint> Wires,
    ReadOnlyMemory<G1Affine> Basis,
    ReadOnlyMemory<G1Affine> KnowledgeBasis)
{
    /// <summary>Where a commitment's wires begin among <see cref="Wires"/>.</summary>
    internal int FirstOf(int commitment) => Items.Take(commitment).Sum(item => item.WireCount);
}

/// <summary>One commitment of a proving key.</summary>
/// <param name="ChallengeWire">The wire that holds its challenge.</param>
/// <param name="WireCount">The number of wires that it commits to; may be 0, when all it binds are public inputs and what was committed before.</param>
/// <param name="ChallengeInput">K of the challenge's wire.</param>
/// <param name="SigmaDelta1">σⱼδ·G1, which proves knowledge of the blinding.</param>
/// <param name="Sigma2">σⱼ·G2; differs from commitment to commitment, never infinity.</param>
public sealed record ProvingKeyCommitment(uint ChallengeWire, int WireCount, G1Affine ChallengeInput, G1Affine SigmaDelta1, G2Affine Sigma2);
