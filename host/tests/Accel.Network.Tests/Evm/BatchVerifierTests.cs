using System.Globalization;
using System.Numerics;
using System.Text;
using Accel.Network.Evm;
using Accel.Network.Tests.Support;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Network.Tests.Evm;

/// <summary>The batch verifier on a local chain with real circuits' keys and snarkjs' proofs, and what it costs.</summary>
public sealed class BatchVerifierTests(BatchVerifierFixture fixture) : IClassFixture<BatchVerifierFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepts_proofs_of_eight_real_circuits_at_once_and_refuses_them_with_one_input_changed()
    {
        BatchVerifierClient client = await DeployAsync();
        List<BatchGroup> groups = [];
        foreach (SnarkjsCase real in SnarkjsCase.Names.Select(SnarkjsCase.Load))
        {
            groups.Add(new BatchGroup(await client.RegisterKeyAsync(real.Key, Cancel), [(real.Proof, real.Inputs)]));
        }

        Assert.True(await client.VerifyAsync(groups, Cancel));
        for (int i = 0; i < groups.Count; i += 3)
        {
            (IReadOnlyList<BigInteger> proof, IReadOnlyList<BigInteger> inputs) = groups[i].Proofs[0];
            BatchGroup broken = groups[i] with { Proofs = [(proof, [(inputs[0] + 1) % Fr.Modulus, .. inputs.Skip(1)])] };
            Assert.False(await client.VerifyAsync([.. groups[..i], broken, .. groups[(i + 1)..]], Cancel), $"circuit {i}");
        }
    }

    [Fact]
    public async Task Names_the_input_that_is_not_reduced()
    {
        BatchVerifierClient client = await DeployAsync();
        BatchGroup group = await NineInputGroupAsync(client, 2);
        (IReadOnlyList<BigInteger> proof, IReadOnlyList<BigInteger> inputs) = group.Proofs[1];
        BatchGroup broken = group with { Proofs = [group.Proofs[0], (proof, [inputs[0] + Fr.Modulus, .. inputs.Skip(1)])] };
        EvmRevertException refusal = await Assert.ThrowsAsync<EvmRevertException>(() => client.VerifyAsync([broken], Cancel));
        Assert.Equal("PublicInputNotReduced", refusal.ErrorName);
        Assert.Equal(9, refusal.Arguments["index"]);
    }

    [Fact]
    public void Refuses_keys_with_commitments_before_anything_is_sent()
    {
        VerificationKey key = new(default, default, default, default, default) { Commitments = new VerificationCommitments(CommitmentHash.Keccak256, []) };
        Assert.Throws<ArgumentException>(() => BatchVerifierClient.KeyWords(key));
    }

    /// <summary>host/contracts/gas.md holds these figures exactly. ACCEL_WRITE_GAS=1 writes the file anew.</summary>
    [Fact]
    public async Task Costs_the_gas_of_the_table()
    {
        BatchVerifierClient client = await DeployAsync();
        VerifierClient single = await VerifierClient.DeployAsync(fixture.Evm, fixture.Artifact(BatchVerifierFixture.SingleName), Cancel);
        StringBuilder table = new();
        foreach (int count in (int[])[1, 8, 32])
        {
            BatchGroup group = await NineInputGroupAsync(client, count);
            byte[] one = VerifierClient.Encode(group.Proofs[0].Proof, group.Proofs[0].Inputs);
            long singleGas = (await fixture.Evm.SendAsync(single.Address, one, [], Cancel)).GasUsed - ChainFixture.IntrinsicGas(one);
            byte[] all = BatchVerifierClient.Encode([group]);
            long batchGas = (await fixture.Evm.SendAsync(client.Address, all, [], Cancel)).GasUsed - ChainFixture.IntrinsicGas(all);
            table.Append(CultureInfo.InvariantCulture, $"| {count} | {count * singleGas:N0} | {batchGas:N0} | {batchGas / count:N0} | ")
                .Append(CultureInfo.InvariantCulture, $"{100.0 * batchGas / (count * singleGas):0} % |\n");
        }

        string path = Path.Combine(OutsideData.RepositoryRoot, "host", "contracts", "gas.md");
        string text = await File.ReadAllTextAsync(path, Cancel);
        string head = "|---|---|---|---|---|\n";
        int start = text.IndexOf(head, StringComparison.Ordinal) + head.Length;
        int end = text.IndexOf("\n\n", start - 1, StringComparison.Ordinal) + 1;
        if (Environment.GetEnvironmentVariable("ACCEL_WRITE_GAS") == "1")
        {
            await File.WriteAllTextAsync(path, text[..start] + table + text[end..], Cancel);
            return;
        }

        Assert.Equal(text[start..end], table.ToString());
    }

    private Task<BatchVerifierClient> DeployAsync() => BatchVerifierClient.DeployAsync(fixture.Evm, fixture.Artifact("BatchVerifier"), Cancel);

    private static async Task<BatchGroup> NineInputGroupAsync(BatchVerifierClient client, int count)
    {
        EvmAddress key = await client.RegisterKeyAsync(BatchVerifierFixture.NineInputs.Key, Cancel);
        return new BatchGroup(key, [.. Enumerable.Range(0, count).Select(Prove)]);
    }

    private static (IReadOnlyList<BigInteger> Proof, IReadOnlyList<BigInteger> Inputs) Prove(int index)
    {
        // Inputs of full length, as roots and hashes are.
        Fr[] inputs = [.. Enumerable.Range(1, 9).Select(i => Fr.FromBigInteger(Fr.Modulus / (2 + (9 * index) + i)))];
        return (SolidityProof.ToWords(BatchVerifierFixture.NineInputs.Simulate(inputs)), [.. inputs.Select(input => input.ToBigInteger())]);
    }
}
