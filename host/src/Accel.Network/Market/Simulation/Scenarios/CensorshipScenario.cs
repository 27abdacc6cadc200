namespace Accel.Network.Market.Simulation.Scenarios;

/// <summary>
/// A coalition keeps the batch out that takes a forced item. The venue's queue goes by <c>CustodySettlement</c>: a batch takes items in order,
/// and once the first one is overdue anybody freezes the venue, from which accounts leave by exit proofs.
/// </summary>
internal static class CensorshipScenario
{
    /// <summary><c>forcedSeconds</c> of the simulated venue: four hours.</summary>
    private const long ForcedSeconds = 4 * 3600;

    private const int Items = 40, Seats = 100;

    public static ScenarioOutcome Simulate(int seed)
    {
        (double taken, double longest, _) = Run(seed, coalition: 51, blocks: false);
        (double blocked, double blockedLongest, double cost) = Run(seed, coalition: 51, blocks: true);
        (double none, _, _) = Run(seed, coalition: Seats, blocks: false);
        return new ScenarioOutcome(
            [
                new Measure("items taken in time while 51 % of capacity refuse", taken, "%") { AtLeast = 100 },
                new Measure("longest wait", longest, "s") { AtMost = ForcedSeconds },
                new Measure("items taken in time while 51 % win them to let them lapse", blocked, "%") { AtLeast = 100 },
                new Measure("longest wait then", blockedLongest, "s") { AtMost = ForcedSeconds },
                new Measure("what blocking costs the coalition an item", cost, "jobs' cost") { AtLeast = 1 },
                new Measure("items taken while all of the capacity refuses: the venue is frozen", none, "%") { AtMost = 0 },
            ],
            new ScenarioChart("Items taken in time", "%", [("51 % refuse", taken), ("51 % block", blocked), ("100 % refuse", none)]));
    }

    private static (double TakenPercent, double LongestSeconds, double CostAnItem) Run(int seed, int coalition, bool blocks)
    {
        ProverProfile[] honest = Workloads.Honest(Seats - coalition, seed);
        ProverProfile[] censors =
        [
            .. Workloads.Honest(coalition, seed + 1)
                .Select(profile => profile with { Name = "censor", Censors = true, Blocks = blocks, DefaultChance = 0 }),
        ];
        MarketSimulation simulation = new([.. honest, .. censors], seed);
        // The requester asks anew as long as the item waits.
        simulation.Run(Workloads.Poisson(Items, 600, seed, job => job with { IsCensored = true, AttemptsMax = 24 }));
        JobRecord[] taken = [.. simulation.Jobs.Where(job => job.SecondsToSettle <= ForcedSeconds)];
        double cost = coalition == 0 ? 0 : -Workloads.Profit(simulation, "censor") * coalition / Items;
        return (100.0 * taken.Length / Items, Workloads.Percentile(simulation.Jobs, 100), cost);
    }
}
