namespace Accel.Network.Market.Simulation.Scenarios;

/// <summary>The collateral's price falls between bid and deadline, while costs and damage are in money whose price stays.</summary>
internal static class CollateralScenario
{
    private static readonly int[] DropsPercent = [0, 25, 50, 75, 90];

    public static ScenarioOutcome Simulate(int seed)
    {
        Random random = new(seed);
        SimulatedJob[] jobs = Workloads.Poisson(200, 60, seed, job => job with { Shape = job.Shape with { LatenessWei = random.NextInt64(2 * Workloads.CeilingWei) } });
        MarketSimulation simulation = Workloads.Run([.. Workloads.Honest(6, seed), new ProverProfile { Name = "crashing", CostPerSecondWei = 300_000, DefaultChance = 0.5 }], seed, jobs);
        double[] coverage = [.. DropsPercent.Select(drop => simulation.Jobs.Min(job => Coverage(simulation, job, 1 - (drop / 100.0))))];
        int half = Array.IndexOf(DropsPercent, 50);
        JobRecord[] assigned = [.. simulation.Jobs.Where(job => simulation.Rules.RequestOf(job.RequestId).Deadline > 0)];
        double[] delivers = [.. assigned.Select(job => Margin(simulation, job, 0.5))];
        return new ScenarioOutcome(
            [
                new Measure("least coverage of ceiling and lateness after −50 %", coverage[half], "×") { AtLeast = 1 },
                new Measure("least gain from delivering rather than defaulting after −50 %", delivers.Min(), "jobs' cost") { AtLeast = 0 },
                new Measure("requests of which the rescuer's reward still covers a usual prover's cost after −50 %", Workloads.Share(assigned, job => RescuePays(simulation, job, 0.5)), "%") { AtLeast = 99 },
                new Measure("least coverage after −75 %", coverage[Array.IndexOf(DropsPercent, 75)], "×"),
            ],
            new ScenarioChart("Least coverage by fall of the price", "×", [.. DropsPercent.Select((drop, i) => ($"−{drop} %", coverage[i]))]));
    }

    private static double Coverage(MarketSimulation simulation, JobRecord job, double price) =>
        price * (double)simulation.Rules.RequestOf(job.RequestId).CollateralWei / Math.Max(job.Job.Shape.CeilingWei, job.Job.Shape.LatenessWei);

    /// <summary>What the assignee has from proving, fee and collateral at the new price, less its cost at the old one.</summary>
    private static double Margin(MarketSimulation simulation, JobRecord job, double price)
    {
        MarketRequest asked = simulation.Rules.RequestOf(job.RequestId);
        SimulatedProver prover = simulation.Provers.First(prover => prover.Account == asked.Assignee);
        return ((price * (double)(asked.FeeWei + asked.CollateralWei)) - prover.CostOf(job.Job.Work)) / (Workloads.CeilingWei / 3.0);
    }

    private static bool RescuePays(MarketSimulation simulation, JobRecord job, double price)
    {
        MarketRequest asked = simulation.Rules.RequestOf(job.RequestId);
        return price * (double)(asked.FeeWei + (asked.CollateralWei / 2)) >= Workloads.CeilingWei / 3.0;
    }
}
