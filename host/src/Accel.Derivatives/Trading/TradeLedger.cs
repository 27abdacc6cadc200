using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>Books trades one after the other: signatures, limits, nonces and partial fills, fees, positions and cash. Margin comes after.</summary>
internal sealed class TradeLedger(TradeBatch batch)
{
    private readonly Dictionary<int, Account> _accounts = [];

    /// <summary>Fees so far, in 10⁻⁸ USD.</summary>
    public Int128 Fees { get; private set; }

    /// <summary>An account after the trades so far; domains are checked only here, because they bind what is stored.</summary>
    /// <exception cref="SettlementException">Its cash or a position leaves its domain.</exception>
    public Account AccountOf(int leaf)
    {
        Account account = _accounts[leaf];
        Checked(leaf, account.Cash.Value);
        return account.Positions.All(position => position.Quantity.IsInDomain)
            ? account
            : throw new SettlementException($"leaf {leaf} would hold more than ±429496.7296 contracts of an instrument");
    }

    public static CashAmount Checked(int leaf, Int128 value)
    {
        var cash = new CashAmount(value);
        return cash.IsInDomain ? cash : throw new SettlementException($"cash of leaf {leaf} would leave ±2^80 units of 10^-8 USD");
    }

    public void Book(int index, Trade trade)
    {
        Require(index, trade.Buy.Order.Side == OrderSide.Buy && trade.Sell.Order.Side == OrderSide.Sell, "needs a buy order and a sell order, in this order");
        Require(index, trade.Buy.Order.InstrumentId == trade.Sell.Order.InstrumentId, "is between orders of two instruments");
        Require(index, trade.Buy.Order.Leaf != trade.Sell.Order.Leaf, "is between an account and itself");
        Require(index, trade.Quantity is >= 1 and <= 1L << Trade.QuantityBits, $"has quantity {trade.Quantity}; expected 1 to 2^32");
        Require(index, trade.Price.Value >= 0 && trade.Price <= trade.Buy.Order.Limit && trade.Price >= trade.Sell.Order.Limit, $"has price {trade.Price} outside the orders' limits {trade.Sell.Order.Limit} to {trade.Buy.Order.Limit}");
        Require(index, batch.Risk.IndexOf(trade.Buy.Order.InstrumentId) is >= 0 and var row && !batch.Risk.Instruments[row].HasExpired, "is in an instrument that is not live");
        (Int128 buyer, Int128 seller, Int128 fees) = TradeBooking.Cash(batch.Parameters, trade.Price, trade.Quantity, trade.BuyerIsTaker);
        Fill(index, trade.Buy, trade.Quantity, buyer);
        Fill(index, trade.Sell, -trade.Quantity, seller);
        Fees += fees;
    }

    private void Fill(int index, SignedOrder signed, long quantity, Int128 cash)
    {
        Order order = signed.Order;
        if (!_accounts.TryGetValue(order.Leaf, out Account? account))
        {
            account = batch.State.Find(order.Leaf) ?? throw new SettlementException($"trade {index}: leaf {order.Leaf} is empty");
        }

        var key = new EdDsaPublicKey(new BabyJubjubPoint(account.KeyX, account.KeyY));
        Require(index, EdDsaPoseidon.Verify(key, order.Message(batch.Domain), signed.Signature), $"has an order that the owner of leaf {order.Leaf} did not sign");
        Require(index, order.ExpiresAt >= batch.Risk.Time, $"has an order of leaf {order.Leaf} that expired at {order.ExpiresAt}, before {batch.Risk.Time}");
        OrderFill slot = account.Orders.Fills[OrderSlots.IndexOf(order.Nonce)];
        Require(index, order.Nonce >= slot.Nonce, $"has an order of leaf {order.Leaf} with nonce {order.Nonce}, which {slot.Nonce} has replaced");
        long filled = TradeBooking.FilledAfter(account, order.Nonce, quantity);
        Require(index, filled <= order.Quantity, $"fills order {order.Nonce} of leaf {order.Leaf} to {filled}, beyond its {order.Quantity}");
        _accounts[order.Leaf] = TradeBooking.Fill(account, order.Nonce, order.InstrumentId, quantity, cash);
    }

    private static void Require(int index, bool condition, string violation)
    {
        if (!condition)
        {
            throw new SettlementException($"trade {index} {violation}");
        }
    }
}
