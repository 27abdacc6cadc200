using System.Numerics;
using Accel.Proving.Groth16;

namespace Accel.Network.Evm;

/// <summary>Proofs of one key, as a batch takes them.</summary>
/// <param name="Key">The key's address, from <see cref="BatchVerifierClient.RegisterKeyAsync"/>.</param>
/// <param name="Proofs">At least one proof without commitments, each with its public inputs, as many as the key has.</param>
public sealed record BatchGroup(EvmAddress Key, IReadOnlyList<(IReadOnlyList<BigInteger> Proof, IReadOnlyList<BigInteger> Inputs)> Proofs);

/// <summary>Registers keys with, and asks, a deployed <c>BatchVerifier</c>.</summary>
/// <param name="evm">The chain and the sender.</param>
/// <param name="address">The contract.</param>
/// <param name="artifact">Artifact of <c>BatchVerifier.sol</c>, for its errors.</param>
public sealed class BatchVerifierClient(EvmClient evm, EvmAddress address, ContractArtifact artifact)
{
    /// <summary>The contract.</summary>
    public EvmAddress Address { get; } = address;

    /// <summary>Deploys the contract; one serves all keys of a chain.</summary>
    public static async Task<BatchVerifierClient> DeployAsync(EvmClient evm, ContractArtifact artifact, CancellationToken cancel)
    {
        EvmReceipt receipt = await evm.DeployAsync(artifact, ReadOnlyMemory<byte>.Empty, cancel);
        EvmAddress address = receipt.ContractAddress ?? throw new InvalidDataException($"{receipt.TransactionHash} created no contract");
        return new BatchVerifierClient(evm, address, artifact);
    }

    /// <summary>Puts a key on the chain, if it is not there, and gives its address, which follows from its content.</summary>
    /// <exception cref="ArgumentException">The key has commitments.</exception>
    /// <exception cref="EvmRevertException">A point of the key is malformed, or it has no public input or more than 375.</exception>
    public async Task<EvmAddress> RegisterKeyAsync(VerificationKey key, CancellationToken cancel)
    {
        BigInteger[] words = KeyWords(key);
        byte[] answer = await evm.CallAsync(Address, AbiEncoder.Call("keyAddress(uint256[])").WordArray(words).ToArray(), artifact.Errors, cancel);
        await evm.SendAsync(Address, AbiEncoder.Call("registerKey(uint256[])").WordArray(words).ToArray(), artifact.Errors, cancel);
        return new EvmAddress(AbiEncoder.ReadWord(answer, 0));
    }

    /// <summary>Whether the contract finds that all proofs hold; runs without a transaction.</summary>
    /// <exception cref="EvmRevertException">A group, a point or an input is malformed, or a key is not registered.</exception>
    public async Task<bool> VerifyAsync(IReadOnlyList<BatchGroup> groups, CancellationToken cancel)
    {
        byte[] answer = await evm.CallAsync(Address, Encode(groups), artifact.Errors, cancel);
        return !AbiEncoder.ReadWord(answer, 0).IsZero;
    }

    /// <summary>The call data of a verification.</summary>
    public static byte[] Encode(IReadOnlyList<BatchGroup> groups) =>
        AbiEncoder.Call("verify((address,uint256[8][],uint256[])[])").DynamicArray([.. groups.Select(Encode)]).ToArray();

    /// <summary>The words of a key as the contract takes them: α, β, γ, δ, IC; a G2 point's imaginary parts first.</summary>
    /// <exception cref="ArgumentException">The key has commitments.</exception>
    public static BigInteger[] KeyWords(VerificationKey key) => key.Commitments is null
        ? [.. Words(key.Alpha1), .. Words(key.Beta2), .. Words(key.Gamma2), .. Words(key.Delta2), .. key.Inputs.ToArray().SelectMany(Words)]
        : throw new ArgumentException("the key has commitments, but the batch verifier takes proofs without", nameof(key));

    private static byte[] Encode(BatchGroup group) => AbiEncoder.Arguments()
        .Word(group.Key.Value)
        .Dynamic(AbiEncoder.Arguments().Word(group.Proofs.Count).Words(group.Proofs.SelectMany(item => item.Proof)).ToArray())
        .WordArray([.. group.Proofs.SelectMany(item => item.Inputs)])
        .ToArray();

    private static BigInteger[] Words(G1Affine point) => [point.X.ToBigInteger(), point.Y.ToBigInteger()];

    private static BigInteger[] Words(G2Affine point) =>
        [point.X.C1.ToBigInteger(), point.X.C0.ToBigInteger(), point.Y.C1.ToBigInteger(), point.Y.C0.ToBigInteger()];
}
