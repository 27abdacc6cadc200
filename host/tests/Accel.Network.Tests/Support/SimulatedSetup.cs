using System.Buffers.Binary;
using System.Security.Cryptography;
using Accel.Proving.Groth16;

namespace Accel.Network.Tests.Support;

/// <summary>
/// A Groth16 key whose trapdoor is known, so that a proof of any public inputs can be simulated (Groth, eprint 2016/260, §3.2):
/// A = a, B = b, C = (ab − αβ − Σ xᵢ·icᵢ·γ)/δ in the exponent. The verifier contract cannot tell it from a real one, and the proof is
/// bound to every input.
/// </summary>
internal sealed class SimulatedSetup
{
    private readonly Fr alpha, beta, gamma, delta, a, b;
    private readonly Proof fixedPart;
    private readonly Fr[] ic;
    private readonly uint seed;

    /// <param name="publicInputs">At least 1.</param>
    /// <param name="seed">Gives the trapdoor.</param>
    /// <param name="unusedInput">An input whose point in the key is infinity; −1 for none.</param>
    public SimulatedSetup(int publicInputs, uint seed, int unusedInput = -1)
    {
        this.seed = seed;
        (alpha, beta, gamma, delta) = (Scalar(0), Scalar(1), Scalar(2), Scalar(3));
        ic = [.. Enumerable.Range(0, publicInputs + 1).Select(i => i == unusedInput + 1 && i > 0 ? Fr.Zero : Scalar((uint)(4 + i)))];
        (a, b) = (Scalar(1000), Scalar(1001));
        fixedPart = new Proof((G1.Generator * a).ToAffine(), (G2.Generator * b).ToAffine(), G1Affine.Infinity);
        Key = new VerificationKey(
            (G1.Generator * alpha).ToAffine(),
            (G2.Generator * beta).ToAffine(),
            (G2.Generator * gamma).ToAffine(),
            (G2.Generator * delta).ToAffine(),
            ic.Select(scalar => (G1.Generator * scalar).ToAffine()).ToArray());
    }

    public VerificationKey Key { get; }

    public Proof Simulate(IReadOnlyList<Fr> inputs)
    {
        Fr sum = ic[0];
        for (int i = 0; i < inputs.Count; i++)
        {
            sum += inputs[i] * ic[i + 1];
        }

        Fr c = ((a * b) - (alpha * beta) - (sum * gamma)) * delta.Inverse();
        return fixedPart with { C = (G1.Generator * c).ToAffine() };
    }

    private Fr Scalar(uint index)
    {
        Span<byte> message = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(message, seed);
        BinaryPrimitives.WriteUInt32LittleEndian(message[4..], index);
        return Fr.FromBigInteger(new System.Numerics.BigInteger(SHA256.HashData(message), isUnsigned: true));
    }
}
