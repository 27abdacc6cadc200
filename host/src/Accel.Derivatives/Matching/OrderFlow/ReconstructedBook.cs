using Accel.Derivatives.Market;

namespace Accel.Derivatives.Matching.OrderFlow;

/// <summary>
/// An engine fed from a file that knows only part of the flow. Quantity that the file shows without naming its orders is held by stand-in
/// orders; each order has a trader of its own, for the files name none.
/// </summary>
internal sealed class ReconstructedBook(ReplayReport report) : IMatchingSink
{
    private const ulong StandInBit = 1UL << 63;
    private const ulong TakerBit = 1UL << 62;

    private readonly Dictionary<(BookSide Side, long Price), List<OrderId>> _standIns = [];
    private ulong _issued;

    public MatchingEngine Engine { get; } = new(report.Options);

    /// <summary>Fills of the latest command.</summary>
    public List<MatchingEvent> LatestFills { get; } = [];

    public static bool IsStandIn(OrderId order) => (order.Value & StandInBit) != 0;

    public TopOfBook Top
    {
        get
        {
            Engine.TryGetBest(BookSide.Bid, out BookLevel bid);
            Engine.TryGetBest(BookSide.Ask, out BookLevel ask);
            return new TopOfBook(bid.Price.Value, bid.Quantity, ask.Price.Value, ask.Quantity);
        }
    }

    public void OnEvent(in MatchingEvent matchingEvent)
    {
        if (matchingEvent.Kind == EventKind.Fill)
        {
            LatestFills.Add(matchingEvent);
            report.Fills++;
        }
        else if (matchingEvent.Kind == EventKind.Rejected)
        {
            ReplayReport.Count(report.Rejections, matchingEvent.Reason.ToString());
        }
    }

    public void Submit(OrderType type, OrderId order, BookSide side, long price, long quantity) =>
        Execute(MatchingCommand.Submit(type, order, new TraderId(order.Value), side, new PriceTicks(price), quantity));

    /// <summary>An order that takes from <paramref name="makerSide"/> at once, whose own name the file does not tell.</summary>
    public void Take(BookSide makerSide, long price, long quantity) =>
        Submit(OrderType.ImmediateOrCancel, new OrderId(TakerBit | ++_issued), OrderBook.Opposite(makerSide), price, quantity);

    public void Cancel(OrderId order) => Execute(MatchingCommand.Cancel(order, new TraderId(order.Value)));

    /// <summary>Leaves an order with a quantity; zero takes it off the book.</summary>
    public void SetRemaining(BookOrder order, long quantity)
    {
        if (quantity == 0)
        {
            Cancel(order.Order);
        }
        else
        {
            Execute(MatchingCommand.Replace(order.Order, new TraderId(order.Order.Value), order.Price, quantity));
        }
    }

    /// <summary>Moves an order to another price, where it may trade.</summary>
    public void Reprice(BookOrder order, long price, long quantity) =>
        Execute(MatchingCommand.Replace(order.Order, new TraderId(order.Order.Value), new PriceTicks(price), quantity));

    /// <summary>Takes quantity off the stand-ins at a price, oldest first, as far as they reach.</summary>
    public void ReduceStandIns(BookSide side, long price, long quantity)
    {
        if (!_standIns.TryGetValue((side, price), out List<OrderId>? names))
        {
            return;
        }

        foreach (OrderId name in names)
        {
            if (quantity > 0 && Engine.TryGetOrder(name, out BookOrder order))
            {
                long taken = Math.Min(quantity, order.Remaining);
                quantity -= taken;
                SetRemaining(order, order.Remaining - taken);
            }
        }

        names.RemoveAll(name => !Engine.TryGetOrder(name, out _));
    }

    /// <summary>Makes the best level of both sides what a snapshot shows.</summary>
    public void Synchronise(TopOfBook top)
    {
        int before = report.CommandList.Count;
        foreach (BookSide side in Enum.GetValues<BookSide>())
        {
            while (Engine.TryGetBest(side, out BookLevel best) && (top.Quantity(side) == 0 || top.IsWorse(side, best.Price.Value)))
            {
                CancelLevel(side, best.Price.Value, best.Quantity);
            }
        }

        SetLevel(BookSide.Bid, top.BidPrice, top.BidQuantity);
        SetLevel(BookSide.Ask, top.AskPrice, top.AskQuantity);
        report.Corrections += report.CommandList.Count - before;
    }

    /// <summary>Makes one level hold a quantity: stand-ins are added or give way first, then the youngest named orders.</summary>
    public void SetLevel(BookSide side, long price, long quantity)
    {
        Engine.TryGetLevel(side, new PriceTicks(price), out BookLevel level);
        if (level.Quantity < quantity)
        {
            AddStandIn(side, price, quantity - level.Quantity);
        }
        else if (level.Quantity > quantity)
        {
            CancelLevel(side, price, level.Quantity - quantity);
        }
    }

    /// <summary>Takes quantity off a level, as far as it reaches: stand-ins first, then the youngest named orders.</summary>
    public void CancelLevel(BookSide side, long price, long quantity)
    {
        Engine.TryGetLevel(side, new PriceTicks(price), out BookLevel before);
        ReduceStandIns(side, price, quantity);
        Engine.TryGetLevel(side, new PriceTicks(price), out BookLevel after);
        long left = quantity - (before.Quantity - after.Quantity);
        foreach (BookOrder order in Engine.Orders(side).Where(o => o.Price.Value == price).Reverse().ToArray())
        {
            long taken = Math.Min(left, order.Remaining);
            left -= taken;
            if (taken > 0)
            {
                SetRemaining(order, order.Remaining - taken);
            }
        }
    }

    private void AddStandIn(BookSide side, long price, long quantity)
    {
        var name = new OrderId(StandInBit | ++_issued);
        if (!_standIns.TryGetValue((side, price), out List<OrderId>? names))
        {
            _standIns[(side, price)] = names = [];
        }

        names.Add(name);
        Submit(OrderType.PostOnly, name, side, price, quantity);
    }

    private void Execute(MatchingCommand command)
    {
        LatestFills.Clear();
        ReconstructedBook sink = this;
        Engine.Execute(in command, ref sink);
        report.CommandList.Add(command);
        TopOfBook top = Top;
        report.CrossedStates += top.BidQuantity > 0 && top.AskQuantity > 0 && top.BidPrice >= top.AskPrice ? 1 : 0;
    }
}
