using System.Numerics;

namespace Accel.Network.Market.Simulation;

/// <content>From assignment to the end of a request.</content>
public sealed partial class MarketSimulation
{
    private const int Output = 1, Salt = 1;

    private void Assign(JobRecord record)
    {
        MarketRequest asked = Rules.RequestOf(record.RequestId);
        SimulatedProver prover = byAccount[asked.Assignee];
        int id = record.RequestId;
        bool proves = record.Job.IsProvable && prover.WantsToProve(record.Job) && prover.Random.NextDouble() >= prover.Profile.DefaultChance;
        if (proves)
        {
            Work(record, prover, id);
        }

        At(asked.Deadline, () =>
        {
            if (Rules.PhaseOf(id) == MarketPhase.Rescuing)
            {
                record.WasLate = true;
                Rescue(record, asked, id);
            }
        });
        At(asked.Deadline + asked.Terms.RescueSeconds, () =>
        {
            if (Rules.PhaseOf(id) == MarketPhase.Lapsed)
            {
                Require(Rules.Expire(id));
                Retry(record);
            }
        });
    }

    private void Work(JobRecord record, SimulatedProver prover, int id)
    {
        long start = Math.Max(Rules.Time, prover.BusyUntil), seconds = prover.SecondsFor(record.Job.Work);
        prover.BusyUntil = start + seconds;
        prover.SpentWei += seconds * prover.Profile.CostPerSecondWei;
        At(start + seconds, () => HandIn(record, prover, id));
    }

    /// <summary>Whoever is idle and paid enough starts at once; all but the first have worked for nothing.</summary>
    private void Rescue(JobRecord record, MarketRequest asked, int id)
    {
        BigInteger reward = asked.FeeWei + (asked.CollateralWei / 2);
        foreach (SimulatedProver prover in Provers)
        {
            bool isIdle = prover.BusyUntil <= Rules.Time;
            if (prover.Profile.Rescues && isIdle && prover.Account != asked.Assignee && record.Job.IsProvable
                && prover.WantsToProve(record.Job) && prover.CostOf(record.Job.Work) < reward)
            {
                Work(record, prover, id);
            }
        }
    }

    private void HandIn(JobRecord record, SimulatedProver prover, int id)
    {
        MarketRequest asked = Rules.RequestOf(id);
        BigInteger[] inputs = asked.Terms.PayeeInStatement ? [prover.Account.Value, .. asked.Terms.Inputs, Output] : [.. asked.Terms.Inputs, Output];
        if (!asked.Terms.PayeeInStatement && Rules.PhaseOf(id) == MarketPhase.Rescuing)
        {
            Rules.CommitDelivery(DeliveryCommitment.Of(id, prover.Account, inputs, inputs, Salt));
            At(Rules.Time + BlockSeconds, () => Deliver(record, asked, id, prover, inputs, () => Rules.RescueForeign(id, prover.Account, inputs, inputs, Salt)));
            return;
        }

        Deliver(record, asked, id, prover, inputs, () => Rules.Deliver(id, inputs, inputs));
    }

    private void Deliver(JobRecord record, MarketRequest asked, int id, SimulatedProver prover, BigInteger[] inputs, Func<MarketRefusal> call)
    {
        if (asked.Closed != MarketPhase.Unknown)
        {
            return;
        }

        bool isEarly = Rules.PhaseOf(id) == MarketPhase.Proving;
        if (HasThief)
        {
            Steal(id, inputs, asked);
        }

        // A thief who sends a foreign proof as it is has delivered it for the prover.
        if (asked.Closed == MarketPhase.Unknown && call() != MarketRefusal.None)
        {
            return;
        }

        PaidToOthersInTime += isEarly && prover.Account != asked.Assignee ? 1 : 0;
        record.SettledAt = Rules.Time;
        record.FeeWei = asked.FeeWei;
    }

    /// <summary>In front of the delivery the thief sends the proof that it has just seen, in every way that the market knows.</summary>
    private void Steal(int id, BigInteger[] proven, MarketRequest asked)
    {
        Thefts++;
        BigInteger[] mine = [Thief.Value, .. proven[1..]];
        Rules.Deliver(id, proven, asked.Terms.PayeeInStatement ? mine : proven);
        if (asked.Closed == MarketPhase.Unknown)
        {
            Rules.CommitDelivery(DeliveryCommitment.Of(id, Thief, proven, proven, Salt));
            Rules.RescueForeign(id, Thief, proven, proven, Salt);
        }
    }
}
