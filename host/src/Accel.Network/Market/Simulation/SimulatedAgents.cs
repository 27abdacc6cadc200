using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market.Simulation;

/// <summary>A prover in a simulation: its profile and what has become of it.</summary>
/// <param name="profile">How it behaves.</param>
/// <param name="account">Its account.</param>
/// <param name="random">Its own draws, so that another agent's behaviour does not change them.</param>
public sealed class SimulatedProver(ProverProfile profile, EvmAddress account, Random random)
{
    /// <summary>How it behaves.</summary>
    public ProverProfile Profile => profile;

    /// <summary>Its account.</summary>
    public EvmAddress Account => account;

    /// <summary>Wei spent on work, of proofs that were not paid too.</summary>
    public BigInteger SpentWei { get; internal set; }

    /// <summary>What it has gained or lost, in wei.</summary>
    public BigInteger ProfitWei { get; internal set; }

    /// <summary>Sealed bids.</summary>
    public int BidCount { get; internal set; }

    internal long BusyUntil { get; set; }

    internal double PendingSeconds { get; set; }

    internal Random Random => random;

    internal long SecondsFor(double work) => Math.Max(1, (long)Math.Ceiling(work / profile.Speed));

    internal long CostOf(double work) => SecondsFor(work) * profile.CostPerSecondWei;

    internal long BidOn(SimulatedJob job) => profile.Blocks && job.IsCensored
        ? 0
        : profile.CeilingPermille is { } share
            ? job.Shape.CeilingWei / 1000 * share
            : Math.Min(job.Shape.CeilingWei, CostOf(job.Work) / 1000 * profile.BidPermille);

    internal bool WantsToProve(SimulatedJob job) => !(job.IsCensored && profile.Censors);
}

/// <summary>What became of a job.</summary>
/// <param name="job">The job.</param>
public sealed class JobRecord(SimulatedJob job)
{
    /// <summary>The job.</summary>
    public SimulatedJob Job => job;

    /// <summary>Requests opened for it.</summary>
    public int Attempts { get; internal set; }

    /// <summary>When it was proved; null when it was not.</summary>
    public long? SettledAt { get; internal set; }

    /// <summary>Whether the assignee was late with its last request.</summary>
    public bool WasLate { get; internal set; }

    /// <summary>Whether the last request was taken from the ramp.</summary>
    public bool FromRamp { get; internal set; }

    /// <summary>Number of its last request.</summary>
    public int RequestId { get; internal set; }

    /// <summary>What the requester paid, in wei.</summary>
    public BigInteger FeeWei { get; internal set; }

    /// <summary>Seconds from asking to the proof; null when there is none.</summary>
    public long? SecondsToSettle => SettledAt - job.Arrival;

    internal bool IsDone => SettledAt is not null;
}
