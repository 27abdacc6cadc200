namespace Accel.Network.Market.Simulation.Scenarios;

/// <summary>The scenarios of <c>accel market simulate</c>.</summary>
public static class MarketScenarios
{
    /// <summary>All of them, in the order of reports.</summary>
    public static IReadOnlyList<MarketScenario> All { get; } =
    [
        new("truthful-single", "Truthful bidding has no regret in single requests with independent costs: every deviation is tried.", _ => SingleRequestRegret.Simulate()),
        new("truthful-burst", "Its regret in bursts, where a slot won is a slot not free: reported.", IncentiveScenarios.BurstRegret),
        new("lowball", "Bidding low on everything and defaulting loses money.", IncentiveScenarios.Lowball),
        new("non-revealer", "Not opening bids loses money, and requests clear all the same.", IncentiveScenarios.NonRevealer),
        new("faster-prover", "A prover of twice the speed at the same price of time earns more.", IncentiveScenarios.FasterProver),
        new("shill", "A requester's own bids under the second price: what they save and cost, reported.", IncentiveScenarios.Shill),
        new("duopoly", "Two provers that bid the ceiling, with more and more outsiders: reported.", IncentiveScenarios.Duopoly),
        new("winner-crash", "A crashed winner's request is proved by another before the requester's deadline, which is the end of the rescue.", ResilienceScenarios.WinnerCrash),
        new("zero-bids", "Without a bid the ramp clears; without a prover the escrow goes back.", ResilienceScenarios.ZeroBids),
        new("burst", "A burst of ten times the usual load starves nobody.", ResilienceScenarios.Burst),
        new("proof-theft", "A proof that is copied from the mempool earns the thief nothing and costs the prover nothing.", ResilienceScenarios.ProofTheft),
        new("unprovable", "Provers that solve the witness first decline what cannot be proved.", ResilienceScenarios.Unprovable),
        new("censorship", "51 % of the capacity cannot keep a forced item out; all of it can, and then the venue is frozen for exits in time.", CensorshipScenario.Simulate),
        new("collateral-price", "When the collateral's price halves, it still covers ceiling and lateness, and delivering still pays.", CollateralScenario.Simulate),
    ];

    /// <summary>The scenario of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static MarketScenario Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new ArgumentException($"there is no scenario '{name}'; there is: {string.Join(", ", All.Select(scenario => scenario.Name))}");
}
