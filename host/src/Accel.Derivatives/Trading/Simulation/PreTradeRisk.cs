using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading.Simulation;

/// <summary>
/// Holds each trade by itself to the rules of a batch, before it joins one. Margins that never fall below zero, or never fall further, from trade
/// to trade are so from the batch's beginning to its end; what passes here the batch's reference books.
/// </summary>
internal sealed class PreTradeRisk
{
    private readonly TradeBatch _batch;
    private readonly TradeLedger _ledger;
    private readonly Dictionary<Fr, long> _openInterest;

    public PreTradeRisk(TradeBatch batch)
    {
        _batch = batch;
        _ledger = new TradeLedger(batch);
        _openInterest = OpenInterestBook.Of(batch.State).ToDictionary(position => position.InstrumentId, position => position.Quantity.Value);
    }

    /// <summary>Null when the trade is booked, else why it is not.</summary>
    /// <exception cref="SettlementException">An order is not its owner's, expired, replaced or limited otherwise: no matter of risk.</exception>
    public FillRefusal? TryBook(int index, Trade trade)
    {
        bool isOverfill = WouldOverfill(trade.Buy.Order, trade.Quantity) || WouldOverfill(trade.Sell.Order, trade.Quantity);
        if (isOverfill || trade.Quantity > 1L << Trade.QuantityBits)
        {
            return FillRefusal.OutsideDomain;
        }

        BookedTrade booked = _ledger.Preview(index, trade);
        if (!IsInDomain(booked.Buyer) || !IsInDomain(booked.Seller))
        {
            return FillRefusal.OutsideDomain;
        }

        if (!MeetsMargin(trade.Buy.Order.Leaf, booked.Buyer) || !MeetsMargin(trade.Sell.Order.Leaf, booked.Seller))
        {
            return FillRefusal.InitialMargin;
        }

        Fr instrument = trade.Buy.Order.InstrumentId;
        long interest = _openInterest.GetValueOrDefault(instrument)
            + LongChange(trade.Buy.Order, booked.Buyer) + LongChange(trade.Sell.Order, booked.Seller);
        if (interest > _batch.Parameters.OpenInterestMax)
        {
            return FillRefusal.OpenInterest;
        }

        _openInterest[instrument] = interest;
        _ledger.Commit(booked);
        return null;
    }

    private bool WouldOverfill(Order order, long quantity) =>
        TradeBooking.FilledAfter(_ledger.Current(order.Leaf), order.Nonce, quantity) > order.Quantity;

    private static bool IsInDomain(Account account) => account.Cash.IsInDomain && account.Positions.All(position => position.Quantity.IsInDomain);

    private bool MeetsMargin(int leaf, Account after) => MarginRule.IsMet(_batch.Risk, leaf, _ledger.Current(leaf), after);

    private long LongChange(Order order, Account after) =>
        LongQuantity(after, order.InstrumentId) - LongQuantity(_ledger.Current(order.Leaf), order.InstrumentId);

    private static long LongQuantity(Account account, Fr instrument) =>
        Math.Max(0, account.Positions.FirstOrDefault(position => position.InstrumentId == instrument).Quantity.Value);
}
