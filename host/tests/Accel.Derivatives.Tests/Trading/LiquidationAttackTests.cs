using System.Numerics;
using Accel.Derivatives.Circuits;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Tests.Circuits;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Derivatives.Tests.Trading;

/// <summary>Each test is one lie of a liquidator or an operator.</summary>
public sealed class LiquidationAttackTests
{
    private const int Liquidator = 5;
    private const int Sick = 9;
    private const long Usd = 100_000_000;
    private const int KeyFields = 2;
    private const int FlaggedAtField = 4;
    private const int CashField = 5;

    private static readonly RiskMatrix Risk = RandomTrades.Market(new Random(1), 2, 4);

    private static readonly VenueParameters Venue = new();

    private static readonly Lazy<LiquidationResult> LazyHonest = new(() => LiquidationReference.Liquidate(Batch(State(), Bid(100_000))));

    private static LiquidationResult Honest => LazyHonest.Value;

    [Fact]
    public void The_honest_liquidation_is_provable_and_improves_the_account()
    {
        CompiledCircuit circuit = TradeCircuits.Liquidation(PublicFace.RawFields);
        Assert.Null(WitnessSolver.TrySolve(circuit, LiquidationAssignment.Of(circuit, PublicFace.RawFields, Honest)).Violation);
        OpenedAccount liquidated = Honest.Steps[0].Liquidated;
        Assert.True(Maintenance(liquidated.Before) < Maintenance(liquidated.After));
        Assert.Equal(900_000, liquidated.After.Positions.Single().Quantity.Value * -1);
    }

    [Fact]
    public void The_payment_is_the_mark_less_the_auctions_discount_on_the_margin_taken_over()
    {
        // By hand in exact fractions: half of the auction has passed, so the discount is half of its greatest.
        Assert.Equal(150_000, LiquidationReference.Discount(Venue, State().Find(Sick)!, Risk.Time));
        Account account = State().Find(Sick)!;
        ScenarioMargin margin = ScenarioMargin.Of(Risk, Sick, account.Positions);
        BigInteger one = BigInteger.Pow(2, 30);
        BigInteger mark = Risk.Terms[Risk.Instruments[0].ExpirySlot]!.Discount * (BigInteger)(-100_000) * Mark;
        BigInteger requirement = Risk.MaintenanceFactor * (margin.OptionValue - margin.Gains[Scenario]);
        BigInteger twelve = BigInteger.Pow(10, 12);
        BigInteger numerator = (mark * twelve * 1_000_000) - (requirement * 100_000 * 150_000);
        BigInteger divisor = one * twelve * 1_000_000;
        BigInteger floor = (numerator - (((numerator % divisor) + divisor) % divisor)) / divisor;
        Assert.Equal(floor, (BigInteger)Honest.Steps[0].Payment.Value);
    }

    [Fact]
    public void A_healthy_account_cannot_be_liquidated()
    {
        ExchangeState healthy = State(cashUsd: 10_000_000);
        Attack.AssertRefusedByReference("meets maintenance", () => LiquidationReference.Liquidate(Batch(healthy, Bid(100_000))));
        AssertRefused("the scenario's margin is negative", a => a.Change(LiquidationCircuit.LiquidatedName, CashField, (Fr)(10_000_000L * Usd)));

        // Nor under a scenario of the liquidator's making.
        for (int s = 0; s < ScenarioGrid.ScenarioCount; s++)
        {
            int scenario = s;
            AssertRefused("one scenario is named", a => a.Change(LiquidationCircuit.LiquidatedName, 8 + scenario, scenario == Scenario ? 0 : 1));
        }
    }

    [Fact]
    public void A_scenario_that_does_not_hurt_shows_nothing()
    {
        int harmless = Enumerable.Range(0, ScenarioGrid.ScenarioCount).First(s => Margin(State().Find(Sick)!).Exact(State().Find(Sick)!.Cash, Risk.MaintenanceFactor, s).Sign >= 0);
        Attack.AssertRefusedByReference("meets maintenance", () => LiquidationReference.Liquidate(Batch(State(), Bid(100_000) with { Scenario = harmless })));
        AssertRefused("the scenario's margin is negative", a =>
        {
            a.Change(LiquidationCircuit.LiquidatedName, 8 + Scenario, 0);
            a.Change(LiquidationCircuit.LiquidatedName, 8 + harmless, 1);
        });
    }

    [Fact]
    public void Taking_more_than_restores_the_margin_is_refused()
    {
        Attack.AssertRefusedByReference("more than restores", () => LiquidationReference.Liquidate(Batch(State(), Bid(500_000))));
        Attack.AssertRefusedByReference("one liquidation may take", () => LiquidationReference.Liquidate(Batch(State(), Bid(500_001))));
        AssertRefused("no more is taken than restores the margin", a => Forge(a, Bid(500_000)));
        AssertRefused("bid", a => Forge(a, Bid(500_001)));
    }

    [Fact]
    public void The_price_follows_the_auction_and_the_bid()
    {
        // A flag raised earlier would deepen the discount; it is the leaf's.
        AssertRefused("the liquidated account is in the root", a => a.Bump(LiquidationCircuit.LiquidatedName, FlaggedAtField));
        Assert.Equal(0, LiquidationReference.Discount(Venue, State(flagged: false).Find(Sick)!, Risk.Time));
        Int128 price = Honest.Steps[0].Payment.Value;
        Attack.AssertRefusedByReference("above the bid's", () => LiquidationReference.Liquidate(Batch(State(), Bid(100_000, paymentMax: price - 1))));
        AssertRefused("payment within the bid", a => Forge(a, Bid(100_000, paymentMax: price - 1)));
    }

    [Fact]
    public void The_clearing_account_and_oneself_are_out_of_reach()
    {
        Attack.AssertRefusedByReference("itself", () => LiquidationReference.Liquidate(Batch(State(), Bid(100_000, of: Liquidator))));
        Attack.AssertRefusedByReference("clearing account", () => LiquidationReference.Liquidate(Batch(State(), Bid(100_000, of: 0))));
        AssertRefused("bid", a => a.Change(LiquidationCircuit.BidsName, 1, 0));
        AssertRefused("bid", a => a.Change(LiquidationCircuit.BidsName, 1, Liquidator));
    }

    [Fact]
    public void A_bid_that_was_used_expired_or_forged_is_refused()
    {
        Liquidation again = Bid(10_000);
        LiquidationResult once = LiquidationReference.Liquidate(Batch(State(), again));
        Attack.AssertRefusedByReference("used or replaced", () => LiquidationReference.Liquidate(Batch(once.NewState, again)));
        AssertRefused("order", a => a.Change(LiquidationCircuit.OrdersName, 2, OrderSlots.Empty.With(new OrderFill(100, 1)).Pairs().ElementAt(2)));
        Liquidation expired = Bid(100_000, expiresAt: RandomTrades.Now - 1);
        Attack.AssertRefusedByReference("expired", () => LiquidationReference.Liquidate(Batch(State(), expired)));
        AssertRefused("bid", a => Forge(a, expired));
        for (int field = 3; field < LiquidationCircuit.BidWires.Count; field++)
        {
            int term = field;
            AssertRefused("EdDsaPoseidon", a => a.Bump(LiquidationCircuit.BidsName, term));
        }

        AssertRefused("EdDsaPoseidon", a => a.Bump(LiquidationCircuit.SignaturesName, KeyFields));
    }

    [Fact]
    public void A_liquidator_must_be_able_to_carry_what_it_takes()
    {
        Attack.AssertRefusedByReference("below initial margin", () => LiquidationReference.Liquidate(Batch(State(liquidatorUsd: 0), Bid(100_000))));
        AssertRefused("margin", a => a.Change(LiquidationCircuit.LiquidatorsName, LeafWires.Count, 0));
    }

    [Theory]
    [InlineData(2, "the liquidated account is in the root")]
    [InlineData(3, "new root")]
    [InlineData(4, "risk root")]
    [InlineData(5, "parameter hash")]
    [InlineData(6, "diff hash")]
    public void A_public_field_that_is_not_the_batchs_is_refused(int field, string rule) => AssertRefused(rule, a => a.Bump(PublicFields.PublicName, field));

    private static int Scenario => Margin(State().Find(Sick)!).WorstScenario;

    private static long Mark => Risk.Instruments[0].ScenarioTicks[ScenarioGrid.MarkIndex];

    private static ScenarioMargin Margin(Account account) => ScenarioMargin.Of(Risk, Sick, account.Positions);

    private static BigInteger Maintenance(Account account) => Margin(account).Exact(account.Cash, Risk.MaintenanceFactor);

    /// <summary>A short of 100 contracts whose margin is missed by 15 % of its requirement, flagged half an auction ago.</summary>
    private static ExchangeState State(long? cashUsd = null, bool flagged = true, long liquidatorUsd = 1_000_000_000)
    {
        Position[] positions = RandomTrades.Sorted([KeyValuePair.Create(Risk.Instruments[0].Id, -1_000_000L)]);
        ScenarioMargin margin = ScenarioMargin.Of(Risk, Sick, positions);
        BigInteger unit = VenueParameters.Unit * BigInteger.Pow(2, 30);
        BigInteger requirement = Risk.MaintenanceFactor * (margin.OptionValue - margin.Gains[margin.WorstScenario]) / unit;
        Int128 cash = (Int128)((-margin.Exact(default, Risk.MaintenanceFactor) / unit) - (requirement * 15 / 100));
        Account sick = RandomTrades.Owner(Sick) with
        {
            Cash = cashUsd is { } usd ? new CashAmount((Int128)usd * Usd) : new CashAmount(cash),
            Positions = positions,
            Status = flagged ? AccountStatus.BelowMaintenance : AccountStatus.None,
            FlaggedAt = flagged ? RandomTrades.Now - 450 : 0,
        };
        return ExchangeState.Empty.With(
        [
            new(0, RandomTrades.Owner(0)),
            new(1, new Account { KeyX = 0, KeyY = 0, OpenInterest = RandomTrades.Sorted([KeyValuePair.Create(Risk.Instruments[0].Id, 1_000_000L)]) }),
            new(Liquidator, RandomTrades.Owner(Liquidator) with { Cash = new CashAmount((Int128)liquidatorUsd * Usd) }),
            new(Sick, sick),
        ]);
    }

    private static LiquidationBatch Batch(ExchangeState state, Liquidation liquidation) => new(state, Risk, Venue, LiquidationShape.Tiny, [liquidation], 7, RandomTrades.Domain);

    private static Liquidation Bid(long share, Int128? paymentMax = null, int of = Sick, long expiresAt = RandomTrades.Now) => new(
        new LiquidationBid(Liquidator, of, share, new CashAmount(paymentMax ?? ((Int128)1 << 79)), expiresAt, 100).Sign(RandomTrades.Domain, RandomTrades.Key(Liquidator)), Scenario);

    private static void Forge(MutableAssignment assignment, Liquidation liquidation)
    {
        LiquidationBid bid = liquidation.Bid.Bid;
        EdDsaSignature signature = liquidation.Bid.Signature;
        assignment.Set(
            LiquidationCircuit.BidsName,
            [Fr.One, bid.LiquidatedLeaf, bid.Leaf, bid.ShareMillionths, FieldIntegers.FromInt128(bid.PaymentMax.Value), bid.ExpiresAt, bid.Nonce]);
        assignment.Set(LiquidationCircuit.SignaturesName, OracleGadget.Fields(signature));
    }

    private static void AssertRefused(string rule, Action<MutableAssignment> lie)
    {
        CompiledCircuit circuit = TradeCircuits.Liquidation(PublicFace.RawFields);
        Attack.AssertRefused(circuit, LiquidationAssignment.Of(circuit, PublicFace.RawFields, Honest), rule, lie);
    }
}
