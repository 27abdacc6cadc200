using Accel.Proving.Formats;

namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>
/// LOBSTER's message file against its order-book file, row by row. The book is brought to the file's state after each comparison, so that a row
/// tests what one message does. The sample holds level 1 only: what happens behind the best price is not in it.
/// </summary>
internal sealed class LobsterReplay
{
    private const string MessagePart = "_message_";
    private const long SharesPerContract = 100;
    private const long PlaceholderPrice = 9_999_999_999;

    private readonly string _messages;
    private readonly string _rows;
    private readonly ReplayReport _report = new("LOBSTER, level 1", new MatchingOptions(), SharesPerContract);
    private readonly ReconstructedBook _book;

    // Prices that hold orders, or lost some, while the file did not cover them: from before it, or behind the best price.
    private readonly HashSet<(BookSide Side, long Price)> _unseen = [];

    public LobsterReplay(string messages)
    {
        _messages = messages;
        string name = Path.GetFileName(messages);
        _rows = Path.Combine(Path.GetDirectoryName(messages) ?? string.Empty, name.Replace(MessagePart, "_orderbook_", StringComparison.Ordinal));
        if (!name.Contains(MessagePart, StringComparison.Ordinal) || !File.Exists(_rows))
        {
            throw new InvalidFileException(name,
                "LOBSTER's known answers are in a file beside it, named with 'orderbook' in place of 'message'; there is none");
        }

        _book = new ReconstructedBook(_report);
    }

    public ReplayReport Run(CancellationToken cancel)
    {
        TopOfBook previous = default;
        using IEnumerator<string> rows = FlowFile.Lines(_rows, cancel).GetEnumerator();
        foreach (string line in FlowFile.Lines(_messages, cancel))
        {
            long number = ++_report.Messages;
            if (!rows.MoveNext())
            {
                throw FlowFile.Malformed(_rows, number, "the file ends before the messages do");
            }

            TopOfBook answer = ReadRow(number, rows.Current);
            if (number > 1)
            {
                TopOfBook before = _book.Top;
                Apply(ReadMessage(number, line));
                Compare(before, answer);
            }

            Follow(previous, answer);
            _book.Synchronise(answer);
            previous = answer;
        }

        return _report;
    }

    private Message ReadMessage(long number, string line)
    {
        int comma = line.IndexOf(',', StringComparison.Ordinal);
        long[] fields = FlowFile.Numbers(_messages, number, line.AsSpan(comma + 1), 5);
        if (fields[0] is < 1 or > 7 || fields[2] < 0 || fields[4] is not (1 or -1))
        {
            throw FlowFile.Malformed(_messages, number, "expected a type of 1 to 7, a size that is not negative and a direction of 1 or -1");
        }

        return new Message(fields[0], new OrderId((ulong)fields[1]), fields[2], fields[3], fields[4] == 1 ? BookSide.Bid : BookSide.Ask);
    }

    private TopOfBook ReadRow(long number, string line)
    {
        long[] fields = FlowFile.Numbers(_rows, number, line, 4);
        return new TopOfBook(
            fields[2] == -PlaceholderPrice ? 0 : fields[2],
            fields[3],
            fields[0] == PlaceholderPrice ? 0 : fields[0],
            fields[1]);
    }

    private void Apply(Message message)
    {
        switch (message.Type)
        {
            case 1:
                _book.Submit(OrderType.Limit, message.Order, message.Side, message.Price, message.Quantity);
                break;
            case 2 or 3:
                Withdraw(message);
                break;
            case 4:
                Trade(message);
                break;
        }
    }

    private void Withdraw(Message message)
    {
        if (_book.Engine.TryGetOrder(message.Order, out BookOrder order))
        {
            _book.SetRemaining(order, message.Type == 3 ? 0 : Math.Max(0, order.Remaining - message.Quantity));
        }
        else
        {
            _book.CancelLevel(message.Side, message.Price, message.Quantity);
        }
    }

    private void Trade(Message message)
    {
        bool isNamed = _book.Engine.TryGetOrder(message.Order, out _);
        _book.Take(message.Side, message.Price, message.Quantity);
        bool agrees = _book.LatestFills.Count > 0
            && _book.LatestFills.TrueForAll(fill => isNamed ? fill.Maker == message.Order : ReconstructedBook.IsStandIn(fill.Maker));
        if (agrees)
        {
            _report.QueueAgreements++;
        }
        else
        {
            string cause = !isNamed ? "the order was entered outside the file's view"
                : _unseen.Contains((message.Side, message.Price)) ? "orders came or went at its price outside the file's view" : "unexplained";
            ReplayReport.Count(_report.QueueDifferences, cause);
        }
    }

    private void Compare(TopOfBook before, TopOfBook answer)
    {
        _report.Snapshots++;
        TopOfBook top = _book.Top;
        if (top == answer)
        {
            ReplayReport.Count(_report.Agreements, "after its message");
            return;
        }

        BookSide side = top.AgreesOn(BookSide.Bid, answer) ? BookSide.Ask : BookSide.Bid;
        ReplayReport.Count(
            _report.Differences,
            answer.IsWorse(side, before.Price(side)) ? "the best price emptied, and the file does not cover the price behind it"
            : _unseen.Contains((side, answer.Price(side))) ? "orders came or went at this price outside the file's view" : "unexplained");
    }

    /// <summary>Keeps account of the prices that the file covers only in part.</summary>
    private void Follow(TopOfBook previous, TopOfBook answer)
    {
        foreach (BookSide side in Enum.GetValues<BookSide>())
        {
            if (previous.Quantity(side) == 0 || answer.IsWorse(side, previous.Price(side)))
            {
                _unseen.Remove((side, previous.Price(side)));
                _unseen.Add((side, answer.Price(side)));
            }
            else if (answer.Price(side) != previous.Price(side))
            {
                _unseen.Add((side, previous.Price(side)));
            }
        }
    }

    private readonly record struct Message(long Type, OrderId Order, long Quantity, long Price, BookSide Side);
}
