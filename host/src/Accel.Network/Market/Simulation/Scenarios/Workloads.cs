using System.Numerics;

namespace Accel.Network.Market.Simulation.Scenarios;

/// <summary>Agents, jobs and figures that scenarios share.</summary>
internal static class Workloads
{
    /// <summary>Units of work of a usual job: a minute of a usual prover.</summary>
    public const double Work = 60;

    /// <summary>Three times what a usual prover spends on a usual job, in wei.</summary>
    public const long CeilingWei = 180_000_000;

    public static RequestShape Shape { get; } = new(CeilingWei);

    /// <summary>Honest provers whose costs lie 60 to 140 % around the usual one.</summary>
    public static ProverProfile[] Honest(int count, int seed)
    {
        Random random = new(unchecked((seed * 31) + 17));
        return [.. Enumerable.Range(0, count).Select(_ => new ProverProfile { Name = "honest", CostPerSecondWei = random.Next(600_000, 1_400_000) })];
    }

    /// <summary>Jobs that arrive at random, on average <paramref name="gapSeconds"/> apart.</summary>
    public static SimulatedJob[] Poisson(int count, double gapSeconds, int seed, Func<SimulatedJob, SimulatedJob>? change = null)
    {
        Random random = new(unchecked((seed * 131) + 5));
        double time = 1;
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            time += -gapSeconds * Math.Log(1 - random.NextDouble());
            SimulatedJob job = new((long)time, Work, Shape);
            return change is null ? job : change(job);
        })];
    }

    public static MarketSimulation Run(IReadOnlyList<ProverProfile> profiles, int seed, IEnumerable<SimulatedJob> jobs, bool hasThief = false)
    {
        MarketSimulation simulation = new(profiles, seed) { HasThief = hasThief };
        simulation.Run(jobs);
        return simulation;
    }

    /// <summary>Mean profit of the agents of a name, in units of the usual cost of a job.</summary>
    public static double Profit(MarketSimulation simulation, string name) => simulation.Provers.Where(prover => prover.Profile.Name == name)
        .Average(prover => Jobs(prover.ProfitWei));

    /// <summary>Wei in units of what a usual prover spends on a usual job.</summary>
    public static double Jobs(BigInteger wei) => (double)wei / (CeilingWei / 3);

    public static double SettledShare(IReadOnlyCollection<JobRecord> jobs) => Share(jobs, job => job.SettledAt is not null);

    public static double Share(IReadOnlyCollection<JobRecord> jobs, Func<JobRecord, bool> which) => 100.0 * jobs.Count(which) / jobs.Count;

    /// <summary>Seconds within which a share of the settled jobs was settled; no number when none was.</summary>
    public static double Percentile(IReadOnlyCollection<JobRecord> jobs, double percent)
    {
        long[] seconds = [.. jobs.Select(job => job.SecondsToSettle).OfType<long>().Order()];
        return seconds.Length == 0 ? double.NaN : seconds[Math.Clamp((int)Math.Ceiling(percent / 100 * seconds.Length) - 1, 0, seconds.Length - 1)];
    }

    public static ScenarioChart SettleChart(IReadOnlyCollection<JobRecord> jobs) => new(
        "Time to settle by percentile", "s", [.. new double[] { 10, 25, 50, 75, 90, 99, 100 }.Select(p => ($"{p} %", Percentile(jobs, p)))]);
}
