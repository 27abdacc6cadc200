using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>What a trade does to its accounts. Whether it may is asked elsewhere: whoever replays a proved batch need not ask again.</summary>
internal static class TradeBooking
{
    /// <summary>Cash that each side receives and the clearing account's fees, in 10⁻⁸ USD.</summary>
    public static (Int128 Buyer, Int128 Seller, Int128 Fees) Cash(VenueParameters parameters, PriceTicks price, long quantity, bool buyerIsTaker)
    {
        Int128 premium = (Int128)price.Value * quantity;
        Int128 maker = Fee(premium, parameters.MakerFee);
        Int128 taker = Fee(premium, parameters.TakerFee);
        return (-premium - (buyerIsTaker ? taker : maker), premium - (buyerIsTaker ? maker : taker), maker + taker);
    }

    /// <summary>How far an order is filled once a trade fills more of it.</summary>
    public static long FilledAfter(Account account, long nonce, long quantity)
    {
        OrderFill slot = account.Orders.Fills[OrderSlots.IndexOf(nonce)];
        return (nonce == slot.Nonce ? slot.Filled : 0) + Math.Abs(quantity);
    }

    /// <summary>An account after one fill. Cash and positions may leave their domains on the way to the end of a batch.</summary>
    /// <param name="account">The account before.</param>
    /// <param name="nonce">The order's nonce.</param>
    /// <param name="instrument">The instrument's id.</param>
    /// <param name="quantity">What is bought, negative for a sale.</param>
    /// <param name="cash">What is received, in 10⁻⁸ USD.</param>
    public static Account Fill(Account account, long nonce, Fr instrument, long quantity, Int128 cash) => account with
    {
        Cash = new CashAmount(account.Cash.Value + cash),
        Orders = account.Orders.With(new OrderFill(nonce, FilledAfter(account, nonce, quantity))),
        Positions = Positions(account, instrument, quantity),
    };

    /// <summary>Rounded up, so that no trade is too small to pay.</summary>
    private static Int128 Fee(Int128 premium, long rate) => ((premium * rate) + VenueParameters.Unit - 1) / VenueParameters.Unit;

    private static Position[] Positions(Account account, Fr instrument, long change)
    {
        long after = account.Positions.FirstOrDefault(position => position.InstrumentId == instrument).Quantity.Value + change;
        return
        [
            .. account.Positions.Where(position => position.InstrumentId != instrument)
                .Concat(after == 0 ? [] : [new Position(instrument, new PositionQuantity(after))])
                .OrderBy(position => position.InstrumentId, Comparer<Fr>.Create(PositionBlocks.Compare)),
        ];
    }
}
