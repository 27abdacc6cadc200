using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>The root of a <see cref="RiskMatrix"/>, computed over a priced market.</summary>
internal static class RiskMatrixCommitment
{
    public static Linear Root(CircuitBuilder builder, SnapshotWires snapshot, MarketWires market)
    {
        using ScopeHandle scope = builder.Scope("commitment");
        return PoseidonGadget.Hash(builder, Sponge.Hash(builder, Header(builder, snapshot, market)), Tree(builder, [.. market.Instruments.Select(i => Row(builder, i))]));
    }

    /// <summary>Discounts count only while their expiry lives.</summary>
    private static Linear[] Header(CircuitBuilder builder, SnapshotWires snapshot, MarketWires market)
    {
        var header = new Linear[RiskMatrix.HeaderElements];
        (header[0], header[1], header[2], header[3]) = (snapshot.Underlying, market.Time, market.MaintenanceFactor, market.InitialFactor);
        for (int e = 0; e < snapshot.Expiries.Length; e++)
        {
            Linear isLive = Linear.One - snapshot.Expiries[e].HasExpired.Value;
            DiscountTriple discounts = market.Discounts[e];
            header[4 + (3 * e)] = builder.Multiply(isLive, discounts.Now);
            header[5 + (3 * e)] = builder.Multiply(isLive, discounts.Gain);
            header[6 + (3 * e)] = builder.Multiply(isLive, discounts.Loss);
        }

        return header;
    }

    /// <summary>Prices and Greeks count only while the instrument lives; an unused slot's leaf is zero, whatever it was priced at.</summary>
    private static Linear Row(CircuitBuilder builder, PricedInstrument priced)
    {
        // One of the slots, or none: so a bit.
        Linear isLive = Linear.Sum(priced.LiveSlot);
        Linear code = Linear.Sum([.. priced.LiveSlot.Select((inSlot, e) => inSlot * (Fr)(e + 1))]);
        Linear[] elements =
        [
            priced.Id, code, priced.Payoff,
            .. priced.ScenarioTicks.Select(ticks => builder.Multiply(isLive, ticks)),
            .. priced.Greeks.Select(greek => builder.Multiply(isLive, greek)),
        ];
        return builder.Multiply(isLive + priced.HasExpired, Sponge.Hash(builder, elements));
    }

    /// <summary>The full tree above the rows: what lies beside their subtree is empty, so known.</summary>
    private static Linear Tree(CircuitBuilder builder, Linear[] rows)
    {
        int height = 0;
        while (1 << (2 * height) < rows.Length)
        {
            height++;
        }

        var leaves = new Linear[1 << (2 * height)];
        rows.CopyTo(leaves, 0);
        Linear node = MerkleGadget.SubtreeRoot(builder, leaves);
        for (; height < RiskMatrix.Height; height++)
        {
            Linear empty = AccountTree.EmptyNode(height);
            node = PoseidonGadget.Hash(builder, node, empty, empty, empty);
        }

        return node;
    }
}
