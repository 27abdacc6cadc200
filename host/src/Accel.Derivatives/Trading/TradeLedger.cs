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

    /// <summary>An account as the trades so far left it, or as the state has it.</summary>
    /// <exception cref="SettlementException">The leaf is empty.</exception>
    public Account Current(int leaf) =>
        _accounts.GetValueOrDefault(leaf) ?? batch.State.Find(leaf) ?? throw new SettlementException($"leaf {leaf} is empty");

    public static CashAmount Checked(int leaf, Int128 value)
    {
        var cash = new CashAmount(value);
        return cash.IsInDomain ? cash : throw new SettlementException($"cash of leaf {leaf} would leave ±2^80 units of 10^-8 USD");
    }

    /// <summary>Books a trade.</summary>
    /// <exception cref="SettlementException">It breaks a rule; the ledger is as it was.</exception>
    public void Book(int index, Trade trade) => Commit(Preview(index, trade));

    /// <summary>What a trade would make of its two accounts.</summary>
    /// <exception cref="SettlementException">It breaks a rule.</exception>
    public BookedTrade Preview(int index, Trade trade)
    {
        Require(index, trade.Buy.Order.Side == OrderSide.Buy && trade.Sell.Order.Side == OrderSide.Sell, "needs a buy order and a sell order, in this order");
        Require(index, trade.Buy.Order.InstrumentId == trade.Sell.Order.InstrumentId, "is between orders of two instruments");
        Require(index, trade.Buy.Order.Leaf != trade.Sell.Order.Leaf, "is between an account and itself");
        Require(index, trade.Quantity is >= 1 and <= 1L << Trade.QuantityBits, $"has quantity {trade.Quantity}; expected 1 to 2^32");
        Require(index, trade.Price.Value >= 0 && trade.Price <= trade.Buy.Order.Limit && trade.Price >= trade.Sell.Order.Limit, $"has price {trade.Price} outside the orders' limits {trade.Sell.Order.Limit} to {trade.Buy.Order.Limit}");
        Require(index, batch.Risk.IndexOf(trade.Buy.Order.InstrumentId) is >= 0 and var row && !batch.Risk.Instruments[row].HasExpired, "is in an instrument that is not live");
        (Int128 buyer, Int128 seller, Int128 fees) = TradeBooking.Cash(batch.Parameters, trade.Price, trade.Quantity, trade.BuyerIsTaker);
        return new BookedTrade(trade, Filled(index, trade.Buy, trade.Quantity, buyer), Filled(index, trade.Sell, -trade.Quantity, seller), fees);
    }

    /// <summary>Books what <see cref="Preview"/> found.</summary>
    public void Commit(BookedTrade booked)
    {
        _accounts[booked.Trade.Buy.Order.Leaf] = booked.Buyer;
        _accounts[booked.Trade.Sell.Order.Leaf] = booked.Seller;
        Fees += booked.Fees;
    }

    private Account Filled(int index, SignedOrder signed, long quantity, Int128 cash)
    {
        Order order = signed.Order;
        Account account = Current(order.Leaf);
        var key = new EdDsaPublicKey(new BabyJubjubPoint(account.KeyX, account.KeyY));
        Require(index, EdDsaPoseidon.Verify(key, order.Message(batch.Domain), signed.Signature), $"has an order that the owner of leaf {order.Leaf} did not sign");
        Require(index, order.ExpiresAt >= batch.Risk.Time, $"has an order of leaf {order.Leaf} that expired at {order.ExpiresAt}, before {batch.Risk.Time}");
        OrderFill slot = account.Orders.Fills[OrderSlots.IndexOf(order.Nonce)];
        Require(index, order.Nonce >= slot.Nonce, $"has an order of leaf {order.Leaf} with nonce {order.Nonce}, which {slot.Nonce} has replaced");
        long filled = TradeBooking.FilledAfter(account, order.Nonce, quantity);
        Require(index, filled <= order.Quantity, $"fills order {order.Nonce} of leaf {order.Leaf} to {filled}, beyond its {order.Quantity}");
        return TradeBooking.Fill(account, order.Nonce, order.InstrumentId, quantity, cash);
    }

    private static void Require(int index, bool condition, string violation)
    {
        if (!condition)
        {
            throw new SettlementException($"trade {index} {violation}");
        }
    }
}

/// <summary>What a trade makes of its accounts.</summary>
/// <param name="Trade">The trade.</param>
/// <param name="Buyer">The buyer's account after it.</param>
/// <param name="Seller">The seller's account after it.</param>
/// <param name="Fees">What the clearing account receives, in 10⁻⁸ USD.</param>
internal sealed record BookedTrade(Trade Trade, Account Buyer, Account Seller, Int128 Fees);
