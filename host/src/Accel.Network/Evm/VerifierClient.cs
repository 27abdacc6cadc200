using System.Numerics;

namespace Accel.Network.Evm;

/// <summary>Asks a deployed Groth16 verifier contract.</summary>
/// <param name="evm">The chain and the sender.</param>
/// <param name="address">The contract.</param>
/// <param name="artifact">The contract's artifact, for its errors.</param>
public sealed class VerifierClient(EvmClient evm, EvmAddress address, ContractArtifact artifact)
{
    /// <summary>The contract.</summary>
    public EvmAddress Address { get; } = address;

    /// <summary>Deploys a generated verifier.</summary>
    public static async Task<VerifierClient> DeployAsync(EvmClient evm, ContractArtifact artifact, CancellationToken cancel)
    {
        EvmReceipt receipt = await evm.DeployAsync(artifact, ReadOnlyMemory<byte>.Empty, cancel);
        EvmAddress address = receipt.ContractAddress ?? throw new InvalidDataException($"{receipt.TransactionHash} created no contract");
        return new VerifierClient(evm, address, artifact);
    }

    /// <summary>Whether the contract finds that the proof holds for the public inputs; runs without a transaction.</summary>
    /// <param name="proof">The words of <see cref="SolidityProof.ToWords"/>.</param>
    /// <param name="inputs">The public inputs, as many as the key has.</param>
    /// <param name="cancel">Gives up the wait.</param>
    /// <exception cref="EvmRevertException">A word is out of range, a point malformed, or the count of inputs not the key's.</exception>
    public async Task<bool> VerifyAsync(IReadOnlyList<BigInteger> proof, IReadOnlyList<BigInteger> inputs, CancellationToken cancel)
    {
        byte[] answer = await evm.CallAsync(Address, Encode(proof, inputs), artifact.Errors, cancel);
        return answer.Length == 32
            ? !AbiEncoder.ReadWord(answer, 0).IsZero
            : throw new InvalidDataException($"{Address} returned {answer.Length} bytes, not 32: is it a verifier?");
    }

    /// <summary>The call data of a verification.</summary>
    /// <param name="proof">The words of <see cref="SolidityProof.ToWords"/>: eight, or more with commitments.</param>
    /// <param name="inputs">The public inputs.</param>
    public static byte[] Encode(IReadOnlyList<BigInteger> proof, IReadOnlyList<BigInteger> inputs) =>
        AbiEncoder.Call(SolidityVerifier.FunctionSignature(inputs.Count, proof.Count)).Words(proof).Words(inputs).ToArray();
}
