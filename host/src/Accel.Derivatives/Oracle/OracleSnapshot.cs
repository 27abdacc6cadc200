using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Oracle;

/// <summary>One expiry of a signed snapshot.</summary>
/// <param name="Expiry">Unix second.</param>
/// <param name="Forward">Forward; zero once expired.</param>
/// <param name="Settlement">Settlement price; zero until expired.</param>
/// <param name="RateMillionths">Implied carry rate, 10⁻⁶ per year, in [−10⁶, 10⁶]; zero once expired.</param>
public sealed record OracleExpiry(long Expiry, PriceTicks Forward, PriceTicks Settlement, long RateMillionths)
{
    /// <summary>Rates are packed with this added, so that they are not negative.</summary>
    public const long RateBias = 1 << 20;

    /// <summary>Bits of a packed rate.</summary>
    public const int RateBits = 21;

    /// <summary><c>((expiry·2³⁶ + forward)·2³⁶ + settlement)·2²¹ + rate + 2²⁰</c>, 133 bits.</summary>
    public Fr Pack()
    {
        Fr packed = ((Fr)Expiry * (1L << PriceTicks.Bits)) + Forward.Value;
        packed = (packed * (1L << PriceTicks.Bits)) + Settlement.Value;
        return (packed * (1L << RateBits)) + RateMillionths + RateBias;
    }
}

/// <summary>One instrument of a signed snapshot.</summary>
/// <param name="Instrument">The option.</param>
/// <param name="VolatilityMillionths">Mark volatility in 10⁻⁶ per √year, below 2²³; zero once expired.</param>
public sealed record OracleInstrument(Instrument Instrument, long VolatilityMillionths)
{
    /// <summary>Bits of a packed volatility.</summary>
    public const int VolatilityBits = 23;

    /// <summary><c>key·2²³ + volatility</c> with key = <c>(slot·2³⁶ + strike)·2 + kind</c>, 63 bits.</summary>
    /// <param name="expirySlot">Slot of the instrument's expiry in the snapshot.</param>
    public Fr Pack(int expirySlot) => (Fr)((Key(expirySlot) << VolatilityBits) + VolatilityMillionths);

    /// <summary>What orders the instruments of a snapshot: expiry slot, then strike, then kind.</summary>
    public long Key(int expirySlot) => (((long)expirySlot << PriceTicks.Bits) + Instrument.Strike.Value << 1) + (int)Instrument.Kind;
}

/// <summary>
/// What an oracle says about one underlying at one moment: all that a settlement takes from outside. Expiries are strictly ascending;
/// instruments strictly ascending by expiry slot, strike and kind, so that no instrument can have two prices.
/// </summary>
public sealed class OracleSnapshot
{
    private OracleSnapshot(string underlying, long time, PriceTicks spot, IReadOnlyList<OracleExpiry> expiries, IReadOnlyList<OracleInstrument> instruments)
    {
        Underlying = underlying;
        Time = time;
        Spot = spot;
        Expiries = expiries;
        Instruments = instruments;
    }

    /// <summary>Ticker of the underlying.</summary>
    public string Underlying { get; }

    /// <summary>Unix second of the snapshot, below 2⁴⁰.</summary>
    public long Time { get; }

    /// <summary>Spot index.</summary>
    public PriceTicks Spot { get; }

    /// <summary>Expiries, strictly ascending.</summary>
    public IReadOnlyList<OracleExpiry> Expiries { get; }

    /// <summary>Instruments in order of expiry, strike and kind.</summary>
    public IReadOnlyList<OracleInstrument> Instruments { get; }

    /// <summary>Slot of an expiry, or −1.</summary>
    public int SlotOf(long expiry) => Expiries.Select(e => e.Expiry).ToList().IndexOf(expiry);

    /// <summary>Whether an expiry lies at or before the snapshot's time.</summary>
    public bool HasExpired(long expiry) => expiry <= Time;

    /// <summary>Collects a snapshot, putting expiries and instruments in order.</summary>
    /// <exception cref="ArgumentException">A value is outside its domain, an instrument is on another underlying, occurs twice, or has an expiry that is not given.</exception>
    public static OracleSnapshot Create(string underlying, long time, PriceTicks spot, IEnumerable<OracleExpiry> expiries, IEnumerable<OracleInstrument> instruments)
    {
        OracleExpiry[] orderedExpiries = [.. expiries.OrderBy(e => e.Expiry)];
        OracleInstrument[] ordered =
            [.. instruments.OrderBy(i => i.Instrument.Expiry).ThenBy(i => i.Instrument.Strike).ThenBy(i => i.Instrument.Kind)];
        var snapshot = new OracleSnapshot(underlying, time, spot, orderedExpiries, ordered);
        snapshot.Validate();
        return snapshot;
    }

    /// <summary>The elements that are hashed: underlying, time, spot with the shape, each expiry slot, each instrument slot; unused slots zero.</summary>
    /// <param name="shape">Fixes the number of slots.</param>
    /// <exception cref="ArgumentException">The snapshot has more expiries or instruments than the shape.</exception>
    public Fr[] Elements(BatchShape shape)
    {
        if (Expiries.Count > shape.Expiries || Instruments.Count > shape.Instruments)
        {
            throw new ArgumentException($"the snapshot's {Instruments.Count} instruments and {Expiries.Count} expiries exceed the shape {shape}", nameof(shape));
        }

        var elements = new Fr[3 + shape.Expiries + shape.Instruments];
        elements[0] = Instrument.UnderlyingId(Underlying);
        elements[1] = Time;
        elements[2] = (Fr)Spot.Value + shape.SnapshotTag;
        for (int i = 0; i < Expiries.Count; i++)
        {
            elements[3 + i] = Expiries[i].Pack();
        }

        for (int i = 0; i < Instruments.Count; i++)
        {
            elements[3 + shape.Expiries + i] = Instruments[i].Pack(SlotOf(Instruments[i].Instrument.Expiry));
        }

        return elements;
    }

    /// <summary>The message that the oracle signs.</summary>
    public Fr Hash(BatchShape shape) => FieldSponge.Hash(Elements(shape));

    /// <summary>Signs the snapshot for a shape.</summary>
    public SignedSnapshot Sign(BatchShape shape, EdDsaPrivateKey key) => new(this, shape, key.PublicKey, EdDsaPoseidon.Sign(key, Hash(shape)));

    private void Validate()
    {
        Require(Time is > 0 and < 1L << Account.TimeBits, $"time {Time} must be in [1, 2^40)");
        Require(Spot.Value is > 0 and < 1L << PriceTicks.Bits, $"spot {Spot} must be above 0 and below 2^36 ticks");
        for (int i = 0; i < Expiries.Count; i++)
        {
            OracleExpiry expiry = Expiries[i];
            Require(expiry.Expiry is > 0 and < 1L << Account.TimeBits, $"expiry {expiry.Expiry} must be in [1, 2^40)");
            Require(i == 0 || Expiries[i - 1].Expiry < expiry.Expiry, $"expiry {expiry.Expiry} is given twice");
            Require(expiry.Forward.Value is >= 0 and < 1L << PriceTicks.Bits && expiry.Settlement.Value is >= 0 and < 1L << PriceTicks.Bits, $"expiry {expiry.Expiry}: prices must be below 2^36 ticks");
            Require(Math.Abs(expiry.RateMillionths) <= MarginParameters.Unit, $"expiry {expiry.Expiry}: rate {expiry.RateMillionths} must be in [-10^6, 10^6]");
            Require(HasExpired(expiry.Expiry) || expiry.Forward.Value > 0, $"expiry {expiry.Expiry} is live and needs a forward");
        }

        ValidateInstruments();
    }

    private void ValidateInstruments()
    {
        for (int i = 0; i < Instruments.Count; i++)
        {
            Instrument instrument = Instruments[i].Instrument;
            Require(instrument.Underlying == Underlying, $"{instrument} is not on {Underlying}");
            Require(instrument.Strike.Value is > 0 and < 1L << PriceTicks.Bits, $"{instrument}: the strike must be above 0 and below 2^36 ticks");
            Require(SlotOf(instrument.Expiry) >= 0, $"{instrument}: its expiry is not in the snapshot");
            Require(Instruments[i].VolatilityMillionths is >= 0 and < 1L << OracleInstrument.VolatilityBits, $"{instrument}: volatility must be below 2^23 millionths");
            Require(i == 0 || Instruments[i - 1].Instrument != instrument, $"{instrument} is given twice");
        }
    }

    private static void Require(bool condition, string expectation)
    {
        if (!condition)
        {
            throw new ArgumentException($"oracle snapshot: {expectation}");
        }
    }
}

/// <summary>A snapshot with an oracle's signature over its hash in one shape.</summary>
/// <param name="Snapshot">What is signed.</param>
/// <param name="Shape">The shape whose padding the hash includes.</param>
/// <param name="OracleKey">The oracle's key.</param>
/// <param name="Signature">Over <see cref="OracleSnapshot.Hash"/>.</param>
public sealed record SignedSnapshot(OracleSnapshot Snapshot, BatchShape Shape, EdDsaPublicKey OracleKey, EdDsaSignature Signature)
{
    /// <summary>Whether the signature is the key's.</summary>
    public bool IsValid => EdDsaPoseidon.Verify(OracleKey, Snapshot.Hash(Shape), Signature);

    /// <summary><c>Poseidon(Ax, Ay)</c>: how a contract pins the oracle.</summary>
    public Fr KeyHash => Poseidon.Hash(OracleKey.Point.X, OracleKey.Point.Y);
}
