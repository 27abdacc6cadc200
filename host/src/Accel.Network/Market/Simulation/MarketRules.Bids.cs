using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market.Simulation;

/// <content>Sealed bids and the ramp.</content>
public sealed partial class MarketRules
{
    /// <summary>Takes a sealed bid and locks its collateral and a slot; in Bidding, once a request.</summary>
    /// <param name="bidder">Who bids.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="priceWei">Under the seal: even above the ceiling it is taken, and refused when opened.</param>
    /// <param name="salt">Likewise.</param>
    public MarketRefusal CommitBid(EvmAddress bidder, int requestId, BigInteger priceWei, BigInteger salt)
    {
        if (PhaseOf(requestId) != MarketPhase.Bidding)
        {
            return MarketRefusal.WrongPhase;
        }

        MarketRequest asked = RequestOf(requestId);
        if (asked.Bids.ContainsKey(bidder))
        {
            return MarketRefusal.AlreadyBid;
        }

        MarketRefusal refusal = Lock(bidder, asked.CollateralWei);
        if (refusal == MarketRefusal.None)
        {
            asked.Add(bidder, priceWei, salt);
        }

        return refusal;
    }

    /// <summary>Opens a bid, in Revealing; who is not the best, or no longer, has its collateral back at once.</summary>
    public MarketRefusal RevealBid(EvmAddress bidder, int requestId, BigInteger priceWei, BigInteger salt)
    {
        if (PhaseOf(requestId) != MarketPhase.Revealing)
        {
            return MarketRefusal.WrongPhase;
        }

        MarketRequest asked = RequestOf(requestId);
        if (!asked.Bids.TryGetValue(bidder, out SealedBid? bid) || !bid.IsSealed)
        {
            return MarketRefusal.NoSealedBid;
        }

        if (bid.PriceWei != priceWei || bid.Salt != salt)
        {
            return MarketRefusal.CommitmentMismatch;
        }

        if (priceWei > asked.CeilingWei)
        {
            return MarketRefusal.PriceAboveCeiling;
        }

        bid.IsSealed = false;
        Rank(asked, bidder, priceWei, bid.Index);
        return MarketRefusal.None;
    }

    /// <summary>Ends a bid that was not opened in time: the ceiling is burnt out of its collateral, the rest and the slot are freed.</summary>
    public MarketRefusal BurnUnrevealed(int requestId, EvmAddress bidder)
    {
        if (Find(requestId) is not { } asked || !asked.Bids.TryGetValue(bidder, out SealedBid? bid) || !bid.IsSealed)
        {
            return MarketRefusal.NoSealedBid;
        }

        if (Time < asked.RevealEnd)
        {
            return MarketRefusal.WrongPhase;
        }

        bid.IsSealed = false;
        Unlock(bidder, asked.CollateralWei);
        Slash(bidder);
        Of(bidder).FreeWei -= asked.CeilingWei;
        BurntWei += asked.CeilingWei;
        return MarketRefusal.None;
    }

    /// <summary>Takes a request on which nobody opened a bid at the price that the ramp has reached; in Ramping, the first one has it.</summary>
    public MarketRefusal Accept(EvmAddress prover, int requestId)
    {
        if (PhaseOf(requestId) != MarketPhase.Ramping)
        {
            return MarketRefusal.WrongPhase;
        }

        MarketRequest asked = RequestOf(requestId);
        MarketRefusal refusal = Lock(prover, asked.CollateralWei);
        if (refusal == MarketRefusal.None)
        {
            asked.Assignee = prover;
            asked.FeeWei = asked.CeilingWei * (Time - asked.RampStart) / asked.Terms.RampSeconds;
            asked.Deadline = Time + asked.Terms.ProveSeconds;
        }

        return refusal;
    }

    /// <summary>Places an opened bid: the fee is the lowest price but one, the ceiling while there is one alone.</summary>
    private void Rank(MarketRequest asked, EvmAddress bidder, BigInteger priceWei, int index)
    {
        EvmAddress loser = bidder;
        if (asked.Reveals == 0)
        {
            asked.FeeWei = asked.CeilingWei;
            asked.Deadline = asked.RevealEnd + asked.Terms.ProveSeconds;
            asked.SetBest(bidder, priceWei, index);
        }
        else if (asked.IsBeatenBy(priceWei, index))
        {
            loser = asked.Assignee;
            asked.FeeWei = asked.BestPriceWei;
            asked.SetBest(bidder, priceWei, index);
        }
        else if (priceWei < asked.FeeWei)
        {
            asked.FeeWei = priceWei;
        }

        if (asked.Reveals++ > 0)
        {
            Unlock(loser, asked.CollateralWei);
        }
    }
}
