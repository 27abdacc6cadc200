using System.Numerics;
using Accel.Proving.Groth16;

namespace Accel.Network.Evm;

/// <summary>A Groth16 proof as a contract takes it.</summary>
public static class SolidityProof
{
    /// <summary>Words of a proof without commitments.</summary>
    public const int PlainWords = 8;

    /// <summary>
    /// The words of <c>uint256[8] proof</c>: A.x, A.y, B.x₁, B.x₀, B.y₁, B.y₀, C.x, C.y (EIP-197's order). With n commitments they are 10 + 2n: x and y of
    /// each commitment and then of their proof of knowledge follow.
    /// </summary>
    public static BigInteger[] ToWords(Proof proof) =>
    [
        proof.A.X.ToBigInteger(), proof.A.Y.ToBigInteger(),
        proof.B.X.C1.ToBigInteger(), proof.B.X.C0.ToBigInteger(), proof.B.Y.C1.ToBigInteger(), proof.B.Y.C0.ToBigInteger(),
        proof.C.X.ToBigInteger(), proof.C.Y.ToBigInteger(),
        .. proof.Commitments is { } commitments ? Points(commitments).SelectMany(point => new[] { point.X.ToBigInteger(), point.Y.ToBigInteger() }) : [],
    ];

    /// <summary>The number of words for a number of commitments.</summary>
    public static int WordCount(int commitments) => commitments == 0 ? PlainWords : PlainWords + 2 + (2 * commitments);

    private static G1Affine[] Points(ProofCommitments commitments) => [.. commitments.Points.Span, commitments.Knowledge];
}
