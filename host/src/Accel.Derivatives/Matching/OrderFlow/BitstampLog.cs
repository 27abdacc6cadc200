using System.Globalization;
using System.Text.Json;
using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>A log of the stream: milliseconds, kind of event, JSON, with snapshots of the best twenty prices between the orders.</summary>
internal static class BitstampLog
{
    private const int QuantityDecimals = 8;
    private const double ExactIntegerMax = 1L << 53;

    public static bool IsFirstLine(string line) =>
        line.Contains(" order_", StringComparison.Ordinal) || line.Contains(" trade {", StringComparison.Ordinal);

    /// <exception cref="Accel.Proving.Formats.InvalidFileException">A line is none of the stream.</exception>
    public static IEnumerable<BitstampEvent> Read(string path, CancellationToken cancel)
    {
        long number = 0;
        foreach (string line in FlowFile.Lines(path, cancel))
        {
            number++;
            yield return Read(path, number, line);
        }
    }

    private static BitstampEvent Read(string path, long number, string line)
    {
        try
        {
            string[] parts = line.Split(' ', 3);
            long timeMs = long.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture);
            using JsonDocument json = JsonDocument.Parse(parts[2]);
            JsonElement body = json.RootElement;
            return parts[1] switch
            {
                "order_book" => new BitstampEvent(timeMs, BitstampEventKind.Snapshot, default)
                {
                    Bids = ReadSide(body.GetProperty("bids")),
                    Asks = ReadSide(body.GetProperty("asks")),
                },
                "trade" => new BitstampEvent(timeMs, BitstampEventKind.Trade, ReadOrder(body, BookSide.Bid)),
                "order_created" => new BitstampEvent(timeMs, BitstampEventKind.Created, ReadOrder(body, ReadOrderSide(body))),
                "order_changed" => new BitstampEvent(timeMs, BitstampEventKind.Changed, ReadOrder(body, ReadOrderSide(body))),
                "order_deleted" => new BitstampEvent(timeMs, BitstampEventKind.Deleted, ReadOrder(body, ReadOrderSide(body))),
                _ => throw new FormatException($"there is no event '{parts[1]}'"),
            };
        }
        catch (Exception exception) when (exception is JsonException or FormatException or OverflowException or KeyNotFoundException
            or InvalidOperationException or IndexOutOfRangeException)
        {
            throw FlowFile.Malformed(path, number, "it is not an event of Bitstamp's stream", exception);
        }
    }

    private static BookSide ReadOrderSide(JsonElement order) => order.GetProperty("order_type").GetInt32() switch
    {
        0 => BookSide.Bid,
        1 => BookSide.Ask,
        int type => throw new FormatException($"there is no order type {type}"),
    };

    private static BookOrder ReadOrder(JsonElement order, BookSide side) => new(
        new OrderId(order.GetProperty("id").GetUInt64()),
        default,
        side,
        new PriceTicks(ReadUnits(order.GetProperty("price"), PriceTicks.Decimals)),
        ReadUnits(order.GetProperty("amount"), QuantityDecimals));

    private static (long Price, long Quantity)[] ReadSide(JsonElement levels)
    {
        (long Price, long Quantity)[] side =
            [.. levels.EnumerateArray().Select(level => (ReadUnits(level[0], PriceTicks.Decimals), ReadUnits(level[1], QuantityDecimals)))];
        return side.Length > 0 ? side : throw new FormatException("a snapshot has an empty side");
    }

    /// <summary>Orders and snapshots carry exact decimal text; trades carry binary fractions of it, such as 235.03999999999999.</summary>
    private static long ReadUnits(JsonElement value, int decimals)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            double rounded = Math.Round(value.GetDouble() * Math.Pow(10, decimals));
            return rounded >= 0 && rounded < ExactIntegerMax ? (long)rounded : throw new FormatException($"'{value}' is negative or too large");
        }

        long units = checked((long)ExactDecimal.Parse(value.GetString()!, decimals));
        return units >= 0 ? units : throw new FormatException($"'{value}' is negative");
    }
}
