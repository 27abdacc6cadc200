using System.Numerics;
using Accel.Derivatives.Expiries;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>What expiry makes of a leaf.</summary>
internal sealed record ExpiredAccountWires(Linear OldLeaf, Linear NewLeaf, Linear CashReceived, Linear Word)
{
    public static ExpiredAccountWires Of(Linear[] outputs) => new(outputs[0], outputs[1], outputs[2], outputs[3]);
}

/// <summary>
/// One leaf of the range, as <see cref="ExpiryReference"/> settles it. Inputs: whether the leaf is empty, key x and y, packed status, cash,
/// perpetual, indices, ids, quantities, then id and pay-off of each expired contract. What expiry does not touch is carried through as it is.
/// </summary>
internal sealed class ExpiringAccountTemplate(int contracts, int positions) : ITemplate
{
    /// <summary>Fields of a leaf besides its positions.</summary>
    public const int ScalarCount = 7;

    public string Key => $"ExpireAccount({contracts}, {positions})";

    public int InputCount => ScalarCount + (2 * positions) + (2 * contracts);

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        Bit isEmpty = builder.AssertBit(reader.Next());
        Linear[] key = reader.Take(2);
        Linear status = reader.Next();
        Linear cash = reader.Next();
        Linear perpetual = reader.Next();
        Linear indices = reader.Next();
        Linear[] ids = reader.Take(positions);
        Linear[] quantities = reader.Take(positions);
        Linear[] contractWires = reader.Take(2 * contracts);
        ExpiredContractWires[] expired = [.. contractWires.Chunk(2).Select(pair => new ExpiredContractWires(pair[0], pair[1]))];

        (Linear[] kept, Linear[] gone, Linear received) = Match(builder, ids, quantities, expired);
        (Linear[] keptIds, Linear[] keptQuantities) = PositionListGadget.Compact(builder, kept, ids, quantities);

        // The old cash is what the old leaf says; the new one is checked, and pay-offs are far smaller than the domain.
        Integer newCash = builder.ToSigned(cash + received, CashAmount.MagnitudeBits);
        foreach (Linear field in (Linear[])[cash, .. ids])
        {
            builder.AssertProduct(isEmpty, field, Linear.Zero, "an empty leaf holds nothing");
        }

        Linear present = Linear.One - isEmpty.Value;
        Linear oldLeaf = PoseidonGadget.Hash(
            builder, key[0], key[1], status, cash, perpetual, indices, PositionListGadget.Root(builder, ids, quantities));
        Linear newLeaf = PoseidonGadget.Hash(
            builder, key[0], key[1], status, newCash, perpetual, indices, PositionListGadget.Root(builder, keptIds, keptQuantities));
        return [builder.Multiply(present, oldLeaf), builder.Multiply(present, newLeaf), received, Word(present, newCash, gone)];
    }

    /// <summary>Equality with an expired contract's id is tested, not chosen, and holds for one contract at most: a contract listed twice would pay twice.</summary>
    private static (Linear[] Kept, Linear[] Gone, Linear Received) Match(CircuitBuilder builder, Linear[] ids, Linear[] quantities, ExpiredContractWires[] contracts)
    {
        using ScopeHandle scope = builder.Scope("positions");
        var kept = new Linear[ids.Length];
        var gone = new Linear[ids.Length];
        Linear received = Linear.Zero;
        for (int p = 0; p < ids.Length; p++)
        {
            Integer quantity = builder.ToSigned(quantities[p], PositionQuantity.MagnitudeBits);
            Bit isUsed = !builder.IsZero(ids[p]);
            builder.AssertProduct(Linear.One - isUsed.Value, quantity, Linear.Zero, "no quantity without an instrument");
            Linear matches = Linear.Zero;
            Linear payoff = Linear.Zero;
            foreach (ExpiredContractWires contract in contracts)
            {
                Bit isSame = builder.IsEqual(ids[p], contract.ExpiredId);
                matches += isSame;
                payoff += builder.Multiply(isSame, contract.Payoff);
            }

            gone[p] = builder.AssertBit(builder.Multiply(isUsed, matches));
            kept[p] = isUsed.Value - gone[p];
            received += builder.Multiply(quantity, payoff);
        }

        return (kept, gone, builder.ToWire(received));
    }

    /// <summary>Biased cash over one bit a position that is gone, the first lowest; zero for an empty leaf.</summary>
    private Linear Word(in Linear present, in Integer cash, Linear[] gone)
    {
        BigInteger bias = BigInteger.One << CashAmount.MagnitudeBits;
        Integer mask = Integer.Assume(WordPacker.Pack(gone, 1), 0, (1 << positions) - 1, "one bit a position");
        Linear word = WordPacker.PackHighestFirst((cash + bias, SettlementDiff.CashBits), (mask, ExpiryDiff.MaskBits));
        return word - ((Linear.One - present) * WordPacker.PowerOfTwo(CashAmount.MagnitudeBits + ExpiryDiff.MaskBits));
    }
}
