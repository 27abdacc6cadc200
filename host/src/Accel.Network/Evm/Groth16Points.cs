using System.Numerics;

namespace Accel.Network.Evm;

/// <summary>The points of a Groth16 verification key (Groth, eprint 2016/260, §3.2).</summary>
/// <param name="Alpha1">α in G1.</param>
/// <param name="Beta2">β in G2.</param>
/// <param name="Gamma2">γ in G2.</param>
/// <param name="Delta2">δ in G2.</param>
/// <param name="Ic">One G1 point for the constant 1, then one for each public input; a point at infinity is an unused input.</param>
public sealed record VerifyingKeyPoints(G1Affine Alpha1, G2Affine Beta2, G2Affine Gamma2, G2Affine Delta2, IReadOnlyList<G1Affine> Ic);

/// <summary>A Groth16 proof.</summary>
/// <param name="A">First element, in G1.</param>
/// <param name="B">Second element, in G2.</param>
/// <param name="C">Third element, in G1.</param>
public readonly record struct ProofPoints(G1Affine A, G2Affine B, G1Affine C)
{
    /// <summary>The eight words of a contract's <c>uint256[8] proof</c>: A.x, A.y, B.x₁, B.x₀, B.y₁, B.y₀, C.x, C.y (EIP-197's order).</summary>
    public BigInteger[] ToWords() =>
    [
        A.X.ToBigInteger(), A.Y.ToBigInteger(),
        B.X.C1.ToBigInteger(), B.X.C0.ToBigInteger(), B.Y.C1.ToBigInteger(), B.Y.C0.ToBigInteger(),
        C.X.ToBigInteger(), C.Y.ToBigInteger(),
    ];
}
