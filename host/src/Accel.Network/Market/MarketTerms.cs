using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market;

/// <summary>What a requester fixes; <c>ProverMarket.Terms</c>.</summary>
/// <param name="Circuit">Contract that checks the circuit's proofs, such as a <c>Groth16Circuit</c>.</param>
/// <param name="Inputs">The public inputs that the request fixes, behind the payee; the contract keeps their hash and count.</param>
/// <param name="PayeeInStatement">Whether the first public input is the payee's address; otherwise the circuit is foreign.</param>
/// <param name="LatenessWei">What a late proof costs the requester; raises the collateral when above the ceiling.</param>
/// <param name="BidSeconds">Phase of sealed bids; this and the others in [24, 2,592,000].</param>
/// <param name="RevealSeconds">Phase in which they are opened.</param>
/// <param name="RampSeconds">Time in which the price rises to the ceiling when none was.</param>
/// <param name="ProveSeconds">From assignment to the deadline.</param>
/// <param name="RescueSeconds">Time after it in which anybody may deliver.</param>
public sealed record MarketTerms(
    EvmAddress Circuit,
    IReadOnlyList<BigInteger> Inputs,
    bool PayeeInStatement,
    BigInteger LatenessWei,
    uint BidSeconds,
    uint RevealSeconds,
    uint RampSeconds,
    uint ProveSeconds,
    uint RescueSeconds)
{
    /// <summary>keccak256 of the inputs' words.</summary>
    public BigInteger InputHash =>
        new(Keccak256.Hash(AbiEncoder.Arguments().Words(Inputs).ToArray()), isUnsigned: true, isBigEndian: true);
}

/// <summary>Where a request stands; the numbers are <c>ProverMarket.Phase</c>'s.</summary>
public enum MarketPhase
{
    /// <summary>There is no such request.</summary>
    Unknown = 0,

    /// <summary>Sealed bids are taken.</summary>
    Bidding = 1,

    /// <summary>Bids are opened.</summary>
    Revealing = 2,

    /// <summary>Nobody opened a bid; the price rises.</summary>
    Ramping = 3,

    /// <summary>The assignee is at work.</summary>
    Proving = 4,

    /// <summary>The assignee is late; anybody may deliver.</summary>
    Rescuing = 5,

    /// <summary>Nobody delivered; <c>expire</c> is due.</summary>
    Lapsed = 6,

    /// <summary>Nobody took it; <c>refund</c> is due.</summary>
    Unfilled = 7,

    /// <summary>Delivered in time.</summary>
    Delivered = 8,

    /// <summary>Delivered late.</summary>
    Rescued = 9,

    /// <summary>Ended without a proof, the collateral burnt.</summary>
    Expired = 10,

    /// <summary>Ended without an assignee.</summary>
    Refunded = 11,
}
