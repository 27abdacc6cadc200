using System.Text;
using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>Keys made by one party prove, say what they are, and are keys to snarkjs too.</summary>
public sealed class DevelopmentSetupTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(3000, 7)]
    public async Task A_circuit_of_any_size_proves_and_verifies(int constraints, int publics)
    {
        (SyntheticCircuit circuit, Fr[] witness) = SyntheticCircuit.Create(seed: 11 + constraints, constraints, publics);
        using ProvingKey key = await CreateAsync(circuit);

        ProofResult result = await ProveAsync(key, witness);

        Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(key), witness.AsSpan(1, publics), result.Proof));
        Assert.Equal(witness[1..(publics + 1)], result.PublicInputs.ToArray());
    }

    [Fact]
    public async Task A_circuit_without_private_wires_proves()
    {
        (SyntheticCircuit circuit, Fr[] witness) = SyntheticCircuit.Create(seed: 3, constraints: 0, publics: 1, privates: 0);
        using ProvingKey key = await CreateAsync(circuit);

        ProofResult result = await ProveAsync(key, witness);

        Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(key), witness.AsSpan(1), result.Proof));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(3, 0, 2)]
    [InlineData(4, 0, 3)]
    [InlineData(1000, 23, 10)]
    [InlineData(1000, 24, 11)]
    public async Task The_domain_is_the_smallest_that_holds_constraints_publics_and_one(int constraints, int publics, int expected)
    {
        (SyntheticCircuit circuit, _) = SyntheticCircuit.Create(seed: 5, constraints, publics);
        using ProvingKey key = await CreateAsync(circuit);

        Assert.Equal(expected, key.Header.DomainLog2);
    }

    [Fact]
    public async Task A_single_constraint_can_be_read_back()
    {
        using TemporaryFolder folder = new();
        (SyntheticCircuit circuit, Fr[] witness) = SyntheticCircuit.Create(seed: 7, constraints: 1, publics: 1);
        using ProvingKey made = await CreateAsync(circuit);
        Save(folder["circuit.zkey"], stream => ZkeyFile.Write(stream, made));

        using ProvingKey read = ZkeyFile.Read(folder["circuit.zkey"]);
        ProofResult result = await ProveAsync(read, witness);

        Assert.True(read.IsForDevelopment);
        Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(made), witness.AsSpan(1, 1), result.Proof));
    }

    [Fact]
    public async Task Two_keys_of_one_circuit_share_no_secret()
    {
        (SyntheticCircuit circuit, Fr[] witness) = SyntheticCircuit.Create(seed: 9, constraints: 4, publics: 1);
        using ProvingKey one = await CreateAsync(circuit);
        using ProvingKey other = await CreateAsync(circuit);
        ProofResult result = await ProveAsync(one, witness);

        Assert.NotEqual(one.Header.Alpha1, other.Header.Alpha1);
        Assert.NotEqual(one.Header.Delta1, other.Header.Delta1);
        Assert.False(Groth16Verifier.Verify(VerificationKey.FromProvingKey(other), witness.AsSpan(1, 1), result.Proof));
    }

    [Fact]
    public async Task Snarkjs_proves_with_the_key_exports_it_and_keeps_its_mark()
    {
        using TemporaryFolder folder = new();
        (SyntheticCircuit circuit, Fr[] witness) = SyntheticCircuit.Create(seed: 13, constraints: 40, publics: 3);
        using ProvingKey key = await CreateAsync(circuit);
        VerificationKey verificationKey = VerificationKey.FromProvingKey(key);
        Save(folder["circuit.zkey"], stream => ZkeyFile.Write(stream, key));
        Save(folder["witness.wtns"], stream => WitnessFile.Write(stream, witness));
        Save(folder["key.json"], stream => VerificationKeyJson.Write(stream, verificationKey));

        Snarkjs.Run("groth16", "prove", folder["circuit.zkey"], folder["witness.wtns"], folder["proof.json"], folder["public.json"]);
        Snarkjs.Run("zkey", "export", "verificationkey", folder["circuit.zkey"], folder["exported.json"]);
        Snarkjs.Run("zkey", "contribute", folder["circuit.zkey"], folder["second.zkey"], "--name=second", "-e=some entropy");

        Proof proof = ProofJson.Read(folder["proof.json"]);
        Assert.True(Groth16Verifier.Verify(verificationKey, PublicJson.Read(folder["public.json"]), proof));
        AssertSameText(folder["exported.json"], stream => VerificationKeyJson.Write(stream, verificationKey));
        AssertSameText(folder["proof.json"], stream => ProofJson.Write(stream, proof));
        AssertSameText(folder["public.json"], stream => PublicJson.Write(stream, witness.AsMemory(1, 3)));

        using ProvingKey second = ZkeyFile.Read(folder["second.zkey"]);
        Assert.True(second.IsForDevelopment);
        Assert.Equal([KeyHistory.DevelopmentMark, "second"], second.History.Contributions.Select(contribution => contribution.Name));
        Assert.Equal(witness[1..4], (await ProveAsync(second, witness)).PublicInputs.ToArray());
    }

    [Fact]
    public async Task Progress_names_every_phase()
    {
        (SyntheticCircuit circuit, _) = SyntheticCircuit.Create(seed: 17, constraints: 2, publics: 0);
        PhaseLog<SetupProgress> log = new();

        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, threads: 1, log, TestContext.Current.CancellationToken);

        Assert.Equal(Enum.GetValues<SetupPhase>(), log.Entries.Select(entry => entry.Phase).Distinct());
        Assert.Contains(new SetupProgress(SetupPhase.A, key.Header.WireCount, key.Header.WireCount), log.Entries);
    }

    internal static Task<ProvingKey> CreateAsync(SyntheticCircuit circuit) =>
        Groth16Setup.CreateDevelopmentKeyAsync(circuit, Environment.ProcessorCount, progress: null, TestContext.Current.CancellationToken);

    internal static async Task<ProofResult> ProveAsync(ProvingKey key, Fr[] witness)
    {
        await using CpuBackend backend = new();
        return await Groth16Prover.ProveAsync(key, witness, backend, options: null, progress: null, TestContext.Current.CancellationToken);
    }

    internal static void Save(string path, Action<Stream> write)
    {
        using FileStream stream = File.Create(path);
        write(stream);
    }

    private static void AssertSameText(string path, Action<Stream> write)
    {
        using MemoryStream written = new();
        write(written);
        Assert.Equal(File.ReadAllText(path).TrimEnd(), Encoding.UTF8.GetString(written.ToArray()));
    }
}
