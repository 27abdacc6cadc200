using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Accel.Network.Evm;
using Accel.Network.Market;
using Accel.Network.Market.Simulation;
using Accel.Testing;
using Xunit;

namespace Accel.Network.Tests.Market.Simulation;

/// <summary>The contract on a local chain, with real proofs, does call by call what the rules of the simulation do.</summary>
public sealed class MarketDifferentialTests(MarketFixture fixture) : IClassFixture<MarketFixture>
{
    private const int FirstSeed = 2026, CallsUsual = 200;

    private readonly List<MarketClient> clients = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_contract_and_the_rules_name_the_same_winners_prices_payments_and_slashes()
    {
        int calls = TestScale.Count(CallsUsual), seed = FindSeed(calls);
        MarketClient market = await fixture.DeployMarketAsync(Cancel);
        await PrepareAsync(market);
        long start = await ReadTimeAsync();
        MarketScript script = new(await fixture.DeployCircuitAsync(Cancel), new MarketRules(start));
        await RpcAsync("evm_setNextBlockTimestamp", start + 1000);
        await RpcAsync("evm_mine");
        script.Rules.AdvanceTo(start + 1000, 1);

        Random random = new(seed);
        Dictionary<MarketRefusal, int> outcomes = [];
        for (int i = 0; i < calls; i++)
        {
            MarketCall call = script.Next((ulong)random.NextInt64());
            MarketRefusal expected = script.Apply(call);
            string given = await CarryOutAsync(call, script);
            Assert.True(expected.ToString() == given, $"call {i} of seed {seed}, {call}: the rules say {expected}, the contract {given}");
            await CompareAsync(market, script.Rules, call, $"call {i} of seed {seed}, {call}");
            outcomes[expected] = outcomes.GetValueOrDefault(expected) + 1;
        }

        Assert.True(outcomes[MarketRefusal.None] > calls / 3, "too few calls were carried out to say much");
        Assert.True(HasEveryEnd(script.Rules));
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Key} {o.Value}")));
    }

    /// <summary>The first seed whose calls end requests in every way, so that few calls say much.</summary>
    private static int FindSeed(int calls)
    {
        for (int seed = FirstSeed; ; seed++)
        {
            MarketScript script = new(new EvmAddress(1), new MarketRules());
            Random random = new(seed);
            for (int i = 0; i < calls; i++)
            {
                script.Apply(script.Next((ulong)random.NextInt64()));
            }

            if (HasEveryEnd(script.Rules))
            {
                return seed;
            }
        }
    }

    private static bool HasEveryEnd(MarketRules rules)
    {
        MarketRequest[] requests = [.. Enumerable.Range(1, rules.RequestCount).Select(rules.RequestOf)];
        return MarketPhase.Refunded - MarketPhase.Delivered + 1 == requests.Select(asked => asked.Closed).Distinct().Count(end => end >= MarketPhase.Delivered)
            && requests.Any(asked => asked.Closed == MarketPhase.Rescued && !asked.Terms.PayeeInStatement)
            && requests.Any(asked => asked.Reveals > 1);
    }

    private static async Task<string> NameOfRefusalAsync(Task call)
    {
        try
        {
            await call;
            return nameof(MarketRefusal.None);
        }
        catch (EvmRevertException exception)
        {
            return exception.ErrorName ?? exception.Message;
        }
    }

    private Task<string> CarryOutAsync(MarketCall call, MarketScript script)
    {
        MarketClient client = clients[MarketScript.Actors.ToList().IndexOf(call.Actor)];
        BigInteger[] proof = call.Proven.Count == 3
            ? SolidityProof.ToWords(MarketFixture.Setup.Simulate([.. call.Proven.Select(Fr.FromBigInteger)]))
            : [];
        return NameOfRefusalAsync(call.Kind switch
        {
            CallKind.Pass => PassToAsync(script.Rules.Time),
            CallKind.Deposit => client.DepositAsync(call.Amount, Cancel),
            CallKind.Withdraw => client.WithdrawAsync(call.Amount, Cancel),
            CallKind.Request => client.RequestAsync(script.Terms(call, script.Rules.RequestCount), call.Amount, Cancel),
            CallKind.CommitBid => client.CommitBidAsync(call.RequestId, call.Amount, call.Salt, Cancel),
            CallKind.RevealBid => client.RevealBidAsync(call.RequestId, call.Amount, call.Salt, Cancel),
            CallKind.BurnUnrevealed => client.BurnUnrevealedAsync(call.RequestId, call.Other, Cancel),
            CallKind.Accept => client.AcceptAsync(call.RequestId, Cancel),
            CallKind.Deliver => client.DeliverAsync(call.RequestId, proof, call.Inputs.ToArray(), Cancel),
            CallKind.CommitDelivery => CommitDeliveryAsync(client, call, proof),
            CallKind.RescueForeign => client.RescueForeignAsync(call.RequestId, call.Other, proof, call.Inputs.ToArray(), call.Salt, Cancel),
            CallKind.Expire => client.ExpireAsync(call.RequestId, Cancel),
            CallKind.Refund => client.RefundAsync(call.RequestId, Cancel),
            _ => throw new InvalidOperationException($"{call.Kind} is no call"),
        });
    }

    /// <summary>A block behind the commitment, since a refusal is found by running the call in the newest one.</summary>
    private async Task CommitDeliveryAsync(MarketClient client, MarketCall call, BigInteger[] proof)
    {
        BigInteger commitment = client.DeliveryCommitment(call.RequestId, call.Other, proof, call.Inputs.ToArray(), call.Salt);
        await client.CommitDeliveryAsync(commitment, Cancel);
        await RpcAsync("evm_mine");
    }

    private async Task CompareAsync(MarketClient market, MarketRules rules, MarketCall call, string where)
    {
        List<(string Name, BigInteger Expected, BigInteger Given)> figures = [("burnt", rules.BurntWei, await market.ReadBurntAsync(Cancel))];
        foreach (EvmAddress actor in MarketScript.Actors)
        {
            figures.Add(($"free funds of {actor}", rules.FreeOf(actor), await market.ReadFreeAsync(actor, Cancel)));
            figures.Add(($"locked stake of {actor}", rules.LockedOf(actor), await market.ReadLockedAsync(actor, Cancel)));
            figures.Add(($"slots of {actor}", rules.SlotsOf(actor), await market.ReadSlotsAsync(actor, Cancel)));
            figures.Add(($"busy slots of {actor}", rules.BusySlotsOf(actor), await market.ReadBusySlotsAsync(actor, Cancel)));
        }

        if (call.RequestId > 0 && call.RequestId <= rules.RequestCount)
        {
            MarketRequest asked = rules.RequestOf(call.RequestId);
            MarketAssignment given = await market.ReadAssignmentAsync(call.RequestId, Cancel);
            figures.Add(("winner", asked.Assignee.Value, given.Assignee.Value));
            figures.Add(("deadline", asked.Deadline, given.Deadline));
            figures.Add(("fee", asked.FeeWei, given.FeeWei));
            figures.Add(("phase", (int)rules.PhaseOf(call.RequestId), (int)await market.ReadPhaseAsync(call.RequestId, Cancel)));
        }

        Assert.All(figures, figure => Assert.True(
            figure.Expected == figure.Given, $"{where}: {figure.Name}: the rules say {figure.Expected}, the contract {figure.Given}"));
    }

    /// <summary>Lets the actors send, and holds the chain's clock still but for the script's steps.</summary>
    private async Task PrepareAsync(MarketClient market)
    {
        await RpcAsync("anvil_setBlockTimestampInterval", 0);
        await RpcAsync("anvil_autoImpersonateAccount", true);
        foreach (EvmAddress actor in MarketScript.Actors)
        {
            await RpcAsync("anvil_setBalance", actor.ToString(), "0x56bc75e2d63100000");
            clients.Add(new MarketClient(fixture.Evm.As(actor), market.Address, fixture.MarketErrors));
        }
    }

    private async Task PassToAsync(long time)
    {
        await RpcAsync("evm_setNextBlockTimestamp", time);
        await RpcAsync("evm_mine");
    }

    private async Task<long> ReadTimeAsync()
    {
        JsonElement block = await fixture.Rpc.CallAsync("eth_getBlockByNumber", ["latest", false], Cancel);
        return long.Parse(block.GetProperty("timestamp").GetString()![2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private Task<JsonElement> RpcAsync(string method, params JsonNode[] parameters) => fixture.Rpc.CallAsync(method, [.. parameters], Cancel);
}
