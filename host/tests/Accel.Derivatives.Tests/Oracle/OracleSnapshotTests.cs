using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.Tests.Settlement;
using Xunit;

namespace Accel.Derivatives.Tests.Oracle;

public sealed class OracleSnapshotTests
{
    private const long Time = 1_700_000_000;

    private static readonly Instrument Call = new("BTC", Time + 1000, new PriceTicks(500_000), OptionKind.Call);

    private static readonly OracleExpiry Live = new(Call.Expiry, new PriceTicks(510_000), default, -12_345);

    [Fact]
    public void Elements_are_packed_as_stated_and_unused_slots_are_zero()
    {
        Fr[] elements = Snapshot([Live], [new OracleInstrument(Call, 450_000)]).Elements(BatchShape.Tiny);
        Fr expiry = ((((((Fr)Call.Expiry * (1L << 36)) + 510_000) * (1L << 36)) + 0) * (1 << 21)) + (1 << 20) - 12_345;
        Fr instrument = (((Fr)500_000 * 2) + 0) * (1 << 23) + 450_000;
        Assert.Equal([Instrument.UnderlyingId("BTC"), Time, 505_000 + (((Fr)4 * 16) + 2) * (1L << 36), expiry, 0, instrument, 0, 0, 0], elements);
    }

    [Fact]
    public void Expiries_and_instruments_are_put_in_order()
    {
        Instrument later = Call with { Expiry = Call.Expiry + 5, Strike = new PriceTicks(1) };
        Instrument put = Call with { Kind = OptionKind.Put };
        OracleSnapshot snapshot = Snapshot([Live with { Expiry = later.Expiry }, Live], [new(later, 1), new(put, 2), new(Call, 3)]);
        Assert.Equal([Call, put, later], snapshot.Instruments.Select(i => i.Instrument));
        Assert.Equal((0, 1, -1), (snapshot.SlotOf(Call.Expiry), snapshot.SlotOf(later.Expiry), snapshot.SlotOf(7)));
        Assert.True(snapshot.Instruments[0].Key(0) < snapshot.Instruments[1].Key(0) && snapshot.Instruments[1].Key(0) < snapshot.Instruments[2].Key(1));
        Assert.True(snapshot.HasExpired(Time) && !snapshot.HasExpired(Time + 1));
    }

    [Fact]
    public void A_signature_binds_every_value_and_the_shape()
    {
        SignedSnapshot signed = Snapshot([Live], [new OracleInstrument(Call, 450_000)]).Sign(BatchShape.Tiny, Samples.OracleKey);
        Assert.True(signed.IsValid);
        Assert.Equal(Poseidon.Hash(Samples.OracleKey.PublicKey.Point.X, Samples.OracleKey.PublicKey.Point.Y), signed.KeyHash);
        OracleSnapshot[] changed =
        [
            Snapshot([Live with { Forward = new PriceTicks(510_001) }], [new OracleInstrument(Call, 450_000)]),
            Snapshot([Live with { RateMillionths = 0 }], [new OracleInstrument(Call, 450_000)]),
            Snapshot([Live with { Settlement = new PriceTicks(1) }], [new OracleInstrument(Call, 450_000)]),
            Snapshot([Live], [new OracleInstrument(Call, 450_001)]),
            Snapshot([Live], []),
        ];
        Assert.All(changed, snapshot => Assert.False((signed with { Snapshot = snapshot }).IsValid));
        Assert.False((signed with { Shape = BatchShape.Small }).IsValid);
        Assert.False((signed with { OracleKey = Book.DevelopmentKey("other").PublicKey }).IsValid);
        Assert.Throws<ArgumentException>(() => signed.Snapshot.Hash(new BatchShape(1, 1, 1, 1) with { Instruments = 0 }));
    }

    [Fact]
    public void Values_outside_their_domain_are_refused()
    {
        OracleInstrument marked = new(Call, 450_000);
        AssertRefused("needs a forward", [Live with { Forward = default }], [marked]);
        AssertRefused("rate", [Live with { RateMillionths = 1_000_001 }], [marked]);
        AssertRefused("given twice", [Live, Live], [marked]);
        AssertRefused("given twice", [Live], [marked, marked]);
        AssertRefused("not in the snapshot", [], [marked]);
        AssertRefused("volatility", [Live], [marked with { VolatilityMillionths = 1 << 23 }]);
        AssertRefused("is not on BTC", [Live], [marked with { Instrument = Call with { Underlying = "ETH" } }]);
        AssertRefused("strike", [Live], [marked with { Instrument = Call with { Strike = default } }]);
    }

    [Fact]
    public void A_market_becomes_a_snapshot_with_implied_rates_and_settles_what_has_expired()
    {
        MarketSnapshot market = Samples.Market;
        OracleSnapshot snapshot = SnapshotBuilder.Build(market, Samples.Book.Instruments);
        Assert.Equal((market.Time, market.Spot), (snapshot.Time, snapshot.Spot));
        OracleExpiry expired = snapshot.Expiries[0];
        Assert.Equal((0L, market.Spot, 0L), (expired.Forward.Value, expired.Settlement, expired.RateMillionths));

        // The sample's forwards grow at 5.8 % a year; a week's forward is rounded to a cent, which is 5·10⁻⁶ of rate.
        Assert.All(snapshot.Expiries.Skip(1), e => Assert.InRange(e.RateMillionths, 57_985, 58_015));
        Assert.All(snapshot.Instruments, i => Assert.Equal(snapshot.HasExpired(i.Instrument.Expiry), i.VolatilityMillionths == 0));
        Assert.All(snapshot.Instruments.Where(i => i.VolatilityMillionths > 0), i => Assert.InRange(i.VolatilityMillionths, SnapshotBuilder.VolatilityMin, SnapshotBuilder.VolatilityMax));
        Assert.Equal(market.Time, SnapshotBuilder.Build(market, Samples.Book.Instruments, market.Time - 100).Time);
    }

    [Fact]
    public void Implied_rates_are_clamped_to_one_either_way()
    {
        Assert.Equal(1_000_000, SnapshotBuilder.ImpliedRate(new PriceTicks(200), new PriceTicks(100), 60));
        Assert.Equal(-1_000_000, SnapshotBuilder.ImpliedRate(new PriceTicks(100), new PriceTicks(200), 60));
        Assert.Equal(0, SnapshotBuilder.ImpliedRate(new PriceTicks(100), new PriceTicks(100), 60));
    }

    private static OracleSnapshot Snapshot(OracleExpiry[] expiries, OracleInstrument[] instruments) =>
        OracleSnapshot.Create("BTC", Time, new PriceTicks(505_000), expiries, instruments);

    private static void AssertRefused(string reason, OracleExpiry[] expiries, OracleInstrument[] instruments) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => Snapshot(expiries, instruments)).Message, StringComparison.Ordinal);
}
