using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market.Simulation;

/// <summary>A market of agents on <see cref="MarketRules"/>, event by event. The same seed gives the same run.</summary>
/// <remarks>Gas is free here, and a transaction is carried out in the second in which it is sent.</remarks>
public sealed partial class MarketSimulation
{
    private const int BlockSeconds = 12;
    private const uint BidSeconds = 24, RevealSeconds = 24;
    private const long EventsMax = 20_000_000;

    private static readonly EvmAddress Requester = new(1), Circuit = new(2), Thief = new(3);

    private readonly PriorityQueue<Action, (long Time, long Order)> events = new();
    private readonly Dictionary<EvmAddress, SimulatedProver> byAccount = [];
    private readonly List<JobRecord> jobs = [];
    private long order;

    /// <summary>A market with these agents.</summary>
    /// <param name="profiles">One for each prover.</param>
    /// <param name="seed">Of all draws.</param>
    public MarketSimulation(IReadOnlyList<ProverProfile> profiles, int seed)
    {
        for (int i = 0; i < profiles.Count; i++)
        {
            SimulatedProver prover = new(profiles[i], new EvmAddress(100 + i), new Random(unchecked((seed * 7919) + i)));
            byAccount.Add(prover.Account, prover);
            Rules.Deposit(prover.Account, profiles[i].CapitalWei);
        }
    }

    /// <summary>The market.</summary>
    public MarketRules Rules { get; } = new();

    /// <summary>The agents.</summary>
    public IReadOnlyCollection<SimulatedProver> Provers => byAccount.Values;

    /// <summary>What became of each job.</summary>
    public IReadOnlyList<JobRecord> Jobs => jobs;

    /// <summary>Whether a thief sees every delivery before it is carried out, and tries to have its fee.</summary>
    public bool HasThief { get; init; }

    /// <summary>What the thief has gained, in wei.</summary>
    public BigInteger StolenWei => Rules.FreeOf(Thief);

    /// <summary>Thefts that were tried.</summary>
    public int Thefts { get; private set; }

    /// <summary>Proofs by others than the assignee that were paid before its deadline.</summary>
    public int PaidToOthersInTime { get; private set; }

    /// <summary>Runs the jobs until nothing is left to happen.</summary>
    /// <exception cref="InvalidOperationException">Funds were made or lost, or the run does not end: a defect of the simulation.</exception>
    public void Run(IEnumerable<SimulatedJob> workload)
    {
        foreach (SimulatedJob job in workload)
        {
            JobRecord record = new(job);
            jobs.Add(record);
            At(job.Arrival, () => Open(record));
        }

        while (events.TryDequeue(out Action? action, out (long Time, long Order) at))
        {
            Rules.AdvanceTo(at.Time, at.Time / BlockSeconds);
            action();
            if (order > EventsMax)
            {
                throw new InvalidOperationException($"a run of more than {EventsMax} events does not end");
            }
        }

        foreach (SimulatedProver prover in Provers)
        {
            prover.ProfitWei = Rules.FreeOf(prover.Account) + Rules.LockedOf(prover.Account) - prover.Profile.CapitalWei - prover.SpentWei;
        }

        if (!Rules.ConservesFunds)
        {
            throw new InvalidOperationException("the run made or lost funds");
        }
    }

    private void At(long time, Action action) => events.Enqueue(action, (Math.Max(time, Rules.Time), order++));

    private void Open(JobRecord record)
    {
        SimulatedJob job = record.Job;
        RequestShape shape = job.Shape;
        MarketTerms terms = new(
            Circuit, [Rules.RequestCount + 1], job.PayeeInStatement, shape.LatenessWei,
            BidSeconds, RevealSeconds, shape.RampSeconds, shape.ProveSeconds, shape.RescueSeconds);
        Require(Rules.Request(Requester, terms, shape.CeilingWei));
        record.Attempts++;
        record.RequestId = Rules.RequestCount;
        (record.WasLate, record.FromRamp) = (false, false);
        MarketRequest asked = Rules.RequestOf(record.RequestId);
        List<(SimulatedProver Prover, long Price)> sealedBids = [];
        foreach (SimulatedProver prover in Provers.Where(prover => prover.Profile.Bids))
        {
            At(Rules.Time + prover.Random.Next(1, (int)BidSeconds - 1), () => Bid(record, prover, sealedBids));
        }

        At(asked.BidEnd, () =>
        {
            if (asked.Commits == 0)
            {
                Ramp(record);
                return;
            }

            foreach ((SimulatedProver prover, long price) in sealedBids.Where(bid => bid.Prover.Random.NextDouble() >= bid.Prover.Profile.SilenceChance))
            {
                At(asked.BidEnd + prover.Random.Next(1, (int)RevealSeconds - 1),
                    () => Require(Rules.RevealBid(prover.Account, record.RequestId, price, record.RequestId)));
            }

            At(asked.RevealEnd, () => EndReveals(record, sealedBids));
        });
    }

    private void Bid(JobRecord record, SimulatedProver prover, List<(SimulatedProver Prover, long Price)> sealedBids)
    {
        MarketRequest asked = Rules.RequestOf(record.RequestId);
        long price = prover.BidOn(record.Job);
        if (!Considers(prover, record.Job, asked.RevealEnd) || (prover.CostOf(record.Job.Work) > asked.CeilingWei && !prover.Profile.Overcommits)
            || Rules.CommitBid(prover.Account, record.RequestId, price, record.RequestId) != MarketRefusal.None)
        {
            return;
        }

        prover.BidCount++;
        prover.PendingSeconds += prover.SecondsFor(record.Job.Work);
        sealedBids.Add((prover, price));
    }

    /// <summary>Whether a prover wants a job and would finish it by the deadline, were all that it has bid on won.</summary>
    private bool Considers(SimulatedProver prover, SimulatedJob job, long from)
    {
        if (!job.IsProvable && prover.Profile.SolvesWitnessFirst)
        {
            return false;
        }

        if (prover.Profile.Overcommits || (prover.Profile.Blocks && job.IsCensored))
        {
            return true;
        }

        double finish = Math.Max(from, prover.BusyUntil) + prover.PendingSeconds + prover.SecondsFor(job.Work);
        return prover.WantsToProve(job) && finish < from + job.Shape.ProveSeconds;
    }

    private void EndReveals(JobRecord record, List<(SimulatedProver Prover, long Price)> sealedBids)
    {
        foreach ((SimulatedProver prover, _) in sealedBids)
        {
            prover.PendingSeconds -= prover.SecondsFor(record.Job.Work);
            Rules.BurnUnrevealed(record.RequestId, prover.Account);
        }

        if (Rules.PhaseOf(record.RequestId) == MarketPhase.Ramping)
        {
            Ramp(record);
        }
        else
        {
            Assign(record);
        }
    }

    private void Ramp(JobRecord record)
    {
        MarketRequest asked = Rules.RequestOf(record.RequestId);
        long ramp = asked.Terms.RampSeconds;
        foreach (SimulatedProver prover in Provers.Where(prover => prover.Profile.Accepts))
        {
            long wait = (long)BigInteger.Divide((prover.BidOn(record.Job) * (BigInteger)ramp) + asked.CeilingWei - 1, asked.CeilingWei);
            if (prover.CostOf(record.Job.Work) <= asked.CeilingWei)
            {
                At(asked.RampStart + wait, () => Accept(record, prover));
            }
        }

        At(asked.RampStart + ramp + 1, () =>
        {
            if (Rules.Refund(record.RequestId) == MarketRefusal.None)
            {
                Retry(record);
            }
        });
    }

    private void Accept(JobRecord record, SimulatedProver prover)
    {
        if (Considers(prover, record.Job, Rules.Time) && Rules.Accept(prover.Account, record.RequestId) == MarketRefusal.None)
        {
            record.FromRamp = true;
            Assign(record);
        }
    }

    private void Retry(JobRecord record)
    {
        if (record.Attempts < record.Job.AttemptsMax)
        {
            Open(record);
        }
    }

    private static void Require(MarketRefusal refusal)
    {
        if (refusal != MarketRefusal.None)
        {
            throw new InvalidOperationException($"the simulation made a call that the market refuses: {refusal}");
        }
    }
}
