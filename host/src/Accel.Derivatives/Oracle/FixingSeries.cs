using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Oracle;

/// <summary>What a series' values are; the numeric value is the one that the signed message holds.</summary>
public enum FixingKind
{
    /// <summary>Prices in ticks, in [0, 2³⁶).</summary>
    Price = 0,

    /// <summary>Rates in 10⁻⁸ per year, plus 2³⁵, in [0, 2³⁶).</summary>
    Rate = 1,
}

/// <summary>One observation.</summary>
/// <param name="Time">Unix second.</param>
/// <param name="Value">Price in ticks, or biased rate; below 2³⁶.</param>
public readonly record struct Fixing(long Time, long Value)
{
    /// <summary>Bits of a value.</summary>
    public const int ValueBits = PriceTicks.Bits;

    /// <summary>What is added to a rate, so that it is not negative.</summary>
    public const long RateBias = 1L << (ValueBits - 1);

    /// <summary>Units of a rate of one: rates are in 10⁻⁸ per year.</summary>
    public const long RateUnit = 100_000_000;

    /// <summary><c>time·2³⁶ + value</c>, 76 bits.</summary>
    public Fr Pack() => ((Fr)Time * (1L << ValueBits)) + Value;
}

/// <summary>
/// The fixings of one underlying or rate index up to a moment, as an oracle commits to them: times strictly ascend, so that no moment has
/// two values. The number of slots is part of the message; unused ones are zero and come last.
/// </summary>
public sealed class FixingSeries
{
    private const int TagShift = 100;

    private FixingSeries(string name, FixingKind kind, long time, IReadOnlyList<Fixing> fixings) =>
        (Name, Kind, Time, Fixings) = (name, kind, time, fixings);

    /// <summary>Ticker of the underlying or of the rate index.</summary>
    public string Name { get; }

    /// <summary>What the values are.</summary>
    public FixingKind Kind { get; }

    /// <summary>Unix second at which the oracle speaks: what expires at or before it has expired.</summary>
    public long Time { get; }

    /// <summary>Fixings, strictly ascending by time.</summary>
    public IReadOnlyList<Fixing> Fixings { get; }

    /// <summary>Collects a series, putting it in order.</summary>
    /// <exception cref="ArgumentException">A value is outside its domain, a time occurs twice or lies after the oracle's.</exception>
    public static FixingSeries Create(string name, FixingKind kind, long time, IEnumerable<Fixing> fixings)
    {
        Fixing[] ordered = [.. fixings.OrderBy(f => f.Time)];
        Instrument.UnderlyingId(name);
        Require(Enum.IsDefined(kind), $"kind {kind} must be a defined one");
        Require(time is > 0 and < 1L << Account.TimeBits, $"time {time} must be in [1, 2^40)");
        for (int i = 0; i < ordered.Length; i++)
        {
            Require(ordered[i].Time > 0 && ordered[i].Time <= time, $"fixing at {ordered[i].Time} must be in [1, {time}]");
            Require(ordered[i].Value is >= 0 and < 1L << Fixing.ValueBits,
                $"fixing at {ordered[i].Time} has value {ordered[i].Value}; expected one in [0, 2^36)");
            Require(i == 0 || ordered[i - 1].Time < ordered[i].Time, $"the time {ordered[i].Time} is given twice");
        }

        return new FixingSeries(name, kind, time, ordered);
    }

    /// <summary>The elements that are hashed: name, time, <c>2¹⁰⁰ + kind·2⁹⁹ + slots</c>, which no market snapshot has, then each slot.</summary>
    /// <param name="slots">How many fixings the statement's shape has room for.</param>
    /// <exception cref="ArgumentException">The series is longer.</exception>
    public Fr[] Elements(int slots)
    {
        if (Fixings.Count > slots)
        {
            throw new ArgumentException($"{Fixings.Count} fixings exceed the {slots} slots", nameof(slots));
        }

        return [Instrument.UnderlyingId(Name), Time, Tag(Kind, slots), .. Fixings.Select(f => f.Pack()), .. new Fr[slots - Fixings.Count]];
    }

    /// <summary>The message that the oracle signs.</summary>
    public Fr Hash(int slots) => FieldSponge.Hash(Elements(slots));

    /// <summary>Signs the series for a number of slots.</summary>
    public SignedFixings Sign(int slots, EdDsaPrivateKey key) => new(this, slots, key.PublicKey, EdDsaPoseidon.Sign(key, Hash(slots)));

    /// <summary>Tells series from snapshots, prices from rates, and one number of slots from another.</summary>
    internal static Fr Tag(FixingKind kind, int slots) =>
        Circuits.WordPacker.PowerOfTwo(TagShift) + (Circuits.WordPacker.PowerOfTwo(TagShift - 1) * (int)kind) + slots;

    private static void Require(bool condition, string expectation)
    {
        if (!condition)
        {
            throw new ArgumentException($"fixing series: {expectation}");
        }
    }
}

/// <summary>A series with an oracle's signature over its hash for a number of slots.</summary>
/// <param name="Series">What is signed.</param>
/// <param name="Slots">The padding that the hash includes.</param>
/// <param name="OracleKey">The oracle's key.</param>
/// <param name="Signature">Over <see cref="FixingSeries.Hash"/>.</param>
public sealed record SignedFixings(FixingSeries Series, int Slots, EdDsaPublicKey OracleKey, EdDsaSignature Signature)
{
    /// <summary>Whether the signature is the key's.</summary>
    public bool IsValid => EdDsaPoseidon.Verify(OracleKey, Series.Hash(Slots), Signature);

    /// <summary><c>Poseidon(Ax, Ay)</c>: how a contract pins the oracle.</summary>
    public Fr KeyHash => Poseidon.Hash(OracleKey.Point.X, OracleKey.Point.Y);
}
