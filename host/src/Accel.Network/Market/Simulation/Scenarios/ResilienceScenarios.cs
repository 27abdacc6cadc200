using System.Numerics;

namespace Accel.Network.Market.Simulation.Scenarios;

/// <summary>What goes wrong, and what becomes of the requests.</summary>
internal static class ResilienceScenarios
{
    private const double CalmGap = 60;

    public static ScenarioOutcome WinnerCrash(int seed)
    {
        ProverProfile[] profiles = [.. Workloads.Honest(6, seed), .. Enumerable.Repeat(new ProverProfile { Name = "crashing", CostPerSecondWei = 300_000, DefaultChance = 1 }, 2)];
        MarketSimulation simulation = Workloads.Run(profiles, seed, Workloads.Poisson(200, CalmGap, seed));
        JobRecord[] late = [.. simulation.Jobs.Where(job => job.WasLate)];
        return new ScenarioOutcome(
            [
                new Measure("requests whose winner crashed", late.Length, string.Empty) { AtLeast = 20 },
                new Measure("proved before the rescue ends", Workloads.SettledShare(late), "%") { AtLeast = 99 },
                new Measure("seconds from asking to the proof, 99 %", Workloads.Percentile(late, 99), "s") { AtMost = 648 },
                new Measure("proved by another before the assignee's deadline (the contract pays nobody else)", simulation.PaidToOthersInTime, string.Empty) { AtMost = 0 },
                new Measure("profit of a crashing prover", Workloads.Profit(simulation, "crashing"), "jobs' cost") { AtMost = 0 },
            ],
            Workloads.SettleChart(late));
    }

    public static ScenarioOutcome ZeroBids(int seed)
    {
        ProverProfile[] silent = [.. Workloads.Honest(5, seed).Select(profile => profile with { Bids = false })];
        MarketSimulation simulation = Workloads.Run(silent, seed, Workloads.Poisson(100, CalmGap, seed));
        MarketSimulation empty = Workloads.Run([], seed, Workloads.Poisson(20, CalmGap, seed));
        BigInteger escrowed = 20 * (BigInteger)Workloads.CeilingWei;
        return new ScenarioOutcome(
            [
                new Measure("requests proved from the ramp", Workloads.Share(simulation.Jobs, job => job is { FromRamp: true, SettledAt: not null }), "%") { AtLeast = 100 },
                new Measure("escrow given back where nobody proves", 100 * (double)empty.Rules.HeldWei / (double)escrowed, "%") { AtLeast = 100 },
                new Measure("mean fee over the ceiling", 100 * simulation.Jobs.Average(job => (double)job.FeeWei) / Workloads.CeilingWei, "%"),
            ],
            Workloads.SettleChart(simulation.Jobs));
    }

    public static ScenarioOutcome Burst(int seed)
    {
        SimulatedJob[] calm = Workloads.Poisson(60, 40, seed, job => job with { AttemptsMax = 20 });
        long start = calm[^1].Arrival;
        SimulatedJob[] burst = Workloads.Poisson(300, 4, seed + 1, job => job with { Arrival = start + job.Arrival, AttemptsMax = 20 });
        MarketSimulation simulation = Workloads.Run(Workloads.Honest(8, seed), seed, [.. calm, .. burst]);
        JobRecord[] hit = [.. simulation.Jobs.Skip(calm.Length)];
        return new ScenarioOutcome(
            [
                new Measure("jobs that were never proved", hit.Count(job => job.SettledAt is null), string.Empty) { AtMost = 0 },
                new Measure("longest wait", Workloads.Percentile(hit, 100), "s") { AtMost = 7200 },
                new Measure("median wait in the burst", Workloads.Percentile(hit, 50), "s"),
                new Measure("median wait before it", Workloads.Percentile([.. simulation.Jobs.Take(calm.Length)], 50), "s"),
                new Measure("requests opened for a job, mean", hit.Average(job => job.Attempts), string.Empty),
                new Measure("jobs whose prover was late", Workloads.Share(hit, job => job.WasLate), "%"),
            ],
            Workloads.SettleChart(hit));
    }

    public static ScenarioOutcome ProofTheft(int seed)
    {
        int number = 0;
        ProverProfile[] profiles = [.. Workloads.Honest(5, seed), new ProverProfile { Name = "crashing", CostPerSecondWei = 300_000, DefaultChance = 0.5 }];
        SimulatedJob[] jobs = Workloads.Poisson(200, CalmGap, seed, job => job with { PayeeInStatement = number++ % 2 == 0 });
        MarketSimulation robbed = Workloads.Run(profiles, seed, jobs, hasThief: true), left = Workloads.Run(profiles, seed, jobs);
        return new ScenarioOutcome(
            [
                new Measure("thefts tried, in time and late, own and foreign circuits", robbed.Thefts, string.Empty) { AtLeast = 150 },
                new Measure("stolen", Workloads.Jobs(robbed.StolenWei), "jobs' cost") { AtMost = 0 },
                new Measure(
                    "what the provers lose by the thief",
                    Workloads.Jobs(left.Provers.Aggregate(BigInteger.Zero, (sum, p) => sum + p.ProfitWei) - robbed.Provers.Aggregate(BigInteger.Zero, (sum, p) => sum + p.ProfitWei)),
                    "jobs' cost") { AtMost = 0 },
            ],
            Workloads.SettleChart(robbed.Jobs));
    }

    public static ScenarioOutcome Unprovable(int seed)
    {
        SimulatedJob[] jobs = Workloads.Poisson(100, CalmGap, seed, job => job with { IsProvable = false });
        MarketSimulation careful = Workloads.Run(Workloads.Honest(5, seed), seed, jobs);
        MarketSimulation careless = Workloads.Run([.. Workloads.Honest(5, seed).Select(profile => profile with { SolvesWitnessFirst = false })], seed, jobs);
        return new ScenarioOutcome(
            [
                new Measure("bids on unprovable requests", careful.Provers.Sum(prover => prover.BidCount), string.Empty) { AtMost = 0 },
                new Measure("burnt by those who look first", Workloads.Jobs(careful.Rules.BurntWei), "jobs' cost") { AtMost = 0 },
                new Measure("burnt by those who do not", Workloads.Jobs(careless.Rules.BurntWei), "jobs' cost") { AtLeast = 1 },
            ],
            new ScenarioChart("Burnt stake", "jobs' cost", [("look first", Workloads.Jobs(careful.Rules.BurntWei)), ("do not", Workloads.Jobs(careless.Rules.BurntWei))]));
    }
}
