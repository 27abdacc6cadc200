namespace Accel.Network.Market.Simulation;

/// <summary>Why the rules refuse a call; but for <see cref="None"/> the names are those of <c>ProverMarket</c>'s errors.</summary>
public enum MarketRefusal
{
    /// <summary>The call was carried out.</summary>
    None,

    /// <summary>The call belongs to another phase of the request.</summary>
    WrongPhase,

    /// <summary>A phase's length is outside its bounds.</summary>
    InvalidPhaseLength,

    /// <summary>The value sent is zero, or needs more than 128 bits.</summary>
    InvalidCeiling,

    /// <summary>The account's free funds do not suffice.</summary>
    InsufficientFunds,

    /// <summary>All of the prover's slots hold a bid or a proof in the making.</summary>
    NoFreeSlot,

    /// <summary>The bidder has bid on this request before.</summary>
    AlreadyBid,

    /// <summary>There is no sealed bid of this bidder on this request.</summary>
    NoSealedBid,

    /// <summary>Price and salt are not those that the bid was sealed with.</summary>
    CommitmentMismatch,

    /// <summary>The price is above the request's ceiling.</summary>
    PriceAboveCeiling,

    /// <summary>Before the deadline the assignee alone is paid.</summary>
    PayeeIsNotAssignee,

    /// <summary>The statement's first public input is no payee.</summary>
    InvalidPayee,

    /// <summary>The statement has fewer public inputs than the request fixes.</summary>
    TooFewInputs,

    /// <summary>The proof is of other inputs than requested.</summary>
    InputHashMismatch,

    /// <summary>The proof does not hold.</summary>
    InvalidProof,

    /// <summary>The circuit names its payee, so that a rescue needs no commitment.</summary>
    CircuitNamesPayee,

    /// <summary>A foreign circuit's late proof must be committed to first.</summary>
    RescueNeedsCommitment,

    /// <summary>The commitment was not made in an earlier block.</summary>
    NotCommittedBefore,
}
