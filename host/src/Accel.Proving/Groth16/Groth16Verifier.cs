using System.Numerics;

namespace Accel.Proving.Groth16;

/// <summary>
/// Verifies Groth16 proofs: e(A, B) = e(α, β)·e(Σ xᵢ·ICᵢ, γ)·e(C, δ) (Groth, eprint 2016/260, §3.2). With commitments (eprint 2022/1072) the
/// sum also has each challenge times its base and each commitment, and the proof of knowledge is checked.
/// </summary>
public static class Groth16Verifier
{
    /// <summary>Whether a proof shows the statement with these public inputs.</summary>
    /// <param name="key">The statement's verification key; its points are taken to be in their groups, as every reader of keys checks.</param>
    /// <param name="publicInputs">The public inputs, the constant one excluded.</param>
    /// <param name="proof">The proof; its points are checked here.</param>
    /// <returns>False too when the number of public inputs is not the key's, or a point of the proof is not in its group.</returns>
    public static bool Verify(VerificationKey key, ReadOnlySpan<Fr> publicInputs, Proof proof)
    {
        if (publicInputs.Length != key.PublicCount || !proof.IsWellFormed() || proof.Commitments?.Points.Length != key.Commitments?.Items.Count)
        {
            return false;
        }

        ReadOnlySpan<G1Affine> bases = key.Inputs.Span;
        G1 inputs = G1.FromAffine(bases[0]);
        for (int i = 0; i < publicInputs.Length; i++)
        {
            inputs += G1.FromAffine(bases[i + 1]) * publicInputs[i];
        }

        if (key.Commitments is { } commitments)
        {
            CommitmentTranscript transcript = CommitmentTranscript.Start(commitments.Hash, publicInputs);
            inputs += Account(commitments, proof.Commitments!, transcript);
            if (!KnowledgeHolds(commitments, proof.Commitments!, transcript.Folding()))
            {
                return false;
            }
        }

        return Pairing.ProductIsOne([(-proof.A, proof.B), (key.Alpha1, key.Beta2), (inputs.ToAffine(), key.Gamma2), (proof.C, key.Delta2)]);
    }

    /// <summary>Π e(ρʲ·Dⱼ, σⱼ·G2) = e(π, G2): each Dⱼ is made of the bases of its own commitment alone, because ρ is drawn when all Dⱼ are fixed.</summary>
    internal static bool KnowledgeHolds(VerificationCommitments key, ProofCommitments proof, Fr rho)
    {
        ReadOnlySpan<G1Affine> points = proof.Points.Span;
        (G1Affine, G2Affine)[] pairs = new (G1Affine, G2Affine)[points.Length + 1];
        Fr power = Fr.One;
        for (int i = 0; i < points.Length; i++, power *= rho)
        {
            pairs[i] = ((G1.FromAffine(points[i]) * power).ToAffine(), key.Items[i].Sigma2);
        }

        pairs[^1] = (-proof.Knowledge, G2Affine.Generator);
        return Pairing.ProductIsOne(pairs);
    }

    /// <summary>The commitments, which stand for their wires, and each challenge times its base, as for a public input.</summary>
    private static G1 Account(VerificationCommitments key, ProofCommitments proof, CommitmentTranscript transcript)
    {
        G1 sum = G1.Infinity;
        for (int i = 0; i < key.Items.Count; i++)
        {
            G1Affine point = proof.Points.Span[i];
            sum += (G1.FromAffine(key.Items[i].ChallengeInput) * transcript.Challenge(point)) + point;
        }

        return sum;
    }

    /// <summary>Verifies as <see cref="Verify(VerificationKey, ReadOnlySpan{Fr}, Proof)"/> does, for integers of any origin.</summary>
    /// <param name="key">The statement's verification key.</param>
    /// <param name="publicInputs">The public inputs; one outside [0, r) is refused, not reduced, because x and x + r would otherwise both pass.</param>
    /// <param name="proof">The proof.</param>
    public static bool Verify(VerificationKey key, ReadOnlySpan<BigInteger> publicInputs, Proof proof)
    {
        Fr[] scalars = new Fr[publicInputs.Length];
        for (int i = 0; i < scalars.Length; i++)
        {
            if (publicInputs[i].Sign < 0 || publicInputs[i] >= Fr.Modulus)
            {
                return false;
            }

            scalars[i] = Fr.FromBigInteger(publicInputs[i]);
        }

        return Verify(key, scalars, proof);
    }
}
