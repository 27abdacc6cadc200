using Accel.Proving.Ceremony;
using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Ceremony;

/// <summary>Ceremonies that snarkjs and we hold together: each continues and accepts what the other wrote.</summary>
public sealed class KeyCeremonyTests(CeremonyFixture ceremony) : IClassFixture<CeremonyFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_contributions_and_a_beacon_are_accepted_by_snarkjs_and_by_us()
    {
        string theirs = Snarkjs.Run("zkey", "verify", ceremony.Constraints, ceremony.Powers, ceremony.Final);
        using ProvingKey key = ZkeyFile.Read(ceremony.Final);
        CeremonyVerdict ours = await ceremony.VerifyAsync(key);

        Assert.Contains("ZKey Ok!", theirs, StringComparison.Ordinal);
        Assert.Null(ours.Problem);
        Assert.True(ours.IsValid && ours.EndsWithBeacon);
        Assert.Equal(CeremonyFixture.Names, ours.Contributions.Select(contribution => contribution.Name));
        Assert.Equal([1, 2, 3, 4], ours.Contributions.Select(contribution => contribution.Number));
        Assert.Equal([false, false, false, true], ours.Contributions.Select(contribution => contribution.IsBeacon));
        Assert.Equal(ours.Contributions[0].Hash, ceremony.Receipts[0].Hash);
        Assert.Equal(ours.Contributions[2].Hash, ceremony.Receipts[1].Hash);

        string plain = string.Concat(theirs.Where(char.IsAsciiHexDigitLower));
        Assert.All(ours.Contributions, contribution => Assert.Contains(Convert.ToHexStringLower(contribution.Hash.Span), plain, StringComparison.Ordinal));
        Assert.Contains(Convert.ToHexStringLower(ours.CircuitHash.Span), plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_final_key_proves_and_its_proofs_verify_in_both()
    {
        using TemporaryFolder folder = new();
        using ProvingKey key = ZkeyFile.Read(ceremony.Final);
        ProofResult result = await DevelopmentSetupTests.ProveAsync(key, ceremony.Witness);
        VerificationKey verification = VerificationKey.FromProvingKey(key);
        DevelopmentSetupTests.Save(folder["key.json"], stream => VerificationKeyJson.Write(stream, verification));
        DevelopmentSetupTests.Save(folder["public.json"], stream => PublicJson.Write(stream, result.PublicInputs));
        DevelopmentSetupTests.Save(folder["proof.json"], stream => ProofJson.Write(stream, result.Proof));

        Assert.True(Groth16Verifier.Verify(verification, ceremony.Witness.AsSpan(1, CeremonyFixture.Publics), result.Proof));
        Snarkjs.Run("groth16", "verify", folder["key.json"], folder["public.json"], folder["proof.json"]);
    }

    [Fact]
    public void A_beacon_gives_the_bytes_that_snarkjs_gives()
    {
        using TemporaryFolder folder = new();
        Snarkjs.Run("zkey", "beacon", ceremony.Third, folder["theirs.zkey"], CeremonyFixture.BeaconText, $"{CeremonyFixture.BeaconLog2}", "--name=beacon");

        Assert.Equal(File.ReadAllBytes(folder["theirs.zkey"]), File.ReadAllBytes(ceremony.Final));
    }

    [Fact]
    public async Task A_key_with_commitments_is_refused_because_no_contribution_would_change_their_secrets()
    {
        using TemporaryFolder folder = new();
        using CompiledCircuit circuit = CompiledCircuit.Compile(new CommittingCircuit());
        using PtauFile powers = PtauFile.Open(ceremony.Powers);
        using ProvingKey key = await Groth16Setup.CreateInitialKeyAsync(circuit, powers, threads: 1, progress: null, Cancel);
        DevelopmentSetupTests.Save(folder["initial.zkey"], stream => ZkeyFile.Write(stream, key));

        InvalidFileException refusal = await Assert.ThrowsAsync<InvalidFileException>(() => CeremonyFixture.ContributeAsync(folder["initial.zkey"], folder["one.zkey"], "one", []));
        Assert.Contains("section 11", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("section 11", (await KeyCeremony.VerifyAsync(circuit, powers, key, threads: 1, progress: null, Cancel)).Problem, StringComparison.Ordinal);

        // Without its section 11, as snarkjs would leave it, the key is not the circuit's either.
        using ProvingKey bare = new(key.Header, key.Points, key.Constraints, key.History);
        Assert.Contains("section 11", (await KeyCeremony.VerifyAsync(circuit, powers, bare, threads: 1, progress: null, Cancel)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contributions_differ_by_their_randomness_even_with_the_same_entropy()
    {
        using TemporaryFolder folder = new();
        ContributionReceipt one = await CeremonyFixture.ContributeAsync(ceremony.Initial, folder["one.zkey"], "same", [7]);
        ContributionReceipt other = await CeremonyFixture.ContributeAsync(ceremony.Initial, folder["other.zkey"], "same", [7]);

        Assert.NotEqual(one.Hash.ToArray(), other.Hash.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task A_truncated_key_is_refused_before_a_secret_touches_it(int cut)
    {
        using TemporaryFolder folder = new();
        byte[] whole = await File.ReadAllBytesAsync(ceremony.Third, Cancel);
        await File.WriteAllBytesAsync(folder["cut.zkey"], whole[..^cut], Cancel);

        InvalidFileException refusal = await Assert.ThrowsAsync<InvalidFileException>(() => CeremonyFixture.ContributeAsync(folder["cut.zkey"], folder["out.zkey"], "late"));
        Assert.Contains("cut.zkey", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public async Task A_point_off_the_curve_is_refused_before_a_secret_touches_it(int section)
    {
        using TemporaryFolder folder = new();
        byte[] key = await File.ReadAllBytesAsync(ceremony.Third, Cancel);
        using (SectionedFile file = SectionedFile.FromMemory("key", key, SectionedFormat.Zkey))
        {
            key[file.Sections.Single(entry => entry.Id == section).Start + 64] ^= 1;
        }

        await File.WriteAllBytesAsync(folder["off.zkey"], key, Cancel);
        using MemoryStream output = new();
        InvalidFileException refusal = await Assert.ThrowsAsync<InvalidFileException>(
            () => KeyCeremony.ContributeAsync(folder["off.zkey"], output, "late", default, threads: 1, progress: null, Cancel));
        Assert.Equal(section, refusal.Section);
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task A_development_key_is_neither_continued_nor_accepted()
    {
        using TemporaryFolder folder = new();
        using ProvingKey key = await DevelopmentSetupTests.CreateAsync(ceremony.Circuit);
        DevelopmentSetupTests.Save(folder["development.zkey"], stream => ZkeyFile.Write(stream, key));

        InvalidFileException refusal = await Assert.ThrowsAsync<InvalidFileException>(
            () => CeremonyFixture.ContributeAsync(folder["development.zkey"], folder["out.zkey"], "late"));
        Assert.Contains("one party", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("one party", (await ceremony.VerifyAsync(key)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_to_which_nobody_contributed_is_not_accepted()
    {
        using ProvingKey key = ZkeyFile.Read(ceremony.Initial);
        Assert.Contains("anybody can forge", (await ceremony.VerifyAsync(key)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_another_circuit_is_not_accepted()
    {
        (SyntheticCircuit other, _) = SyntheticCircuit.Create(seed: 42, constraints: 50, CeremonyFixture.Publics);
        using PtauFile ptau = PtauFile.Open(ceremony.Powers);
        using ProvingKey key = ZkeyFile.Read(ceremony.Final);
        CeremonyVerdict verdict = await KeyCeremony.VerifyAsync(other, ptau, key, threads: 1, progress: null, Cancel);
        Assert.Contains("another circuit", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_beacons_outside_their_bounds_are_refused()
    {
        using MemoryStream output = new();
        await Assert.ThrowsAsync<ArgumentException>(() => KeyCeremony.ContributeAsync(ceremony.Third, output, new string('n', 65), default, 1, null, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => KeyCeremony.BeaconAsync(ceremony.Third, output, "b", new byte[32], 9, 1, null, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => KeyCeremony.BeaconAsync(ceremony.Third, output, "b", new byte[32], 64, 1, null, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => KeyCeremony.BeaconAsync(ceremony.Third, output, "b", default, 10, 1, null, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => KeyCeremony.BeaconAsync(ceremony.Third, output, "b", new byte[256], 10, 1, null, Cancel));
    }

    [Fact]
    public async Task Progress_counts_the_points_and_a_cancelled_contribution_ends()
    {
        PhaseLog<CeremonyProgress> log = new();
        using MemoryStream output = new();
        await KeyCeremony.ContributeAsync(ceremony.Third, output, "", default, 1, log, Cancel);
        Assert.Equal(["the points C", "the points H"], log.Entries.Select(entry => entry.Step));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => KeyCeremony.ContributeAsync(ceremony.Third, output, "", default, 1, null, new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => KeyCeremony.BeaconAsync(ceremony.Third, output, "", new byte[32], 63, 1, null, new CancellationTokenSource(TimeSpan.FromSeconds(1)).Token));
    }
}
