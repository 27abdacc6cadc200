using Accel.Derivatives.Circuits;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Derivatives.Tests.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>Each test is one lie of an operator, and the check that stops it.</summary>
public sealed class SettlementAttackTests
{
    private const long Now = 1_800_000_000;

    private static readonly Instrument Expired = new("BTC", Now - 10, new PriceTicks(1_000_000_000), OptionKind.Call);

    private static readonly Instrument Live = new("BTC", Now + 1_000_000, new PriceTicks(1_000_000_000), OptionKind.Put);

    private static readonly Lazy<SettlementResult> LazyHonest = new(() => SettlementReference.Settle(Batch()));

    private static SettlementResult Honest => LazyHonest.Value;

    [Fact]
    public void The_honest_batch_is_provable_in_both_faces()
    {
        foreach (PublicFace face in Enum.GetValues<PublicFace>())
        {
            CompiledCircuit circuit = TinyCircuits.Of(face);
            Assert.Null(WitnessSolver.TrySolve(circuit, SettlementAssignment.Of(circuit, face, Honest)).Violation);
        }

        Assert.True(Honest.Accounts[2].IsFlagged);
    }

    [Theory]
    [InlineData(SnapshotWires.ForwardsName, 1)]
    [InlineData(SnapshotWires.SettlementsName, 0)]
    [InlineData(SnapshotWires.RatesName, 1)]
    [InlineData(SnapshotWires.VolatilitiesName, 1)]
    [InlineData(SnapshotWires.StrikesName, 0)]
    [InlineData(SnapshotWires.PutsName, 0)]
    [InlineData(SnapshotWires.SpotName, 0)]
    [InlineData(SnapshotWires.UnderlyingName, 0)]
    [InlineData(SnapshotWires.ExpiriesName, 0)]
    public void A_market_that_the_oracle_did_not_sign_is_refused(string input, int index) => AssertRefused("oracle", a => Bump(a, input, index));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_forged_signature_is_refused(int index) => AssertRefused("oracle", a => Bump(a, OracleGadget.SignatureName, index));

    [Fact]
    public void Another_oracles_key_is_refused()
    {
        SignedSnapshot forged = Honest.Batch.Snapshot.Snapshot.Sign(BatchShape.Tiny, Book.DevelopmentKey("operator"));
        AssertRefused("oracle key hash", a =>
        {
            a.Set(OracleGadget.KeyName, [forged.OracleKey.Point.X, forged.OracleKey.Point.Y]);
            a.Set(OracleGadget.SignatureName, OracleGadget.Fields(forged.Signature));
        });
    }

    [Theory]
    [InlineData(ParameterWires.ScalarsName, 0)]
    [InlineData(ParameterWires.ScalarsName, 13)]
    [InlineData(ParameterWires.ShocksName, 8)]
    public void Milder_parameters_are_refused(string input, int index) => AssertRefused("parameter hash", a => Bump(a, input, index));

    [Theory]
    [InlineData(SettlementCircuit.CashName, 1)]
    [InlineData(SettlementCircuit.QuantitiesName, 4)]
    [InlineData(SettlementCircuit.IndicesName, 1)]
    [InlineData(SettlementCircuit.NonceName, 1)]
    [InlineData(SettlementCircuit.KeyXName, 1)]
    [InlineData(LeafRange.PathName, 0)]
    public void An_account_that_is_not_in_the_old_root_is_refused(string input, int index) => AssertRefused("old root", a => Bump(a, input, index));

    [Theory]
    [InlineData(2, "")]
    [InlineData(3, "old root")]
    [InlineData(4, "new root")]
    [InlineData(5, "")]
    [InlineData(6, "oracle key hash")]
    [InlineData(7, "parameter hash")]
    [InlineData(8, "diff hash")]
    public void A_public_field_that_is_not_the_batchs_is_refused(int field, string rule) => AssertRefused(rule, a => Bump(a, PublicFields.PublicName, field));

    [Fact]
    public void The_one_public_hash_binds_domain_and_batch_number()
    {
        foreach (int field in (int[])[0, 1])
        {
            AssertRefused("hash of the public fields", a => Bump(a, PublicFields.HiddenName, field), PublicFace.OneHash);
        }
    }

    [Fact]
    public void A_losing_account_cannot_be_passed_off_as_empty() => AssertRefused("an empty leaf holds nothing", a => Bump(a, SettlementCircuit.EmptyName, 2));

    [Fact]
    public void An_empty_leaf_cannot_hold_a_position_that_draws_on_the_clearing_account() => AssertRefused("an empty leaf holds nothing", a =>
    {
        Change(a, SettlementCircuit.IdsName, 12, Expired.Id);
        Change(a, SettlementCircuit.QuantitiesName, 12, 10_000);
    });

    [Fact]
    public void A_quantity_without_an_instrument_is_refused() =>
        AssertRefused("no quantity without an instrument", a => Bump(a, SettlementCircuit.QuantitiesName, 15));

    [Fact]
    public void A_position_that_the_snapshot_does_not_price_is_refused()
    {
        // The loser's live put is left out of an otherwise honest, signed snapshot.
        OracleSnapshot s = Honest.Batch.Snapshot.Snapshot;
        SignedSnapshot partial = OracleSnapshot.Create(s.Underlying, s.Time, s.Spot, s.Expiries, s.Instruments.Take(1)).Sign(BatchShape.Tiny, Samples.OracleKey);
        AssertRefused("the snapshot prices every position", a => SetSnapshot(a, partial));
    }

    [Fact]
    public void Two_slots_with_one_instrument_are_refused_even_when_signed()
    {
        Fr[] elements = Honest.Batch.Snapshot.Snapshot.Elements(BatchShape.Tiny);
        elements[3 + 2 + 2] = elements[3 + 2 + 1] + 1;
        EdDsaSignature signature = EdDsaPoseidon.Sign(Samples.OracleKey, FieldSponge.Hash(elements));
        AssertRefused("snapshot", a =>
        {
            Change(a, SnapshotWires.SlotsName, 2, 1);
            Change(a, SnapshotWires.StrikesName, 2, Live.Strike.Value);
            Change(a, SnapshotWires.PutsName, 2, 1);
            Change(a, SnapshotWires.VolatilitiesName, 2, 450_001);
            a.Set(OracleGadget.SignatureName, OracleGadget.Fields(signature));
        });
    }

    [Fact]
    public void A_gap_before_an_instrument_is_refused_even_when_signed()
    {
        Fr[] elements = Honest.Batch.Snapshot.Snapshot.Elements(BatchShape.Tiny);
        (elements[3 + 2 + 1], elements[3 + 2 + 2]) = (Fr.Zero, elements[3 + 2 + 1]);
        EdDsaSignature signature = EdDsaPoseidon.Sign(Samples.OracleKey, FieldSponge.Hash(elements));
        AssertRefused("instruments ascend", a =>
        {
            foreach (string name in (string[])[SnapshotWires.SlotsName, SnapshotWires.StrikesName, SnapshotWires.PutsName, SnapshotWires.VolatilitiesName])
            {
                Fr[] values = a.Values[name];
                Change(a, name, 2, values[1]);
                Change(a, name, 1, Fr.Zero);
            }

            a.Set(OracleGadget.SignatureName, OracleGadget.Fields(signature));
        });
    }

    [Fact]
    public void Hiding_a_flag_cash_or_an_expired_position_changes_the_new_root()
    {
        Account flagged = Honest.NewState.Find(2)!;
        Account[] lies =
        [
            flagged with { Status = AccountStatus.None, FlaggedAt = 0 },
            flagged with { FlaggedAt = Now - 1 },
            flagged with { Cash = new CashAmount(flagged.Cash.Value + 1) },
            flagged with { Positions = Honest.Batch.State.Find(2)!.Positions },
            flagged with { Nonce = flagged.Nonce + 1 },
        ];
        foreach (Account lie in lies)
        {
            Fr root = Honest.NewState.With([new(2, lie)]).Root;
            AssertRefused("new root", a => Change(a, PublicFields.PublicName, 4, root));
        }
    }

    [Fact]
    public void The_clearing_account_must_be_the_one_in_the_tree_and_pay_in_full()
    {
        AssertRefused("root between", a => Bump(a, ClearingWires.LeafName, 3));
        Account clearing = Honest.NewState.Find(0)!;
        Fr unpaid = Honest.NewState.With([new(0, clearing with { Cash = new CashAmount(clearing.Cash.Value + 1) })]).Root;
        AssertRefused("new root", a => Change(a, PublicFields.PublicName, 4, unpaid));
    }

    [Fact]
    public void A_perpetual_cannot_be_hidden()
    {
        Account flagged = Honest.Batch.State.Find(2)! with { Perpetual = 5 };
        Fr root = Honest.Batch.State.With([new(2, flagged)]).Root;
        AssertRefused("old root", a => Change(a, PublicFields.PublicName, 3, root));
    }

    private static SettlementBatch Batch()
    {
        OracleSnapshot snapshot = OracleSnapshot.Create(
            "BTC",
            Now,
            new PriceTicks(1_100_000_000),
            [new OracleExpiry(Expired.Expiry, default, new PriceTicks(1_100_000_000), 0), new OracleExpiry(Live.Expiry, new PriceTicks(1_110_000_000), default, 50_000)],
            [new OracleInstrument(Expired, 0), new OracleInstrument(Live, 450_000)]);
        ExchangeState state = ExchangeState.Empty.With(
        [
            new(0, Holder(1, 1_000_000, [])),
            new(1, Holder(2, 100_000, [(Expired, 25_000), (Live, 30_000)])),
            new(2, Holder(3, 40_000, [(Expired, -25_000), (Live, -30_000)])),
        ]);
        return new SettlementBatch(state, snapshot.Sign(BatchShape.Tiny, Samples.OracleKey), Derivatives.Margin.MarginParameters.Published, 0, 7, 99);
    }

    private static Account Holder(int key, long usd, (Instrument Instrument, long Quantity)[] positions) => new()
    {
        KeyX = key,
        KeyY = key,
        Cash = new CashAmount((Int128)usd * 100_000_000),
        Positions = [.. positions.Select(p => new Position(p.Instrument.Id, new PositionQuantity(p.Quantity))).OrderBy(p => p.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare))],
    };

    private static void SetSnapshot(MutableAssignment assignment, SignedSnapshot snapshot)
    {
        var batch = Honest.Batch with { Snapshot = snapshot };
        MutableAssignment changed = MutableAssignment.Of(TinyCircuits.Of(PublicFace.RawFields), PublicFace.RawFields, Honest with { Batch = batch });
        foreach ((string name, Fr[] values) in changed.Values)
        {
            assignment.Set(name, values);
        }
    }

    private static void Bump(MutableAssignment assignment, string name, int index) => Change(assignment, name, index, assignment.Values[name][index] + 1);

    private static void Change(MutableAssignment assignment, string name, int index, Fr value)
    {
        Fr[] values = [.. assignment.Values[name]];
        values[index] = value;
        assignment.Set(name, values);
    }

    private static void AssertRefused(string rule, Action<MutableAssignment> lie, PublicFace face = PublicFace.RawFields)
    {
        CompiledCircuit circuit = TinyCircuits.Of(face);
        MutableAssignment assignment = MutableAssignment.Of(circuit, face, Honest);
        lie(assignment);
        List<string> broken = BrokenRules.Of(circuit, WitnessSolver.TrySolve(circuit, assignment.ToAssignment(circuit)).Wires);
        Assert.NotEmpty(broken);
        Assert.True(broken.Exists(name => name.Contains(rule, StringComparison.Ordinal)), $"'{rule}' holds; broken are {string.Join(", ", broken)}");
    }
}
