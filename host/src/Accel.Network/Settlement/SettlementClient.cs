using System.Numerics;
using Accel.Network.Evm;
using Accel.Proving.Groth16;

namespace Accel.Network.Settlement;

/// <summary>Deploys, reads and advances a settlement contract.</summary>
public sealed class SettlementClient
{
    private const string SettleSignature = "settle(uint256[8],uint256,uint64,uint256,bytes)";

    private readonly EvmClient evm;
    private readonly IReadOnlyList<AbiError> errors;

    /// <summary>A client of a contract that is already deployed.</summary>
    /// <param name="evm">The chain and the sender.</param>
    /// <param name="address">The settlement contract.</param>
    /// <param name="settlement">Artifact of <c>Settlement.sol</c>, for its errors.</param>
    /// <param name="verifier">Artifact of its verifier, for its errors.</param>
    public SettlementClient(EvmClient evm, EvmAddress address, ContractArtifact settlement, ContractArtifact verifier)
    {
        this.evm = evm;
        errors = [.. settlement.Errors, .. verifier.Errors];
        Address = address;
    }

    /// <summary>The settlement contract.</summary>
    public EvmAddress Address { get; }

    /// <summary>The public input that binds a proof to one chain and one deployment: keccak256(abi.encode(chain id, address)) mod r.</summary>
    public static Fr DomainOf(ulong chainId, EvmAddress settlement)
    {
        byte[] digest = Keccak256.Hash(AbiEncoder.Arguments().Word(chainId).Word(settlement.Value).ToArray());
        return Fr.FromBigInteger(new BigInteger(digest, isUnsigned: true, isBigEndian: true));
    }

    /// <summary>Deploys the verifier, then the settlement contract that trusts it.</summary>
    /// <param name="evm">The chain and the sender.</param>
    /// <param name="settlement">Artifact of <c>Settlement.sol</c>.</param>
    /// <param name="verifier">Artifact of a verifier with nine public inputs; its constructor takes no arguments.</param>
    /// <param name="terms">What the contract pins.</param>
    /// <param name="cancel">Gives up the wait; what was sent may still be mined.</param>
    /// <exception cref="EvmRevertException">The constructor refuses the terms.</exception>
    public static async Task<SettlementClient> DeployAsync(
        EvmClient evm, ContractArtifact settlement, ContractArtifact verifier, SettlementTerms terms, CancellationToken cancel)
    {
        EvmReceipt verifierReceipt = await evm.DeployAsync(verifier, ReadOnlyMemory<byte>.Empty, cancel);
        byte[] arguments = AbiEncoder.Arguments()
            .Word(DeployedAddress(verifierReceipt).Value)
            .Word(terms.GenesisRoot.ToBigInteger())
            .Word(terms.OracleKeyHash.ToBigInteger())
            .Word(terms.ParameterHash.ToBigInteger())
            .Word(terms.AccountCount)
            .Word(terms.LeavesPerBatch)
            .Word(terms.OracleAgeMaxSeconds)
            .Word(terms.OracleLeadMaxSeconds)
            .ToArray();
        EvmReceipt receipt = await evm.DeployAsync(settlement, arguments, cancel);
        return new SettlementClient(evm, DeployedAddress(receipt), settlement, verifier);
    }

    /// <summary>Reads root, batch number, cursor and last oracle time, all after the same block.</summary>
    public async Task<SettlementState> ReadStateAsync(CancellationToken cancel)
    {
        long block = await evm.BlockNumberAsync(cancel);
        return new SettlementState(
            Fr.FromBigInteger(await ReadAsync("stateRoot()", block, cancel)),
            (ulong)await ReadAsync("nextBatchNumber()", block, cancel),
            (ulong)await ReadAsync("nextFirstLeaf()", block, cancel),
            (ulong)await ReadAsync("lastOracleTime()", block, cancel));
    }

    /// <summary>The contract's own domain; equal to <see cref="DomainOf"/> of the chain and the address.</summary>
    public async Task<Fr> ReadDomainAsync(CancellationToken cancel) =>
        Fr.FromBigInteger(await ReadAsync("domain()", await evm.BlockNumberAsync(cancel), cancel));

    /// <summary>Submits the next batch and waits until it is mined.</summary>
    /// <param name="proof">Proof for the contract's present state and this batch.</param>
    /// <param name="batch">New root, oracle time and diff.</param>
    /// <param name="cancel">Gives up the wait; the transaction may still be mined.</param>
    /// <exception cref="ArgumentException">The proof has commitments, which the contract's <c>uint256[8]</c> has no room for.</exception>
    /// <exception cref="EvmRevertException">The contract or its verifier refuses, with the custom error's name and arguments.</exception>
    /// <exception cref="TimeoutException">Not mined before the deadline.</exception>
    public async Task<SettlementReceipt> SettleAsync(Proof proof, SettlementBatch batch, CancellationToken cancel)
    {
        if (proof.Commitments is not null)
        {
            throw new ArgumentException("the proof has commitments, but the settlement contract takes proofs without", nameof(proof));
        }

        byte[] call = AbiEncoder.Call(SettleSignature)
            .Words(SolidityProof.ToWords(proof))
            .Word(batch.NewRoot.ToBigInteger())
            .Word(batch.OracleTime)
            .Word(batch.DiffHash.ToBigInteger())
            .Bytes(batch.Diff.Span)
            .ToArray();
        EvmReceipt receipt = await evm.SendAsync(Address, call, errors, cancel);
        SettledEvent settled = receipt.Logs.Where(log => log.Address == Address).Select(SettledEvent.TryRead).FirstOrDefault(log => log is not null)
            ?? throw new InvalidDataException($"{receipt.TransactionHash} succeeded without a Settled event of {Address}");
        return new SettlementReceipt(settled, receipt.TransactionHash, receipt.GasUsed);
    }

    private async Task<BigInteger> ReadAsync(string signature, long block, CancellationToken cancel)
    {
        byte[] word = await evm.CallAsync(Address, AbiEncoder.Call(signature).ToArray(), errors, cancel, block);
        return word.Length == 32
            ? AbiEncoder.ReadWord(word, 0)
            : throw new InvalidDataException($"{signature} of {Address} returned {word.Length} bytes, not 32: is it a settlement contract?");
    }

    private static EvmAddress DeployedAddress(EvmReceipt receipt) =>
        receipt.ContractAddress ?? throw new InvalidDataException($"{receipt.TransactionHash} created no contract");
}
