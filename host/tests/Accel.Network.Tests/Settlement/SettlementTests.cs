using System.Numerics;
using Accel.Network.Evm;
using Accel.Network.Settlement;
using Accel.Network.Tests.Support;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Network.Tests.Settlement;

/// <summary>The settlement contract's rules, with proofs that a real pairing accepts or refuses.</summary>
public sealed class SettlementTests(SettlementFixture fixture) : IClassFixture<SettlementFixture>
{
    private static readonly SettlementTerms Terms = new()
    {
        GenesisRoot = 1001,
        OracleKeyHash = 1002,
        ParameterHash = 1003,
        AccountCount = 10,
        LeavesPerBatch = 4,
        OracleAgeMaxSeconds = ulong.MaxValue,
        OracleLeadMaxSeconds = 3600,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Starts_from_what_it_was_deployed_with()
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        Assert.Equal(new SettlementState(Terms.GenesisRoot, 0, 0, 0), await client.ReadStateAsync(Cancel));
        Assert.Equal(SettlementClient.DomainOf(fixture.Evm.ChainId, client.Address), await client.ReadDomainAsync(Cancel));
        Assert.Equal(Terms.AccountCount, await ReadAsync(client, "accountCount()"));
        Assert.Equal(Terms.LeavesPerBatch, await ReadAsync(client, "leavesPerBatch()"));
        Assert.Equal(Terms.OracleKeyHash.ToBigInteger(), await ReadAsync(client, "oracleKeyHash()"));
        Assert.Equal(Terms.ParameterHash.ToBigInteger(), await ReadAsync(client, "parameterHash()"));
        Assert.Equal(Terms.OracleAgeMaxSeconds, await ReadAsync(client, "oracleAgeMaxSeconds()"));
        Assert.Equal(Terms.OracleLeadMaxSeconds, await ReadAsync(client, "oracleLeadMaxSeconds()"));
        Assert.Equal(Fr.Modulus, await ReadAsync(client, "SCALAR_FIELD_ORDER()"));
        Assert.NotEqual(0, await ReadAsync(client, "verifier()"));
    }

    [Fact]
    public async Task Accepts_a_sweep_and_records_every_batch()
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        SettlementState state = await client.ReadStateAsync(Cancel);
        ulong[] firstLeaves = [0, 4, 8, 0];
        ulong[] times = [100, 100, 100, 101];
        for (int i = 0; i < firstLeaves.Length; i++)
        {
            SettlementBatch batch = new(2000 + i, times[i], 3000 + i, new byte[i * 20]);
            SettlementReceipt receipt = await client.SettleAsync(Prove(client, state, batch), batch, Cancel);

            SettledEvent settled = receipt.Settled;
            Assert.Equal(((ulong)i, firstLeaves[i], state.StateRoot), (settled.BatchNumber, settled.FirstLeaf, settled.OldRoot));
            Assert.Equal((batch.NewRoot, batch.OracleTime, batch.DiffHash), (settled.NewRoot, settled.OracleTime, settled.DiffHash));
            Assert.Equal(batch.Diff.ToArray(), settled.Diff.ToArray());
            Assert.StartsWith("0x", receipt.TransactionHash, StringComparison.Ordinal);

            state = await client.ReadStateAsync(Cancel);
            Assert.Equal(new SettlementState(batch.NewRoot, (ulong)i + 1, firstLeaves[(i + 1) % 3], batch.OracleTime), state);
        }
    }

    [Theory]
    [InlineData(8UL, 4UL, new[] { 0UL, 4UL, 0UL })]
    [InlineData(9UL, 4UL, new[] { 0UL, 4UL, 8UL, 0UL })]
    [InlineData(1UL, 4UL, new[] { 0UL, 0UL })]
    [InlineData(3UL, 1UL, new[] { 0UL, 1UL, 2UL, 0UL })]
    public async Task Sweeps_every_account_and_starts_again(ulong accounts, ulong leaves, ulong[] expected)
    {
        SettlementClient client = await fixture.DeployAsync(Terms with { AccountCount = accounts, LeavesPerBatch = leaves }, Cancel);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], (await client.ReadStateAsync(Cancel)).NextFirstLeaf);
            await SettleAsync(client, new SettlementBatch(2000 + i, 100 + (ulong)i, 3000, default));
        }
    }

    [Fact]
    public async Task Refuses_a_batch_that_was_accepted_before()
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        SettlementBatch batch = new(Terms.GenesisRoot, 100, 3000, default);
        Proof proof = Prove(client, await client.ReadStateAsync(Cancel), batch);
        await client.SettleAsync(proof, batch, Cancel);

        // The root did not change, so the batch number and the cursor alone stand against the replay.
        EvmRevertException refusal = await AssertRefusesAsync(client, proof, batch, "InvalidProof");
        Assert.Equal(1, refusal.Arguments["batchNumber"]);
        Assert.Equal(4, refusal.Arguments["firstLeaf"]);
        Assert.Equal(Terms.GenesisRoot.ToBigInteger(), refusal.Arguments["oldRoot"]);
        Assert.Contains("InvalidProof(batchNumber: 1, firstLeaf: 4, oldRoot: 1001)", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Refuses_a_proof_in_which_one_public_input_differs(int index)
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        SettlementBatch batch = new(2000, 100, 3000, default);
        Fr[] inputs = PublicInputs(client, await client.ReadStateAsync(Cancel), batch);
        inputs[index] += Fr.One;
        await AssertRefusesAsync(client, SettlementFixture.Setup.Simulate(inputs), batch, "InvalidProof");
    }

    [Fact]
    public async Task Refuses_a_proof_made_for_another_deployment()
    {
        SettlementClient first = await fixture.DeployAsync(Terms, Cancel);
        SettlementClient second = await fixture.DeployAsync(Terms, Cancel);
        SettlementBatch batch = new(2000, 100, 3000, default);
        Proof proof = Prove(first, await first.ReadStateAsync(Cancel), batch);
        await AssertRefusesAsync(second, proof, batch, "InvalidProof");
    }

    [Fact]
    public async Task Lets_a_sweep_renew_its_snapshot_but_never_go_back()
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        await SettleAsync(client, new SettlementBatch(2000, 100, 3000, default));
        await SettleAsync(client, new SettlementBatch(2001, 105, 3000, default));

        SettlementBatch back = new(2002, 104, 3000, default);
        Proof proof = Prove(client, await client.ReadStateAsync(Cancel), back);
        EvmRevertException refusal = await AssertRefusesAsync(client, proof, back, "OracleTimeWentBack");
        Assert.Equal((104, 105), ((int)refusal.Arguments["oracleTime"], (int)refusal.Arguments["lastOracleTime"]));
    }

    [Fact]
    public async Task Refuses_a_new_sweep_on_the_snapshot_of_the_last_one()
    {
        SettlementClient client = await fixture.DeployAsync(Terms with { AccountCount = 4 }, Cancel);
        await SettleAsync(client, new SettlementBatch(2000, 100, 3000, default));

        SettlementBatch again = new(2001, 100, 3000, default);
        Proof proof = Prove(client, await client.ReadStateAsync(Cancel), again);
        EvmRevertException refusal = await AssertRefusesAsync(client, proof, again, "OracleTimeNotNewer");
        Assert.Equal((100, 100), ((int)refusal.Arguments["oracleTime"], (int)refusal.Arguments["lastOracleTime"]));
    }

    [Fact]
    public async Task Refuses_a_snapshot_at_time_zero()
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        SettlementBatch batch = new(2000, 0, 3000, default);
        await AssertRefusesAsync(client, Prove(client, await client.ReadStateAsync(Cancel), batch), batch, "OracleTimeNotNewer");
    }

    [Fact]
    public async Task Refuses_a_snapshot_from_the_future_or_too_old_for_the_chains_clock()
    {
        SettlementClient client = await fixture.DeployAsync(Terms with { OracleAgeMaxSeconds = 86_400, OracleLeadMaxSeconds = 7_200 }, Cancel);
        ulong now = await ChainTimeAsync();
        foreach ((ulong time, string error) in ((ulong, string)[])[(now + 10_800, "OracleTimeInFuture"), (ulong.MaxValue, "OracleTimeInFuture"), (now - 90_000, "OracleTimeTooOld")])
        {
            SettlementBatch batch = new(2000, time, 3000, default);
            Proof proof = Prove(client, await client.ReadStateAsync(Cancel), batch);
            EvmRevertException refusal = await AssertRefusesAsync(client, proof, batch, error);
            Assert.Equal(time, refusal.Arguments["oracleTime"]);
        }

        await SettleAsync(client, new SettlementBatch(2000, now - 82_800, 3000, default));
        await SettleAsync(client, new SettlementBatch(2001, now + 3_600, 3000, default));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Refuses_a_second_spelling_of_a_field_element(int index)
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        SettlementBatch batch = new(2000, 100, 3000, default);
        Proof proof = Prove(client, await client.ReadStateAsync(Cancel), batch);
        byte[] call = AbiEncoder.Call("settle(uint256[8],uint256,uint64,uint256,bytes)")
            .Words(SolidityProof.ToWords(proof))
            .Word(2000 + (index == 4 ? Fr.Modulus : 0))
            .Word(100)
            .Word(3000 + (index == 8 ? Fr.Modulus : 0))
            .Bytes([])
            .ToArray();
        EvmRevertException refusal = await Assert.ThrowsAsync<EvmRevertException>(
            () => fixture.Evm.SendAsync(client.Address, call, fixture.Artifact(SettlementFixture.VerifierName).Errors, Cancel));
        Assert.Equal("PublicInputNotReduced", refusal.ErrorName);
        Assert.Equal(index, refusal.Arguments["index"]);
    }

    [Fact]
    public async Task Refuses_a_malformed_proof()
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        SettlementBatch batch = new(2000, 100, 3000, default);
        Proof proof = Prove(client, await client.ReadStateAsync(Cancel), batch);
        await AssertRefusesAsync(client, proof with { A = new G1Affine(proof.A.X, proof.A.Y + Fq.One) }, batch, "PairingFailed");
    }

    [Fact]
    public async Task Refuses_to_work_with_a_verifier_of_another_shape()
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel, SettlementFixture.OtherShapeName);
        SettlementBatch batch = new(2000, 100, 3000, default);
        await AssertRefusesAsync(client, Prove(client, await client.ReadStateAsync(Cancel), batch), batch, null);
    }

    [Theory]
    [InlineData(0, "VerifierHasNoCode")]
    [InlineData(1, "NotAFieldElement")]
    [InlineData(2, "NotAFieldElement")]
    [InlineData(3, "NotAFieldElement")]
    [InlineData(4, "InvalidCursorRange")]
    [InlineData(5, "InvalidCursorRange")]
    [InlineData(6, "InvalidCursorRange")]
    public async Task Refuses_to_be_deployed_with_terms_that_cannot_work(int broken, string error)
    {
        ContractArtifact settlement = fixture.Artifact("Settlement");
        EvmReceipt verifier = await fixture.Evm.DeployAsync(fixture.Artifact(SettlementFixture.VerifierName), default, Cancel);
        byte[] arguments = AbiEncoder.Arguments()
            .Word(broken == 0 ? 0xdead : verifier.ContractAddress!.Value.Value)
            .Word(broken == 1 ? Fr.Modulus : 1)
            .Word(broken == 2 ? Fr.Modulus : 1)
            .Word(broken == 3 ? Fr.Modulus : 1)
            .Word(broken == 4 ? 0 : broken == 6 ? ulong.MaxValue : 10)
            .Word(broken == 5 ? 0 : 4)
            .Word(1)
            .Word(1)
            .ToArray();
        EvmRevertException refusal = await Assert.ThrowsAsync<EvmRevertException>(() => fixture.Evm.DeployAsync(settlement, arguments, Cancel));
        Assert.Equal(error, refusal.ErrorName);
    }

    /// <summary>The figures of host/contracts/README.md; the execution gas does not depend on the proof's bytes.</summary>
    [Theory]
    [InlineData(0, 259_431)]
    [InlineData(1024, 267_792)]
    public async Task Costs_the_gas_that_the_documentation_states(int diffBytes, long executionGas)
    {
        SettlementClient client = await fixture.DeployAsync(Terms, Cancel);
        await SettleAsync(client, new SettlementBatch(2000, 100, 3000, default));

        SettlementBatch batch = new(2001, 100, 3001, Enumerable.Repeat((byte)0xab, diffBytes).ToArray());
        Proof proof = Prove(client, await client.ReadStateAsync(Cancel), batch);
        SettlementReceipt receipt = await client.SettleAsync(proof, batch, Cancel);
        byte[] call = AbiEncoder.Call("settle(uint256[8],uint256,uint64,uint256,bytes)")
            .Words(SolidityProof.ToWords(proof)).Word(2001).Word(100).Word(3001).Bytes(batch.Diff.Span).ToArray();
        Assert.Equal(executionGas, receipt.GasUsed - ChainFixture.IntrinsicGas(call));
    }

    /// <summary>The other figures of host/contracts/README.md.</summary>
    [Theory]
    [InlineData("Settlement", 2_798)]
    [InlineData(SettlementFixture.VerifierName, 2_375)]
    public void Has_the_code_size_that_the_documentation_states(string contract, int bytes) =>
        Assert.Equal(bytes, fixture.Artifact(contract).DeployedLengthBytes);

    [Fact]
    public async Task Deployment_of_the_verifier_costs_what_the_documentation_states()
    {
        EvmReceipt receipt = await fixture.Evm.DeployAsync(fixture.Artifact(SettlementFixture.VerifierName), default, Cancel);
        Assert.Equal(565_333, receipt.GasUsed);
    }

    private async Task SettleAsync(SettlementClient client, SettlementBatch batch) =>
        await client.SettleAsync(Prove(client, await client.ReadStateAsync(Cancel), batch), batch, Cancel);

    private async Task<EvmRevertException> AssertRefusesAsync(SettlementClient client, Proof proof, SettlementBatch batch, string? error)
    {
        SettlementState before = await client.ReadStateAsync(Cancel);
        EvmRevertException refusal = await Assert.ThrowsAsync<EvmRevertException>(() => client.SettleAsync(proof, batch, Cancel));
        Assert.True(refusal.ErrorName == error, refusal.Message);
        Assert.Equal(before, await client.ReadStateAsync(Cancel));
        return refusal;
    }

    private Proof Prove(SettlementClient client, SettlementState state, SettlementBatch batch) =>
        SettlementFixture.Setup.Simulate(PublicInputs(client, state, batch));

    private Fr[] PublicInputs(SettlementClient client, SettlementState state, SettlementBatch batch) =>
    [
        SettlementClient.DomainOf(fixture.Evm.ChainId, client.Address), state.NextBatchNumber, state.NextFirstLeaf, state.StateRoot,
        batch.NewRoot, batch.OracleTime, Terms.OracleKeyHash, Terms.ParameterHash, batch.DiffHash,
    ];

    private async Task<BigInteger> ReadAsync(SettlementClient client, string signature) =>
        new(await fixture.Evm.CallAsync(client.Address, AbiEncoder.Call(signature).ToArray(), [], Cancel), isUnsigned: true, isBigEndian: true);

    private async Task<ulong> ChainTimeAsync()
    {
        var block = await fixture.Rpc.CallAsync("eth_getBlockByNumber", ["latest", false], Cancel);
        return Convert.ToUInt64(block.GetProperty("timestamp").GetString(), 16);
    }
}
