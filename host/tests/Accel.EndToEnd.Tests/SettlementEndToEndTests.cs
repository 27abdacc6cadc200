using System.Text.Json;
using Accel.Derivatives.Settlement;
using Accel.Network.Evm;
using Accel.Network.Settlement;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>From the bundled market and book to a state root on the EVM, and everything that must not get there.</summary>
[Trait("speed", "slow")]
public sealed class SettlementEndToEndTests(SettledBatchFixture fixture) : IClassFixture<SettledBatchFixture>
{
    private const int NewRoot = 4;
    private static readonly JsonSerializerOptions ReportJson = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_EVM_takes_the_new_root_and_snarkjs_agrees()
    {
        await AccelProcess.RunAsync(0, "verify", "groth16", fixture.File("verification_key.json"), fixture.File("public.json"), fixture.File("proof.json"));
        Snarkjs.Run("groth16", "verify", fixture.File("verification_key.json"), fixture.File("public.json"), fixture.File("proof.json"));
        AccelOutput submitted = await AccelProcess.RunAsync(0, "submit", fixture.Batch, "--json");
        using JsonDocument json = JsonDocument.Parse(submitted.Output);
        Assert.Equal(fixture.Inputs[NewRoot].ToString(), json.RootElement.GetProperty("root").GetString());
        Assert.True(json.RootElement.GetProperty("developmentKey").GetBoolean());
        Assert.InRange(json.RootElement.GetProperty("gas").GetInt64(), 200_000, 400_000);
    }

    [Fact]
    public async Task A_proof_with_one_bit_flipped_is_refused_everywhere()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(fixture.Inputs[0], await fixture.Contract.ReadDomainAsync(Cancel));
        foreach (Proof forged in new[]
        {
            fixture.Proof with { A = fixture.Proof.A with { Y = Flip(fixture.Proof.A.Y) } },
            fixture.Proof with { B = fixture.Proof.B with { X = new Fq2(Flip(fixture.Proof.B.X.C0), fixture.Proof.B.X.C1) } },
            fixture.Proof with { C = -fixture.Proof.C },
        })
        {
            Assert.False(Groth16Verifier.Verify(fixture.Key, fixture.Inputs, forged));
            OutputTo(folder["proof.json"], stream => ProofJson.Write(stream, forged));
            Assert.NotEqual(0, Snarkjs.TryRun("groth16", "verify", fixture.File("verification_key.json"), fixture.File("public.json"), folder["proof.json"]).ExitCode);
            await Assert.ThrowsAsync<EvmRevertException>(() => fixture.Contract.SettleAsync(forged, Batch(), Cancel));
        }
    }

    [Fact]
    public async Task Any_other_public_input_is_refused()
    {
        for (int i = 0; i < fixture.Inputs.Length; i++)
        {
            Fr[] changed = [.. fixture.Inputs];
            changed[i] += Fr.One;
            Assert.False(Groth16Verifier.Verify(fixture.Key, changed, fixture.Proof), $"public input {i}");
        }

        Network.Settlement.SettlementBatch otherRoot = Batch() with { NewRoot = fixture.Inputs[NewRoot] + 1 };
        EvmRevertException refused = await Assert.ThrowsAsync<EvmRevertException>(() => fixture.Contract.SettleAsync(fixture.Proof, otherRoot, Cancel));
        Assert.Equal("InvalidProof", refused.ErrorName);
    }

    [Fact]
    public async Task A_contract_at_another_address_or_in_another_state_refuses_the_proof()
    {
        Assert.Equal(fixture.Inputs[0], await fixture.Contract.ReadDomainAsync(Cancel));
        SettlementClient otherAddress = await fixture.DeployAsync(fixture.Inputs[3]);
        Assert.NotEqual(fixture.Inputs[0], await otherAddress.ReadDomainAsync(Cancel));
        await Assert.ThrowsAsync<EvmRevertException>(() => otherAddress.SettleAsync(fixture.Proof, Batch(), Cancel));
        SettlementClient otherRoot = await fixture.DeployAsync(fixture.Inputs[3] + 1);
        await Assert.ThrowsAsync<EvmRevertException>(() => otherRoot.SettleAsync(fixture.Proof, Batch(), Cancel));
    }

    [Fact]
    public async Task A_batch_whose_files_disagree_is_not_submitted()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["batch"]);
        foreach (string file in Directory.GetFiles(fixture.Batch))
        {
            File.Copy(file, Path.Combine(folder["batch"], Path.GetFileName(file)));
        }

        Fr[] changed = [.. fixture.Inputs];
        changed[NewRoot] += Fr.One;
        OutputTo(Path.Combine(folder["batch"], "public.json"), stream => PublicJson.Write(stream, changed));
        AccelOutput refused = await AccelProcess.RunAsync(2, "submit", folder["batch"]);
        Assert.Contains("does not hold", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_names_accounts_below_maintenance()
    {
        SettlementReport report = JsonSerializer.Deserialize<SettlementReport>(
            File.ReadAllText(fixture.File("report.json")), ReportJson)!;
        Assert.Contains(report.Accounts, account => account.IsFlagged && account.MaintenanceUsd.StartsWith('-'));
        Assert.All(report.Accounts, account => Assert.Equal(account.MaintenanceUsd.StartsWith('-'), account.IsFlagged));
        Assert.NotEmpty(report.SettledExpiries);
    }

    [Fact]
    public async Task A_real_snapshot_settles_with_the_cached_key()
    {
        string market = OutsideData.Path("option_chains/deribit_options_snapshot_20260103T091426Z.csv.gz");
        using TemporaryFolder folder = new();
        await AccelProcess.RunAsync(
            0, "settle", "--market", market, "--book", SettledBatchFixture.Sample("book-deribit-20260103.json"), "--out", folder["batch"], "--cache", SettledBatchFixture.Cache);
        string key = Path.Combine(folder["batch"], "verification_key.json");
        Snarkjs.Run("groth16", "verify", key, Path.Combine(folder["batch"], "public.json"), Path.Combine(folder["batch"], "proof.json"));
    }

    private static Fq Flip(Fq coordinate)
    {
        Span<byte> bytes = stackalloc byte[32];
        coordinate.WriteCanonical(bytes);
        bytes[0] ^= 1;
        Assert.True(Fq.TryReadCanonical(bytes, out Fq flipped));
        return flipped;
    }

    private static void OutputTo(string path, Action<Stream> write)
    {
        using FileStream stream = File.Create(path);
        write(stream);
    }

    private Network.Settlement.SettlementBatch Batch() =>
        new(fixture.Inputs[NewRoot], fixture.OracleTime, fixture.Inputs[8], File.ReadAllBytes(fixture.File("diff.bin")));
}
