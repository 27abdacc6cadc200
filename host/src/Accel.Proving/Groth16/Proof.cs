namespace Accel.Proving.Groth16;

/// <summary>A Groth16 proof: two points of G1 and one of G2.</summary>
/// <param name="A">π_A in G1.</param>
/// <param name="B">π_B in G2.</param>
/// <param name="C">π_C in G1.</param>
public sealed record Proof(G1Affine A, G2Affine B, G1Affine C)
{
    /// <summary>Whether A and C are on G1 and B is in the subgroup of G2.</summary>
    public bool IsWellFormed() => A.IsInSubgroup() && B.IsInSubgroup() && C.IsInSubgroup();
}
