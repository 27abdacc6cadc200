using System.Globalization;

namespace Accel.Derivatives.Market;

/// <summary>What an option gives the right to; the numeric value is the one that hashes and packed words hold.</summary>
public enum OptionKind
{
    /// <summary>Pays max(S − K, 0).</summary>
    Call = 0,

    /// <summary>Pays max(K − S, 0).</summary>
    Put = 1,
}

/// <summary>A European option on one underlying, cash-settled in USD.</summary>
/// <param name="Underlying">Ticker of the underlying in upper case, such as <c>BTC</c>.</param>
/// <param name="Expiry">Unix second of expiry, in [1, 2⁴⁰).</param>
/// <param name="Strike">Strike, at least one tick.</param>
/// <param name="Kind">Call or put.</param>
public sealed record Instrument(string Underlying, long Expiry, PriceTicks Strike, OptionKind Kind)
{
    private const string DateFormat = "dMMMyy";

    /// <summary>Hour of the day, UTC, at which listed options expire; a name states only the day.</summary>
    public const int ExpiryHour = 8;

    /// <summary><c>Poseidon(underlying, expiry, strike, kind)</c>: how a position names its instrument.</summary>
    public Fr Id => Poseidon.Hash([UnderlyingId(Underlying), Expiry, Strike.Value, (int)Kind]);

    /// <summary>The exchange's name, such as <c>BTC-16JAN26-82000-C</c>.</summary>
    public string Name
    {
        get
        {
            string day = DateTimeOffset.FromUnixTimeSeconds(Expiry).ToString(DateFormat, CultureInfo.InvariantCulture).ToUpperInvariant();
            string strike = Strike.ToUsd().ToString("0.####", CultureInfo.InvariantCulture);
            return $"{Underlying}-{day}-{strike}-{(Kind == OptionKind.Call ? 'C' : 'P')}";
        }
    }

    /// <summary>The ticker's ASCII bytes read as a big-endian integer.</summary>
    /// <exception cref="ArgumentException">The ticker is empty, longer than 16 characters or not upper-case letters, digits and <c>_</c>.</exception>
    public static Fr UnderlyingId(string underlying)
    {
        ArgumentNullException.ThrowIfNull(underlying);
        if (!IsTicker(underlying))
        {
            throw new ArgumentException($"'{underlying}' is not a ticker of 1 to 16 upper-case letters, digits or '_'", nameof(underlying));
        }

        Fr id = Fr.Zero;
        foreach (char character in underlying)
        {
            id = (id * 256) + (ulong)character;
        }

        return id;
    }

    /// <summary>Parses a name such as <c>BTC-16JAN26-82000-C</c>; expiry is at 08:00 UTC of that day.</summary>
    /// <exception cref="FormatException">The name has another form; the message says what was expected.</exception>
    public static Instrument Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split('-');
        if (parts.Length != 4 || !IsTicker(parts[0]))
        {
            throw Malformed(name, "four parts");
        }

        if (!DateTime.TryParseExact(parts[1], DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime day))
        {
            throw Malformed(name, "a day such as 16JAN26 second");
        }

        if (parts[3] is not ("C" or "P"))
        {
            throw Malformed(name, "C or P at the end");
        }

        long expiry = new DateTimeOffset(day).AddHours(ExpiryHour).ToUnixTimeSeconds();
        return new Instrument(parts[0], expiry, ParseStrike(name, parts[2]), parts[3] == "C" ? OptionKind.Call : OptionKind.Put);
    }

    /// <summary>Ticks per contract that the option pays at a settlement price.</summary>
    public long Payoff(PriceTicks settlement) => Kind == OptionKind.Call
        ? Math.Max(settlement.Value - Strike.Value, 0)
        : Math.Max(Strike.Value - settlement.Value, 0);

    /// <inheritdoc />
    public override string ToString() => Name;

    private static bool IsTicker(string text) =>
        text.Length is >= 1 and <= 16 && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');

    private static PriceTicks ParseStrike(string name, string text)
    {
        // Strikes below one dollar are listed with 'd' for the decimal point, as in XRP_USDC-30JUN23-0d525-C.
        string plain = text.Replace('d', '.');
        Int128 ticks;
        try
        {
            ticks = ExactDecimal.Parse(plain, PriceTicks.Decimals);
        }
        catch (FormatException)
        {
            throw Malformed(name, "a strike with at most four decimals third");
        }

        return ticks > 0 && ticks < Int128.One << PriceTicks.Bits
            ? new PriceTicks((long)ticks)
            : throw Malformed(name, "a strike of at least 0.0001 and below 6871947.6736 third");
    }

    private static FormatException Malformed(string name, string expected) =>
        new($"instrument '{name}': expected {expected}, as in BTC-16JAN26-82000-C");
}
