namespace Accel.Network.Market.Simulation.Scenarios;

/// <summary>Who gains by what.</summary>
internal static class IncentiveScenarios
{
    private const string Subject = "subject";
    private const int Jobs = 200, Rivals = 6;
    private const double CalmGap = 60, BurstGap = 6;

    public static ScenarioOutcome BurstRegret(int seed)
    {
        int[] permilles = [700, 850, 1000, 1150, 1300, 1600, 2000, 2500];
        double[] profits = [.. permilles.Select(permille => ProfitOf(new ProverProfile { Name = Subject, BidPermille = permille }, seed, BurstGap))];
        double truthful = profits[Array.IndexOf(permilles, 1000)];
        return new ScenarioOutcome(
            [
                new Measure("regret of the truthful bidder", profits.Max() - truthful, "jobs' cost"),
                new Measure("profit of the truthful bidder", truthful, "jobs' cost"),
                new Measure("best bid over cost", permilles[Array.IndexOf(profits, profits.Max())] / 1000.0, "×"),
            ],
            new ScenarioChart("Profit by bid over cost, in a burst", "jobs' cost", [.. permilles.Select((p, i) => ($"×{p / 1000.0:0.00}", profits[i]))]));
    }

    public static ScenarioOutcome Lowball(int seed)
    {
        ProverProfile cheat = new() { Name = Subject, BidPermille = 100, DefaultChance = 0.7, Overcommits = true, Rescues = false };
        MarketSimulation simulation = WithSubject(cheat, seed, CalmGap);
        return new ScenarioOutcome(
            [
                new Measure("profit of lowball-and-default", Workloads.Profit(simulation, Subject), "jobs' cost") { AtMost = -1 },
                new Measure("the same prover's profit when truthful", ProfitOf(new ProverProfile { Name = Subject }, seed, CalmGap), "jobs' cost") { AtLeast = 0 },
                new Measure("requests proved without being asked anew", Workloads.SettledShare(simulation.Jobs), "%"),
            ],
            Profits(simulation));
    }

    public static ScenarioOutcome NonRevealer(int seed)
    {
        MarketSimulation simulation = WithSubject(new ProverProfile { Name = Subject, SilenceChance = 1, Accepts = false, Rescues = false }, seed, CalmGap);
        return new ScenarioOutcome(
            [
                new Measure("profit of who opens no bid", Workloads.Profit(simulation, Subject), "jobs' cost") { AtMost = -1 },
                new Measure("requests proved", Workloads.SettledShare(simulation.Jobs), "%") { AtLeast = 99 },
            ],
            Profits(simulation));
    }

    public static ScenarioOutcome FasterProver(int seed)
    {
        double[] speeds = [0.5, 1, 2, 4];
        double[] profits = [.. speeds.Select(speed => ProfitOf(new ProverProfile { Name = Subject, Speed = speed }, seed, CalmGap))];
        return new ScenarioOutcome(
            [
                new Measure("profit at twice the speed less that at the usual one", profits[2] - profits[1], "jobs' cost") { AtLeast = 1 },
                new Measure("profit at four times less that at twice", profits[3] - profits[2], "jobs' cost") { AtLeast = 1 },
            ],
            new ScenarioChart("Profit by speed", "jobs' cost", [.. speeds.Select((speed, i) => ($"×{speed}", profits[i]))]));
    }

    public static ScenarioOutcome Shill(int seed)
    {
        int[] permilles = [100, 200, 300, 400, 600, 900];
        MarketSimulation without = Workloads.Run(Workloads.Honest(2, seed), seed, Workloads.Poisson(Jobs, CalmGap, seed));
        double honestFees = Fees(without);
        double[] gains = [.. permilles.Select(permille =>
        {
            ProverProfile shill = new()
            {
                Name = Subject, CeilingPermille = permille, DefaultChance = 1, Overcommits = true, Accepts = false, Rescues = false, CapitalWei = 400_000_000_000,
            };
            MarketSimulation with = Workloads.Run([.. Workloads.Honest(2, seed), shill], seed, Workloads.Poisson(Jobs, CalmGap, seed));
            return honestFees - Fees(with) + Workloads.Profit(with, Subject);
        })];
        return new ScenarioOutcome(
            [
                new Measure("best gain of a shilling requester", gains.Max(), "jobs' cost"),
                new Measure("gain of a shill at a tenth of the ceiling", gains[0], "jobs' cost"),
                new Measure("fees of 200 jobs without shills", honestFees, "jobs' cost"),
            ],
            new ScenarioChart("A requester's gain by its shill's bid (share of the ceiling)", "jobs' cost", [.. permilles.Select((p, i) => ($"{p / 10} %", gains[i]))]));
    }

    public static ScenarioOutcome Duopoly(int seed)
    {
        double[] fees = [.. Enumerable.Range(0, 5).Select(outsiders =>
        {
            ProverProfile[] pair = [.. Enumerable.Repeat(new ProverProfile { Name = Subject, CeilingPermille = 1000 }, 2)];
            MarketSimulation simulation = Workloads.Run([.. pair, .. Workloads.Honest(outsiders, seed)], seed, Workloads.Poisson(Jobs, CalmGap, seed));
            return Fees(simulation) / simulation.Jobs.Count(job => job.SettledAt is not null);
        })];
        return new ScenarioOutcome(
            [
                new Measure("mean fee under the pair alone", fees[0], "jobs' cost"),
                new Measure("mean fee with one outsider", fees[1], "jobs' cost"),
                new Measure("mean fee with four outsiders", fees[4], "jobs' cost"),
            ],
            new ScenarioChart("Mean fee by the number of outsiders (the ceiling is 3)", "jobs' cost", [.. fees.Select((fee, i) => ($"{i} outsiders", fee))]));
    }

    private static double Fees(MarketSimulation simulation) => simulation.Jobs.Sum(job => Workloads.Jobs(job.FeeWei));

    private static double ProfitOf(ProverProfile subject, int seed, double gap) => Workloads.Profit(WithSubject(subject, seed, gap), Subject);

    private static MarketSimulation WithSubject(ProverProfile subject, int seed, double gap) =>
        Workloads.Run([subject, .. Workloads.Honest(Rivals, seed)], seed, Workloads.Poisson(Jobs, gap, seed));

    private static ScenarioChart Profits(MarketSimulation simulation) => new(
        "Profit by prover", "jobs' cost", [.. simulation.Provers.Select((prover, i) => ($"{prover.Profile.Name} {i}", Workloads.Jobs(prover.ProfitWei)))]);
}
