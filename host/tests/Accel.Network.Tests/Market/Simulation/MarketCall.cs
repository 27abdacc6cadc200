using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Tests.Market.Simulation;

/// <summary>The calls that <see cref="MarketScript"/> draws.</summary>
public enum CallKind
{
    Pass,
    Deposit,
    Withdraw,
    Request,
    CommitBid,
    RevealBid,
    BurnUnrevealed,
    Accept,
    Deliver,
    CommitDelivery,
    RescueForeign,
    Expire,
    Refund,
}

/// <summary>One call of the market, or a step of the clock, with all that either side needs to carry it out.</summary>
/// <param name="Kind">Which call.</param>
/// <param name="Actor">Who calls.</param>
/// <param name="RequestId">About which request; 0 for none.</param>
/// <param name="Amount">Wei of a deposit, a withdrawal, a ceiling or a price; seconds of a step of the clock.</param>
public sealed record MarketCall(CallKind Kind, EvmAddress Actor, int RequestId, BigInteger Amount)
{
    /// <summary>Of a bid or of a foreign rescue.</summary>
    public BigInteger Salt { get; init; }

    /// <summary>Whose bid is burnt, or who a foreign rescue pays.</summary>
    public EvmAddress Other { get; init; }

    /// <summary>What the proof proves.</summary>
    public IReadOnlyList<BigInteger> Proven { get; init; } = [];

    /// <summary>What it is claimed to prove.</summary>
    public IReadOnlyList<BigInteger> Inputs { get; init; } = [];

    /// <summary>Whether a request's circuit names its payee.</summary>
    public bool PayeeInStatement { get; init; }

    /// <summary>Of a request.</summary>
    public BigInteger LatenessWei { get; init; }

    /// <summary>A request's five phases.</summary>
    public IReadOnlyList<uint> Lengths { get; init; } = [];
}
