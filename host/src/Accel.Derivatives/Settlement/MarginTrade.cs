using Accel.Derivatives.Market;

namespace Accel.Derivatives.Settlement;

/// <summary>A trade to ask about.</summary>
/// <param name="Instrument">What is traded.</param>
/// <param name="Quantity">Contracts bought; negative when sold, never zero.</param>
/// <param name="Price">Price per contract; null trades at the mark, so that the account's value stays.</param>
public sealed record MarginTrade(Instrument Instrument, PositionQuantity Quantity, PriceTicks? Price)
{
    private const string Form = "INSTRUMENT:QUANTITY or INSTRUMENT:QUANTITY@PRICE, as in BTC-26JUN26-100000-C:-2.5@11250";

    /// <summary>Parses <c>BTC-26JUN26-100000-C:-2.5</c>, with <c>@11250</c> for a price in USD.</summary>
    /// <exception cref="FormatException">The text has another form; the message quotes it and says what was expected.</exception>
    public static MarginTrade Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        if (parts.Length != 2)
        {
            throw new FormatException($"trade '{text}': expected {Form}");
        }

        string[] size = parts[1].Split('@');
        try
        {
            PositionQuantity quantity = size.Length <= 2 ? PositionQuantity.Parse(size[0]) : throw new FormatException("a price is given twice");
            return quantity.Value != 0
                ? new MarginTrade(Instrument.Parse(parts[0]), quantity, size.Length == 2 ? ParsePrice(size[1]) : null)
                : throw new FormatException("the quantity is zero");
        }
        catch (FormatException error)
        {
            throw new FormatException($"trade '{text}': {error.Message}; expected {Form}", error);
        }
    }

    /// <inheritdoc />
    public override string ToString() => $"{Instrument}:{Quantity}{(Price is { } price ? $"@{price}" : string.Empty)}";

    private static PriceTicks ParsePrice(string text)
    {
        Int128 ticks = ExactDecimal.Parse(text, PriceTicks.Decimals);
        return ticks >= 0 && ticks < Int128.One << PriceTicks.Bits
            ? new PriceTicks((long)ticks)
            : throw new FormatException($"the price '{text}' is not within 0 and 6871947.6736 USD");
    }
}
