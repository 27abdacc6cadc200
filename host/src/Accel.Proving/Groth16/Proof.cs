namespace Accel.Proving.Groth16;

/// <summary>A Groth16 proof: two points of G1 and one of G2, and what belongs to the circuit's commitments if it has any.</summary>
/// <param name="A">π_A in G1.</param>
/// <param name="B">π_B in G2.</param>
/// <param name="C">π_C in G1.</param>
public sealed record Proof(G1Affine A, G2Affine B, G1Affine C)
{
    /// <summary>The commitments and their proof of knowledge; null for a circuit without commitments.</summary>
    public ProofCommitments? Commitments { get; init; }

    /// <summary>Whether A, C and the commitments are on G1 and B is in the subgroup of G2.</summary>
    public bool IsWellFormed() => A.IsInSubgroup() && B.IsInSubgroup() && C.IsInSubgroup() && Commitments?.IsWellFormed() != false;
}

/// <summary>A proof's commitments to wires (eprint 2022/1072).</summary>
/// <param name="points">Dⱼ for each commitment, in the key's order.</param>
/// <param name="knowledge">Σ ρʲσⱼ·Dⱼ: whoever computed it knows what every Dⱼ is made of.</param>
public sealed class ProofCommitments(ReadOnlyMemory<G1Affine> points, G1Affine knowledge) : IEquatable<ProofCommitments>
{
    /// <summary>Dⱼ = Σ wᵢ·Kᵢ + νⱼδ·G1 for each commitment, in the key's order; νⱼ hides the wires.</summary>
    public ReadOnlyMemory<G1Affine> Points { get; } = points;

    /// <summary>Σ ρʲσⱼ·Dⱼ: whoever computed it knows what every Dⱼ is made of.</summary>
    public G1Affine Knowledge { get; } = knowledge;

    /// <inheritdoc />
    public bool Equals(ProofCommitments? other) => other is not null && Knowledge == other.Knowledge && Points.Span.SequenceEqual(other.Points.Span);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ProofCommitments);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Knowledge, Points.Length);

    internal bool IsWellFormed()
    {
        foreach (ref readonly G1Affine point in Points.Span)
        {
            if (!point.IsInSubgroup())
            {
                return false;
            }
        }

        return Knowledge.IsInSubgroup();
    }
}
