using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market.Simulation;

/// <content>Deliveries, rescues and ends by time-out.</content>
public sealed partial class MarketRules
{
    private const int AddressBits = 160;

    private readonly Dictionary<DeliveryCommitment, long> deliveryCommittedAt = [];

    /// <summary>Hands a proof in, in Proving or Rescuing; who does is of no matter, since the payee is named by statement or assignment.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="proven">The public inputs that the proof proves.</param>
    /// <param name="inputs">The public inputs that are claimed: payee (unless foreign), those that the request fixes, outputs.</param>
    public MarketRefusal Deliver(int requestId, IReadOnlyList<BigInteger> proven, IReadOnlyList<BigInteger> inputs)
    {
        MarketPhase phase = PhaseOf(requestId);
        MarketRequest? asked = Find(requestId);
        EvmAddress payee = asked?.Assignee ?? default;
        if (asked is { Terms.PayeeInStatement: true })
        {
            if (inputs.Count == 0)
            {
                return MarketRefusal.TooFewInputs;
            }

            if (inputs[0].GetBitLength() > AddressBits)
            {
                return MarketRefusal.InvalidPayee;
            }

            payee = new EvmAddress(inputs[0]);
        }
        else if (phase == MarketPhase.Rescuing)
        {
            return MarketRefusal.RescueNeedsCommitment;
        }

        return Close(asked, phase, payee, proven, inputs);
    }

    /// <summary>Commits to a foreign circuit's late proof; a commitment that was made before keeps its block.</summary>
    public void CommitDelivery(DeliveryCommitment commitment) => deliveryCommittedAt.TryAdd(commitment, Block);

    /// <summary>Pays the payee of a commitment for a foreign circuit's late proof; in Rescuing, in a later block than the commitment's.</summary>
    public MarketRefusal RescueForeign(
        int requestId, EvmAddress payee, IReadOnlyList<BigInteger> proven, IReadOnlyList<BigInteger> inputs, BigInteger salt)
    {
        MarketPhase phase = PhaseOf(requestId);
        if (phase != MarketPhase.Rescuing)
        {
            return MarketRefusal.WrongPhase;
        }

        MarketRequest asked = RequestOf(requestId);
        if (asked.Terms.PayeeInStatement)
        {
            return MarketRefusal.CircuitNamesPayee;
        }

        return deliveryCommittedAt.TryGetValue(DeliveryCommitment.Of(requestId, payee, proven, inputs, salt), out long block) && block != Block
            ? Close(asked, phase, payee, proven, inputs)
            : MarketRefusal.NotCommittedBefore;
    }

    /// <summary>Ends a request that nobody delivered, in Lapsed: the escrow goes back, all of the assignee's collateral is burnt.</summary>
    public MarketRefusal Expire(int requestId)
    {
        if (PhaseOf(requestId) != MarketPhase.Lapsed)
        {
            return MarketRefusal.WrongPhase;
        }

        MarketRequest asked = RequestOf(requestId);
        asked.Closed = MarketPhase.Expired;
        Consume(asked.Assignee, asked.CollateralWei);
        Slash(asked.Assignee);
        BurntWei += asked.CollateralWei;
        Of(asked.Requester).FreeWei += asked.CeilingWei;
        return MarketRefusal.None;
    }

    /// <summary>Gives the escrow of a request that nobody took back, in Unfilled.</summary>
    public MarketRefusal Refund(int requestId)
    {
        if (PhaseOf(requestId) != MarketPhase.Unfilled)
        {
            return MarketRefusal.WrongPhase;
        }

        MarketRequest asked = RequestOf(requestId);
        asked.Closed = MarketPhase.Refunded;
        Of(asked.Requester).FreeWei += asked.CeilingWei;
        return MarketRefusal.None;
    }

    private MarketRefusal Close(
        MarketRequest? asked, MarketPhase phase, EvmAddress payee, IReadOnlyList<BigInteger> proven, IReadOnlyList<BigInteger> inputs)
    {
        bool late = phase == MarketPhase.Rescuing;
        if (asked is null || (!late && phase != MarketPhase.Proving))
        {
            return MarketRefusal.WrongPhase;
        }

        if (!late && payee != asked.Assignee)
        {
            return MarketRefusal.PayeeIsNotAssignee;
        }

        if (payee == default)
        {
            return MarketRefusal.InvalidPayee;
        }

        int start = asked.Terms.PayeeInStatement ? 1 : 0, count = asked.Terms.Inputs.Count;
        if (inputs.Count < start + count)
        {
            return MarketRefusal.TooFewInputs;
        }

        if (!inputs.Skip(start).Take(count).SequenceEqual(asked.Terms.Inputs))
        {
            return MarketRefusal.InputHashMismatch;
        }

        if (!proven.SequenceEqual(inputs))
        {
            return MarketRefusal.InvalidProof;
        }

        Pay(asked, payee, late);
        return MarketRefusal.None;
    }

    /// <summary>In time the collateral goes back; late half of it goes to the payee, and the odd wei to the burnt half.</summary>
    private void Pay(MarketRequest asked, EvmAddress payee, bool late)
    {
        BigInteger collateral = asked.CollateralWei, reward = asked.FeeWei;
        Of(asked.Requester).FreeWei += asked.CeilingWei - reward;
        if (late)
        {
            asked.Closed = MarketPhase.Rescued;
            Consume(asked.Assignee, collateral);
            Slash(asked.Assignee);
            BurntWei += collateral - (collateral / 2);
            reward += collateral / 2;
        }
        else
        {
            asked.Closed = MarketPhase.Delivered;
            Unlock(asked.Assignee, collateral);
            Of(asked.Assignee).Slots++;
        }

        Of(payee).FreeWei += reward;
    }
}

/// <summary>What a foreign circuit's rescue is bound to before it is shown.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Payee">Who is paid.</param>
/// <param name="Content">Proof and inputs.</param>
/// <param name="Salt">256 random bits.</param>
public readonly record struct DeliveryCommitment(int RequestId, EvmAddress Payee, string Content, BigInteger Salt)
{
    /// <summary>The commitment to a proof and its payee.</summary>
    public static DeliveryCommitment Of(
        int requestId, EvmAddress payee, IReadOnlyList<BigInteger> proven, IReadOnlyList<BigInteger> inputs, BigInteger salt) =>
        new(requestId, payee, $"{string.Join(',', proven)};{string.Join(',', inputs)}", salt);
}
