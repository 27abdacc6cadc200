using System.Numerics;
using Accel.Derivatives.Circuits;
using Accel.Derivatives.Circuits.Trading;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Tests.Circuits;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Derivatives.Tests.Trading;

/// <summary>Each test is one lie about money that enters or leaves.</summary>
public sealed class TransferAttackTests
{
    private const int Alice = 5;
    private const int Empty = 77;
    private const long Usd = 100_000_000;
    private const int AmountField = 4;
    private const int RecipientField = 5;
    private const int EmptyField = 8;
    private const int NonceField = 11;
    private const int CashField = 13;

    private static readonly RiskMatrix Risk = RandomTrades.Market(new Random(1), 2, 4);

    [Fact]
    public void A_withdrawal_below_margin_is_refused()
    {
        CashAmount free = Free(State().Find(Alice)!);
        TransferResult all = Apply(State(), Withdraw(free));
        AssertSatisfied(all);
        Attack.AssertRefusedByReference("below initial margin", () => Apply(State(), Withdraw(new CashAmount(free.Value + 1))));
        AssertRefused(all, "a signed withdrawal is covered", a => a.Bump(TransferCircuit.TransfersName, AmountField));
    }

    [Fact]
    public void A_withdrawal_that_its_owner_did_not_sign_or_signed_before_is_refused()
    {
        TransferResult honest = Apply(State(), Withdraw(new CashAmount(Usd)));
        AssertRefused(honest, "EdDsaPoseidon", a => a.Bump(TransferCircuit.TransfersName, RecipientField));
        AssertRefused(honest, "EdDsaPoseidon", a => a.Bump(TransferCircuit.TransfersName, AmountField));
        AssertRefused(honest, "EdDsaPoseidon", a => a.Bump(TransferCircuit.SignaturesName, 2));
        AssertRefused(honest, "EdDsaPoseidon", a => a.Bump(PublicFields.PublicName, 0));
        Attack.AssertRefusedByReference("for its nonce 1", () => Apply(honest.NewState, Withdraw(new CashAmount(Usd))));
        AssertRefused(honest, "the account is in the root", a => a.Bump(TransferCircuit.TransfersName, NonceField));
    }

    [Fact]
    public void A_deposit_must_be_the_queues_and_reach_its_own_account()
    {
        TransferResult honest = Apply(State(), Transfer.Deposit(Alice, new CashAmount(Usd), RandomTrades.Key(Alice).PublicKey));
        AssertRefused(honest, "new queue head", a => a.Bump(TransferCircuit.TransfersName, AmountField));
        AssertRefused(honest, "new queue head", a => a.Change(TransferCircuit.TransfersName, 3, 6));

        // Left out, or taken as a no-op: the head does not move.
        AssertRefused(honest, "new queue head", a => a.Change(TransferCircuit.TransfersName, 0, 0));
        TransferResult stranger = Apply(State(), Transfer.Deposit(Alice, new CashAmount(Usd), RandomTrades.Key(Empty).PublicKey));
        Assert.Equal(TransferOutcome.WrongAccount, stranger.Steps[0].Outcome);
        Assert.Equal(State().Root, stranger.NewState.Root);
        AssertSatisfied(stranger);
        AssertRefused(stranger, "new root", a => a.Change(PublicFields.PublicName, 3, honest.NewState.Root));
    }

    [Fact]
    public void A_new_account_is_the_deposits_and_holds_the_deposit()
    {
        TransferResult honest = Apply(State(), Transfer.Deposit(Empty, new CashAmount(Usd), RandomTrades.Key(Empty).PublicKey));
        AssertSatisfied(honest);
        Assert.Equal(Usd, honest.NewState.Find(Empty)!.Cash.Value);
        AssertRefused(honest, "an empty leaf holds nothing", a => a.Change(TransferCircuit.TransfersName, CashField, 1));
        AssertRefused(honest, "an empty leaf holds nothing", a => a.Change(TransferCircuit.TransfersName, NonceField, 1));
        AssertRefused(honest, "a new account has the deposit's key", a => a.Bump(TransferCircuit.TransfersName, 9));
        AssertRefused(honest, "the account is in the root", a => a.Change(TransferCircuit.TransfersName, EmptyField, 0));
    }

    [Fact]
    public void A_deposit_that_cash_cannot_hold_is_handed_back()
    {
        var most = new CashAmount(((Int128)1 << CashAmount.MagnitudeBits) - 1);
        TransferResult result = Apply(State(), Transfer.Deposit(Alice, most, RandomTrades.Key(Alice).PublicKey));
        Assert.Equal(TransferOutcome.NotCovered, result.Steps[0].Outcome);
        AssertSatisfied(result);
    }

    [Fact]
    public void A_forced_withdrawal_is_carried_out_when_covered_and_only_then()
    {
        CashAmount free = Free(State().Find(Alice)!);
        TransferResult paid = Apply(State(), Transfer.Forced(Alice, free, 99));
        TransferResult denied = Apply(State(), Transfer.Forced(Alice, new CashAmount(free.Value + 1), 99));
        TransferResult nobody = Apply(State(), Transfer.Forced(Empty, free, 99));
        Assert.Equal([TransferOutcome.Done, TransferOutcome.NotCovered, TransferOutcome.WrongAccount], new[] { paid, denied, nobody }.Select(result => result.Steps[0].Outcome));
        AssertSatisfied(paid);
        AssertSatisfied(denied);
        AssertSatisfied(nobody);

        // The operator can neither refuse the one nor grant the other.
        AssertRefused(paid, "diff hash", a => a.Change(PublicFields.PublicName, 7, denied.PublicInputs.DiffHash));
        AssertRefused(paid, "new root", a => a.Change(PublicFields.PublicName, 3, State().Root));
        AssertRefused(denied, "new root", a => a.Change(PublicFields.PublicName, 3, paid.NewState.Root));
        AssertRefused(paid, "new queue head", a => a.Bump(TransferCircuit.TransfersName, RecipientField));
    }

    [Fact]
    public void Kinds_exclude_each_other()
    {
        TransferResult honest = Apply(State(), Transfer.Forced(Alice, new CashAmount(Usd), 99));
        AssertRefused(honest, "bit", a => a.Change(TransferCircuit.TransfersName, 0, 1));
        AssertRefused(honest, "bit", a => a.Change(TransferCircuit.TransfersName, 2, 2));
    }

    [Theory]
    [InlineData(2, "the account is in the root")]
    [InlineData(3, "new root")]
    [InlineData(4, "risk root")]
    [InlineData(5, "new queue head")]
    [InlineData(6, "new queue head")]
    [InlineData(7, "diff hash")]
    public void A_public_field_that_is_not_the_batchs_is_refused(int field, string rule) =>
        AssertRefused(Apply(State(), Transfer.Forced(Alice, new CashAmount(Usd), 99)), rule, a => a.Bump(PublicFields.PublicName, field));

    private static ExchangeState State() => ExchangeState.Empty.With(
    [
        new(0, RandomTrades.Owner(0)),
        new(Alice, RandomTrades.Owner(Alice) with
        {
            Cash = new CashAmount((Int128)10_000_000 * Usd),
            Positions = RandomTrades.Sorted([KeyValuePair.Create(Risk.Instruments[0].Id, -10_000L), KeyValuePair.Create(Risk.Instruments[1].Id, 20_000L)]),
        }),
    ]);

    private static CashAmount Free(Account account) =>
        new((Int128)(ScenarioMargin.Of(Risk, Alice, account.Positions).Exact(account.Cash, Risk.InitialFactor) / (VenueParameters.Unit * BigInteger.Pow(2, 30))));

    private static Transfer Withdraw(CashAmount amount) => Transfer.Withdraw(Alice, amount, 99, 0, RandomTrades.Domain, RandomTrades.Key(Alice));

    private static TransferResult Apply(ExchangeState state, params Transfer[] transfers) =>
        TransferReference.Apply(new TransferBatch(state, Risk, TransferShape.Tiny, transfers, 5, 7, RandomTrades.Domain));

    private static void AssertSatisfied(TransferResult result)
    {
        CompiledCircuit circuit = TradeCircuits.Transfer(PublicFace.RawFields);
        Assert.Null(WitnessSolver.TrySolve(circuit, TransferAssignment.Of(circuit, PublicFace.RawFields, result)).Violation);
    }

    private static void AssertRefused(TransferResult honest, string rule, Action<MutableAssignment> lie)
    {
        CompiledCircuit circuit = TradeCircuits.Transfer(PublicFace.RawFields);
        Attack.AssertRefused(circuit, TransferAssignment.Of(circuit, PublicFace.RawFields, honest), rule, lie);
    }
}
