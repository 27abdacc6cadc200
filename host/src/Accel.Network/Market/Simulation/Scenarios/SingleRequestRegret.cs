using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market.Simulation.Scenarios;

/// <summary>Every deviation of one bidder in one request, against every profile of costs of truthful rivals, on the rules themselves.</summary>
internal static class SingleRequestRegret
{
    private const int Ceiling = 5, Bidders = 3, Abstain = -1;
    private const uint Seconds = 24;

    private static readonly EvmAddress Requester = new(1), Circuit = new(2);

    /// <summary>What a bidder does: a price, or none; whether it opens it; whether it proves.</summary>
    private readonly record struct Play(int Price, bool Opens, bool Proves);

    public static ScenarioOutcome Simulate()
    {
        Play[] deviations =
        [
            new(Abstain, false, false),
            new(0, false, false),
            .. Enumerable.Range(0, Ceiling + 1).SelectMany(price => new Play[] { new(price, true, true), new(price, true, false) }),
        ];
        int worst = int.MinValue, cases = 0;
        int[] worstByCost = [.. Enumerable.Repeat(int.MinValue, Ceiling + 2)];
        int profiles = (int)Math.Pow(Ceiling + 2, Bidders);
        for (int profile = 0; profile < profiles; profile++)
        {
            int[] costs = [profile % (Ceiling + 2), profile / (Ceiling + 2) % (Ceiling + 2), profile / (Ceiling + 2) / (Ceiling + 2)];
            for (int place = 0; place < Bidders; place++)
            {
                int truthful = Utility(costs, place, Truthful(costs[place]));
                foreach (Play deviation in deviations)
                {
                    int regret = Utility(costs, place, deviation) - truthful;
                    worst = Math.Max(worst, regret);
                    worstByCost[costs[place]] = Math.Max(worstByCost[costs[place]], regret);
                    cases++;
                }
            }
        }

        return new ScenarioOutcome(
            [
                new Measure("largest regret of a truthful bidder", worst, "wei") { AtMost = 0 },
                new Measure("deviations tried", cases, string.Empty) { AtLeast = profiles * Bidders * deviations.Length },
            ],
            new ScenarioChart("Largest regret by the bidder's cost (ceiling 5)", "wei", [.. worstByCost.Select((regret, cost) => ($"cost {cost}", (double)regret))]));
    }

    private static Play Truthful(int cost) => cost > Ceiling ? new Play(Abstain, false, false) : new Play(cost, true, true);

    /// <summary>What the bidder at a place gains; the place is also its turn to commit.</summary>
    private static int Utility(int[] costs, int place, Play play)
    {
        MarketRules rules = new();
        MarketTerms terms = new(Circuit, [1], true, 0, Seconds, Seconds, Seconds, Seconds, Seconds);
        rules.Request(Requester, terms, Ceiling);
        Play[] plays = [.. costs.Select((cost, i) => i == place ? play : Truthful(cost))];
        EvmAddress[] accounts = [.. costs.Select((_, i) => new EvmAddress(100 + i))];
        for (int i = 0; i < Bidders; i++)
        {
            rules.Deposit(accounts[i], 2 * Ceiling);
            if (plays[i].Price != Abstain)
            {
                rules.CommitBid(accounts[i], 1, plays[i].Price, 0);
            }
        }

        rules.AdvanceTo(Seconds, 1);
        for (int i = 0; i < Bidders; i++)
        {
            if (plays[i].Opens)
            {
                rules.RevealBid(accounts[i], 1, plays[i].Price, 0);
            }
        }

        rules.AdvanceTo(2 * Seconds, 2);
        rules.BurnUnrevealed(1, accounts[place]);
        bool isMine = rules.RequestOf(1).Assignee == accounts[place];
        if (isMine && play.Proves)
        {
            BigInteger[] inputs = [accounts[place].Value, 1];
            rules.Deliver(1, inputs, inputs);
        }

        rules.AdvanceTo(4 * Seconds, 3);
        rules.Expire(1);
        return (int)(rules.FreeOf(accounts[place]) + rules.LockedOf(accounts[place])) - (2 * Ceiling) - (isMine && play.Proves ? costs[place] : 0);
    }
}
