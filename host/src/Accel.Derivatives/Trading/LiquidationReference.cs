using System.Numerics;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>
/// The liquidation statement in plain C#: what the circuit proves, bit for bit. A scenario under which the account's margin is negative shows
/// that maintenance is not met, whatever the others say. The liquidator takes a share of every position, at the mark less a discount on the
/// margin that it takes over; the discount rises with the time since the account was flagged. No more is taken than brings the account back
/// to maintenance and the buffer above it.
/// </summary>
public static class LiquidationReference
{
    private const long Unit = VenueParameters.Unit;

    /// <summary>Denominator of a payment: 30 places of value, millionths of the margin factor, of the share and of the discount.</summary>
    internal static BigInteger PaymentDivisor { get; } = ((BigInteger)Unit * Unit * Unit) << PortfolioMargin.ValueBits;

    /// <summary>Carries liquidations out.</summary>
    /// <exception cref="SettlementException">One breaks a rule; the message names it.</exception>
    public static LiquidationResult Liquidate(LiquidationBatch batch)
    {
        batch.Shape.Validate();
        batch.Parameters.Validate();
        if (batch.Liquidations.Count is 0 || batch.Liquidations.Count > batch.Shape.Liquidations)
        {
            throw new SettlementException($"{batch.Liquidations.Count} liquidations: the shape {batch.Shape} holds 1 to {batch.Shape.Liquidations}");
        }

        int[] rows = OpenedRows.Of(
            batch.Risk,
            batch.Shape.Instruments,
            batch.Shape.Expiries,
            batch.Liquidations.SelectMany(liquidation => new[] { liquidation.Bid.Bid.Leaf, liquidation.Bid.Bid.LiquidatedLeaf })
                .SelectMany(leaf => (batch.State.Find(leaf) ?? throw new SettlementException($"leaf {leaf} is empty")).Positions)
                .Concat(OpenInterestBook.Of(batch.State)).Select(position => position.InstrumentId));
        var chain = new StateChain(batch.State);
        List<LiquidationStep> steps = [.. batch.Liquidations.Select((liquidation, index) => Step(batch, chain, index, liquidation))];
        while (steps.Count < batch.Shape.Liquidations)
        {
            steps.Add(new LiquidationStep(Unchanged(batch, chain, steps[0].Liquidated.Leaf), Unchanged(batch, chain, steps[0].Liquidator.Leaf), default));
        }

        OpenedAccount openInterest = chain.Replace(
            ExchangeState.OpenInterestLeaf,
            account => account with { OpenInterest = OpenInterestBook.After(batch.Risk, batch.Parameters, account, steps.SelectMany(step => new[] { step.Liquidated, step.Liquidator })) });
        Fr[] words = [.. batch.Liquidations.Select(LiquidationDiff.Word), .. new Fr[batch.Shape.Liquidations - batch.Liquidations.Count]];
        return new LiquidationResult(
            batch, chain.State, rows, steps, openInterest, words, new TransitionPublicInputs(
                batch.Domain, batch.BatchNumber, batch.State.Root, chain.State.Root, batch.Risk.Root, batch.Parameters.Hash(),
                TradeDiff.Hash(OpenedRows.Ids(batch.Risk, rows, batch.Shape.Instruments), words)));
    }

    /// <summary>The discount at a time, in millionths: zero until the account is flagged, then rising to the end of the auction; floored.</summary>
    public static long Discount(VenueParameters parameters, Account account, long time)
    {
        long elapsed = account.Status.HasFlag(AccountStatus.BelowMaintenance) ? Math.Clamp(time - account.FlaggedAt, 0, parameters.AuctionSeconds) : 0;
        return elapsed * parameters.AuctionDiscountMax / parameters.AuctionSeconds;
    }

    private static OpenedAccount Unchanged(LiquidationBatch batch, StateChain chain, int leaf) =>
        MarginRule.Hold(batch.Risk, batch.Shape.Positions, chain.Replace(leaf, account => account));

    private static LiquidationStep Step(LiquidationBatch batch, StateChain chain, int index, Liquidation liquidation)
    {
        LiquidationBid bid = liquidation.Bid.Bid;
        Require(index, bid.LiquidatedLeaf != ExchangeState.ClearingLeaf, "is of the clearing account, which nobody liquidates");
        Require(index, bid.LiquidatedLeaf != bid.Leaf, "is of the liquidator itself");
        Require(index, liquidation.Scenario is >= 0 and < ScenarioGrid.ScenarioCount, $"names scenario {liquidation.Scenario}; there are {ScenarioGrid.ScenarioCount}");
        Account liquidated = chain.State.Find(bid.LiquidatedLeaf)!;
        RequireBid(batch, index, liquidation.Bid, chain.State.Find(bid.Leaf)!);
        var published = new PublishedLiquidation(bid.LiquidatedLeaf, bid.Leaf, bid.ShareMillionths, liquidation.Scenario, bid.Nonce);
        (Position[] taken, Int128 payment) = Price(batch.Risk, batch.Parameters, index, published, liquidated);
        Require(index, payment <= bid.PaymentMax.Value, $"costs {new CashAmount(payment)} USD, above the bid's {bid.PaymentMax}");
        OpenedAccount[] opened = Move(chain, published, taken, payment);
        MarginRule.RequireInStatement(batch.Shape.Positions, opened[0]);
        return new LiquidationStep(opened[0], MarginRule.Hold(batch.Risk, batch.Shape.Positions, opened[1]), new CashAmount(payment));
    }

    /// <summary>Carries a proved liquidation out: the liquidated account, then the liquidator's.</summary>
    internal static OpenedAccount[] Move(RiskMatrix risk, VenueParameters parameters, StateChain chain, int index, PublishedLiquidation liquidation)
    {
        (Position[] taken, Int128 payment) = Price(risk, parameters, index, liquidation, chain.State.Find(liquidation.Liquidated)!);
        return Move(chain, liquidation, taken, payment);
    }

    private static OpenedAccount[] Move(StateChain chain, PublishedLiquidation liquidation, Position[] taken, Int128 payment) =>
    [
        chain.Replace(liquidation.Liquidated, account => account with
        {
            Cash = TradeLedger.Checked(liquidation.Liquidated, account.Cash.Value + payment),
            Positions = Sum(liquidation.Liquidated, account.Positions, taken, -1),
        }),
        chain.Replace(liquidation.Liquidator, account => account with
        {
            Cash = TradeLedger.Checked(liquidation.Liquidator, account.Cash.Value - payment),
            Positions = Sum(liquidation.Liquidator, account.Positions, taken, 1),
            Orders = account.Orders.With(new OrderFill(liquidation.Nonce, 1)),
        }),
    ];

    private static void RequireBid(LiquidationBatch batch, int index, SignedBid signed, Account liquidator)
    {
        LiquidationBid bid = signed.Bid;
        var key = new EdDsaPublicKey(new BabyJubjubPoint(liquidator.KeyX, liquidator.KeyY));
        Require(index, EdDsaPoseidon.Verify(key, bid.Message(batch.Domain), signed.Signature), $"has a bid that the owner of leaf {bid.Leaf} did not sign");
        Require(index, bid.ShareMillionths >= 1 && bid.ShareMillionths <= batch.Parameters.LiquidatedShareMax, $"takes {bid.ShareMillionths} millionths; one liquidation may take 1 to {batch.Parameters.LiquidatedShareMax}");
        Require(index, bid.ExpiresAt >= batch.Risk.Time, $"has a bid that expired at {bid.ExpiresAt}, before {batch.Risk.Time}");
        OrderFill slot = liquidator.Orders.Fills[OrderSlots.IndexOf(bid.Nonce)];
        Require(index, bid.Nonce > slot.Nonce || (bid.Nonce == slot.Nonce && slot.Filled == 0), $"has a bid with nonce {bid.Nonce}, which was used or replaced");
    }

    private static (Position[] Taken, Int128 Payment) Price(
        RiskMatrix risk, VenueParameters parameters, int index, PublishedLiquidation liquidation, Account account)
    {
        (int leaf, _, long share, int scenario, _) = liquidation;
        ScenarioMargin margin = ScenarioMargin.Of(risk, leaf, account.Positions);
        BigInteger exact = margin.Exact(account.Cash, risk.MaintenanceFactor, scenario);
        Require(index, exact.Sign < 0, $"is of leaf {leaf}, which meets maintenance under scenario {scenario}");
        BigInteger requirement = risk.MaintenanceFactor * (margin.OptionValue - margin.Gains[scenario]);
        Require(index, requirement.Sign >= 0, $"names scenario {scenario}, under which leaf {leaf} gains; name one under which it loses");
        long discount = Discount(parameters, account, risk.Time);
        Require(
            index,
            share * (Unit - discount) * requirement <= (-exact * Unit * Unit) + (parameters.LiquidationBuffer * Unit * requirement),
            $"takes {share} millionths of leaf {leaf}, more than restores its maintenance margin");
        Position[] taken =
        [
            .. account.Positions.Select(position => position with { Quantity = new PositionQuantity((long)((Int128)position.Quantity.Value * share / Unit)) })
                .Where(position => position.Quantity.Value != 0),
        ];
        BigInteger mark = ScenarioMargin.Of(risk, leaf, taken).OptionValue;
        BigInteger numerator = (mark * Unit * Unit * Unit) - (discount * share * requirement);
        BigInteger payment = BigInteger.DivRem(numerator, PaymentDivisor, out BigInteger remainder);
        return (taken, (Int128)(remainder.Sign < 0 ? payment - 1 : payment));
    }

    private static Position[] Sum(int leaf, IReadOnlyList<Position> positions, Position[] changes, int sign)
    {
        Dictionary<Fr, long> quantities = positions.ToDictionary(position => position.InstrumentId, position => position.Quantity.Value);
        foreach (Position change in changes)
        {
            quantities[change.InstrumentId] = quantities.GetValueOrDefault(change.InstrumentId) + (sign * change.Quantity.Value);
        }

        Position[] sum =
        [
            .. quantities.Where(pair => pair.Value != 0).Select(pair => new Position(pair.Key, new PositionQuantity(pair.Value)))
                .OrderBy(position => position.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare)),
        ];
        return Array.TrueForAll(sum, position => position.Quantity.IsInDomain)
            ? sum
            : throw new SettlementException($"leaf {leaf} would hold more than ±429496.7296 contracts of an instrument");
    }

    private static void Require(int index, bool condition, string violation)
    {
        if (!condition)
        {
            throw new SettlementException($"liquidation {index} {violation}");
        }
    }
}
