using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;

namespace Accel.Derivatives.Settlement;

/// <summary>
/// How risk rows and Greeks are committed: an instrument is one leaf, Poseidon of its id and its packed row, in a 4-ary Poseidon tree in the snapshot's
/// order; the empty slots of the last level are zero. A statement that opens a row hashes one leaf and a path of ⌈log₄ n⌉ nodes.
/// </summary>
public static class RiskCommitment
{
    /// <summary>Bits of a scenario's price in a packed row.</summary>
    public const int TickBits = PriceTicks.Bits + 1;

    /// <summary>Bits of a biased Greek: magnitudes are below 2⁴⁴.</summary>
    public const int GreekBits = 45;

    /// <summary>Prices in a word: 222 bits.</summary>
    public const int TicksPerWord = 6;

    /// <summary>Words of a row: 23 prices; the last has five, then pay-off, whether the instrument has expired, and its expiry slot.</summary>
    public const int RowWords = 4;

    /// <summary>The row's words: price s of 37 bits at bit 37·(s mod 6) of word s/6; in word 3 the pay-off from bit 185, expired at bit 221, slot from bit 222.</summary>
    public static Fr[] PackRow(InstrumentRisk risk)
    {
        var words = new BigInteger[RowWords];
        for (int s = 0; s < ScenarioGrid.ScenarioCount; s++)
        {
            words[s / TicksPerWord] += (BigInteger)risk.ScenarioTicks[s] << (TickBits * (s % TicksPerWord));
        }

        const int payoffStart = TickBits * (ScenarioGrid.ScenarioCount - (TicksPerWord * (RowWords - 1)));
        words[^1] += ((BigInteger)risk.PayoffTicks << payoffStart)
            + ((BigInteger)(risk.HasExpired ? 1 : 0) << (payoffStart + PriceTicks.Bits))
            + ((BigInteger)risk.ExpirySlot << (payoffStart + PriceTicks.Bits + 1));
        return [.. words.Select(Fr.FromBigInteger)];
    }

    /// <summary>Delta, gamma, vega and theta, each with 2⁴⁴ added, 45 bits apiece, the first lowest.</summary>
    public static Fr PackGreeks(InstrumentRisk risk)
    {
        BigInteger word = 0;
        for (int g = InstrumentRisk.GreekCount - 1; g >= 0; g--)
        {
            word = (word << GreekBits) + risk.Greeks[g] + (BigInteger.One << (GreekBits - 1));
        }

        return Fr.FromBigInteger(word);
    }

    /// <summary>An expiry's terms in one word: Unix second, then the discounts now, of gains and of losses, 33 bits each; once expired they are zero.</summary>
    public static Fr PackTerms(long expiry, Margin.TermFactors? factors)
    {
        BigInteger word = expiry;
        foreach (long discount in factors is { } live ? (long[])[live.Discount, live.GainDiscount, live.LossDiscount] : [0, 0, 0])
        {
            word = (word << DiscountBits) + discount;
        }

        return Fr.FromBigInteger(word);
    }

    /// <summary>Bits of a discount in <see cref="PackTerms"/>.</summary>
    public const int DiscountBits = 33;

    /// <summary>A row's leaf.</summary>
    public static Fr RowLeaf(InstrumentRisk risk) => Poseidon.Hash([risk.Id, .. PackRow(risk)]);

    /// <summary>A Greeks' leaf.</summary>
    public static Fr GreeksLeaf(InstrumentRisk risk) => Poseidon.Hash(risk.Id, PackGreeks(risk));

    /// <summary>Levels of the tree over so many instrument slots.</summary>
    public static int Height(int instruments) => (BitOperations.Log2((uint)Math.Max(1, (2 * instruments) - 1)) + 1) / 2;

    /// <summary>The nodes of every level, leaves first, root last.</summary>
    /// <param name="leaves">The used slots' leaves.</param>
    /// <param name="slots">Instrument slots of the statement.</param>
    public static Fr[][] Tree(IEnumerable<Fr> leaves, int slots)
    {
        var level = new Fr[1 << (2 * Height(slots))];
        int next = 0;
        foreach (Fr leaf in leaves)
        {
            level[next++] = leaf;
        }

        var levels = new List<Fr[]> { level };
        while (level.Length > 1)
        {
            level = [.. level.Chunk(4).Select(children => Poseidon.Hash(children))];
            levels.Add(level);
        }

        return [.. levels];
    }

    /// <summary>The three siblings of each level from a leaf to the root, lowest first, in ascending order.</summary>
    public static Fr[][] Siblings(Fr[][] tree, int index)
    {
        var siblings = new Fr[tree.Length - 1][];
        for (int level = 0; level < siblings.Length; level++, index >>= 2)
        {
            int first = index & ~3;
            siblings[level] = [.. Enumerable.Range(first, 4).Where(i => i != index).Select(i => tree[level][i])];
        }

        return siblings;
    }
}
