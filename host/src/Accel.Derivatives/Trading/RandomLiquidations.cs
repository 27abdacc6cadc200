using System.Numerics;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>Liquidations drawn from a seed: flagged and unflagged accounts, early and late in the auction, solvent and not. For searches and tests.</summary>
public static class RandomLiquidations
{
    /// <summary>The first batch from a seed on that the reference carries out.</summary>
    public static LiquidationResult Done(int seed, LiquidationShape shape)
    {
        for (var random = new Random(seed); ;)
        {
            try
            {
                return LiquidationReference.Liquidate(Draw(random, shape));
            }
            catch (SettlementException)
            {
                // Too many positions, or a margin that is met or not: the next one will do.
            }
        }
    }

    private static LiquidationBatch Draw(Random random, LiquidationShape shape)
    {
        RiskMatrix risk = RandomTrades.Market(random, shape.Expiries, shape.Instruments);
        int[] leaves = [.. Enumerable.Range(0, shape.Liquidations + 1).Select(_ => random.Next(2, AccountTree.Capacity)).Distinct()];
        ExchangeState state = RandomTrades.State(random, risk, leaves, shape.Positions);
        var parameters = new VenueParameters { AuctionSeconds = random.Next(1, 2_000), LiquidatedShareMax = VenueParameters.Unit, LiquidationBuffer = random.Next(500_000) };
        int count = random.Next(3) == 0 ? 1 : shape.Liquidations;
        var liquidations = new List<Liquidation>();
        for (int l = 0; l < Math.Min(count, leaves.Length - 1); l++)
        {
            Account sick = Sick(random, risk, state.Find(leaves[l + 1])!);
            state = state.With([KeyValuePair.Create(leaves[l + 1], sick)]);
            liquidations.Add(Bid(random, risk, parameters, leaves[0], leaves[l + 1], sick, (1L << 20) + (16 * l)));
        }

        return new LiquidationBatch(state, risk, parameters, shape, liquidations, (ulong)random.NextInt64(), RandomTrades.Domain);
    }

    /// <summary>The account with so little cash that its maintenance margin is just below zero.</summary>
    private static Account Sick(Random random, RiskMatrix risk, Account account)
    {
        ScenarioMargin margin = ScenarioMargin.Of(risk, 0, account.Positions);
        BigInteger atZero = margin.Exact(default, risk.MaintenanceFactor) / (VenueParameters.Unit * BigInteger.Pow(2, Margin.PortfolioMargin.ValueBits));
        bool isFlagged = random.Next(3) != 0;
        return account with
        {
            Cash = new CashAmount((Int128)(-atZero) - 2 - random.NextInt64(random.Next(4) == 0 ? 10_000_000_000_000 : 100_000_000_000)),
            Status = isFlagged ? account.Status | AccountStatus.BelowMaintenance : account.Status & ~AccountStatus.BelowMaintenance,
            FlaggedAt = isFlagged ? RandomTrades.Now - random.Next(-10, 3_000) : 0,
        };
    }

    /// <summary>A bid for about as much as restores the margin.</summary>
    private static Liquidation Bid(Random random, RiskMatrix risk, VenueParameters parameters, int leaf, int sickLeaf, Account sick, long nonce)
    {
        ScenarioMargin margin = ScenarioMargin.Of(risk, sickLeaf, sick.Positions);
        int scenario = margin.WorstScenario;
        BigInteger requirement = risk.MaintenanceFactor * (margin.OptionValue - margin.Gains[scenario]);
        long discount = LiquidationReference.Discount(parameters, sick, risk.Time);
        BigInteger allowed = (-margin.Exact(sick.Cash, risk.MaintenanceFactor, scenario) * VenueParameters.Unit * VenueParameters.Unit) + (parameters.LiquidationBuffer * VenueParameters.Unit * requirement);
        BigInteger greatest = requirement.IsZero ? 1 : BigInteger.Min(parameters.LiquidatedShareMax, allowed / ((VenueParameters.Unit - discount) * requirement));
        long share = (long)BigInteger.Max(1, random.Next(2) == 0 ? greatest : greatest * random.Next(100) / 100);
        var bid = new LiquidationBid(leaf, sickLeaf, share, new CashAmount(((Int128)1 << CashAmount.MagnitudeBits) - 1), RandomTrades.Now + random.Next(2), nonce + random.Next(16));
        return new Liquidation(bid.Sign(RandomTrades.Domain, RandomTrades.Key(leaf)), scenario);
    }
}
