using Accel.Derivatives.Circuits;
using Accel.Derivatives.Expiries;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Tests.Circuits;
using Accel.Derivatives.Tests.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Derivatives.Tests.Expiries;

/// <summary>Each test is one lie of an operator, and the check that stops it.</summary>
public sealed class ExpiryAttackTests
{
    private const long Now = 1_800_000_000;
    private const int NewRootField = 4;
    private const int TimeField = 5;

    private static readonly ExpiryShape Shape = new(3, 4, 3, 4);

    /// <summary>Knocked out by the second of three fixings; worth 200 dollars otherwise, its rebate is 5.</summary>
    private static readonly ContractTerms KnockedOut = new()
    {
        Underlying = "BTC",
        Kind = ContractKind.Barrier,
        Option = OptionKind.Call,
        Strike = Usd(99_800),
        Expiry = Now,
        FirstFixing = Now - 200,
        FixingCount = 3,
        Barrier = Usd(101_000),
        IsUp = true,
        IsKnockOut = true,
        Amount = Usd(5),
    };

    private static readonly ContractTerms Asian = KnockedOut with
    {
        Kind = ContractKind.ArithmeticAsian,
        IsUp = false,
        IsKnockOut = false,
        Barrier = default,
        Amount = default,
    };

    private static readonly ContractTerms Live = ContractTerms.Of(new Instrument("BTC", Now + 1, Usd(90_000), OptionKind.Call));

    private static readonly Lazy<CompiledCircuit> LazyCircuit = new(() => CompiledCircuit.Compile(new ExpiryCircuit(Shape, PublicFace.RawFields)));

    private static readonly Lazy<ExpiryResult> LazyHonest = new(() => ExpiryReference.Settle(Batch(Series(Fixings()), KnockedOut, Asian, Live)));

    private static CompiledCircuit Circuit => LazyCircuit.Value;

    private static ExpiryResult Honest => LazyHonest.Value;

    [Fact]
    public void The_honest_batch_is_provable_and_conserves_cash()
    {
        Assert.Null(WitnessSolver.TrySolve(Circuit, ExpiryCircuit.Assign(Circuit, PublicFace.RawFields, Honest)).Violation);
        Assert.Equal(Usd(5).Value, Honest.Payoffs[KnockedOut.Id]);
        Assert.Equal(Usd(700).Value, Honest.Payoffs[Asian.Id]);
        Assert.Equal(TotalCash(Honest.Batch.State), TotalCash(Honest.Range.NewState));
        Assert.Equal([Live.Id], Honest.Range.NewState.Find(1)!.Positions.Select(p => p.InstrumentId));
    }

    [Fact]
    public void A_wrong_payoff_is_refused()
    {
        Account paid = Honest.Range.NewState.Find(1)!;
        AssertNewRootRefused(1, paid with { Cash = new CashAmount(paid.Cash.Value + 1) });
    }

    [Fact]
    public void An_expired_position_cannot_stay_and_a_live_one_cannot_go()
    {
        Account after = Honest.Range.NewState.Find(1)!;
        AssertNewRootRefused(1, after with { Positions = Honest.Batch.State.Find(1)!.Positions });
        AssertNewRootRefused(1, after with { Positions = [] });
    }

    [Theory]
    [InlineData(FixingWires.ValuesName, 1)]
    [InlineData(FixingWires.TimesName, 0)]
    [InlineData(FixingWires.NameName, 0)]
    [InlineData(FixingWires.ValuesName, 3)]
    public void A_fixing_that_was_not_committed_is_refused(string input, int index) => AssertRefused("oracle", a => a.Bump(input, index));

    [Fact]
    public void A_dropped_fixing_is_refused()
    {
        AssertRefused("oracle", a => SetFixings(a, [Fixings()[0], Fixings()[2]]));

        // An oracle that leaves a fixing out cannot settle either: the contract says how many there are.
        AssertRefused("every fixing of the contract is there",
            a => SetSigned(a, Elements([Fixings()[0], Fixings()[2]]), [Fixings()[0], Fixings()[2]]));
        AssertRefused("the last fixing is at expiry", a => SetSigned(a, Elements(Fixings()[..2]), Fixings()[..2]));
    }

    [Fact]
    public void Reordered_fixings_are_refused_even_when_signed()
    {
        Fixing[] reordered = [Fixings()[1], Fixings()[0], Fixings()[2]];
        AssertRefused("oracle", a => SetFixings(a, reordered));
        AssertRefused("fixings/fits", a => SetSigned(a, Elements(reordered), reordered));
    }

    [Fact]
    public void A_moment_with_two_fixings_is_refused_even_when_signed()
    {
        Fixing[] twice = [.. Fixings(), new Fixing(Now, Usd(100_500).Value)];
        AssertRefused("fixings/fits", a => SetSigned(a, Elements(twice), twice));
    }

    [Fact]
    public void A_gap_before_a_fixing_is_refused_even_when_signed()
    {
        Fixing[] gap = [Fixings()[0], default, Fixings()[1], Fixings()[2]];
        AssertRefused("used fixings come first", a => SetSigned(a, Elements(gap), gap));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_unsigned_series_is_refused(int index) => AssertRefused("oracle", a => a.Bump(OracleGadget.SignatureName, index));

    [Fact]
    public void Another_oracles_series_is_refused()
    {
        SignedFixings forged = Series(Fixings()).Sign(Shape.Fixings, Book.DevelopmentKey("operator"));
        AssertRefused("oracle key hash", a =>
        {
            a.Set(OracleGadget.KeyName, [forged.OracleKey.Point.X, forged.OracleKey.Point.Y]);
            a.Set(OracleGadget.SignatureName, OracleGadget.Fields(forged.Signature));
        });
    }

    [Fact]
    public void A_series_for_another_number_of_slots_or_of_rates_is_refused()
    {
        Fr rates = FixingSeries.Create("BTC", FixingKind.Rate, Now, Fixings()).Hash(Shape.Fixings);
        foreach (Fr message in (Fr[])[Series(Fixings()).Hash(Shape.Fixings + 1), rates])
        {
            AssertRefused("oracle", a => a.Set(OracleGadget.SignatureName, OracleGadget.Fields(EdDsaPoseidon.Sign(Samples.OracleKey, message))));
        }
    }

    [Fact]
    public void Settling_before_expiry_is_refused()
    {
        // A later time than the oracle's, an expiry that was moved, and a series that is early.
        AssertRefused("oracle", a => a.Bump(PublicFields.PublicName, TimeField));
        Account settled = Honest.Range.NewState.Find(1)! with { Positions = [] };
        Fr root = Honest.Range.NewState.With([new(1, settled)]).Root;
        AssertRefused("new root", a =>
        {
            a.Change(ExpiryCircuit.TermsName, (2 * ContractTemplate.TermCount) + 5, Now);
            a.Change(ExpiryCircuit.TermsName, (2 * ContractTemplate.TermCount) + 8, Now);
            a.Change(PublicFields.PublicName, NewRootField, root);
        });
        FixingSeries earlySeries = FixingSeries.Create("BTC", FixingKind.Price, Now - 1, Fixings()[..2]);
        ExpiryResult early = ExpiryReference.Settle(Batch(earlySeries, KnockedOut, Asian, Live));
        Assert.Equal(early.Batch.State.Root, early.Range.NewState.Root);
        Attack.AssertRefused(
            Circuit, ExpiryCircuit.Assign(Circuit, PublicFace.RawFields, early), "new root",
            a => a.Change(PublicFields.PublicName, NewRootField, Honest.Range.NewState.Root));
    }

    [Fact]
    public void A_barrier_that_was_hit_cannot_be_hidden()
    {
        // Not the fixing, not the terms, and not the result.
        AssertRefused("oracle", a => a.Change(FixingWires.ValuesName, 1, Usd(100_999).Value));
        AssertRefused("root between", a => a.Bump(ExpiryCircuit.TermsName, 6));
        AssertRefused("root between", a => a.Change(ExpiryCircuit.TermsName, 3, 0));
        Account unhit = Honest.Range.NewState.Find(1)!;
        Int128 hidden = (Int128)25_000 * (Usd(200).Value - Usd(5).Value);
        AssertNewRootRefused(1, unhit with { Cash = new CashAmount(unhit.Cash.Value + hidden) });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(8)]
    public void Other_terms_than_those_of_the_position_settle_nothing(int term) => AssertRefused("root between", a =>
        a.Change(ExpiryCircuit.TermsName, term, a.Values[ExpiryCircuit.TermsName][term] + (term is 0 or 1 ? 1 : -1)));

    [Fact]
    public void Terms_outside_their_range_are_refused()
    {
        AssertRefused("there is such a kind", a => a.Change(ExpiryCircuit.TermsName, 0, 6));
        AssertRefused("a contract has a fixing", a => a.Change(ExpiryCircuit.TermsName, 9, 0));
        AssertRefused("terms/fits", a => a.Change(ExpiryCircuit.TermsName, 4, WordPacker.PowerOfTwo(36)));
        AssertRefused("a vanilla option's fixing is at expiry", a => a.Bump(ExpiryCircuit.TermsName, (2 * ContractTemplate.TermCount) + 8));
        AssertRefused("a vanilla option has one fixing", a => a.Bump(ExpiryCircuit.TermsName, (2 * ContractTemplate.TermCount) + 9));
    }

    [Fact]
    public void A_contract_listed_twice_cannot_pay_twice() => AssertRefused("positions/bit", a =>
    {
        for (int term = 0; term < ContractTemplate.TermCount; term++)
        {
            a.Change(ExpiryCircuit.TermsName, (2 * ContractTemplate.TermCount) + term, a.Values[ExpiryCircuit.TermsName][term]);
        }
    });

    [Fact]
    public void Settling_again_pays_nothing_and_the_same_proof_does_not_follow_itself()
    {
        ExpiryResult again = ExpiryReference.Settle(Honest.Batch with { State = Honest.Range.NewState });
        Assert.Equal(Honest.Range.NewState.Root, again.Range.NewState.Root);
        Assert.Null(WitnessSolver.TrySolve(Circuit, ExpiryCircuit.Assign(Circuit, PublicFace.RawFields, again)).Violation);
        AssertRefused("old root", a => a.Change(PublicFields.PublicName, 3, Honest.Range.NewState.Root));
    }

    [Fact]
    public void Clearing_pays_in_full_and_only_leaves_that_exist_receive()
    {
        Account clearing = Honest.Range.NewState.Find(0)!;
        AssertNewRootRefused(0, clearing with { Cash = new CashAmount(clearing.Cash.Value + 1) });
        AssertRefused("root between", a => a.Bump(ClearingWires.LeafName, 3));
        AssertRefused("an empty leaf holds nothing", a => a.Change(CarriedLeaf.IdsName, 9, KnockedOut.Id));
        AssertRefused("an empty leaf holds nothing", a => a.Change(CarriedLeaf.ScalarsName, (3 * CarriedLeaf.ScalarCount) + 4, 1));
        AssertRefused("no quantity without an instrument", a => a.Change(CarriedLeaf.QuantitiesName, 9, 1));
    }

    [Theory]
    [InlineData(CarriedLeaf.ScalarsName, CarriedLeaf.ScalarCount + 3)]
    [InlineData(CarriedLeaf.ScalarsName, CarriedLeaf.ScalarCount + 5)]
    [InlineData(CarriedLeaf.ScalarsName, CarriedLeaf.ScalarCount + 6)]
    [InlineData(CarriedLeaf.QuantitiesName, 3)]
    [InlineData(CarriedLeaf.IdsName, 3)]
    [InlineData(LeafRange.PathName, 0)]
    public void An_account_that_is_not_in_the_old_root_is_refused(string input, int index) => AssertRefused("old root", a => a.Bump(input, index));

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
        for (int i = 0; i < Shape.Accounts; i++)
        {
            Account? before = Honest.Range.Accounts[i].Before;
            Account? after = before is null ? null : RangeDiff.Apply(before, Honest.DiffWords[i]);
            Assert.Equal(Honest.Range.Accounts[i].After?.Hash(), after?.Hash());
        }
    }

    private static PriceTicks Usd(long usd) => new(usd * 10_000);

    private static Fixing[] Fixings() => [new(Now - 200, Usd(100_500).Value), new(Now - 100, Usd(101_000).Value), new(Now, Usd(100_000).Value)];

    private static FixingSeries Series(Fixing[] fixings) => FixingSeries.Create("BTC", FixingKind.Price, Now, fixings);

    private static ExpiryBatch Batch(FixingSeries series, params ContractTerms[] contracts)
    {
        ExchangeState state = ExchangeState.Empty.With(
        [
            new(0, Holder(1, [])),
            new(1, Holder(2, [(KnockedOut, 25_000), (Asian, -10_000), (Live, 30_000)])),
            new(2, Holder(3, [(KnockedOut, -25_000), (Asian, 10_000), (Live, -30_000)])),
        ]);
        return new ExpiryBatch(state, series.Sign(Shape.Fixings, Samples.OracleKey), contracts, Shape, 0, 7, 99);
    }

    private static Account Holder(int key, (ContractTerms Contract, long Quantity)[] positions) => new()
    {
        KeyX = key,
        KeyY = key,
        Cash = CashAmount.Parse("100000"),
        Perpetual = 5,
        Positions = [.. positions.Select(p => new Position(p.Contract.Id, new PositionQuantity(p.Quantity)))
            .OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))],
    };

    private static Int128 TotalCash(ExchangeState state) => state.Accounts.Values.Aggregate((Int128)0, (sum, account) => sum + account.Cash.Value);

    /// <summary>What <see cref="FixingSeries.Elements"/> would be, in an order or with gaps that it refuses.</summary>
    private static Fr[] Elements(Fixing[] fixings) =>
        [.. Series(Fixings()).Elements(Shape.Fixings)[..3], .. fixings.Select(f => f.Pack()), .. new Fr[Shape.Fixings - fixings.Length]];

    private static void SetFixings(MutableAssignment assignment, Fixing[] fixings)
    {
        Fr[] padding = new Fr[Shape.Fixings - fixings.Length];
        assignment.Set(FixingWires.TimesName, [.. fixings.Select(f => (Fr)f.Time), .. padding]);
        assignment.Set(FixingWires.ValuesName, [.. fixings.Select(f => (Fr)f.Value), .. padding]);
    }

    private static void SetSigned(MutableAssignment assignment, Fr[] elements, Fixing[] fixings)
    {
        SetFixings(assignment, fixings);
        assignment.Set(OracleGadget.SignatureName, OracleGadget.Fields(EdDsaPoseidon.Sign(Samples.OracleKey, FieldSponge.Hash(elements))));
    }

    private static void AssertNewRootRefused(int leaf, Account lie)
    {
        Fr root = Honest.Range.NewState.With([new(leaf, lie)]).Root;
        AssertRefused("new root", a => a.Change(PublicFields.PublicName, NewRootField, root));
    }

    private static void AssertRefused(string rule, Action<MutableAssignment> lie) =>
        Attack.AssertRefused(Circuit, ExpiryCircuit.Assign(Circuit, PublicFace.RawFields, Honest), rule, lie);
}
