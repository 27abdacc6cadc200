namespace Accel.Derivatives.Market;

/// <summary>What a contract pays at expiry; the numeric value is the one that its id hashes.</summary>
public enum ContractKind
{
    /// <summary>max(S − K, 0) or max(K − S, 0), S being the last fixing.</summary>
    Vanilla = 0,

    /// <summary>A fixed amount when the last fixing lies beyond the strike.</summary>
    CashOrNothing = 1,

    /// <summary>The last fixing itself when it lies beyond the strike.</summary>
    AssetOrNothing = 2,

    /// <summary>A vanilla pay-off that starts or stops to exist when a fixing touches the barrier; otherwise the rebate.</summary>
    Barrier = 3,

    /// <summary>A vanilla pay-off on the arithmetic mean of the fixings.</summary>
    ArithmeticAsian = 4,

    /// <summary>A vanilla pay-off on the geometric mean of the fixings.</summary>
    GeometricAsian = 5,
}

/// <summary>
/// The definition of an option that settles from fixings. Fixings count when they lie in [<see cref="FirstFixing"/>, <see cref="Expiry"/>];
/// the definition says how many there are, so that none can be left out, and the last is at expiry. Prices are positive and below 2³⁶ ticks.
/// </summary>
public sealed record ContractTerms
{
    /// <summary>Fixing counts are below 2^this.</summary>
    public const int FixingCountBits = 8;

    /// <summary>Bits of <see cref="Style"/>.</summary>
    public const int StyleBits = 6;

    /// <summary>Ticker of the underlying.</summary>
    public required string Underlying { get; init; }

    /// <summary>What it pays.</summary>
    public required ContractKind Kind { get; init; }

    /// <summary>Call or put.</summary>
    public required OptionKind Option { get; init; }

    /// <summary>Strike, at least one tick.</summary>
    public required PriceTicks Strike { get; init; }

    /// <summary>Unix second of expiry and of the last fixing, below 2⁴⁰.</summary>
    public required long Expiry { get; init; }

    /// <summary>Unix second of the first fixing that counts, in [1, expiry].</summary>
    public required long FirstFixing { get; init; }

    /// <summary>How many fixings count, in [1, 2⁸).</summary>
    public required int FixingCount { get; init; }

    /// <summary>The barrier's price; zero for other kinds.</summary>
    public PriceTicks Barrier { get; init; }

    /// <summary>What a cash-or-nothing option pays, or the rebate of a barrier option, paid at expiry; zero for other kinds.</summary>
    public PriceTicks Amount { get; init; }

    /// <summary>Whether the barrier is touched from below: by a fixing at or above it.</summary>
    public bool IsUp { get; init; }

    /// <summary>Whether touching the barrier ends the option; otherwise it starts it.</summary>
    public bool IsKnockOut { get; init; }

    /// <summary><c>kind + 8·isPut + 16·isUp + 32·isKnockOut</c>.</summary>
    public int Style => (int)Kind + (8 * (int)Option) + (IsUp ? 16 : 0) + (IsKnockOut ? 32 : 0);

    /// <summary>
    /// <see cref="Instrument.Id"/> for a vanilla option; for others
    /// <c>Poseidon(underlying, expiry, strike, style, barrier, amount, firstFixing, fixingCount)</c>, whose width keeps the two apart.
    /// </summary>
    public Fr Id => Kind == ContractKind.Vanilla
        ? new Instrument(Underlying, Expiry, Strike, Option).Id
        : Poseidon.Hash([Instrument.UnderlyingId(Underlying), Expiry, Strike.Value, Style, Barrier.Value, Amount.Value, FirstFixing, FixingCount]);

    /// <summary>The terms of a vanilla option: one fixing, at expiry.</summary>
    public static ContractTerms Of(Instrument instrument) => new()
    {
        Underlying = instrument.Underlying,
        Kind = ContractKind.Vanilla,
        Option = instrument.Kind,
        Strike = instrument.Strike,
        Expiry = instrument.Expiry,
        FirstFixing = instrument.Expiry,
        FixingCount = 1,
    };

    /// <summary>Checks that every term lies in its domain and that terms which the kind does not use are zero.</summary>
    /// <exception cref="ArgumentException">One does not; the message says what would be right.</exception>
    public void Validate()
    {
        Require(Enum.IsDefined(Kind) && Enum.IsDefined(Option), $"kind {Kind} and option {Option} must be defined ones");
        Require(Strike.Value is > 0 and < 1L << PriceTicks.Bits, $"strike {Strike} must be above 0 and below 2^36 ticks");
        Require(Expiry is > 0 and < 1L << State.Account.TimeBits, $"expiry {Expiry} must be in [1, 2^40)");
        Require(FirstFixing > 0 && FirstFixing <= Expiry, $"first fixing {FirstFixing} must be in [1, {Expiry}]");
        Require(FixingCount is > 0 and < 1 << FixingCountBits, $"{FixingCount} fixings: expected 1 to {(1 << FixingCountBits) - 1}");
        bool isBarrier = Kind == ContractKind.Barrier;
        Require(isBarrier ? Barrier.Value is > 0 and < 1L << PriceTicks.Bits : Barrier.Value == 0,
            $"barrier {Barrier} must be {(isBarrier ? "above 0 and below 2^36 ticks" : "0")}");
        Require(isBarrier || (!IsUp && !IsKnockOut), $"a {Kind} option has no barrier to be touched");
        bool paysAmount = isBarrier || Kind == ContractKind.CashOrNothing;
        Require(Amount.Value is >= 0 and < 1L << PriceTicks.Bits && (paysAmount || Amount.Value == 0),
            $"amount {Amount} must be {(paysAmount ? "below 2^36 ticks" : "0")}");
        bool isAtExpiry = Kind is ContractKind.Vanilla or ContractKind.CashOrNothing or ContractKind.AssetOrNothing;
        Require(!isAtExpiry || (FirstFixing == Expiry && FixingCount == 1), $"a {Kind} option has one fixing, at expiry");
    }

    private static void Require(bool condition, string expectation)
    {
        if (!condition)
        {
            throw new ArgumentException($"contract terms: {expectation}");
        }
    }
}
