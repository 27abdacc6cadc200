using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>The private fields of one leaf.</summary>
internal sealed record AccountWires(
    Linear IsEmpty, Linear KeyX, Linear KeyY, Linear Nonce, Linear Status, Linear FlaggedAt, Linear Cash, Linear Indices, Linear Orders, Linear[] Ids, Linear[] Quantities)
{
    private const int ScalarCount = 9;

    public static int Count(BatchShape shape) => ScalarCount + (2 * shape.Positions);

    public static AccountWires Read(WireReader reader, BatchShape shape) => new(
        reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(), reader.Next(),
        reader.Take(shape.Positions), reader.Take(shape.Positions));
}

/// <summary>What settling a leaf yields.</summary>
internal sealed record SettledAccountWires(Linear OldLeaf, Linear NewLeaf, Linear CashReceived, Linear[] Words)
{
    public static SettledAccountWires Of(Linear[] outputs) => new(outputs[0], outputs[1], outputs[2], outputs[3..]);

    public Linear[] ToArray() => [OldLeaf, NewLeaf, CashReceived, .. Words];
}

/// <summary>
/// One leaf of the range, as <see cref="SettlementReference"/> settles it. Inputs: the leaf's fields, whether it is the clearing account (a
/// bit that the caller holds), the market. The bounds of the market's wires are the caller's duty.
/// </summary>
internal sealed class AccountTemplate(BatchShape shape) : ITemplate
{
    public string Key => $"SettleAccount({shape})";

    public int InputCount => AccountWires.Count(shape) + 1 + MarketWires.Count(shape);

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        AccountWires account = AccountWires.Read(reader, shape);
        Bit isClearing = builder.AssertBit(reader.Next());
        MarketWires market = MarketWires.Read(reader, shape);
        Bit isEmpty = builder.AssertBit(account.IsEmpty);
        Holdings holdings = Holdings.Define(builder, account, market);

        // The old cash is what the old leaf says; the new one is checked, and pay-offs are far smaller than the domain.
        Integer newCash = builder.ToSigned(account.Cash + holdings.CashReceived, CashAmount.MagnitudeBits);
        MarginWires margin = MarginWires.Define(builder, market, holdings, newCash);
        StatusWires status = StatusWires.Define(builder, account, isClearing, builder.IsNegative(margin.Maintenance), market.Time);
        AssertEmptyIsZero(builder, isEmpty, account);
        Linear present = Linear.One - isEmpty.Value;
        Linear oldLeaf = builder.Multiply(present, Leaf(builder, account, status.OldPacked, account.Cash, PositionListGadget.Root(builder, account.Ids, account.Quantities)));
        Linear newLeaf = builder.Multiply(present, Leaf(builder, account, status.NewPacked, newCash, PositionListGadget.Root(builder, holdings.KeptIds, holdings.KeptQuantities)));
        return new SettledAccountWires(oldLeaf, newLeaf, holdings.CashReceived, Words(present, newCash, status, margin, holdings.Greeks)).ToArray();
    }

    /// <summary>An empty leaf is zero whatever its fields are, so they must be zero: otherwise it could draw cash from the clearing account.</summary>
    private static void AssertEmptyIsZero(CircuitBuilder builder, Bit isEmpty, AccountWires account)
    {
        foreach (Linear field in (Linear[])[account.Status, account.FlaggedAt, account.Cash, .. account.Ids])
        {
            builder.AssertProduct(isEmpty, field, Linear.Zero, "an empty leaf holds nothing");
        }
    }

    /// <summary>The perpetual is the constant zero: an account that holds one has another leaf, and cannot be settled without its margin.</summary>
    private static Linear Leaf(CircuitBuilder builder, AccountWires account, in Linear packedStatus, in Linear cash, in Linear positionsRoot) =>
        PoseidonGadget.Hash(builder, account.KeyX, account.KeyY, packedStatus, cash, Linear.Zero, account.Indices, positionsRoot, account.Orders);

    /// <summary>Biases count only for a leaf that is not empty, so that an empty one publishes zeros.</summary>
    private static Linear[] Words(in Linear present, in Integer cash, StatusWires status, MarginWires margin, Integer[] greeks)
    {
        Linear[] words =
        [
            WordPacker.PackHighestFirst(
                Biased(cash, SettlementDiff.CashBits), (status.NewStatus, Account.FlagBits), (status.NewFlaggedAt, Account.TimeBits), Biased(greeks[3], SettlementDiff.GreekBits)),
            WordPacker.PackHighestFirst(
                Biased(margin.Value, SettlementDiff.ValueBits), Biased(margin.Maintenance, SettlementDiff.MarginBits), Biased(margin.Initial, SettlementDiff.MarginBits)),
            WordPacker.PackHighestFirst(
                Biased(greeks[0], SettlementDiff.GreekBits), Biased(greeks[1], SettlementDiff.GreekBits), Biased(greeks[2], SettlementDiff.GreekBits)),
        ];
        Linear absent = Linear.One - present;
        Fr[] biases =
        [
            Bias(SettlementDiff.CashBits, Account.FlagBits + Account.TimeBits + SettlementDiff.GreekBits) + Bias(SettlementDiff.GreekBits, 0),
            Bias(SettlementDiff.ValueBits, 2 * SettlementDiff.MarginBits) + Bias(SettlementDiff.MarginBits, SettlementDiff.MarginBits) + Bias(SettlementDiff.MarginBits, 0),
            Bias(SettlementDiff.GreekBits, 2 * SettlementDiff.GreekBits) + Bias(SettlementDiff.GreekBits, SettlementDiff.GreekBits) + Bias(SettlementDiff.GreekBits, 0),
        ];
        for (int w = 0; w < words.Length; w++)
        {
            words[w] -= absent * biases[w];
        }

        return words;
    }

    private static (Integer Field, int Bits) Biased(in Integer value, int bits) => (value + (BigInteger.One << (bits - 1)), bits);

    private static Fr Bias(int bits, int position) => WordPacker.PowerOfTwo(bits - 1 + position);
}
