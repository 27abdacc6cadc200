using System.Numerics;

namespace Accel.Proving.Groth16;

/// <summary>Verifies Groth16 proofs: e(A, B) = e(α, β)·e(Σ xᵢ·ICᵢ, γ)·e(C, δ) (Groth, eprint 2016/260, §3.2).</summary>
public static class Groth16Verifier
{
    /// <summary>Whether a proof shows the statement with these public inputs.</summary>
    /// <param name="key">The statement's verification key; its points are taken to be in their groups, as every reader of keys checks.</param>
    /// <param name="publicInputs">The public inputs, the constant one excluded.</param>
    /// <param name="proof">The proof; its points are checked here.</param>
    /// <returns>False too when the number of public inputs is not the key's, or a point of the proof is not in its group.</returns>
    public static bool Verify(VerificationKey key, ReadOnlySpan<Fr> publicInputs, Proof proof)
    {
        if (publicInputs.Length != key.PublicCount || !proof.IsWellFormed())
        {
            return false;
        }

        ReadOnlySpan<G1Affine> bases = key.Inputs.Span;
        G1 inputs = G1.FromAffine(bases[0]);
        for (int i = 0; i < publicInputs.Length; i++)
        {
            inputs += G1.FromAffine(bases[i + 1]) * publicInputs[i];
        }

        return Pairing.ProductIsOne([(-proof.A, proof.B), (key.Alpha1, key.Beta2), (inputs.ToAffine(), key.Gamma2), (proof.C, key.Delta2)]);
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
