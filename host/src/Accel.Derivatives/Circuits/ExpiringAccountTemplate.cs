using Accel.Derivatives.Expiries;
using Accel.Derivatives.Market;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>
/// One leaf of the range, as <see cref="ExpiryReference"/> settles it. Inputs: the leaf, then id and pay-off of each expired contract.
/// </summary>
internal sealed class ExpiringAccountTemplate(int contracts, int positions) : ITemplate
{
    public string Key => $"ExpireAccount({contracts}, {positions})";

    public int InputCount => CarriedLeaf.Count(positions) + (2 * contracts);

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        var reader = new WireReader(inputs.ToArray());
        CarriedLeaf leaf = CarriedLeaf.Read(builder, reader, positions);
        ExpiredContractWires[] expired = [.. reader.Take(2 * contracts).Chunk(2).Select(pair => new ExpiredContractWires(pair[0], pair[1]))];
        (Linear[] kept, Linear[] gone, Linear received) = Match(builder, leaf, expired);
        (Linear[] keptIds, Linear[] keptQuantities) = PositionListGadget.Compact(builder, kept, leaf.Ids, leaf.Quantities);

        // The old cash is what the old leaf says; the new one is checked, and pay-offs are far smaller than the domain.
        Integer newCash = builder.ToSigned(leaf.Cash + received, CashAmount.MagnitudeBits);
        return new ChangedLeaf(leaf.OldLeaf(builder), leaf.Leaf(builder, newCash, keptIds, keptQuantities), received, leaf.Word(newCash, gone))
            .ToArray();
    }

    /// <summary>
    /// Equality with an expired contract's id is tested, not chosen, and holds for one contract at most: a contract listed twice would pay
    /// twice.
    /// </summary>
    private static (Linear[] Kept, Linear[] Gone, Linear Received) Match(CircuitBuilder builder, CarriedLeaf leaf, ExpiredContractWires[] contracts)
    {
        using ScopeHandle scope = builder.Scope("positions");
        Bit[] used = leaf.UsedPositions(builder);
        var kept = new Linear[used.Length];
        var gone = new Linear[used.Length];
        Linear received = Linear.Zero;
        for (int p = 0; p < used.Length; p++)
        {
            Linear matches = Linear.Zero;
            Linear payoff = Linear.Zero;
            foreach (ExpiredContractWires contract in contracts)
            {
                Bit isSame = builder.IsEqual(leaf.Ids[p], contract.ExpiredId);
                matches += isSame;
                payoff += builder.Multiply(isSame, contract.Payoff);
            }

            gone[p] = builder.AssertBit(builder.Multiply(used[p], matches));
            kept[p] = used[p].Value - gone[p];
            received += builder.Multiply(leaf.Quantities[p], payoff);
        }

        return (kept, gone, builder.ToWire(received));
    }
}
