using System.Globalization;
using CsvHelper;

namespace Accel.Derivatives.Market;

/// <summary>Typed fields of the current CSV line; every fault names file, line, column, content and what would be right.</summary>
internal readonly struct SnapshotLine(CsvReader csv, string source)
{
    // Published marks of worthless options reach thousands of percent; anything above a million is a broken file.
    private const decimal VolatilityMax = 1_000_000m;

    public string Text(string column)
    {
        string text = csv.GetString(column);
        return text.Length > 0 ? text : throw Fault(column, "a value");
    }

    public decimal? OptionalDecimal(string column) => string.IsNullOrEmpty(csv.GetString(column)) ? null : Decimal(column);

    public decimal Decimal(string column) =>
        decimal.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) && value >= 0
            ? value
            : throw Fault(column, "a non-negative decimal number such as 0.0915");

    public decimal Price(string column)
    {
        decimal value = Decimal(column);
        return value > 0 && value < (1L << PriceTicks.Bits) / 10_000m ? value : throw Fault(column, "a price in USD above 0 and below 6871947");
    }

    public long Volatility(string column)
    {
        decimal value = Decimal(column);
        return value <= VolatilityMax ? (long)decimal.Round(value * 1_000_000m) : throw Fault(column, "a volatility per square root of a year such as 0.4523");
    }

    public long Time(string column) =>
        DateTimeOffset.TryParse(Text(column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) && time.ToUnixTimeSeconds() > 0
            ? time.ToUnixTimeSeconds()
            : throw Fault(column, "an ISO 8601 time such as 2026-01-16T08:00:00+00:00");

    public Instrument Instrument(string column)
    {
        string name = Text(column);
        try
        {
            return Market.Instrument.Parse(name);
        }
        catch (FormatException error)
        {
            throw new MarketFormatException(Place(column) + error.Message, error);
        }
    }

    public MarketFormatException Fault(string column, string expected) =>
        new($"{Place(column)}'{csv.GetString(column)}' where {expected} was expected");

    private string Place(string column) => $"{source}: line {csv.LineNumber}, column {column}: ";
}
