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

/// <summary>
/// Each test is one lie of an operator or a trader: the reference refuses it by name, and the circuit has no witness for it. Where the reference
/// would refuse, the inputs are those of an honest batch with the lie put in, and a new signature where the liar holds the key.
/// </summary>
public sealed class TradingAttackTests
{
    private const int Alice = 5;
    private const int Bob = 9;
    private const long Usd = 100_000_000;

    private static readonly RiskMatrix Risk = RandomTrades.Market(new Random(1), 2, 4);

    private static readonly Lazy<TradeBatchResult> LazyTrades = new(() => TradeBatchReference.Book(Batch(State(), Sell(10_000, 7_000), Sell(10_000, 3_000))));

    private static TradeBatchResult Trades => LazyTrades.Value;

    private static Fr Instrument => Risk.Instruments[0].Id;

    private static long Mark => Risk.Instruments[0].ScenarioTicks[ScenarioGrid.MarkIndex];

    [Fact]
    public void The_honest_batch_is_provable()
    {
        CompiledCircuit circuit = TradeCircuits.Trade(PublicFace.RawFields);
        Assert.Null(WitnessSolver.TrySolve(circuit, TradeBatchAssignment.Of(circuit, PublicFace.RawFields, Trades)).Violation);
    }

    [Fact]
    public void An_over_margined_trade_is_refused()
    {
        // Bob sells 1,000 contracts with hardly any cash.
        ExchangeState poor = State(bobUsd: 10);
        Attack.AssertRefusedByReference("below initial margin", () => TradeBatchReference.Book(Batch(poor, Sell(10_000_000, 10_000_000))));

        // The circuit, from the honest batch of a rich Bob, told that Bob's leaf holds less cash: his margin fails whichever way he claims to meet it.
        TradeBatchResult rich = TradeBatchReference.Book(Batch(State(bobUsd: 1_000_000_000), Sell(10_000_000, 10_000_000)));
        int bob = rich.Accounts.ToList().FindIndex(account => account.Leaf == Bob);
        foreach (int isInitialMet in (int[])[0, 1])
        {
            AssertTradeRefused(rich, "margin", a =>
            {
                a.Change(TradeBatchCircuit.CashName, bob, 10 * Usd);
                a.Change(TradeBatchCircuit.InitialMetName, bob, isInitialMet);
            });
        }
    }

    [Fact]
    public void A_margin_below_zero_may_rise_but_not_fall()
    {
        // Bob is short and below initial margin; he may buy back at the mark, and not sell more.
        ExchangeState shortBob = State(bobUsd: 1, bobQuantity: -1_000_000);
        TradeBatchResult closing = TradeBatchReference.Book(Batch(shortBob, Trade(Alice, Bob, 10_000, 10_000, bobBuys: true)));
        OpenedAccount bob = closing.Accounts.Single(account => account.Leaf == Bob);
        Assert.False(bob.IsInitialMet);
        CompiledCircuit circuit = TradeCircuits.Trade(PublicFace.RawFields);
        Assert.Null(WitnessSolver.TrySolve(circuit, TradeBatchAssignment.Of(circuit, PublicFace.RawFields, closing)).Violation);
        Attack.AssertRefusedByReference("below initial margin", () => TradeBatchReference.Book(Batch(shortBob, Sell(10_000, 10_000))));
        int slot = closing.Accounts.ToList().IndexOf(bob);
        AssertTradeRefused(closing, "margin", a => a.Change(TradeBatchCircuit.InitialMetName, slot, 1));

        // No scenario, or two, would make the margin before whatever the prover likes.
        AssertTradeRefused(closing, "one scenario is compared", a => a.Change(TradeBatchCircuit.ScenarioName, (slot * ScenarioGrid.ScenarioCount) + bob.ScenarioBefore, 0));
        AssertTradeRefused(closing, "one scenario is compared", a => a.Bump(TradeBatchCircuit.ScenarioName, (slot * ScenarioGrid.ScenarioCount) + ((bob.ScenarioBefore + 1) % ScenarioGrid.ScenarioCount)));
    }

    [Fact]
    public void A_replayed_order_is_refused()
    {
        // The first trade of the honest batch once more, in the state that the batch left.
        Trade replayed = Trades.Batch.Trades[0] with { Quantity = 1 };
        Attack.AssertRefusedByReference("beyond its", () => TradeBatchReference.Book(Batch(Trades.NewState, replayed with { Quantity = 4_000 })));
        SignedOrder old = Order(Bob, OrderSide.Sell, 10_000, nonce: 100);
        Trade later = Sell(10_000, 10) with { Sell = Order(Bob, OrderSide.Sell, 10_000, nonce: 116) };
        ExchangeState after = TradeBatchReference.Book(Batch(State(), later)).NewState;
        Attack.AssertRefusedByReference("has replaced", () => TradeBatchReference.Book(Batch(after, Sell(10_000, 10) with { Sell = old })));
        AssertTradeRefused(Trades, "the order is not replaced", a => ForgeSell(a, 1, Order(Bob, OrderSide.Sell, 10_000, nonce: 100 - OrderSlots.Count)));
    }

    [Fact]
    public void An_overfilled_order_is_refused()
    {
        Attack.AssertRefusedByReference("beyond its 10000", () => TradeBatchReference.Book(Batch(State(), Sell(10_000, 7_000), Sell(10_000, 3_001))));
        AssertTradeRefused(Trades, "the order is not overfilled", a => a.Bump(TradeBatchCircuit.TradesName, TradeWires.Count + 6));
    }

    [Fact]
    public void A_forgotten_fill_is_refused()
    {
        // The slots say that nothing was filled when the second batch starts.
        TradeBatchResult second = TradeBatchReference.Book(Batch(TradeBatchReference.Book(Batch(State(), Sell(10_000, 7_000))).NewState, Sell(10_000, 3_000)));
        int bob = second.Accounts.ToList().FindIndex(account => account.Leaf == Bob);
        AssertTradeRefused(second, "the account is in the root", a =>
        {
            for (int pair = 0; pair < OrderSlots.PairCount; pair++)
            {
                a.Change(TradeBatchCircuit.OrdersName, (bob * OrderSlots.PairCount) + pair, 0);
            }
        });
    }

    [Fact]
    public void A_price_outside_a_limit_is_refused()
    {
        Attack.AssertRefusedByReference("outside the orders' limits", () => TradeBatchReference.Book(Batch(State(), Sell(10_000, 10) with { Price = new PriceTicks(Mark + 101) })));
        Attack.AssertRefusedByReference("outside the orders' limits", () => TradeBatchReference.Book(Batch(State(), Sell(10_000, 10) with { Price = new PriceTicks(Mark - 101) })));
        AssertTradeRefused(Trades, "buy order/price within the limit", a => a.Change(TradeBatchCircuit.TradesName, 5, Mark + 101));
        AssertTradeRefused(Trades, "sell order/price within the limit", a => a.Change(TradeBatchCircuit.TradesName, 5, Mark - 101));
    }

    [Fact]
    public void An_order_that_its_owner_did_not_sign_is_refused()
    {
        SignedOrder forged = new(Order(Bob, OrderSide.Sell, 10_000, 100).Order, EdDsaPoseidon.Sign(RandomTrades.Key(Alice), 1));
        Attack.AssertRefusedByReference("did not sign", () => TradeBatchReference.Book(Batch(State(), Sell(10_000, 10) with { Sell = forged })));
        AssertTradeRefused(Trades, "EdDsaPoseidon", a => a.Bump(TradeBatchCircuit.SignaturesName, 5));

        // Every signed term: limit, quantity, expiry and nonce of both orders.
        for (int term = 0; term < OrderTermWires.Count; term++)
        {
            int field = term;
            AssertTradeRefused(Trades, "EdDsaPoseidon", a => a.Bump(TradeBatchCircuit.TradesName, TradeWires.ScalarCount + field));
            AssertTradeRefused(Trades, "EdDsaPoseidon", a => a.Bump(TradeBatchCircuit.TradesName, TradeWires.ScalarCount + OrderTermWires.Count + field));
        }
    }

    [Fact]
    public void An_order_of_another_contract_instrument_or_account_is_refused()
    {
        Attack.AssertRefusedByReference("did not sign", () => TradeBatchReference.Book(Batch(State(), Sell(10_000, 10)) with { Domain = 1 }));
        AssertTradeRefused(Trades, "EdDsaPoseidon", a => a.Bump(PublicFields.PublicName, 0));
        AssertTradeRefused(Trades, "EdDsaPoseidon", a => a.Change(TradeBatchCircuit.TradesName, 4, (Trades.Rows.ToList().IndexOf(0) + 1) % 4));
        AssertTradeRefused(Trades, "EdDsaPoseidon", a =>
        {
            (Fr buyer, Fr seller) = (a.Values[TradeBatchCircuit.TradesName][2], a.Values[TradeBatchCircuit.TradesName][3]);
            a.Change(TradeBatchCircuit.TradesName, 2, seller);
            a.Change(TradeBatchCircuit.TradesName, 3, buyer);
        });
    }

    [Fact]
    public void An_expired_order_is_refused()
    {
        SignedOrder expired = (Order(Bob, OrderSide.Sell, 10_000, 100).Order with { ExpiresAt = RandomTrades.Now - 1 }).Sign(RandomTrades.Domain, RandomTrades.Key(Bob));
        Attack.AssertRefusedByReference("expired", () => TradeBatchReference.Book(Batch(State(), Sell(10_000, 10) with { Sell = expired })));
        AssertTradeRefused(Trades, "not expired", a => ForgeSell(a, 0, expired));
    }

    [Fact]
    public void Trading_with_oneself_is_refused()
    {
        SignedOrder own = Order(Bob, OrderSide.Buy, 10_000, 101);
        Attack.AssertRefusedByReference("itself", () => TradeBatchReference.Book(Batch(State(), Sell(10_000, 10) with { Buy = own })));
        AssertTradeRefused(Trades, "", a => a.Change(TradeBatchCircuit.TradesName, 2, a.Values[TradeBatchCircuit.TradesName][3]));
    }

    [Fact]
    public void Open_interest_above_the_limit_is_refused()
    {
        TradeBatch batch = Batch(State(), Sell(10_000, 7_000));
        Attack.AssertRefusedByReference("open interest", () => TradeBatchReference.Book(batch with { Parameters = new VenueParameters { OpenInterestMax = 6_999 } }));
        TradeBatchResult allowed = TradeBatchReference.Book(batch with { Parameters = new VenueParameters { OpenInterestMax = 7_000 } });
        AssertTradeRefused(allowed, "open interest", a => a.Change(VenueParameterWires.ScalarsName, 2, 6_999));
        AssertTradeRefused(allowed, "the open interest is in the root", a => a.Bump(OpenInterestUpdate.QuantitiesName, 0));
    }

    [Theory]
    [InlineData(2, "the account is in the root")]
    [InlineData(3, "new root")]
    [InlineData(4, "risk root")]
    [InlineData(5, "parameter hash")]
    [InlineData(6, "diff hash")]
    public void A_public_field_that_is_not_the_batchs_is_refused(int field, string rule) => AssertTradeRefused(Trades, rule, a => a.Bump(PublicFields.PublicName, field));

    [Theory]
    [InlineData(0, "parameter hash")]
    [InlineData(1, "parameter hash")]
    [InlineData(2, "parameter hash")]
    public void Other_fees_and_limits_are_refused(int scalar, string rule) => AssertTradeRefused(Trades, rule, a => a.Bump(VenueParameterWires.ScalarsName, scalar));

    [Fact]
    public void Milder_prices_are_refused()
    {
        AssertTradeRefused(Trades, "a used row is one of the matrix", a => a.Bump(RiskMatrixWires.RowsName, 3));
        AssertTradeRefused(Trades, "risk root", a => a.Bump(RiskMatrixWires.HeaderName, 3));

        // A row opened twice would let a position hide behind another's price.
        AssertTradeRefused(Trades, "ids ascend", a =>
        {
            for (int element = 0; element < RiskMatrix.RowElements; element++)
            {
                a.Change(RiskMatrixWires.RowsName, RiskMatrix.RowElements + element, a.Values[RiskMatrixWires.RowsName][element]);
            }
        });
    }

    [Fact]
    public void An_unused_row_can_neither_trade_nor_hold_a_position()
    {
        RiskMatrix one = RandomTrades.Market(new Random(2), 2, 1);
        Fr id = one.Instruments[0].Id;
        Trade trade = Sell(10_000, 10);
        trade = trade with
        {
            Buy = (trade.Buy.Order with { InstrumentId = id, Limit = new PriceTicks(1_000_000) }).Sign(RandomTrades.Domain, RandomTrades.Key(Alice)),
            Sell = (trade.Sell.Order with { InstrumentId = id, Limit = default }).Sign(RandomTrades.Domain, RandomTrades.Key(Bob)),
            Price = new PriceTicks(100),
        };
        TradeBatchResult result = TradeBatchReference.Book(new TradeBatch(State(), one, new VenueParameters(), TradeShape.Tiny, [trade], 7, RandomTrades.Domain));
        AssertTradeRefused(result, "an unused row is not live", a => a.Change(RiskMatrixWires.RowsName, RiskMatrix.RowElements + 1, 1));
        AssertTradeRefused(result, "the instrument is live", a => a.Change(TradeBatchCircuit.TradesName, 4, 1));
        AssertTradeRefused(result, "every position is live", a => a.Change(TradeBatchCircuit.QuantitiesName, 1, 5));
    }

    [Fact]
    public void An_expired_position_must_be_settled_first()
    {
        Fr expired = Poseidon.Hash(1, 2);
        ExchangeState state = State();
        Account holder = state.Find(Alice)! with { Positions = [new Position(expired, new PositionQuantity(-5))] };
        Attack.AssertRefusedByReference("does not price", () => TradeBatchReference.Book(Batch(state.With([new(Alice, holder)]), Sell(10_000, 10))));
    }

    [Fact]
    public void Fees_go_to_the_clearing_account_in_full()
    {
        Account clearing = Trades.NewState.Find(0)!;
        Fr kept = Trades.NewState.With([new(0, clearing with { Cash = new CashAmount(clearing.Cash.Value - 1) })]).Root;
        Assert.True(clearing.Cash.Value > 0);
        AssertTradeRefused(Trades, "new root", a => a.Change(PublicFields.PublicName, 3, kept));
        AssertTradeRefused(Trades, "root between", a => a.Bump(ClearingWires.LeafName, 3));
    }

    [Fact]
    public void The_one_public_hash_binds_every_field()
    {
        CompiledCircuit circuit = TradeCircuits.Trade(PublicFace.OneHash);
        for (int field = 0; field < TransitionPublicInputs.Names.Count; field++)
        {
            int changed = field;
            Attack.AssertRefused(circuit, TradeBatchAssignment.Of(circuit, PublicFace.OneHash, Trades), "hash of the public fields", a => a.Bump(PublicFields.HiddenName, changed));
        }
    }

    private static void AssertTradeRefused(TradeBatchResult honest, string rule, Action<MutableAssignment> lie)
    {
        CompiledCircuit circuit = TradeCircuits.Trade(PublicFace.RawFields);
        Attack.AssertRefused(circuit, TradeBatchAssignment.Of(circuit, PublicFace.RawFields, honest), rule, lie);
    }

    /// <summary>Puts another signed sell order into a trade.</summary>
    private static void ForgeSell(MutableAssignment assignment, int trade, SignedOrder order)
    {
        int first = (trade * TradeWires.Count) + TradeWires.ScalarCount + OrderTermWires.Count;
        Fr[] terms = [order.Order.Limit.Value, order.Order.Quantity, order.Order.ExpiresAt, order.Order.Nonce];
        Fr[] signature = OracleGadget.Fields(order.Signature);
        for (int i = 0; i < terms.Length; i++)
        {
            assignment.Change(TradeBatchCircuit.TradesName, first + i, terms[i]);
        }

        for (int i = 0; i < signature.Length; i++)
        {
            assignment.Change(TradeBatchCircuit.SignaturesName, (((2 * trade) + 1) * signature.Length) + i, signature[i]);
        }
    }

    private static TradeBatch Batch(ExchangeState state, params Trade[] trades) => new(state, Risk, new VenueParameters(), TradeShape.Tiny, trades, 7, RandomTrades.Domain);

    private static ExchangeState State(long bobUsd = 1_000_000, long bobQuantity = 0)
    {
        Account bob = RandomTrades.Owner(Bob) with
        {
            Cash = new CashAmount((Int128)bobUsd * Usd),
            Positions = RandomTrades.Sorted([KeyValuePair.Create(Instrument, bobQuantity)]),
        };
        return ExchangeState.Empty.With(
        [
            new(0, RandomTrades.Owner(0)),
            new(1, new Account { KeyX = 0, KeyY = 0, OpenInterest = RandomTrades.Sorted([KeyValuePair.Create(Instrument, Math.Max(0, -bobQuantity))]) }),
            new(Alice, RandomTrades.Owner(Alice) with { Cash = new CashAmount((Int128)1_000_000_000 * Usd), Positions = RandomTrades.Sorted([KeyValuePair.Create(Instrument, Math.Max(0, -bobQuantity))]) }),
            new(Bob, bob),
        ]);
    }

    /// <summary>Bob sells to Alice at the mark, out of orders for a quantity in all.</summary>
    private static Trade Sell(long orderQuantity, long quantity) => Trade(Alice, Bob, orderQuantity, quantity, bobBuys: false);

    private static Trade Trade(int alice, int bob, long orderQuantity, long quantity, bool bobBuys) => new(
        Order(bobBuys ? bob : alice, OrderSide.Buy, orderQuantity, 100), Order(bobBuys ? alice : bob, OrderSide.Sell, orderQuantity, 100), new PriceTicks(Mark), quantity, true);

    private static SignedOrder Order(int leaf, OrderSide side, long quantity, long nonce) =>
        new Order(leaf, Instrument, side, new PriceTicks(side == OrderSide.Buy ? Mark + 100 : Math.Max(0, Mark - 100)), quantity, RandomTrades.Now + 10, nonce).Sign(RandomTrades.Domain, RandomTrades.Key(leaf));
}
