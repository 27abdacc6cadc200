using Accel.Derivatives.Circuits;
using Accel.Derivatives.Coupons;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Tests.Circuits;
using Accel.Derivatives.Tests.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Derivatives.Tests.Coupons;

/// <summary>Each test is one lie of an operator, and the check that stops it.</summary>
public sealed class SwapCouponAttackTests
{
    private const long Now = 1_800_000_000;
    private const int NewRootField = 4;
    private const int TimeField = 5;

    private static readonly SwapCouponShape Shape = new(4, 4, 3);

    private static readonly SwapCoupon Last = new()
    {
        Index = "USD_SOFR",
        ResetTime = Now,
        PayTime = Now + 7_776_000,
        FixedRate = 4_000_000,
        AccrualNumerator = 90,
        AccrualDenominator = 360,
        Notional = new PriceTicks(10_000_000),
        Next = Fr.Zero,
    };

    private static readonly SwapCoupon First = Last with { ResetTime = Now - 7_776_000, PayTime = Now, AccrualNumerator = 91, Next = Last.Id };

    private static readonly Lazy<CompiledCircuit> LazyCircuit = new(() =>
        CompiledCircuit.Compile(new SwapCouponCircuit(Shape, PublicFace.RawFields)));

    private static readonly Lazy<SwapCouponResult> LazyHonest = new(() => SwapCouponReference.Pay(Batch(First)));

    private static CompiledCircuit Circuit => LazyCircuit.Value;

    private static SwapCouponResult Honest => LazyHonest.Value;

    [Fact]
    public void The_honest_coupon_is_provable_and_its_holders_move_on()
    {
        Assert.Null(WitnessSolver.TrySolve(Circuit, SwapCouponCircuit.Assign(Circuit, PublicFace.RawFields, Honest)).Violation);

        // (5.25 % − 4 %)·91/360 of 1,000 dollars is 3.1597…; floored to a tick.
        Assert.Equal(31_597, Honest.Amount);
        Assert.Equal(new Position(Last.Id, new PositionQuantity(25_000)),
            Honest.Range.NewState.Find(1)!.Positions.Single(p => p.InstrumentId == Last.Id));
        Assert.Equal((Int128)25_000 * 31_597, Honest.Range.Accounts[1].CashReceived);
        Assert.Equal(-Honest.Range.Accounts[1].CashReceived, Honest.Range.Accounts[2].CashReceived);
    }

    [Fact]
    public void The_last_coupon_ends_the_position()
    {
        SwapCouponResult last = SwapCouponReference.Pay(Batch(Last, Now + 7_776_000) with { State = Honest.Range.NewState });
        Assert.Null(WitnessSolver.TrySolve(Circuit, SwapCouponCircuit.Assign(Circuit, PublicFace.RawFields, last)).Violation);
        Assert.DoesNotContain(last.Range.NewState.Find(1)!.Positions, p => p.InstrumentId == Last.Id);
    }

    [Fact]
    public void A_wrong_amount_is_refused()
    {
        Account paid = Honest.Range.NewState.Find(1)!;
        AssertNewRootRefused(1, paid with { Cash = new CashAmount(paid.Cash.Value + 1) });
        AssertNewRootRefused(1, paid with { Cash = new CashAmount(paid.Cash.Value - (2 * Honest.Range.Accounts[1].CashReceived)) });
    }

    [Fact]
    public void A_position_cannot_stay_vanish_or_move_on_with_another_size()
    {
        Account after = Honest.Range.NewState.Find(1)!;
        AssertNewRootRefused(1, after with { Positions = Honest.Batch.State.Find(1)!.Positions });
        AssertNewRootRefused(1, after with { Positions = [.. after.Positions.Where(p => p.InstrumentId != Last.Id)] });
        Position[] larger = [.. after.Positions.Select(p => p.InstrumentId == Last.Id ? p with { Quantity = new PositionQuantity(25_001) } : p)];
        AssertNewRootRefused(1, after with { Positions = larger });
    }

    [Theory]
    [InlineData(FixingWires.ValuesName, 0)]
    [InlineData(FixingWires.TimesName, 1)]
    [InlineData(FixingWires.NameName, 0)]
    public void A_fixing_that_was_not_committed_is_refused(string input, int index) => AssertRefused("oracle", a => a.Bump(input, index));

    [Fact]
    public void A_coupon_without_its_fixing_is_refused_even_when_signed()
    {
        Fixing[] other = [new(Now - 7_776_001, 5_250_000 + Fixing.RateBias)];
        SignedFixings signed = FixingSeries.Create("USD_SOFR", FixingKind.Rate, Now, other).Sign(Shape.Fixings, Samples.OracleKey);
        AssertRefused("the fixing of the reset is there", a =>
        {
            a.Set(FixingWires.TimesName, [other[0].Time, 0, 0]);
            a.Set(FixingWires.ValuesName, [other[0].Value, 0, 0]);
            a.Set(OracleGadget.SignatureName, OracleGadget.Fields(signed.Signature));
        });
    }

    [Fact]
    public void An_unsigned_series_another_key_and_a_series_of_prices_are_refused()
    {
        AssertRefused("oracle", a => a.Bump(OracleGadget.SignatureName, 2));
        EdDsaPrivateKey forger = Book.DevelopmentKey("operator");
        AssertRefused("oracle key hash", a =>
        {
            a.Set(OracleGadget.KeyName, [forger.PublicKey.Point.X, forger.PublicKey.Point.Y]);
            a.Set(OracleGadget.SignatureName, OracleGadget.Fields(EdDsaPoseidon.Sign(forger, Honest.Batch.Rates.Series.Hash(Shape.Fixings))));
        });
        Fr prices = FixingSeries.Create("USD_SOFR", FixingKind.Price, Now, Honest.Batch.Rates.Series.Fixings).Hash(Shape.Fixings);
        AssertRefused("oracle", a => a.Set(OracleGadget.SignatureName, OracleGadget.Fields(EdDsaPoseidon.Sign(Samples.OracleKey, prices))));
    }

    [Fact]
    public void Paying_before_the_payment_time_is_refused()
    {
        SwapCouponResult early = SwapCouponReference.Pay(Batch(First, Now - 1));
        Assert.Equal(early.Batch.State.Root, early.Range.NewState.Root);
        Assignment assignment = SwapCouponCircuit.Assign(Circuit, PublicFace.RawFields, early);
        Assert.Null(WitnessSolver.TrySolve(Circuit, assignment).Violation);
        Attack.AssertRefused(Circuit, assignment, "new root", a => a.Change(PublicFields.PublicName, NewRootField, Honest.Range.NewState.Root));
        Attack.AssertRefused(Circuit, assignment, "oracle", a => a.Change(PublicFields.PublicName, TimeField, Now));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Other_terms_than_those_of_the_position_pay_nothing(int term) => AssertRefused("root between", a =>
        a.Change(SwapCouponCircuit.TermsName, term, a.Values[SwapCouponCircuit.TermsName][term] - 1));

    [Fact]
    public void Terms_outside_their_range_are_refused()
    {
        AssertRefused("a coupon has a day count", a => a.Change(SwapCouponCircuit.TermsName, 4, 0));
        AssertRefused("coupon/fits", a => a.Change(SwapCouponCircuit.TermsName, 5, WordPacker.PowerOfTwo(36)));
    }

    [Fact]
    public void A_coupon_cannot_be_paid_again()
    {
        SwapCouponResult again = SwapCouponReference.Pay(Honest.Batch with { State = Honest.Range.NewState });
        Assert.Equal(Honest.Range.NewState.Root, again.Range.NewState.Root);
        Assignment assignment = SwapCouponCircuit.Assign(Circuit, PublicFace.RawFields, again);
        Assert.Null(WitnessSolver.TrySolve(Circuit, assignment).Violation);
        Account holder = again.Range.NewState.Find(1)!;
        Account paidTwice = holder with { Cash = new CashAmount(holder.Cash.Value + Honest.Range.Accounts[1].CashReceived) };
        Fr twice = again.Range.NewState.With([new(1, paidTwice)]).Root;
        Attack.AssertRefused(Circuit, assignment, "new root", a => a.Change(PublicFields.PublicName, NewRootField, twice));
        AssertRefused("old root", a => a.Change(PublicFields.PublicName, 3, Honest.Range.NewState.Root));
    }

    [Fact]
    public void Clearing_pays_in_full_and_only_leaves_that_exist_receive()
    {
        Account clearing = Honest.Range.NewState.Find(0)!;
        AssertNewRootRefused(0, clearing with { Cash = new CashAmount(clearing.Cash.Value + 1) });
        AssertRefused("root between", a => a.Bump(ClearingWires.LeafName, 3));
        AssertRefused("an empty leaf holds nothing", a => a.Change(CarriedLeaf.IdsName, 3 * Shape.Positions, First.Id));
        AssertRefused("no quantity without an instrument", a => a.Change(CarriedLeaf.QuantitiesName, 3 * Shape.Positions, 1));
    }

    [Theory]
    [InlineData(2, "")]
    [InlineData(3, "old root")]
    [InlineData(4, "new root")]
    [InlineData(6, "oracle key hash")]
    [InlineData(7, "diff hash")]
    public void A_public_field_that_is_not_the_batchs_is_refused(int field, string rule) =>
        AssertRefused(rule, a => a.Bump(PublicFields.PublicName, field));

    [Fact]
    public void The_difference_leads_from_the_old_state_to_the_new()
    {
        IReadOnlyList<Fr> words = Honest.DiffWords;
        Fr next = (words[^2] * WordPacker.PowerOfTwo(SwapCouponReference.HalfBits)) + words[^1];
        for (int i = 0; i < Shape.Accounts; i++)
        {
            Account? before = Honest.Range.Accounts[i].Before;
            Account? after = before is null ? null : RangeDiff.Apply(before, words[i], position => position with { InstrumentId = next });
            Assert.Equal(Honest.Range.Accounts[i].After?.Hash(), after?.Hash());
        }
    }

    private static SwapCouponBatch Batch(SwapCoupon coupon, long time = Now)
    {
        Fixing[] fixings = [new(Now - 7_776_000, 5_250_000 + Fixing.RateBias), new(Now, 3_500_000 + Fixing.RateBias)];
        FixingSeries series = FixingSeries.Create("USD_SOFR", FixingKind.Rate, time, fixings.Where(f => f.Time <= time));
        ExchangeState state = ExchangeState.Empty.With(
        [
            new(0, Holder(1, [])),
            new(1, Holder(2, [(Fr.Zero - 1, 7), (First.Id, 25_000), (1, 3), (2, -4)])),
            new(2, Holder(3, [(First.Id, -25_000)])),
        ]);
        return new SwapCouponBatch(state, series.Sign(Shape.Fixings, Samples.OracleKey), coupon, Shape, 0, 7, 99);
    }

    private static Account Holder(int key, (Fr Id, long Quantity)[] positions) => new()
    {
        KeyX = key,
        KeyY = key,
        Cash = CashAmount.Parse("100000"),
        Indices = 5,
        Positions = [.. positions.Select(p => new Position(p.Id, new PositionQuantity(p.Quantity)))
            .OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))],
    };

    private static void AssertNewRootRefused(int leaf, Account lie)
    {
        Fr root = Honest.Range.NewState.With([new(leaf, lie)]).Root;
        AssertRefused("new root", a => a.Change(PublicFields.PublicName, NewRootField, root));
    }

    private static void AssertRefused(string rule, Action<MutableAssignment> lie) =>
        Attack.AssertRefused(Circuit, SwapCouponCircuit.Assign(Circuit, PublicFace.RawFields, Honest), rule, lie);
}
