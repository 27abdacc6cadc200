using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>
/// Bitstamp's stream: orders created, changed and deleted, trades, and in a log snapshots of the best twenty prices from another channel, which
/// runs ahead of the orders or behind them. A snapshot agrees when a state of the book within <see cref="WindowMs"/> of it shows the same top, a
/// trade when the engine made a fill of its price and quantity within that time.
/// </summary>
internal sealed class BitstampReplay
{
    private const long WindowMs = 2000;
    private const long UnitsPerCoin = 100_000_000;

    private readonly ReplayReport _report;
    private readonly TradeComparison _trades;
    private readonly Queue<(long TimeMs, TopOfBook Top)> _past = [];
    private readonly List<(long TimeMs, TopOfBook Answer, TopOfBook Seen)> _pending = [];
    private readonly HashSet<OrderId> _named = [];
    private readonly Queue<BookOrder> _uncreated = [];
    private readonly Dictionary<OrderId, long> _ahead = [];
    private ReconstructedBook? _book;
    private long _coveredBid = long.MaxValue;
    private long _coveredAsk;
    private bool _mustSynchronise;

    private BitstampReplay(string format)
    {
        _report = new ReplayReport(format, new MatchingOptions { QuantityMax = MatchingOptions.QuantityLimit }, UnitsPerCoin);
        _trades = new TradeComparison(_report, WindowMs);
    }

    private ReconstructedBook Book => _book ??= new ReconstructedBook(_report);

    /// <summary>Replays a log, whose snapshots are its known answers.</summary>
    public static ReplayReport RunLog(string path, CancellationToken cancel) =>
        new BitstampReplay("Bitstamp stream").Run(BitstampLog.Read(path, cancel));

    /// <summary>Replays a table from the book that its own later rows tell of.</summary>
    public static ReplayReport RunTable(string path, CancellationToken cancel)
    {
        var replay = new BitstampReplay("Bitstamp event table");
        foreach (BookOrder order in BitstampTable.UncreatedOrders(BitstampTable.Read(path, cancel)))
        {
            replay._uncreated.Enqueue(order);
        }

        return replay.Run(BitstampTable.Read(path, cancel));
    }

    private ReplayReport Run(IEnumerable<BitstampEvent> events)
    {
        foreach (BitstampEvent message in events)
        {
            _report.Messages++;
            Settle(message.TimeMs);
            switch (message.Kind)
            {
                case BitstampEventKind.Snapshot:
                    Compare(message.TimeMs, message.Bids, message.Asks);
                    break;
                case BitstampEventKind.Trade:
                    _trades.Expect(message.TimeMs, message.Order.Price, message.Order.Remaining);
                    break;
                default:
                    Apply(message);
                    Remember(message.TimeMs);
                    break;
            }
        }

        Settle(long.MaxValue);
        foreach (long count in _ahead.Values)
        {
            CountDifference("the engine filled more than the exchange", count);
        }

        return _report;
    }

    private void Apply(BitstampEvent message)
    {
        BookOrder order = message.Order;
        EnterUncreated(message);
        bool isKnown = Book.Engine.TryGetOrder(order.Order, out BookOrder held);
        if (message.Kind == BitstampEventKind.Created)
        {
            _named.Add(order.Order);
            if (!isKnown && order.Remaining > 0)
            {
                Book.Submit(OrderType.Limit, order.Order, order.Side, order.Price.Value, order.Remaining);
                NoteFills(message.TimeMs);
            }
        }
        else if (isKnown && message.Kind == BitstampEventKind.Changed && order.Price != held.Price && order.Remaining > 0)
        {
            Book.Reprice(held, order.Price.Value, order.Remaining);
            NoteFills(message.TimeMs);
        }
        else if (isKnown || _named.Contains(order.Order))
        {
            Follow(order.Order, held, message.IsFill, remaining: message.IsFill ? order.Remaining : 0);
        }
        else if (message.Kind == BitstampEventKind.Deleted)
        {
            Book.ReduceStandIns(order.Side, order.Price.Value, order.Remaining);
        }
    }

    private void NoteFills(long timeMs)
    {
        foreach (MatchingEvent fill in Book.LatestFills)
        {
            _trades.Made(timeMs, fill.Price, fill.Quantity);
        }
    }

    /// <summary>
    /// Names ascend with time, so an order that the table does not create enters before the first that has a higher name; at the latest where it
    /// is named itself.
    /// </summary>
    private void EnterUncreated(BitstampEvent message)
    {
        ulong name = message.Order.Order.Value;
        ulong last = message.Kind == BitstampEventKind.Created ? name - 1 : name;
        bool isDue = message.Kind == BitstampEventKind.Created || _uncreated.Any(order => order.Order.Value == name);
        while (isDue && _uncreated.TryPeek(out BookOrder order) && order.Order.Value <= last)
        {
            _uncreated.Dequeue();
            _named.Add(order.Order);
            Book.Submit(OrderType.PostOnly, order.Order, order.Side, order.Price.Value, order.Remaining);
            _report.Corrections++;
        }
    }

    /// <summary>What the exchange says of an order of the file; <paramref name="held"/> is empty when the engine filled it whole.</summary>
    private void Follow(OrderId name, BookOrder held, bool isFill, long remaining)
    {
        if (isFill && held.Remaining == remaining)
        {
            _report.QueueAgreements++;
            _ahead.Remove(name, out long steps);
            CountDifference("the exchange reports one fill at a time: the engine was ahead, and both ended alike", steps);
        }
        else if (isFill && held.Remaining < remaining)
        {
            _ahead[name] = _ahead.GetValueOrDefault(name) + 1;
        }
        else if (isFill)
        {
            CountDifference("the exchange filled more: the counterpart is not in the file, or comes later", 1);
        }

        if (held.Remaining > remaining)
        {
            _report.Corrections += isFill ? 1 : 0;
            Book.SetRemaining(held, remaining);
        }
    }

    private void CountDifference(string cause, long count)
    {
        if (count > 0)
        {
            _report.QueueDifferences[cause] = _report.QueueDifferences.GetValueOrDefault(cause) + count;
        }
    }

    private void Compare(long timeMs, IReadOnlyList<(long Price, long Quantity)> bids, IReadOnlyList<(long Price, long Quantity)> asks)
    {
        var answer = new TopOfBook(bids[0].Price, bids[0].Quantity, asks[0].Price, asks[0].Quantity);
        if (answer.BidPrice >= answer.AskPrice)
        {
            _report.Snapshots++;
            ReplayReport.Count(_report.Differences, "the snapshot itself is crossed");
            return;
        }

        if (_coveredAsk == 0 || _mustSynchronise)
        {
            Book.Synchronise(answer);
            _mustSynchronise = false;
        }

        Learn(bids, asks);
        TopOfBook top = Book.Top;
        _report.Snapshots++;
        if (top == answer)
        {
            ReplayReport.Count(_report.Agreements, "at its place in the log");
        }
        else if (_past.Any(state => state.Top == answer))
        {
            ReplayReport.Count(_report.Agreements, "with a state less than 2 s earlier");
        }
        else
        {
            _pending.Add((timeMs, answer, top));
        }
    }

    /// <summary>
    /// Snapshots show quantity from before the file at prices that no earlier one reached; it enters the book once, as stand-ins.
    /// </summary>
    private void Learn(IReadOnlyList<(long Price, long Quantity)> bids, IReadOnlyList<(long Price, long Quantity)> asks)
    {
        int before = _report.CommandList.Count;
        TopOfBook top = Book.Top;
        foreach ((long price, long quantity) in bids.Where(level => level.Price < _coveredBid && level.Price < top.AskPrice))
        {
            RaiseLevel(BookSide.Bid, price, quantity);
        }

        foreach ((long price, long quantity) in asks.Where(level => level.Price > _coveredAsk && level.Price > top.BidPrice))
        {
            RaiseLevel(BookSide.Ask, price, quantity);
        }

        _coveredBid = Math.Min(_coveredBid, bids[^1].Price);
        _coveredAsk = Math.Max(_coveredAsk, asks[^1].Price);
        _report.Corrections += _report.CommandList.Count - before;
    }

    private void RaiseLevel(BookSide side, long price, long quantity)
    {
        Book.Engine.TryGetLevel(side, new PriceTicks(price), out BookLevel level);
        Book.SetLevel(side, price, Math.Max(level.Quantity, quantity));
    }

    private void Remember(long timeMs)
    {
        TopOfBook top = Book.Top;
        _past.Enqueue((timeMs, top));
        for (int i = _pending.RemoveAll(snapshot => snapshot.Answer == top); i > 0; i--)
        {
            ReplayReport.Count(_report.Agreements, "with a state less than 2 s later");
        }
    }

    /// <summary>Gives up on snapshots, and forgets states, that the window has passed.</summary>
    private void Settle(long timeMs)
    {
        _trades.Settle(timeMs);
        while (_past.Count > 1 && _past.Peek().TimeMs < timeMs - WindowMs)
        {
            _past.Dequeue();
        }

        foreach ((_, TopOfBook answer, TopOfBook seen) in _pending.Where(snapshot => snapshot.TimeMs < timeMs - WindowMs))
        {
            BookSide side = seen.AgreesOn(BookSide.Bid, answer) ? BookSide.Ask : BookSide.Bid;
            ReplayReport.Count(
                _report.Differences,
                seen.Price(side) == answer.Price(side) ? "same price, other quantity"
                : seen.IsWorse(side, answer.Price(side)) ? "a better price than the orders of the file make"
                    : "the engine holds a better price that the exchange had lost");
            _mustSynchronise = true;
        }

        _pending.RemoveAll(snapshot => snapshot.TimeMs < timeMs - WindowMs);
    }
}
