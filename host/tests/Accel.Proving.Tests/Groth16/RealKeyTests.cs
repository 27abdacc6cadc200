using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Formats;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>Keys and witnesses of published circuits prove here, and snarkjs accepts the proofs; its own proofs verify here.</summary>
public sealed class RealKeyTests(ITestOutputHelper output)
{
    public static TheoryData<string> Keys => RealKeys.Names;

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_published_key_proves_and_snarkjs_accepts(string name)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Fr[] witness = WitnessFile.Read(name, RealKeys.WitnessBytes(name));
        using ProvingKey key = ZkeyFile.Read(RealKeys.File(name, "circuit.zkey"));
        await using CpuBackend backend = new();

        ProofResult result = await Groth16Prover.ProveAsync(key, witness, backend, options: null, progress: null, cancel);

        output.WriteLine($"{name}: {result.Timings.Total.TotalMilliseconds:F0} ms");
        foreach (ProofPhase phase in Enum.GetValues<ProofPhase>())
        {
            output.WriteLine($"  {phase}: {result.Timings[phase].TotalMilliseconds:F1} ms");
        }

        Assert.Equal(PublicJson.Read(RealKeys.File(name, "public.json")), result.PublicInputs.ToArray());
        using TemporaryFolder folder = new();
        Write(folder["proof.json"], stream => ProofJson.Write(stream, result.Proof));
        Write(folder["public.json"], stream => PublicJson.Write(stream, result.PublicInputs));
        Snarkjs.Run("groth16", "verify", RealKeys.File(name, "verification_key.json"), folder["public.json"], folder["proof.json"]);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_proof_by_snarkjs_verifies(string name)
    {
        VerificationKey key = VerificationKeyJson.Read(RealKeys.File(name, "verification_key.json"));
        Fr[] publicInputs = PublicJson.Read(RealKeys.File(name, "public.json"));
        Proof proof = ProofJson.Read(RealKeys.File(name, "proof_snarkjs.json"));

        Assert.True(Groth16Verifier.Verify(key, publicInputs, proof));
    }

    private static void Write(string path, Action<Stream> write)
    {
        using FileStream stream = File.Create(path);
        write(stream);
    }
}
