namespace Accel.Network.Market.Simulation;

/// <summary>How an agent bids, works and cheats; a scenario's data.</summary>
public sealed record ProverProfile
{
    /// <summary>For reports; agents of one name are one group.</summary>
    public required string Name { get; init; }

    /// <summary>Cost of a second of work, in wei.</summary>
    public long CostPerSecondWei { get; init; } = 1_000_000;

    /// <summary>Units of work done in a second.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Stake at the start, in wei.</summary>
    public long CapitalWei { get; init; } = 20_000_000_000;

    /// <summary>A bid over the cost, in thousandths: 1000 is truthful; never above the ceiling.</summary>
    public int BidPermille { get; init; } = 1000;

    /// <summary>A bid over the ceiling, in thousandths, whatever the cost; null to bid by cost.</summary>
    public int? CeilingPermille { get; init; }

    /// <summary>Chance that a proof which it has won is never made.</summary>
    public double DefaultChance { get; init; }

    /// <summary>Chance that a sealed bid is never opened.</summary>
    public double SilenceChance { get; init; }

    /// <summary>Whether it bids under seal.</summary>
    public bool Bids { get; init; } = true;

    /// <summary>Whether it takes requests from the ramp, once the price covers its bid.</summary>
    public bool Accepts { get; init; } = true;

    /// <summary>Whether it rescues what others are late with.</summary>
    public bool Rescues { get; init; } = true;

    /// <summary>Whether it solves the witness before it bids, and so declines what cannot be proved.</summary>
    public bool SolvesWitnessFirst { get; init; } = true;

    /// <summary>Whether it bids on work that it could not finish in time.</summary>
    public bool Overcommits { get; init; }

    /// <summary>Whether it refuses to prove censored jobs.</summary>
    public bool Censors { get; init; }

    /// <summary>Whether it wins censored jobs at a price of zero in order not to prove them, at the cost of its collateral.</summary>
    public bool Blocks { get; init; }
}

/// <summary>The lengths of a request's phases, in seconds, and its ceiling.</summary>
/// <param name="CeilingWei">Escrow.</param>
/// <param name="LatenessWei">What lateness costs the requester.</param>
/// <param name="RampSeconds">Ramp.</param>
/// <param name="ProveSeconds">From assignment to deadline.</param>
/// <param name="RescueSeconds">After it.</param>
public sealed record RequestShape(long CeilingWei, long LatenessWei = 0, uint RampSeconds = 120, uint ProveSeconds = 300, uint RescueSeconds = 300);

/// <summary>A proof that somebody wants.</summary>
/// <param name="Arrival">When it is asked for, in seconds.</param>
/// <param name="Work">Units of work; a prover of speed 1 does one a second.</param>
/// <param name="Shape">Ceiling and phases.</param>
public sealed record SimulatedJob(long Arrival, double Work, RequestShape Shape)
{
    /// <summary>False for a statement that is not true: nobody can prove it.</summary>
    public bool IsProvable { get; init; } = true;

    /// <summary>Whether the coalition wants it unproved.</summary>
    public bool IsCensored { get; init; }

    /// <summary>Whether the circuit names its payee.</summary>
    public bool PayeeInStatement { get; init; } = true;

    /// <summary>Requests that the requester opens, one after another, until there is a proof.</summary>
    public int AttemptsMax { get; init; } = 1;
}
