using System.Numerics;
using System.Text;
using Accel.Network.Evm;

namespace Accel.Network.Market;

/// <summary>Requests, bids and deliveries of one account at a deployed <c>ProverMarket</c>.</summary>
/// <param name="evm">The chain and the sender.</param>
/// <param name="address">The contract.</param>
/// <param name="errors">Errors of the market, of its circuits and of their verifiers, for the names in exceptions.</param>
/// <remarks>Every method throws <see cref="EvmRevertException"/> with the contract's error when it refuses.</remarks>
public sealed partial class MarketClient(EvmClient evm, EvmAddress address, IReadOnlyList<AbiError> errors)
{
    private static readonly byte[] RequestedTopic = Keccak256.Hash(Encoding.ASCII.GetBytes(
        "Requested(uint256,address,uint256,(address,bytes32,uint32,bool,uint128,uint32,uint32,uint32,uint32,uint32))"));

    /// <summary>The contract.</summary>
    public EvmAddress Address { get; } = address;

    /// <summary>Deploys a market; one serves all circuits of a chain.</summary>
    public static async Task<MarketClient> DeployAsync(
        EvmClient evm, ContractArtifact artifact, IReadOnlyList<AbiError> circuitErrors, CancellationToken cancel)
    {
        EvmReceipt receipt = await evm.DeployAsync(artifact, ReadOnlyMemory<byte>.Empty, cancel);
        EvmAddress address = receipt.ContractAddress ?? throw new InvalidDataException($"{receipt.TransactionHash} created no contract");
        return new MarketClient(evm, address, [.. artifact.Errors, .. circuitErrors]);
    }

    /// <summary>The commitment of a sealed bid: keccak256(abi.encode(chain id, market, request, bidder, price, salt)).</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="market">The contract.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="bidder">Who bids; nobody else can open it.</param>
    /// <param name="priceWei">At most the request's ceiling.</param>
    /// <param name="salt">256 random bits, used once.</param>
    public static BigInteger BidCommitment(
        ulong chainId, EvmAddress market, BigInteger requestId, EvmAddress bidder, BigInteger priceWei, BigInteger salt)
    {
        byte[] preimage = AbiEncoder.Arguments()
            .Word(chainId).Word(market.Value).Word(requestId).Word(bidder.Value).Word(priceWei).Word(salt).ToArray();
        return new BigInteger(Keccak256.Hash(preimage), isUnsigned: true, isBigEndian: true);
    }

    /// <summary>Adds to the account's free funds.</summary>
    public Task<EvmReceipt> DepositAsync(BigInteger wei, CancellationToken cancel) => SendAsync(AbiEncoder.Call("deposit()"), cancel, wei);

    /// <summary>Pays free funds out to the account.</summary>
    public Task<EvmReceipt> WithdrawAsync(BigInteger wei, CancellationToken cancel) =>
        SendAsync(AbiEncoder.Call("withdraw(uint256)").Word(wei), cancel);

    /// <summary>Opens a request with its ceiling in escrow.</summary>
    /// <returns>The request's number and the receipt.</returns>
    public async Task<(BigInteger RequestId, EvmReceipt Receipt)> RequestAsync(MarketTerms terms, BigInteger ceilingWei, CancellationToken cancel)
    {
        AbiEncoder call = AbiEncoder.Call("request((address,bytes32,uint32,bool,uint128,uint32,uint32,uint32,uint32,uint32))")
            .Word(terms.Circuit.Value).Word(terms.InputHash).Word(terms.Inputs.Count).Word(terms.PayeeInStatement ? 1 : 0).Word(terms.LatenessWei)
            .Word(terms.BidSeconds).Word(terms.RevealSeconds).Word(terms.RampSeconds).Word(terms.ProveSeconds).Word(terms.RescueSeconds);
        EvmReceipt receipt = await SendAsync(call, cancel, ceilingWei);
        EvmLog log = receipt.Logs.FirstOrDefault(log => log.Address == Address && log.Topics[0].Span.SequenceEqual(RequestedTopic))
            ?? throw new InvalidDataException($"{receipt.TransactionHash} succeeded without a Requested event of {Address}");
        return (AbiEncoder.ReadWord(log.Topics[1].Span, 0), receipt);
    }

    /// <summary>Bids under seal; locks collateral and a slot.</summary>
    public Task<EvmReceipt> CommitBidAsync(BigInteger requestId, BigInteger priceWei, BigInteger salt, CancellationToken cancel) => SendAsync(
        AbiEncoder.Call("commitBid(uint256,bytes32)").Word(requestId).Word(BidCommitment(evm.ChainId, Address, requestId, evm.Account, priceWei, salt)),
        cancel);

    /// <summary>Opens the account's bid.</summary>
    public Task<EvmReceipt> RevealBidAsync(BigInteger requestId, BigInteger priceWei, BigInteger salt, CancellationToken cancel) =>
        SendAsync(AbiEncoder.Call("revealBid(uint256,uint128,bytes32)").Word(requestId).Word(priceWei).Word(salt), cancel);

    /// <summary>Takes a request at the ramp's price.</summary>
    public Task<EvmReceipt> AcceptAsync(BigInteger requestId, CancellationToken cancel) =>
        SendAsync(AbiEncoder.Call("accept(uint256)").Word(requestId), cancel);

    /// <summary>Hands a proof in; who is paid stands in the statement.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="proof">The words of <see cref="SolidityProof.ToWords"/>.</param>
    /// <param name="inputs">All public inputs.</param>
    /// <param name="cancel">Gives up the wait; the transaction may still be mined.</param>
    public Task<EvmReceipt> DeliverAsync(
        BigInteger requestId, IReadOnlyCollection<BigInteger> proof, IReadOnlyCollection<BigInteger> inputs, CancellationToken cancel) =>
        SendAsync(AbiEncoder.Call("deliver(uint256,uint256[],uint256[])").Word(requestId).WordArray(proof).WordArray(inputs), cancel);

    /// <summary>Where a request stands.</summary>
    public async Task<MarketPhase> ReadPhaseAsync(BigInteger requestId, CancellationToken cancel) =>
        (MarketPhase)(int)await ReadAsync(AbiEncoder.Call("phaseOf(uint256)").Word(requestId), cancel);

    /// <summary>What an account may withdraw or bid with, in wei.</summary>
    public Task<BigInteger> ReadFreeAsync(EvmAddress account, CancellationToken cancel) =>
        ReadAsync(AbiEncoder.Call("freeOf(address)").Word(account.Value), cancel);

    /// <summary>How many bids and proofs in the making an account may hold at once.</summary>
    public Task<BigInteger> ReadSlotsAsync(EvmAddress account, CancellationToken cancel) =>
        ReadAsync(AbiEncoder.Call("slotsOf(address)").Word(account.Value), cancel);

    private Task<EvmReceipt> SendAsync(AbiEncoder call, CancellationToken cancel, BigInteger value = default) =>
        evm.SendAsync(Address, call.ToArray(), errors, cancel, value);

    private async Task<BigInteger> ReadAsync(AbiEncoder call, CancellationToken cancel)
    {
        byte[] word = await evm.CallAsync(Address, call.ToArray(), errors, cancel);
        return word.Length == 32
            ? AbiEncoder.ReadWord(word, 0)
            : throw new InvalidDataException($"{Address} returned {word.Length} bytes, not 32: is it a prover market?");
    }
}
