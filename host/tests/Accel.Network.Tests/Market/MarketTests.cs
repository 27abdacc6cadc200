using System.Numerics;
using Accel.Network.Evm;
using Accel.Network.Market;
using Xunit;

namespace Accel.Network.Tests.Market;

/// <summary>The market on a local chain with a generated verifier behind its circuit; its rules one by one are tested on forge.</summary>
public sealed class MarketTests(MarketFixture fixture) : IClassFixture<MarketFixture>
{
    private static readonly BigInteger Ceiling = 1_000_000_000;
    private static readonly BigInteger Collateral = 2 * Ceiling;
    private static readonly BigInteger Salt = BigInteger.Pow(3, 150);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pays_a_lone_bidder_the_ceiling_for_a_proof_that_the_verifier_accepts()
    {
        (MarketClient market, BigInteger id) = await RequestAsync();
        await market.DepositAsync(Collateral, Cancel);
        Assert.Equal(MarketPhase.Bidding, await market.ReadPhaseAsync(id, Cancel));
        await market.CommitBidAsync(id, 400, Salt, Cancel);
        Assert.Equal(0, await market.ReadFreeAsync(Account, Cancel));

        await PassAsync(100);
        await market.RevealBidAsync(id, 400, Salt, Cancel);
        await PassAsync(50);
        Assert.Equal(MarketPhase.Proving, await market.ReadPhaseAsync(id, Cancel));
        (BigInteger[] proof, BigInteger[] inputs) = Prove(Account);
        await market.DeliverAsync(id, proof, inputs, Cancel);

        Assert.Equal(MarketPhase.Delivered, await market.ReadPhaseAsync(id, Cancel));
        Assert.Equal(Collateral + Ceiling, await market.ReadFreeAsync(Account, Cancel));
        Assert.Equal(2, await market.ReadSlotsAsync(Account, Cancel));
        await market.WithdrawAsync(Collateral + Ceiling, Cancel);
        Assert.Equal(0, await market.ReadFreeAsync(Account, Cancel));
    }

    [Fact]
    public async Task Refuses_a_proof_that_was_made_for_another_payee()
    {
        (MarketClient market, BigInteger id) = await RequestAsync();
        await market.DepositAsync(Collateral, Cancel);
        await PassAsync(150);
        await market.AcceptAsync(id, Cancel);
        (BigInteger[] proof, BigInteger[] inputs) = Prove(new EvmAddress(0x6666));
        Assert.Equal("PayeeIsNotAssignee", (await RefusalAsync(() => market.DeliverAsync(id, proof, inputs, Cancel))).ErrorName);

        inputs[0] = Account.Value;
        Assert.Equal("InvalidProof", (await RefusalAsync(() => market.DeliverAsync(id, proof, inputs, Cancel))).ErrorName);
        (proof, inputs) = Prove(Account);
        Assert.Equal("PairingFailed", (await RefusalAsync(() => market.DeliverAsync(id, [proof[0] ^ 1, .. proof[1..]], inputs, Cancel))).ErrorName);
        inputs[2] += Fr.Modulus;
        Assert.Equal("PublicInputNotReduced", (await RefusalAsync(() => market.DeliverAsync(id, proof, inputs, Cancel))).ErrorName);
    }

    private EvmAddress Account => fixture.Evm.Account;

    private async Task<(MarketClient Market, BigInteger RequestId)> RequestAsync()
    {
        MarketClient market = await fixture.DeployMarketAsync(Cancel);
        MarketTerms terms = new(await fixture.DeployCircuitAsync(Cancel), [77], PayeeInStatement: true, 0, 100, 50, 200, 400, 300);
        (BigInteger id, _) = await market.RequestAsync(terms, Ceiling, Cancel);
        return (market, id);
    }

    private static (BigInteger[] Proof, BigInteger[] Inputs) Prove(EvmAddress payee)
    {
        Fr[] inputs = [Fr.FromBigInteger(payee.Value), 77, 5];
        return (SolidityProof.ToWords(MarketFixture.Setup.Simulate(inputs)), [.. inputs.Select(input => input.ToBigInteger())]);
    }

    private static Task<EvmRevertException> RefusalAsync(Func<Task> call) => Assert.ThrowsAsync<EvmRevertException>(call);

    private async Task PassAsync(int seconds)
    {
        await fixture.Rpc.CallAsync("evm_increaseTime", [seconds], Cancel);
        await fixture.Rpc.CallAsync("evm_mine", [], Cancel);
    }
}
