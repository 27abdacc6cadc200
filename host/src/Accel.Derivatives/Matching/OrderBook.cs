namespace Accel.Derivatives.Matching;

/// <summary>A resting order in the pool; its neighbours in the queue of its level are slots of the same pool.</summary>
internal struct RestingOrder
{
    public OrderId Id;
    public TraderId Trader;
    public long Remaining;
    public int Level;
    public int Next;
    public int Previous;
    public bool IsPostOnly;
}

/// <summary>The queue of one price: oldest order first.</summary>
internal struct PriceLevel
{
    public long Price;
    public long Quantity;
    public int Head;
    public int Tail;
    public int OrderCount;
    public BookSide Side;
}

/// <summary>Resting orders by price and time. Everything is allocated up front; slots are named by their place in an array, −1 for none.</summary>
internal sealed class OrderBook
{
    private const int None = -1;

    private readonly RestingOrder[] _orders;
    private readonly PriceLevel[] _levels;
    private readonly LevelLadder _bids;
    private readonly LevelLadder _asks;
    private readonly OrderIndex _index;
    private int _freeOrder;
    private int _freeLevel;

    public OrderBook(MatchingOptions options)
    {
        _orders = new RestingOrder[options.OrdersMax];
        _levels = new PriceLevel[2 * options.LevelsMax];
        _bids = new LevelLadder(BookSide.Bid, options.LevelsMax);
        _asks = new LevelLadder(BookSide.Ask, options.LevelsMax);
        _index = new OrderIndex(options.OrdersMax);
        for (int i = 0; i < _orders.Length; i++)
        {
            _orders[i].Next = i + 1 < _orders.Length ? i + 1 : None;
        }

        for (int i = 0; i < _levels.Length; i++)
        {
            _levels[i].Head = i + 1 < _levels.Length ? i + 1 : None;
        }
    }

    public int OrderCount { get; private set; }

    public bool IsFull => _freeOrder == None;

    public ref RestingOrder Order(int slot) => ref _orders[slot];

    public ref PriceLevel Level(int slot) => ref _levels[slot];

    public LevelLadder Ladder(BookSide side) => side == BookSide.Bid ? _bids : _asks;

    /// <summary>Slot of a live order, or −1.</summary>
    public int Find(OrderId order) => _index.Find(order.Value);

    /// <summary>Whether an order at this price would trade on arrival.</summary>
    public bool Crosses(BookSide side, long price)
    {
        LevelLadder opposite = Ladder(Opposite(side));
        return opposite.Count > 0 && Reaches(side, price, _levels[opposite.Best].Price);
    }

    /// <summary>Whether a limit on <paramref name="side"/> accepts a trade at <paramref name="resting"/>.</summary>
    public static bool Reaches(BookSide side, long limit, long resting) => side == BookSide.Bid ? resting <= limit : resting >= limit;

    public static BookSide Opposite(BookSide side) => side == BookSide.Bid ? BookSide.Ask : BookSide.Bid;

    /// <summary>Appends an order to the queue of its price. The book is not full, and has room for the price.</summary>
    public void Add(OrderId id, TraderId trader, BookSide side, long price, long quantity, bool isPostOnly)
    {
        int level = Ladder(side).Find(price);
        level = level == None ? AddLevel(side, price) : level;
        int slot = _freeOrder;
        ref RestingOrder order = ref _orders[slot];
        _freeOrder = order.Next;
        ref PriceLevel queue = ref _levels[level];
        order = new RestingOrder
        {
            Id = id,
            Trader = trader,
            Remaining = quantity,
            Level = level,
            Next = None,
            Previous = queue.Tail,
            IsPostOnly = isPostOnly,
        };
        if (queue.Tail == None)
        {
            queue.Head = slot;
        }
        else
        {
            _orders[queue.Tail].Next = slot;
        }

        queue.Tail = slot;
        queue.Quantity += quantity;
        queue.OrderCount++;
        _index.Add(id.Value, slot);
        OrderCount++;
    }

    /// <summary>Takes quantity off an order, which leaves the book when none is left.</summary>
    public void Reduce(int slot, long quantity)
    {
        ref RestingOrder order = ref _orders[slot];
        order.Remaining -= quantity;
        _levels[order.Level].Quantity -= quantity;
        if (order.Remaining == 0)
        {
            Unlink(slot);
        }
    }

    /// <summary>Takes an order off the book.</summary>
    public void Remove(int slot) => Reduce(slot, _orders[slot].Remaining);

    private void Unlink(int slot)
    {
        ref RestingOrder order = ref _orders[slot];
        ref PriceLevel queue = ref _levels[order.Level];
        (order.Previous == None ? ref queue.Head : ref _orders[order.Previous].Next) = order.Next;
        (order.Next == None ? ref queue.Tail : ref _orders[order.Next].Previous) = order.Previous;
        if (--queue.OrderCount == 0)
        {
            RemoveLevel(order.Level);
        }

        _index.Remove(order.Id.Value);
        order.Next = _freeOrder;
        _freeOrder = slot;
        OrderCount--;
    }

    private int AddLevel(BookSide side, long price)
    {
        int slot = _freeLevel;
        ref PriceLevel level = ref _levels[slot];
        _freeLevel = level.Head;
        level = new PriceLevel { Price = price, Side = side, Head = None, Tail = None };
        Ladder(side).Add(price, slot);
        return slot;
    }

    private void RemoveLevel(int slot)
    {
        ref PriceLevel level = ref _levels[slot];
        Ladder(level.Side).Remove(level.Price);
        level.Head = _freeLevel;
        _freeLevel = slot;
    }
}
