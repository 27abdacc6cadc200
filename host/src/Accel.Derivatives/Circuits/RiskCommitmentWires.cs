using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>The roots of <see cref="RiskCommitment"/>, computed over a priced market.</summary>
internal sealed record RiskCommitmentWires(Linear RiskRoot, Linear GreeksRoot)
{
    private const string HeldByMarket = "the market's definition checks it against what the pricer promises";

    public static RiskCommitmentWires Define(CircuitBuilder builder, SnapshotWires snapshot, MarketWires market)
    {
        using ScopeHandle scope = builder.Scope("commitment");
        int slots = market.Instruments.Length;
        var rows = new Linear[1 << (2 * RiskCommitment.Height(slots))];
        var greeks = new Linear[rows.Length];
        for (int i = 0; i < slots; i++)
        {
            PricedInstrument priced = market.Instruments[i];

            // One of the slots, or none: so a bit. An unused slot's leaves are zero, whatever it was priced at.
            Linear live = Linear.Sum(priced.LiveSlot);
            Linear used = live + priced.HasExpired;
            rows[i] = builder.Multiply(used, PoseidonGadget.Hash(builder, [priced.Id, .. Words(builder, snapshot.Instruments[i], priced, live)]));
            greeks[i] = builder.Multiply(used, PoseidonGadget.Hash(builder, priced.Id, GreeksWord(builder, priced, live)));
        }

        Linear terms = Sponge.Hash(builder, [.. snapshot.Expiries.Select((expiry, e) => Terms(builder, expiry, market.Discounts[e]))]);
        return new RiskCommitmentWires(
            PoseidonGadget.Hash(builder, MerkleGadget.SubtreeRoot(builder, rows), terms), MerkleGadget.SubtreeRoot(builder, greeks));
    }

    /// <summary>Prices count only while the instrument lives, so that an expired one's row is its pay-off alone.</summary>
    private static Linear[] Words(CircuitBuilder builder, InstrumentWires instrument, PricedInstrument priced, in Linear live)
    {
        var words = new Linear[RiskCommitment.RowWords];
        for (int w = 0; w < words.Length; w++)
        {
            int first = w * RiskCommitment.TicksPerWord;
            int count = Math.Min(RiskCommitment.TicksPerWord, ScenarioGrid.ScenarioCount - first);
            words[w] = builder.Multiply(live, WordPacker.Pack(priced.ScenarioTicks.AsSpan(first, count), RiskCommitment.TickBits));
            if (w == words.Length - 1)
            {
                int end = count * RiskCommitment.TickBits;
                Linear tail = priced.Payoff + (priced.HasExpired * WordPacker.PowerOfTwo(PriceTicks.Bits)) + (Bits.FromBits(instrument.Slot).Value * WordPacker.PowerOfTwo(PriceTicks.Bits + 1));
                words[w] += tail * WordPacker.PowerOfTwo(end);
            }
        }

        return words;
    }

    private static Linear GreeksWord(CircuitBuilder builder, PricedInstrument priced, in Linear live)
    {
        Linear word = builder.Multiply(live, WordPacker.Pack(priced.Greeks, RiskCommitment.GreekBits));
        for (int g = 0; g < priced.Greeks.Length; g++)
        {
            word += WordPacker.PowerOfTwo((g * RiskCommitment.GreekBits) + RiskCommitment.GreekBits - 1);
        }

        return word;
    }

    private static Linear Terms(CircuitBuilder builder, ExpiryWires expiry, DiscountTriple discounts)
    {
        Linear packed = WordPacker.PackHighestFirst(
            (Bounded(discounts.Now), RiskCommitment.DiscountBits), (Bounded(discounts.Gain), RiskCommitment.DiscountBits), (Bounded(discounts.Loss), RiskCommitment.DiscountBits));
        return (expiry.Expiry.Value * WordPacker.PowerOfTwo(3 * RiskCommitment.DiscountBits)) + builder.Multiply(Linear.One - expiry.HasExpired.Value, packed);
    }

    private static Integer Bounded(in Linear discount) => Integer.Assume(discount, BigInteger.Zero, MarketWires.DiscountMax, HeldByMarket);
}

/// <summary>An instrument's committed row, opened in another statement: its words are cut into what they hold, so nothing but their hash is trusted.</summary>
/// <param name="Id">Instrument id.</param>
/// <param name="ScenarioTicks">The 23 prices.</param>
/// <param name="Payoff">Ticks per contract once expired.</param>
/// <param name="HasExpired">Whether it has expired.</param>
/// <param name="Slot">Slot of its expiry in the terms.</param>
/// <param name="Leaf">Its leaf in the rows' tree.</param>
internal sealed record OpenedRiskRow(Linear Id, Integer[] ScenarioTicks, Integer Payoff, Bit HasExpired, Integer Slot, Linear Leaf)
{
    /// <summary>Cuts and hashes a row.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="id">Instrument id; a zero leaf has none, so it cannot be opened.</param>
    /// <param name="words">The four words of <see cref="RiskCommitment.PackRow"/>.</param>
    public static OpenedRiskRow Define(CircuitBuilder builder, in Linear id, ReadOnlySpan<Linear> words)
    {
        var ticks = new List<Integer>(ScenarioGrid.ScenarioCount);
        Slice[] tail = [];
        for (int w = 0; w < RiskCommitment.RowWords; w++)
        {
            int count = Math.Min(RiskCommitment.TicksPerWord, ScenarioGrid.ScenarioCount - ticks.Count);
            int[] widths = [.. Enumerable.Repeat(RiskCommitment.TickBits, count)];
            bool isLast = w == RiskCommitment.RowWords - 1;
            Slice[] slices = builder.Split(words[w], isLast ? [.. widths, PriceTicks.Bits, 1, BatchShape.ExpirySlotBits] : widths);
            ticks.AddRange(slices[..count].Select(slice => slice.Value));
            tail = slices[count..];
        }

        return new OpenedRiskRow(id, [.. ticks], tail[0].Value, builder.AssertBit(tail[1].Value.Value), tail[2].Value, PoseidonGadget.Hash(builder, [id, .. words]));
    }
}
