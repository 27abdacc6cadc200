using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market.Simulation;

/// <summary>
/// <c>ProverMarket</c>'s rules without a chain: the same calls, in the same order of checks, on integers of wei and seconds. A test replays
/// random sequences against the contract. A proof is the list of public inputs that it proves, so that nobody can make one for other inputs.
/// </summary>
/// <remarks>Every call returns why it was refused; a refused call changes nothing. Time passes by <see cref="AdvanceTo"/> alone.</remarks>
public sealed partial class MarketRules
{
    /// <summary>Shortest length of a phase, in seconds.</summary>
    public const uint PhaseSecondsMin = 24;

    /// <summary>Longest length of a phase, in seconds: 30 days.</summary>
    public const uint PhaseSecondsMax = 30 * 86_400;

    private const int CeilingBitsMax = 128;

    private readonly List<MarketRequest> requests = [];

    /// <summary>Rules of a market that nobody has used.</summary>
    /// <param name="time">Time of the first block, in seconds.</param>
    public MarketRules(long time = 0) => Time = time;

    /// <summary>Time of the current block, in seconds.</summary>
    public long Time { get; private set; }

    /// <summary>Number of the current block.</summary>
    public long Block { get; private set; }

    /// <summary>Requests opened; their numbers are 1 … this.</summary>
    public int RequestCount => requests.Count;

    /// <summary>Goes on to a block.</summary>
    /// <param name="time">Its time in seconds, not before the current one.</param>
    /// <param name="block">Its number, not below the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException">Time or number would go back.</exception>
    public void AdvanceTo(long time, long block)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Time);
        ArgumentOutOfRangeException.ThrowIfLessThan(block, Block);
        (Time, Block) = (time, block);
    }

    /// <summary>A request's record.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such request.</exception>
    public MarketRequest RequestOf(int requestId) => Find(requestId)
        ?? throw new ArgumentOutOfRangeException(nameof(requestId), requestId, $"there are requests 1 … {requests.Count}");

    /// <summary>Where a request stands now.</summary>
    public MarketPhase PhaseOf(int requestId)
    {
        if (Find(requestId) is not { } asked)
        {
            return MarketPhase.Unknown;
        }

        if (asked.Closed != MarketPhase.Unknown)
        {
            return asked.Closed;
        }

        if (Time < asked.BidEnd)
        {
            return MarketPhase.Bidding;
        }

        if (asked.Commits > 0 && Time < asked.RevealEnd)
        {
            return MarketPhase.Revealing;
        }

        if (asked.Deadline == 0)
        {
            return Time <= asked.RampStart + asked.Terms.RampSeconds ? MarketPhase.Ramping : MarketPhase.Unfilled;
        }

        if (Time < asked.Deadline)
        {
            return MarketPhase.Proving;
        }

        return Time < asked.Deadline + asked.Terms.RescueSeconds ? MarketPhase.Rescuing : MarketPhase.Lapsed;
    }

    /// <summary>Opens a request; its number is <see cref="RequestCount"/> after the call.</summary>
    /// <param name="requester">Who asks.</param>
    /// <param name="terms">What is asked.</param>
    /// <param name="ceilingWei">The value sent along, in (0, 2¹²⁸).</param>
    public MarketRefusal Request(EvmAddress requester, MarketTerms terms, BigInteger ceilingWei)
    {
        if (ceilingWei.Sign <= 0 || ceilingWei.GetBitLength() > CeilingBitsMax)
        {
            return MarketRefusal.InvalidCeiling;
        }

        uint[] lengths = [terms.BidSeconds, terms.RevealSeconds, terms.RampSeconds, terms.ProveSeconds, terms.RescueSeconds];
        if (lengths.Any(length => length is < PhaseSecondsMin or > PhaseSecondsMax))
        {
            return MarketRefusal.InvalidPhaseLength;
        }

        requests.Add(new MarketRequest(requester, terms, ceilingWei, Time));
        PaidInWei += ceilingWei;
        return MarketRefusal.None;
    }

    private MarketRequest? Find(int requestId) => requestId >= 1 && requestId <= requests.Count ? requests[requestId - 1] : null;
}
