using System.Numerics;
using Accel.Network.Evm;
using Accel.Network.Market;
using Accel.Network.Market.Simulation;

namespace Accel.Network.Tests.Market.Simulation;

/// <summary>
/// Draws calls, sensible or not, and carries them out on the rules. Three in four suit the phase of some request, so that sequences come far;
/// the others are any. A call follows from its random word and the state alone, so that sequences shrink.
/// </summary>
internal sealed class MarketScript(EvmAddress circuit, MarketRules rules)
{
    /// <summary>More open ones and the clock's steps, made for one of them, would carry the others past their phases.</summary>
    private const int OpenRequestsMax = 2;

    private const int Output = 5;

    private readonly Dictionary<(int RequestId, EvmAddress Bidder), BigInteger> prices = [];

    public static IReadOnlyList<EvmAddress> Actors { get; } = [.. Enumerable.Range(1, 4).Select(i => new EvmAddress(0xACCE100 + i))];

    public MarketRules Rules => rules;

    /// <summary>What the request of a number asks to be proved.</summary>
    public static BigInteger InputOf(int requestId) => 7000 + requestId;

    public MarketCall Next(ulong word)
    {
        Random random = new(unchecked((int)(word ^ (word >> 32))));
        EvmAddress actor = Actors[random.Next(Actors.Count)];
        int[] open = [.. Enumerable.Range(1, rules.RequestCount).Where(id => rules.RequestOf(id).Closed == MarketPhase.Unknown)];
        if (rules.RequestCount == 0 || (open.Length < OpenRequestsMax && random.Next(8) == 0))
        {
            return Request(random, actor);
        }

        int id = open.Length > 0 && random.Next(8) > 0 ? open[random.Next(open.Length)] : 1 + random.Next(rules.RequestCount);
        return random.Next(4) == 0
            ? Draw((CallKind)random.Next((int)CallKind.Refund + 1), random, actor, id)
            : Draw(Sensible(rules.PhaseOf(id), random), random, actor, id);
    }

    /// <summary>Carries a call out; the clock's steps are refused nothing.</summary>
    public MarketRefusal Apply(MarketCall call)
    {
        rules.AdvanceTo(rules.Time + (call.Kind == CallKind.Pass ? (long)call.Amount : 0), rules.Block + 1);
        switch (call.Kind)
        {
            case CallKind.Deposit:
                rules.Deposit(call.Actor, call.Amount);
                return MarketRefusal.None;
            case CallKind.CommitDelivery:
                rules.CommitDelivery(DeliveryCommitment.Of(call.RequestId, call.Other, call.Proven, call.Inputs, call.Salt));
                return MarketRefusal.None;
            case CallKind.CommitBid:
                MarketRefusal refusal = rules.CommitBid(call.Actor, call.RequestId, call.Amount, call.Salt);
                if (refusal == MarketRefusal.None)
                {
                    prices.Add((call.RequestId, call.Actor), call.Amount);
                }

                return refusal;
        }

        return call.Kind switch
        {
            CallKind.Pass => MarketRefusal.None,
            CallKind.Withdraw => rules.Withdraw(call.Actor, call.Amount),
            CallKind.Request => rules.Request(call.Actor, Terms(call, rules.RequestCount + 1), call.Amount),
            CallKind.RevealBid => rules.RevealBid(call.Actor, call.RequestId, call.Amount, call.Salt),
            CallKind.BurnUnrevealed => rules.BurnUnrevealed(call.RequestId, call.Other),
            CallKind.Accept => rules.Accept(call.Actor, call.RequestId),
            CallKind.Deliver => rules.Deliver(call.RequestId, call.Proven, call.Inputs),
            CallKind.RescueForeign => rules.RescueForeign(call.RequestId, call.Other, call.Proven, call.Inputs, call.Salt),
            CallKind.Expire => rules.Expire(call.RequestId),
            CallKind.Refund => rules.Refund(call.RequestId),
            _ => throw new InvalidOperationException($"{call.Kind} is no call"),
        };
    }

    public MarketTerms Terms(MarketCall call, int requestId) => new(
        circuit, [InputOf(requestId)], call.PayeeInStatement, call.LatenessWei,
        call.Lengths[0], call.Lengths[1], call.Lengths[2], call.Lengths[3], call.Lengths[4]);

    private static CallKind Sensible(MarketPhase phase, Random random) => (phase, random.Next(4)) switch
    {
        ( < MarketPhase.Delivered, 0) => CallKind.Pass,
        (MarketPhase.Bidding, 1) => CallKind.Deposit,
        (MarketPhase.Bidding, _) => CallKind.CommitBid,
        (MarketPhase.Revealing, _) => CallKind.RevealBid,
        (_, 1) or ( >= MarketPhase.Delivered, _) => CallKind.BurnUnrevealed,
        (MarketPhase.Ramping, _) => CallKind.Accept,
        (MarketPhase.Proving, _) => CallKind.Deliver,
        (MarketPhase.Lapsed, _) => CallKind.Expire,
        (MarketPhase.Unfilled, _) => CallKind.Refund,
        (_, 2) => CallKind.CommitDelivery,
        _ => random.Next(2) == 0 ? CallKind.RescueForeign : CallKind.Deliver,
    };

    private MarketCall Request(Random random, EvmAddress actor) => new(CallKind.Request, actor, 0, random.Next(12) == 0 ? 0 : random.Next(1, 1000))
    {
        PayeeInStatement = random.Next(2) == 0,
        LatenessWei = random.Next(1500),
        Lengths = [.. Enumerable.Range(0, 5).Select(_ => random.Next(30) == 0 ? 23u : 24u + (uint)random.Next(200))],
    };

    private MarketCall Draw(CallKind kind, Random random, EvmAddress actor, int id)
    {
        MarketRequest asked = rules.RequestOf(id);
        EvmAddress other = Actors[random.Next(Actors.Count)];
        return kind switch
        {
            CallKind.Request => new MarketCall(CallKind.Expire, actor, id, 0),
            CallKind.Pass => new MarketCall(kind, actor, id, StepTo(asked, random)),
            CallKind.Deposit => new MarketCall(kind, actor, id, random.Next(6000)),
            CallKind.Withdraw => new MarketCall(kind, actor, id, random.Next((int)rules.FreeOf(actor) + 100)),
            CallKind.CommitBid => new MarketCall(kind, actor, id, random.Next((int)asked.CeilingWei + 20)) { Salt = Salt(id, actor) },
            CallKind.RevealBid => Reveal(random, actor, id),
            CallKind.Deliver or CallKind.CommitDelivery or CallKind.RescueForeign => Proof(kind, random, actor, id, asked),
            _ => new MarketCall(kind, actor, id, 0) { Other = other },
        };
    }

    /// <summary>To the next bound of a phase, one second before it or behind it, or anywhere.</summary>
    private int StepTo(MarketRequest asked, Random random)
    {
        long rampEnd = asked.RampStart + asked.Terms.RampSeconds, rescueEnd = asked.Deadline + asked.Terms.RescueSeconds;
        long[] bounds = [asked.BidEnd, asked.RevealEnd, asked.Deadline == 0 ? rampEnd : asked.Deadline, asked.Deadline == 0 ? rampEnd + 1 : rescueEnd];
        long bound = bounds.FirstOrDefault(bound => bound > rules.Time, rules.Time + 1 + random.Next(300));
        return (int)Math.Max(0, bound - rules.Time + random.Next(-1, 2));
    }

    private MarketCall Reveal(Random random, EvmAddress actor, int id)
    {
        // Mostly somebody who bid; sometimes with the wrong price or salt.
        EvmAddress[] bidders = [.. prices.Keys.Where(key => key.RequestId == id).Select(key => key.Bidder)];
        EvmAddress bidder = bidders.Length > 0 && random.Next(6) > 0 ? bidders[random.Next(bidders.Length)] : actor;
        prices.TryGetValue((id, bidder), out BigInteger price);
        int wrong = random.Next(10);
        return new MarketCall(CallKind.RevealBid, bidder, id, wrong == 0 ? price + 1 : price)
        {
            Salt = Salt(id, bidder) + (wrong == 1 ? 1 : 0),
        };
    }

    /// <summary>A proof, mostly the assignee's; sometimes for another payee, of another request, or passed off as what it is not.</summary>
    private static MarketCall Proof(CallKind kind, Random random, EvmAddress actor, int id, MarketRequest asked)
    {
        EvmAddress payee = random.Next(3) == 0 || asked.Assignee == default ? Actors[random.Next(Actors.Count)] : asked.Assignee;
        BigInteger input = InputOf(random.Next(10) == 0 ? id + 1 : id);
        List<BigInteger> proven = asked.Terms.PayeeInStatement ? [payee.Value, input, Output] : [input, Output, Output];
        List<BigInteger> inputs = [.. proven];
        switch (random.Next(10))
        {
            case 0:
                inputs[0] = actor.Value;
                break;
            case 1:
                inputs[2] = Output + 1;
                break;
            case 2 when asked.Terms.PayeeInStatement:
                inputs[0] = random.Next(2) == 0 ? BigInteger.Zero : BigInteger.One << 161;
                break;
            case 3:
                inputs.RemoveRange(random.Next(2), inputs.Count - 1);
                break;
        }

        return new MarketCall(kind, actor, id, 0) { Other = payee, Proven = proven, Inputs = inputs, Salt = 99 };
    }

    private static BigInteger Salt(int id, EvmAddress bidder) => (bidder.Value * 1000) + id;
}
