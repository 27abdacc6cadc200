using System.Text;
using Accel.Compute;
using Accel.Network.Jobs;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Node.Tests;

/// <summary>What is proved, what is declined before it is accepted, and which folders are no circuits.</summary>
public sealed class WitnessProverTests : IDisposable
{
    private static readonly ChainCircuit Circuit = new(5);

    private readonly TemporaryFolder _folder = new();
    private readonly CpuBackend _backend = new(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proof_verifies_and_an_unprovable_witness_is_declined_with_its_constraint()
    {
        await Circuit.RegisterAsync(_folder["circuits"], "chain", withConstraints: true, Cancel);
        await using WitnessProver prover = await OpenAsync();
        byte[] witness = Circuit.Witness(3);
        prover.Check("chain", witness);
        JobProof proof = await prover.ProveAsync("chain", witness, new Progress<ProofPhase>(), Cancel);
        using ProvingKey key = ZkeyFile.Read(Path.Combine(_folder["circuits"], "chain", WitnessProver.KeyFile));
        Assert.True(Groth16Verifier.Verify(
            VerificationKey.FromProvingKey(key), PublicJson.Parse("public", Encoding.UTF8.GetBytes(proof.PublicInputs)), ProofJson.Parse("proof", Encoding.UTF8.GetBytes(proof.Proof))));

        Assert.Contains("constraint 1 'chain'", Decline(prover, "chain", Circuit.Witness(3, lie: 4)), StringComparison.Ordinal);
        Assert.Contains("7 wires", Decline(prover, "chain", new ChainCircuit(6).Witness(3)), StringComparison.Ordinal);
        Assert.Contains("witness:", Decline(prover, "chain", witness[..^1]), StringComparison.Ordinal);
        Assert.Contains("there is: chain", Decline(prover, "other", witness), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_constraints_a_false_witness_is_found_by_its_proof()
    {
        await Circuit.RegisterAsync(_folder["circuits"], "chain", withConstraints: false, Cancel);
        await using WitnessProver prover = await OpenAsync();
        byte[] lie = Circuit.Witness(3, lie: 4);
        prover.Check("chain", lie);
        await Assert.ThrowsAsync<UnprovableRequestException>(() => prover.ProveAsync("chain", lie, new Progress<ProofPhase>(), Cancel));
    }

    [Fact]
    public async Task Constraints_of_another_circuit_and_an_empty_folder_are_refused()
    {
        Directory.CreateDirectory(_folder["circuits"]);
        await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
        await Circuit.RegisterAsync(_folder["circuits"], "chain", withConstraints: true, Cancel);
        string file = Path.Combine(_folder["circuits"], "chain", WitnessProver.ConstraintFile);
        byte[] bytes = await File.ReadAllBytesAsync(file, Cancel);

        // The coefficient one of the first constraint's first term becomes three; the file stays well-formed.
        int one = bytes.AsSpan().IndexOf((byte[])[1, .. new byte[31], 1, 0, 0, 0]);
        Assert.True(one > 0);
        bytes[one] = 3;
        await File.WriteAllBytesAsync(file, bytes, Cancel);
        Assert.Contains("was not made for", (await Assert.ThrowsAsync<InvalidDataException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Decline(WitnessProver prover, string circuit, byte[] witness) =>
        Assert.Throws<UnprovableRequestException>(() => prover.Check(circuit, witness)).Message;

    private Task<WitnessProver> OpenAsync() => WitnessProver.OpenAsync(_folder["circuits"], _backend, threads: 1, Cancel);
}
