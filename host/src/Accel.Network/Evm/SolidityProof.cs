using System.Numerics;
using Accel.Proving.Groth16;

namespace Accel.Network.Evm;

/// <summary>A Groth16 proof as a contract takes it.</summary>
public static class SolidityProof
{
    /// <summary>The eight words of <c>uint256[8] proof</c>: A.x, A.y, B.x₁, B.x₀, B.y₁, B.y₀, C.x, C.y (EIP-197's order).</summary>
    public static BigInteger[] ToWords(Proof proof) =>
    [
        proof.A.X.ToBigInteger(), proof.A.Y.ToBigInteger(),
        proof.B.X.C1.ToBigInteger(), proof.B.X.C0.ToBigInteger(), proof.B.Y.C1.ToBigInteger(), proof.B.Y.C0.ToBigInteger(),
        proof.C.X.ToBigInteger(), proof.C.Y.ToBigInteger(),
    ];
}
