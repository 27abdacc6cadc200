using System.Globalization;
using Accel.Derivatives.Market;
using Accel.Proving.Formats;

namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>
/// The stream as a table: <c>seq,recv_ms,kind,id,price_cents,volume_satoshi,order_ms,side</c>, the last two empty for trades. It has the log's orders
/// and trades but no snapshots, so what stood in the book before it is only what later rows tell.
/// </summary>
internal static class BitstampTable
{
    private const string Header = "seq,recv_ms,kind,id,price_cents,volume_satoshi,order_ms,side";
    private const int FieldCount = 8;
    private const long TicksPerCent = 100;
    private const long PriceCentsMax = ((1L << PriceTicks.Bits) - 1) / TicksPerCent;

    public static bool IsFirstLine(string line) => line == Header || (line.Split(',') is { Length: FieldCount } fields && TryKind(fields[2], out _));

    /// <exception cref="InvalidFileException">A row is malformed, missing or out of place.</exception>
    public static IEnumerable<BitstampEvent> Read(string path, CancellationToken cancel)
    {
        long number = 0;
        long sequence = 0;
        foreach (string line in FlowFile.Lines(path, cancel))
        {
            number++;
            if (number > 1 || line != Header)
            {
                yield return new Row(path, number, line).Read(sequence++);
            }
        }
    }

    /// <summary>
    /// Orders that are changed or deleted without having been created: from before the first row, or lost by whoever recorded it. What is known of
    /// one is its first row, and, where that row reports a fill, the trade that comes next at its price.
    /// </summary>
    /// <returns>The orders as they were before their first row, ascending by name.</returns>
    public static IReadOnlyList<BookOrder> UncreatedOrders(IEnumerable<BitstampEvent> rows)
    {
        var named = new HashSet<OrderId>();
        var found = new SortedDictionary<ulong, BookOrder>();
        var awaitingTrade = new List<BookOrder>();
        foreach (BitstampEvent row in rows)
        {
            if (row.Kind == BitstampEventKind.Trade)
            {
                int match = awaitingTrade.FindIndex(order => order.Price == row.Order.Price);
                if (match >= 0)
                {
                    BookOrder order = awaitingTrade[match];
                    found[order.Order.Value] = order with { Remaining = order.Remaining + row.Order.Remaining };
                    awaitingTrade.RemoveAt(match);
                }
            }
            else if (!named.Add(row.Order.Order))
            {
                // Its first row moved its price, and no trade belongs to it.
                awaitingTrade.RemoveAll(order => order.Order == row.Order.Order);
            }
            else if (row.Kind != BitstampEventKind.Created)
            {
                found[row.Order.Order.Value] = row.Order;
                if (row.IsFill)
                {
                    awaitingTrade.Add(row.Order);
                }
            }
        }

        return [.. found.Values.Where(order => order.Remaining > 0)];
    }

    private static bool TryKind(string text, out BitstampEventKind kind)
    {
        (bool isKnown, kind) = text switch
        {
            "created" => (true, BitstampEventKind.Created),
            "changed" => (true, BitstampEventKind.Changed),
            "deleted" => (true, BitstampEventKind.Deleted),
            "trade" => (true, BitstampEventKind.Trade),
            _ => (false, default),
        };
        return isKnown;
    }

    /// <summary>One row; every fault names file, line, column and what would be right.</summary>
    private readonly struct Row(string path, long number, string line)
    {
        private readonly string[] _fields = line.Split(',', FieldCount + 1);

        public BitstampEvent Read(long sequence)
        {
            if (_fields.Length != FieldCount)
            {
                string count = _fields.Length > FieldCount ? $"more than {FieldCount}" : $"{_fields.Length}";
                throw FlowFile.Malformed(path, number, $"it has {count} fields; expected {Header}");
            }

            if (Number(0, 0, long.MaxValue) is var found && found != sequence)
            {
                throw FlowFile.Malformed(path, number, $"seq is {found}; expected {sequence}: a row is missing or out of place");
            }

            if (!TryKind(_fields[2], out BitstampEventKind kind))
            {
                throw Fault(2, "created, changed, deleted or trade");
            }

            var order = new BookOrder(
                new OrderId((ulong)Number(3, 0, long.MaxValue)),
                default,
                kind == BitstampEventKind.Trade ? BookSide.Bid : Side(),
                new PriceTicks(Number(4, 1, PriceCentsMax) * TicksPerCent),
                Number(5, 0, MatchingOptions.QuantityLimit));
            return new BitstampEvent(Number(1, 0, long.MaxValue), kind, order);
        }

        private BookSide Side() => _fields[7] switch { "bid" => BookSide.Bid, "ask" => BookSide.Ask, _ => throw Fault(7, "bid or ask") };

        private long Number(int column, long least, long most) =>
            long.TryParse(_fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
                ? value
                : throw Fault(column, $"a whole number in [{least}, {most}]");

        private InvalidFileException Fault(int column, string expected) =>
            FlowFile.Malformed(path, number, $"{Header.Split(',')[column]} is '{FlowFile.Excerpt(_fields[column])}'; expected {expected}");
    }
}
