using System.Buffers.Binary;
using System.Security.Cryptography;
using Accel.Derivatives.Market;
using Accel.Derivatives.Matching;
using Accel.Derivatives.Matching.OrderFlow;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading.Simulation;

/// <summary>
/// One run of recorded flow through a <see cref="SimulatedVenue"/>. Every fill is booked, refused with its cause, or beyond the last batch.
/// </summary>
public sealed class SimulatedTrading
{
    private readonly SimulatedVenue _venue;
    private readonly SimulationOptions _options;
    private readonly SimulatedMember[] _members;
    private readonly ReplayReport _record;
    private readonly Dictionary<OrderId, FlowOrder> _orders = [];
    private readonly List<Trade> _trades = [];
    private readonly long[] _refused = new long[Enum.GetValues<FillRefusal>().Length];
    private PreTradeRisk _risk;
    private long _seen;

    internal SimulatedTrading(SimulatedVenue venue, SimulationOptions options, SimulatedMember[] members, ReplayReport record, FlowMapping mapping)
    {
        (_venue, _options, _members, _record, Mapping, State) = (venue, options, members, record, mapping, venue.Genesis);
        _risk = new PreTradeRisk(Batch());
    }

    /// <summary>From the record's units to the venue's.</summary>
    public FlowMapping Mapping { get; }

    /// <summary>The state after the batches so far.</summary>
    public ExchangeState State { get; private set; }

    /// <summary>Batches so far.</summary>
    public int BatchCount { get; private set; }

    /// <summary>Fills in batches.</summary>
    public long Booked { get; private set; }

    /// <summary>Fills that pre-trade risk refused.</summary>
    public long Refused => _refused.Sum();

    /// <summary>Fills after the last batch that was allowed.</summary>
    public long BeyondLastBatch => _record.Fills - _seen;

    /// <summary>Fills refused for a cause.</summary>
    public long RefusedFor(FillRefusal cause) => _refused[(int)cause];

    /// <summary>The batches in order, each from the state that the one before left. Enumerate it once.</summary>
    public IEnumerable<TradeBatchResult> Batches(CancellationToken cancel = default)
    {
        var engine = new MatchingEngine(_record.Options);
        var sink = new EventList();
        foreach (MatchingCommand command in _record.Commands)
        {
            cancel.ThrowIfCancellationRequested();
            sink.Events.Clear();
            engine.Execute(in command, ref sink);
            foreach (MatchingEvent matchingEvent in sink.Events)
            {
                if (matchingEvent.Kind == EventKind.Fill && Fill(matchingEvent) is { } full)
                {
                    yield return full;
                    if (BatchCount == _options.BatchesMax)
                    {
                        yield break;
                    }
                }

                Follow(in matchingEvent);
            }
        }

        if (_trades.Count > 0)
        {
            yield return Close();
        }
    }

    /// <summary>Keeps the terms of live orders; an order that is gone gives its slot back.</summary>
    private void Follow(in MatchingEvent matchingEvent)
    {
        switch (matchingEvent.Kind)
        {
            case EventKind.Accepted:
                _orders[matchingEvent.Order] = new FlowOrder(matchingEvent.Side, matchingEvent.Price, matchingEvent.Quantity);
                break;
            case EventKind.Replaced when !matchingEvent.KeptPriority:
                _orders[matchingEvent.Order].Sign(null);
                _orders[matchingEvent.Order] = _orders[matchingEvent.Order] with { Limit = matchingEvent.Price, Quantity = matchingEvent.Quantity };
                break;
            case EventKind.Cancelled:
                Remove(matchingEvent.Order);
                break;
            case EventKind.Fill:
                RemoveWhenEmpty(matchingEvent.Order, matchingEvent.Remaining);
                RemoveWhenEmpty(matchingEvent.Maker, matchingEvent.MakerRemaining);
                break;
        }
    }

    private void RemoveWhenEmpty(OrderId order, long remaining)
    {
        if (remaining == 0)
        {
            Remove(order);
        }
    }

    private void Remove(OrderId order)
    {
        if (_orders.Remove(order, out FlowOrder? removed))
        {
            removed.Sign(null);
        }
    }

    /// <summary>Books or refuses a fill; the batch, if the fill filled it or found no room in it.</summary>
    private TradeBatchResult? Fill(MatchingEvent fill)
    {
        _seen++;
        FlowOrder taker = _orders[fill.Order];
        FlowOrder maker = _orders[fill.Maker];
        Deal(maker, fill.Maker, other: taker.Member);
        Deal(taker, fill.Order, other: maker.Member);
        TradeBatchResult? closed = HasRoomFor(taker.Member!.Leaf, maker.Member!.Leaf) ? null : Close();
        if (closed is not null && BatchCount == _options.BatchesMax)
        {
            _seen--;
            return closed;
        }

        if (TryBook(fill, taker, maker) is { } cause)
        {
            _refused[(int)cause]++;
        }
        else if (_trades.Count == _options.Shape.Trades)
        {
            return Close();
        }

        return closed;
    }

    /// <summary>The record names no owners: an order is dealt by a hash when it first trades, not to whom it trades with if that can be.</summary>
    private void Deal(FlowOrder order, OrderId name, SimulatedMember? other)
    {
        if (order.Member is not null)
        {
            return;
        }

        Span<byte> input = stackalloc byte[sizeof(int) + sizeof(ulong)];
        BinaryPrimitives.WriteInt32LittleEndian(input, _options.Seed);
        BinaryPrimitives.WriteUInt64LittleEndian(input[sizeof(int)..], name.Value);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        int index = (int)(BinaryPrimitives.ReadUInt64LittleEndian(hash) % (ulong)_members.Length);
        order.Member = _members[index] == other ? _members[(index + 1) % _members.Length] : _members[index];
    }

    private bool HasRoomFor(int taker, int maker) =>
        _trades.SelectMany(trade => new[] { trade.Buy.Order.Leaf, trade.Sell.Order.Leaf }).Append(taker).Append(maker).Distinct().Count()
            <= _options.Shape.Accounts;

    private FillRefusal? TryBook(MatchingEvent fill, FlowOrder taker, FlowOrder maker)
    {
        long quantity = Mapping.Quantity(fill.Quantity);
        if (quantity == 0)
        {
            return FillRefusal.BelowOneUnit;
        }

        if (taker.Member == maker.Member)
        {
            return FillRefusal.SelfTrade;
        }

        bool takerIsNew = taker.Signed is null;
        bool makerIsNew = maker.Signed is null;
        Trade? trade = TrySign(taker) && TrySign(maker) ? MakeTrade(fill, taker, maker, quantity) : null;
        FillRefusal? cause = trade is null ? FillRefusal.NoOrderSlot : _risk.TryBook(_trades.Count, trade);
        if (trade is not null && cause is null)
        {
            _trades.Add(trade);
            Booked++;
            return null;
        }

        // An order that has traded nothing holds no slot.
        Unsign(taker, takerIsNew);
        Unsign(maker, makerIsNew);
        return cause;
    }

    private Trade MakeTrade(MatchingEvent fill, FlowOrder taker, FlowOrder maker, long quantity)
    {
        bool buyerIsTaker = fill.Side == BookSide.Bid;
        (FlowOrder buyer, FlowOrder seller) = buyerIsTaker ? (taker, maker) : (maker, taker);
        return new Trade(buyer.Signed!, seller.Signed!, Mapping.Price(fill.Price), quantity, buyerIsTaker);
    }

    private bool TrySign(FlowOrder order)
    {
        if (order.Signed is null && order.Member!.TakeNonce() is { } nonce)
        {
            OrderSide side = order.Side == BookSide.Bid ? OrderSide.Buy : OrderSide.Sell;
            var terms = new Order(
                order.Member.Leaf, _venue.Instrument.Id, side, Limit(order), Mapping.Quantity(order.Quantity),
                _venue.Snapshot.Time + SimulationOptions.OrderLifeSeconds, nonce);
            order.Sign(terms.Sign(_options.Domain, order.Member.Key));
        }

        return order.Signed is not null;
    }

    /// <summary>A market order, whose price is zero, is signed at the worst price.</summary>
    private PriceTicks Limit(FlowOrder order) =>
        order.Limit.Value > 0 || order.Side == BookSide.Ask ? Mapping.Price(order.Limit) : new PriceTicks((1L << PriceTicks.Bits) - 1);

    private static void Unsign(FlowOrder order, bool isNew)
    {
        if (isNew)
        {
            order.Sign(null);
        }
    }

    private TradeBatchResult Close()
    {
        TradeBatchResult result = TradeBatchReference.Book(Batch() with { Trades = [.. _trades] });
        _trades.Clear();
        State = result.NewState;
        BatchCount++;
        _risk = new PreTradeRisk(Batch());
        return result;
    }

    private TradeBatch Batch() => new(State, _venue.Risk, _options.Parameters, _options.Shape, [], (ulong)BatchCount, _options.Domain);

    /// <summary>A live order of the record: terms in its units, and its owner and signature once it has traded.</summary>
    private sealed record FlowOrder(BookSide Side, PriceTicks Limit, long Quantity)
    {
        public SimulatedMember? Member { get; set; }

        public SignedOrder? Signed { get; private set; }

        /// <summary>Null takes the signature back and frees the slot.</summary>
        public void Sign(SignedOrder? signed)
        {
            if (signed is null && Signed is not null)
            {
                Member!.Release(Signed.Order.Nonce);
            }

            Signed = signed;
        }
    }
}
