using Accel.Derivatives.Replay;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>What is published of a liquidation: one word. With the old state, the risk matrix and the venue's parameters it yields the new state.</summary>
internal static class LiquidationDiff
{
    /// <summary>Bits of a scenario's index.</summary>
    public const int ScenarioBits = 5;

    private const int LeafBits = 2 * AccountTree.Depth;

    /// <summary><c>used(1) liquidated(24) liquidator(24) share(20) scenario(5) nonce(40)</c>, highest first.</summary>
    public static Fr Word(Liquidation liquidation)
    {
        LiquidationBid bid = liquidation.Bid.Bid;
        Fr word = ((Fr)1 * (1L << LeafBits)) + bid.LiquidatedLeaf;
        word = (word * (1L << LeafBits)) + bid.Leaf;
        word = (word * (1L << VenueParameters.RateBits)) + bid.ShareMillionths;
        word = (word * (1L << ScenarioBits)) + liquidation.Scenario;
        return (word * (1L << OrderFill.NonceBits)) + bid.Nonce;
    }

    /// <summary>What a word says, or null for an unused liquidation's zero.</summary>
    /// <exception cref="StateDiffException">The word is not a liquidation's.</exception>
    public static PublishedLiquidation? Read(Fr word, int index)
    {
        if (word.IsZero)
        {
            return null;
        }

        var fields = new WordFields(word, index);
        long nonce = (long)fields.Take(OrderFill.NonceBits);
        int scenario = (int)fields.Take(ScenarioBits);
        long share = (long)fields.Take(VenueParameters.RateBits);
        int liquidator = (int)fields.Take(LeafBits);
        int liquidated = (int)fields.Take(LeafBits);
        bool isUsed = fields.Take(1).IsOne;
        fields.End();
        return isUsed && scenario < Pricing.ScenarioGrid.ScenarioCount
            ? new PublishedLiquidation(liquidated, liquidator, share, scenario, nonce)
            : throw new StateDiffException($"word {index}: an unused liquidation has fields, or there is no scenario {scenario}");
    }
}

/// <summary>What a liquidation batch publishes of a liquidation.</summary>
internal readonly record struct PublishedLiquidation(int Liquidated, int Liquidator, long ShareMillionths, int Scenario, long Nonce);
