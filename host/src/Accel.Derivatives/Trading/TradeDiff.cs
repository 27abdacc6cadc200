using Accel.Derivatives.Market;
using Accel.Derivatives.Replay;
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

    /// <summary>What a word says, or null for an unused trade's zero.</summary>
    /// <exception cref="StateDiffException">The word is not a trade's.</exception>
    internal static PublishedTrade? Read(Fr word, int index)
    {
        if (word.IsZero)
        {
            return null;
        }

        var fields = new WordFields(word, index);
        long sellNonce = (long)fields.Take(OrderFill.NonceBits);
        long buyNonce = (long)fields.Take(OrderFill.NonceBits);
        long quantity = (long)fields.Take(OrderFill.FilledBits);
        var price = new PriceTicks((long)fields.Take(PriceTicks.Bits));
        int row = (int)fields.Take(RowBits);
        int seller = (int)fields.Take(LeafBits);
        int buyer = (int)fields.Take(LeafBits);
        bool buyerIsTaker = fields.Take(1).IsOne;
        bool isUsed = fields.Take(1).IsOne;
        fields.End();
        return isUsed
            ? new PublishedTrade(buyerIsTaker, buyer, seller, row, price, quantity, buyNonce, sellNonce)
            : throw new StateDiffException($"word {index}: an unused trade has fields");
    }

    /// <summary>The sponge over the ids of the opened rows and the words.</summary>
    public static Fr Hash(ReadOnlySpan<Fr> rowIds, ReadOnlySpan<Fr> words) => FieldSponge.Hash([.. rowIds, .. words]);
}

/// <summary>What a trade batch publishes of a trade.</summary>
internal readonly record struct PublishedTrade(
    bool BuyerIsTaker, int Buyer, int Seller, int Row, PriceTicks Price, long Quantity, long BuyNonce, long SellNonce);
