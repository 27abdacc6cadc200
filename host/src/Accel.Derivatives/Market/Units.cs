using System.Globalization;

namespace Accel.Derivatives.Market;

/// <summary>A price in ticks of 10⁻⁴ USD, in [0, 2³⁶).</summary>
/// <param name="Value">Number of ticks.</param>
public readonly record struct PriceTicks(long Value) : IComparable<PriceTicks>
{
    /// <summary>Decimal places of a USD price that a tick keeps.</summary>
    public const int Decimals = 4;

    /// <summary>Prices stay below 2^<see cref="Bits"/> ticks, about 6.87 million USD.</summary>
    public const int Bits = 36;

    /// <summary>A price from USD, floored to a tick.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is negative or not below 2³⁶ ticks.</exception>
    public static PriceTicks FromUsd(decimal usd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usd);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(usd, (decimal)(1L << Bits) / 10_000m);
        return new PriceTicks((long)decimal.Floor(usd * 10_000m));
    }

    /// <summary>The price in USD, exactly.</summary>
    public decimal ToUsd() => Value / 10_000m;

    /// <inheritdoc />
    public int CompareTo(PriceTicks other) => Value.CompareTo(other.Value);

    /// <summary>The price in USD with four decimals.</summary>
    public override string ToString() => ExactDecimal.Format(Value, Decimals);

    /// <summary>Whether <paramref name="left"/> is the lower price.</summary>
    public static bool operator <(PriceTicks left, PriceTicks right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is the higher price.</summary>
    public static bool operator >(PriceTicks left, PriceTicks right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is not the higher price.</summary>
    public static bool operator <=(PriceTicks left, PriceTicks right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is not the lower price.</summary>
    public static bool operator >=(PriceTicks left, PriceTicks right) => left.Value >= right.Value;
}

/// <summary>A signed position size in units of 10⁻⁴ contract, in [−2³², 2³²).</summary>
/// <param name="Value">Number of units; negative when short.</param>
public readonly record struct PositionQuantity(long Value)
{
    /// <summary>Decimal places of a contract that a unit keeps.</summary>
    public const int Decimals = 4;

    /// <summary>Magnitudes stay within 2^<see cref="MagnitudeBits"/> units, about 429 thousand contracts.</summary>
    public const int MagnitudeBits = 32;

    /// <summary>Whether the size lies in the domain.</summary>
    public bool IsInDomain => Value >= -(1L << MagnitudeBits) && Value < 1L << MagnitudeBits;

    /// <summary>Parses contracts such as <c>-1.25</c>, exactly.</summary>
    /// <exception cref="FormatException">The text is not a decimal with at most four places, or is outside the domain.</exception>
    public static PositionQuantity Parse(string text)
    {
        Int128 units = ExactDecimal.Parse(text, Decimals);
        var quantity = new PositionQuantity(units >= long.MinValue && units <= long.MaxValue ? (long)units : long.MaxValue);
        return quantity.IsInDomain
            ? quantity
            : throw new FormatException($"'{text}' contracts is outside [-429496.7296, 429496.7296)");
    }

    /// <summary>The size in contracts.</summary>
    public override string ToString() => ExactDecimal.Format(Value, Decimals);
}

/// <summary>An amount of money in units of 10⁻⁸ USD, in [−2⁸⁰, 2⁸⁰); tick × position unit gives exactly this unit.</summary>
/// <param name="Value">Number of units.</param>
public readonly record struct CashAmount(Int128 Value)
{
    /// <summary>Decimal places of a USD that a unit keeps.</summary>
    public const int Decimals = 8;

    /// <summary>Magnitudes stay within 2^<see cref="MagnitudeBits"/> units, about 1.2·10¹⁶ USD.</summary>
    public const int MagnitudeBits = 80;

    /// <summary>Whether the amount lies in the domain.</summary>
    public bool IsInDomain => Value >= -(Int128.One << MagnitudeBits) && Value < Int128.One << MagnitudeBits;

    /// <summary>Parses USD such as <c>-250.5</c>, exactly.</summary>
    /// <exception cref="FormatException">The text is not a decimal with at most eight places, or is outside the domain.</exception>
    public static CashAmount Parse(string text)
    {
        var amount = new CashAmount(ExactDecimal.Parse(text, Decimals));
        return amount.IsInDomain ? amount : throw new FormatException($"'{text}' USD is outside ±2^80 units of 10^-8 USD");
    }

    /// <summary>The amount in USD.</summary>
    public override string ToString() => ExactDecimal.Format(Value, Decimals);
}

/// <summary>Decimal text to and from scaled integers, without ever rounding.</summary>
internal static class ExactDecimal
{
    // 10³⁰ units exceed every domain of this library, and longer text would only cost time to refuse.
    private const int DigitsMax = 30;

    public static Int128 Parse(string text, int decimals)
    {
        ReadOnlySpan<char> digits = text.AsSpan();
        bool negative = digits.StartsWith('-');
        digits = negative ? digits[1..] : digits;
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        ReadOnlySpan<char> fraction = point < 0 ? [] : digits[(point + 1)..].TrimEnd('0');
        if (!IsWellFormed(whole, point >= 0 ? digits[(point + 1)..] : "0"))
        {
            throw new FormatException($"'{text}' is not a decimal number such as 12.5");
        }

        if (fraction.Length > decimals)
        {
            throw new FormatException($"'{text}' has more than {decimals} decimal places");
        }

        Int128 value = ParseDigits(whole);
        for (int i = 0; i < decimals; i++)
        {
            value = (value * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }

        return negative ? -value : value;
    }

    public static string Format(Int128 value, int decimals)
    {
        Int128 magnitude = value < 0 ? -value : value;
        string digits = magnitude.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return $"{(value < 0 ? "-" : "")}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static bool IsWellFormed(ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction) =>
        whole.Length is > 0 and <= DigitsMax && fraction.Length > 0 && fraction.Length <= DigitsMax
        && !whole.ContainsAnyExceptInRange('0', '9') && !fraction.ContainsAnyExceptInRange('0', '9');

    private static Int128 ParseDigits(ReadOnlySpan<char> digits)
    {
        Int128 value = 0;
        foreach (char digit in digits)
        {
            value = (value * 10) + (digit - '0');
        }

        return value;
    }
}
