using System.Numerics;
using Accel.Network.Evm;
using Accel.Network.Market;
using Accel.Network.Market.Simulation;
using Accel.Testing;
using CsCheck;
using Xunit;

namespace Accel.Network.Tests.Market.Simulation;

/// <summary>What holds of the market's rules after any sequence of calls.</summary>
public sealed class MarketRulesPropertyTests
{
    private const string Seed = "0000KOIPe649";

    /// <summary>2,000 sequences, 100,000 with the long counts.</summary>
    private static int Sequences => TestScale.IsLong ? 100_000 : 2000;

    [Fact]
    public void No_wei_is_made_or_lost_and_a_refused_call_moves_none() => Sample(script =>
    {
        MarketRules rules = script.Rules;
        return (_, refusal, before) =>
        {
            Assert.True(rules.ConservesFunds, "funds were made or lost");
            Assert.DoesNotContain(MarketScript.Actors, actor => rules.FreeOf(actor).Sign < 0 || rules.LockedOf(actor).Sign < 0);
            if (refusal != MarketRefusal.None)
            {
                Assert.Equal(before, Funds(rules));
            }
        };
    });

    [Fact]
    public void What_is_locked_is_the_collateral_of_the_slots_that_are_busy() => Sample(script => (call, _, _) =>
    {
        MarketRules rules = script.Rules;
        foreach (EvmAddress actor in MarketScript.Actors)
        {
            Assert.Equal(rules.BusySlotsOf(actor) == 0, rules.LockedOf(actor).IsZero);
            Assert.True(rules.SlotsOf(actor) >= 1);
        }
    });

    [Fact]
    public void Every_request_ends_by_time_out_and_leaves_no_stake_behind() => Words(80).Sample(
        words =>
        {
            MarketScript script = new(new EvmAddress(1), new MarketRules());
            foreach (ulong word in words)
            {
                script.Apply(script.Next(word));
            }

            MarketRules rules = script.Rules;
            rules.AdvanceTo(rules.Time + (5L * MarketRules.PhaseSecondsMax), rules.Block + 1);
            for (int id = 1; id <= rules.RequestCount; id++)
            {
                foreach (EvmAddress actor in MarketScript.Actors)
                {
                    rules.BurnUnrevealed(id, actor);
                }

                _ = rules.PhaseOf(id) == MarketPhase.Lapsed ? rules.Expire(id) : rules.Refund(id);
                Assert.InRange(rules.PhaseOf(id), MarketPhase.Delivered, MarketPhase.Refunded);
            }

            Assert.All(MarketScript.Actors, actor => Assert.Equal((0, 0), (rules.LockedOf(actor), rules.BusySlotsOf(actor))));
            Assert.True(rules.EscrowedWei.IsZero && rules.ConservesFunds);
        },
        seed: Seed,
        iter: Sequences);

    [Fact]
    public void The_script_reaches_every_final_phase_and_every_refusal()
    {
        HashSet<MarketRefusal> refusals = [];
        HashSet<MarketPhase> phases = [];
        Random random = new(7);
        for (int run = 0; run < 1500; run++)
        {
            MarketScript script = new(new EvmAddress(1), new MarketRules());
            for (int step = 0; step < 80; step++)
            {
                refusals.Add(script.Apply(script.Next((ulong)random.NextInt64())));
            }

            phases.UnionWith(Enumerable.Range(1, script.Rules.RequestCount).Select(script.Rules.PhaseOf));
        }

        Assert.Equal(Enum.GetValues<MarketPhase>().Where(phase => phase > MarketPhase.Unknown), phases.Order().Where(phase => phase > MarketPhase.Unknown));
        Assert.Equal(Enum.GetValues<MarketRefusal>(), refusals.Order());
    }

    private static void Sample(Func<MarketScript, Action<MarketCall, MarketRefusal, BigInteger[]>> check) => Words(60).Sample(
        words =>
        {
            MarketScript script = new(new EvmAddress(1), new MarketRules());
            Action<MarketCall, MarketRefusal, BigInteger[]> rule = check(script);
            foreach (ulong word in words)
            {
                MarketCall call = script.Next(word);
                BigInteger[] before = Funds(script.Rules);
                rule(call, script.Apply(call), before);
            }
        },
        seed: Seed,
        iter: Sequences);

    private static Gen<ulong[]> Words(int count) => Gen.ULong.Array[count];

    private static BigInteger[] Funds(MarketRules rules) =>
    [
        .. MarketScript.Actors.SelectMany(actor => new[] { rules.FreeOf(actor), rules.LockedOf(actor), rules.SlotsOf(actor), rules.BusySlotsOf(actor) }),
        rules.BurntWei, rules.PaidInWei, rules.PaidOutWei,
    ];
}
