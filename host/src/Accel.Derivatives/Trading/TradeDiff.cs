using Accel.Derivatives.Market;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>
/// What is published of a trade batch: one word of 31 bytes a trade. With the old state, the risk matrix and the venue's parameters the words
/// yield the new state: whoever replays the trades needs no signature and no order.
/// </summary>
public static class TradeDiff
{
    /// <summary>Bits of an instrument's index among the rows that the batch opens.</summary>
    public const int RowBits = 10;

    private const int LeafBits = 2 * AccountTree.Depth;

    /// <summary>
    /// <c>used(1) buyerIsTaker(1) buyer(24) seller(24) row(10) price(36) quantity(33) buyNonce(40) sellNonce(40)</c>, highest first: 209 bits.
    /// </summary>
    public static Fr Word(Trade trade, int row)
    {
        Fr word = 2 + (trade.BuyerIsTaker ? 1 : 0);
        word = (word * (1L << LeafBits)) + trade.Buy.Order.Leaf;
        word = (word * (1L << LeafBits)) + trade.Sell.Order.Leaf;
        word = (word * (1L << RowBits)) + row;
        word = (word * (1L << PriceTicks.Bits)) + trade.Price.Value;
        word = (word * (1L << OrderFill.FilledBits)) + trade.Quantity;
        word = (word * (1L << OrderFill.NonceBits)) + trade.Buy.Order.Nonce;
        return (word * (1L << OrderFill.NonceBits)) + trade.Sell.Order.Nonce;
    }

    /// <summary>The sponge over the ids of the opened rows and the words.</summary>
    public static Fr Hash(ReadOnlySpan<Fr> rowIds, ReadOnlySpan<Fr> words) => FieldSponge.Hash([.. rowIds, .. words]);
}
