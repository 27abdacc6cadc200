using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market.Simulation;

/// <summary>A request's record in <see cref="MarketRules"/>; <c>ProverMarket.Request</c>.</summary>
public sealed class MarketRequest
{
    private readonly Dictionary<EvmAddress, SealedBid> bids = [];

    internal MarketRequest(EvmAddress requester, MarketTerms terms, BigInteger ceilingWei, long openedAt)
    {
        Requester = requester;
        Terms = terms;
        CeilingWei = ceilingWei;
        BidEnd = openedAt + terms.BidSeconds;
        RevealEnd = BidEnd + terms.RevealSeconds;
    }

    /// <summary>Who asked and escrowed the ceiling.</summary>
    public EvmAddress Requester { get; }

    /// <summary>What was asked.</summary>
    public MarketTerms Terms { get; }

    /// <summary>The escrow: the most that the requester pays.</summary>
    public BigInteger CeilingWei { get; }

    /// <summary>First second in which no bid is taken any more.</summary>
    public long BidEnd { get; }

    /// <summary>First second in which no bid is opened any more.</summary>
    public long RevealEnd { get; }

    /// <summary>The final phase, or <see cref="MarketPhase.Unknown"/> while the request is open.</summary>
    public MarketPhase Closed { get; internal set; }

    /// <summary>Lowest bidder so far, then the prover; zero when there is none.</summary>
    public EvmAddress Assignee { get; internal set; }

    /// <summary>When the assignee must have delivered; 0 when there is none.</summary>
    public long Deadline { get; internal set; }

    /// <summary>Sealed bids taken.</summary>
    public int Commits { get; internal set; }

    /// <summary>Bids opened.</summary>
    public int Reveals { get; internal set; }

    /// <summary>Lowest opened price.</summary>
    public BigInteger BestPriceWei { get; internal set; }

    /// <summary>What the proof is paid: the second price, the ceiling when one bid alone was opened, or the ramp's price.</summary>
    public BigInteger FeeWei { get; internal set; }

    /// <summary>What a bid locks: 2·max(ceiling, lateness).</summary>
    public BigInteger CollateralWei => 2 * BigInteger.Max(CeilingWei, Terms.LatenessWei);

    /// <summary>When the price starts to rise, should nobody open a bid.</summary>
    public long RampStart => Commits == 0 ? BidEnd : RevealEnd;

    internal int BestIndex { get; set; }

    internal IReadOnlyDictionary<EvmAddress, SealedBid> Bids => bids;

    internal void Add(EvmAddress bidder, BigInteger priceWei, BigInteger salt) =>
        bids.Add(bidder, new SealedBid(++Commits, priceWei, salt));

    /// <summary>Lower is better; at one price the earlier commitment.</summary>
    internal bool IsBeatenBy(BigInteger priceWei, int index) =>
        priceWei < BestPriceWei || (priceWei == BestPriceWei && index < BestIndex);

    internal void SetBest(EvmAddress bidder, BigInteger priceWei, int index)
    {
        Assignee = bidder;
        BestPriceWei = priceWei;
        BestIndex = index;
    }
}

/// <summary>A bid: its place among the commitments, from 1, and what is under its seal.</summary>
internal sealed class SealedBid(int index, BigInteger priceWei, BigInteger salt)
{
    public int Index => index;

    public BigInteger PriceWei => priceWei;

    public BigInteger Salt => salt;

    /// <summary>Neither opened nor burnt.</summary>
    public bool IsSealed { get; set; } = true;
}
