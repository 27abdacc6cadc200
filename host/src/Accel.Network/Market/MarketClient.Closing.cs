using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market;

/// <content>Rescues, ends by time-out, and what the contract has on record.</content>
public sealed partial class MarketClient
{
    private const int RequesterWord = 0, AssigneeWord = 10, DeadlineWord = 11, FeeWord = 14, RequestWords = 20, WordLength = 32;

    /// <summary>Ends a bid that was not opened in time, and burns the ceiling out of its collateral.</summary>
    public Task<EvmReceipt> BurnUnrevealedAsync(BigInteger requestId, EvmAddress bidder, CancellationToken cancel) =>
        SendAsync(AbiEncoder.Call("burnUnrevealed(uint256,address)").Word(requestId).Word(bidder.Value), cancel);

    /// <summary>Ends a request that nobody delivered.</summary>
    public Task<EvmReceipt> ExpireAsync(BigInteger requestId, CancellationToken cancel) =>
        SendAsync(AbiEncoder.Call("expire(uint256)").Word(requestId), cancel);

    /// <summary>Gives the escrow of a request that nobody took back.</summary>
    public Task<EvmReceipt> RefundAsync(BigInteger requestId, CancellationToken cancel) =>
        SendAsync(AbiEncoder.Call("refund(uint256)").Word(requestId), cancel);

    /// <summary>Commits to a foreign circuit's late proof.</summary>
    /// <param name="commitment">What <see cref="DeliveryCommitment"/> gives.</param>
    /// <param name="cancel">Gives up the wait; the transaction may still be mined.</param>
    public Task<EvmReceipt> CommitDeliveryAsync(BigInteger commitment, CancellationToken cancel) =>
        SendAsync(AbiEncoder.Call("commitDelivery(bytes32)").Word(commitment), cancel);

    /// <summary>Hands a foreign circuit's late proof in, a block or more after its commitment.</summary>
    public Task<EvmReceipt> RescueForeignAsync(
        BigInteger requestId,
        EvmAddress payee,
        IReadOnlyCollection<BigInteger> proof,
        IReadOnlyCollection<BigInteger> inputs,
        BigInteger salt,
        CancellationToken cancel) => SendAsync(
        AbiEncoder.Call("rescueForeign(uint256,address,uint256[],uint256[],bytes32)")
            .Word(requestId).Word(payee.Value).WordArray(proof).WordArray(inputs).Word(salt),
        cancel);

    /// <summary>The commitment to a foreign circuit's late proof: keccak256 of chain id, market, request, payee, keccak256(proof, inputs) and salt.</summary>
    public BigInteger DeliveryCommitment(
        BigInteger requestId, EvmAddress payee, IReadOnlyCollection<BigInteger> proof, IReadOnlyCollection<BigInteger> inputs, BigInteger salt)
    {
        byte[] content = Keccak256.Hash(AbiEncoder.Arguments().WordArray(proof).WordArray(inputs).ToArray());
        byte[] preimage = AbiEncoder.Arguments()
            .Word(evm.ChainId).Word(Address.Value).Word(requestId).Word(payee.Value).Word(Unsigned(content)).Word(salt).ToArray();
        return Unsigned(Keccak256.Hash(preimage));
    }

    /// <summary>What backs an account's bids and proofs in the making, in wei.</summary>
    public Task<BigInteger> ReadLockedAsync(EvmAddress account, CancellationToken cancel) =>
        ReadAsync(AbiEncoder.Call("lockedOf(address)").Word(account.Value), cancel);

    /// <summary>How many of an account's slots are taken.</summary>
    public Task<BigInteger> ReadBusySlotsAsync(EvmAddress account, CancellationToken cancel) =>
        ReadAsync(AbiEncoder.Call("busySlotsOf(address)").Word(account.Value), cancel);

    /// <summary>Wei that were burnt.</summary>
    public Task<BigInteger> ReadBurntAsync(CancellationToken cancel) => ReadAsync(AbiEncoder.Call("burnt()"), cancel);

    /// <summary>Who has a request, until when and for how much.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such request.</exception>
    public async Task<MarketAssignment> ReadAssignmentAsync(BigInteger requestId, CancellationToken cancel)
    {
        byte[] record = await evm.CallAsync(Address, AbiEncoder.Call("requestOf(uint256)").Word(requestId).ToArray(), errors, cancel);
        if (record.Length != RequestWords * WordLength)
        {
            throw new InvalidDataException($"{Address} returned {record.Length} bytes, not {RequestWords * WordLength}: is it a prover market?");
        }

        return AbiEncoder.ReadWord(record, RequesterWord).IsZero
            ? throw new ArgumentOutOfRangeException(nameof(requestId), requestId, $"{Address} has no such request")
            : new MarketAssignment(
                new EvmAddress(AbiEncoder.ReadWord(record, AssigneeWord)),
                (long)AbiEncoder.ReadWord(record, DeadlineWord),
                AbiEncoder.ReadWord(record, FeeWord));
    }

    private static BigInteger Unsigned(byte[] hash) => new(hash, isUnsigned: true, isBigEndian: true);
}

/// <summary>Who has a request.</summary>
/// <param name="Assignee">Lowest bidder so far, then the prover; zero when there is none.</param>
/// <param name="Deadline">When it must have delivered, Unix seconds; 0 when there is no assignee.</param>
/// <param name="FeeWei">What the proof is paid.</param>
public sealed record MarketAssignment(EvmAddress Assignee, long Deadline, BigInteger FeeWei);
