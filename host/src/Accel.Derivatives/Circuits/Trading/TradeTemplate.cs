using Accel.Derivatives.Market;
using Accel.Derivatives.State;
using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>An order's signed terms as a trade sees them.</summary>
internal sealed record OrderTermWires(Linear Limit, Linear Quantity, Linear ExpiresAt, Linear Nonce)
{
    public const int Count = 4;

    public static OrderTermWires Read(WireReader reader) => new(reader.Next(), reader.Next(), reader.Next(), reader.Next());

    public Linear[] ToArray() => [Limit, Quantity, ExpiresAt, Nonce];
}

/// <summary>A trade's private values.</summary>
internal sealed record TradeWires(
    Linear IsUsed, Linear BuyerIsTaker, Linear Buyer, Linear Seller, Linear Row, Linear Price, Linear Quantity, OrderTermWires Buy, OrderTermWires Sell)
{
    public const int ScalarCount = 7;

    public const int Count = ScalarCount + (2 * OrderTermWires.Count);

    public static TradeWires Read(WireReader reader) => new(
        reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), OrderTermWires.Read(reader), OrderTermWires.Read(reader));
}

/// <summary>One side of a booked trade.</summary>
/// <param name="Account">One-hot over the opened accounts.</param>
/// <param name="KeyX">x of the key that must have signed.</param>
/// <param name="KeyY">y of the key that must have signed.</param>
/// <param name="Message">What it must have signed.</param>
internal sealed record TradeSideWires(Linear[] Account, Linear KeyX, Linear KeyY, Linear Message);

/// <summary>What a trade yields.</summary>
/// <param name="Buyer">The buying side.</param>
/// <param name="Seller">The selling side.</param>
/// <param name="Word">The published word.</param>
/// <param name="Fees">Both fees.</param>
/// <param name="Filled">The quantity, zero when unused.</param>
/// <param name="CashChanges">Per opened account.</param>
/// <param name="QuantityChanges">Per opened account and instrument.</param>
internal sealed record BookedTradeWires(TradeSideWires Buyer, TradeSideWires Seller, Linear Word, Linear Fees, Linear Filled, Linear[] CashChanges, Linear[] QuantityChanges)
{
    public Linear[] ToArray() => [.. Side(Buyer), .. Side(Seller), Word, Fees, Filled, .. CashChanges, .. QuantityChanges];

    public static BookedTradeWires Of(Linear[] outputs, TradeShape shape)
    {
        var reader = new WireReader(outputs);
        return new BookedTradeWires(
            ReadSide(reader, shape), ReadSide(reader, shape), reader.Next(), reader.Next(), reader.Next(), reader.Take(shape.Accounts), reader.Take(shape.Accounts * shape.Instruments));
    }

    private static Linear[] Side(TradeSideWires side) => [.. side.Account, side.KeyX, side.KeyY, side.Message];

    private static TradeSideWires ReadSide(WireReader reader, TradeShape shape) => new(reader.Take(shape.Accounts), reader.Next(), reader.Next(), reader.Next());
}

/// <summary>
/// One trade apart from its signatures and order slots. Inputs: <see cref="TradeWires"/>; domain, time, maker and taker fee; per opened
/// account leaf and key; per opened instrument id and whether it is live. Outputs: <see cref="BookedTradeWires"/>.
/// </summary>
internal sealed class TradeTemplate(TradeShape shape) : ITemplate
{
    private const int SharedCount = 4;

    public string Key => $"Trade({shape.Instruments}x{shape.Accounts})";

    public int InputCount => TradeWires.Count + SharedCount + (3 * shape.Accounts) + (2 * shape.Instruments);

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        TradeWires trade = TradeWires.Read(reader);
        Linear domain = reader.Next();
        Integer time = Integer.Assume(reader.Next(), 0, (1L << Account.TimeBits) - 1, "proved with the risk root");
        Integer makerFee = Integer.Assume(reader.Next(), 0, (1L << VenueParameters.RateBits) - 1, "checked where the parameters are defined");
        Integer takerFee = Integer.Assume(reader.Next(), 0, (1L << VenueParameters.RateBits) - 1, "checked where the parameters are defined");
        Linear[][] accounts = [.. Enumerable.Range(0, shape.Accounts).Select(_ => reader.Take(3))];
        Linear[][] rows = [.. Enumerable.Range(0, shape.Instruments).Select(_ => reader.Take(2))];

        Bit isUsed = builder.AssertBit(trade.IsUsed);
        Bit buyerIsTaker = builder.AssertBit(trade.BuyerIsTaker);
        Linear[] row = OneHot(builder, trade.Row, shape.Instruments);
        Linear id = Pick(builder, row, rows, 0);
        builder.AssertProduct(isUsed, Linear.One - Pick(builder, row, rows, 1), Linear.Zero, "the instrument is live");
        Integer price = builder.ToUnsigned(trade.Price, PriceTicks.Bits);
        builder.ToUnsigned(trade.Quantity - Linear.One, Trade.QuantityBits);
        Integer filled = Integer.Assume(builder.Multiply(isUsed, trade.Quantity), 0, 1L << Trade.QuantityBits, "a quantity in its range, or zero");

        Linear[] buyer = OneHot(builder, trade.Buyer, shape.Accounts);
        Linear[] seller = OneHot(builder, trade.Seller, shape.Accounts);
        (TradeSideWires buy, Linear buyLeaf) = Side(builder, domain, OrderSide.Buy, trade.Buy, buyer, accounts, id, price, time);
        (TradeSideWires sell, Linear sellLeaf) = Side(builder, domain, OrderSide.Sell, trade.Sell, seller, accounts, id, price, time);
        builder.AssertNonZero(Linear.One - isUsed.Value + builder.Multiply(isUsed, buyLeaf - sellLeaf));

        Integer premium = builder.Multiply(price, filled);
        Integer maker = Fee(builder, premium, makerFee);
        Integer taker = Fee(builder, premium, takerFee);
        Linear buyerFee = builder.Select(buyerIsTaker, taker.Value, maker.Value);
        Linear paid = builder.ToWire(-premium.Value - buyerFee);
        Linear received = builder.ToWire(premium.Value - (maker.Value + taker.Value - buyerFee));
        Linear[] cash = [.. buyer.Select((isBuyer, a) => builder.Multiply(isBuyer, paid) + builder.Multiply(seller[a], received))];
        return new BookedTradeWires(
            buy, sell, builder.Multiply(isUsed, Word(trade, buyLeaf, sellLeaf)), maker.Value + taker.Value, filled.Value, cash, QuantityChanges(builder, buyer, seller, row, filled)).ToArray();
    }

    /// <summary>The indicator wires of an index below a count; an index at or above it has no witness.</summary>
    private static Linear[] OneHot(CircuitBuilder builder, in Linear index, int count)
    {
        if (count == 1)
        {
            builder.AssertZero(index, "the only index");
            return [Linear.One];
        }

        int bits = int.Log2(count - 1) + 1;
        Bit[] all = builder.OneHot(builder.ToBits(index, bits));
        for (int i = count; i < all.Length; i++)
        {
            builder.AssertZero(all[i], "an index in range");
        }

        return [.. all[..count].Select(bit => bit.Value)];
    }

    private static Linear Pick(CircuitBuilder builder, Linear[] oneHot, Linear[][] records, int field) =>
        Linear.Sum([.. oneHot.Select((isChosen, i) => builder.Multiply(isChosen, records[i][field]))]);

    private static (TradeSideWires Side, Linear Leaf) Side(
        CircuitBuilder builder, in Linear domain, OrderSide side, OrderTermWires terms, Linear[] account, Linear[][] accounts, in Linear id, in Integer price, in Integer time)
    {
        using ScopeHandle scope = builder.Scope(side == OrderSide.Buy ? "buy order" : "sell order");
        Linear leaf = Pick(builder, account, accounts, 0);
        Integer limit = builder.ToUnsigned(terms.Limit, PriceTicks.Bits);
        Integer expiresAt = builder.ToUnsigned(terms.ExpiresAt, Account.TimeBits);
        using (builder.Scope("price within the limit"))
        {
            builder.AssertNonNegative(side == OrderSide.Buy ? limit - price : price - limit);
        }

        using (builder.Scope("not expired"))
        {
            builder.AssertLessOrEqual(time, expiresAt);
        }

        // Nonce and quantity are held to their widths where the slot is filled, so the packing has one reading.
        Linear packed = ((limit.Value + ((int)side * WordPacker.PowerOfTwo(PriceTicks.Bits))) * WordPacker.PowerOfTwo(OrderFill.FilledBits)) + terms.Quantity;
        packed = (((packed * WordPacker.PowerOfTwo(Account.TimeBits)) + expiresAt.Value) * WordPacker.PowerOfTwo(OrderFill.NonceBits)) + terms.Nonce;
        Linear message = PoseidonGadget.Hash(builder, domain, leaf + Order.ActionTag(SignedAction.Order, 0), id, packed);
        return (new TradeSideWires(account, Pick(builder, account, accounts, 1), Pick(builder, account, accounts, 2), message), leaf);
    }

    /// <summary>⌈premium·rate / 10⁶⌉.</summary>
    private static Integer Fee(CircuitBuilder builder, in Integer premium, in Integer rate) =>
        builder.FloorDivide(builder.Multiply(premium, rate) + (VenueParameters.Unit - 1), Integer.Constant(VenueParameters.Unit)).Quotient;

    private static Linear[] QuantityChanges(CircuitBuilder builder, Linear[] buyer, Linear[] seller, Linear[] row, Integer filled)
    {
        Linear[] ofRow = [.. row.Select(isRow => builder.Multiply(isRow, filled.Value))];
        return [.. buyer.SelectMany((isBuyer, a) => ofRow.Select(quantity => builder.Multiply(isBuyer - seller[a], quantity)))];
    }

    /// <summary><see cref="TradeDiff.Word"/>; every field is held to its width here, with its leaf or with its order slot.</summary>
    private static Linear Word(TradeWires trade, in Linear buyLeaf, in Linear sellLeaf)
    {
        const int LeafBits = 2 * AccountTree.Depth;
        Linear word = trade.BuyerIsTaker + Linear.Constant(2);
        (Linear Field, int Bits)[] fields =
        [
            (buyLeaf, LeafBits), (sellLeaf, LeafBits), (trade.Row, TradeDiff.RowBits), (trade.Price, PriceTicks.Bits), (trade.Quantity, OrderFill.FilledBits),
            (trade.Buy.Nonce, OrderFill.NonceBits), (trade.Sell.Nonce, OrderFill.NonceBits),
        ];
        foreach ((Linear field, int bits) in fields)
        {
            word = (word * WordPacker.PowerOfTwo(bits)) + field;
        }

        return word;
    }
}
