using System.Text.Json;
using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>What the command line does with keys of circuits that draw challenges from commitments.</summary>
public sealed class CommittedKeyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Such_keys_are_inspected_verified_with_and_exported_but_no_witness_file_is_proved_with_them()
    {
        using TemporaryFolder folder = new();
        await WriteFilesAsync(folder);
        AccelProgram accel = AccelProgram.Managed;

        AccelOutput inspected = await accel.RunAsync(0, "inspect", folder["circuit.zkey"], "--json");
        using JsonDocument facts = JsonDocument.Parse(inspected.Output);
        Assert.Equal((1, 2), (facts.RootElement.GetProperty("commitments").GetInt32(), facts.RootElement.GetProperty("committedWires").GetInt32()));
        Assert.Equal("Keccak256", facts.RootElement.GetProperty("commitmentHash").GetString());

        await accel.RunAsync(0, "verify", "groth16", folder["key.json"], folder["public.json"], folder["proof.json"]);
        await accel.RunAsync(1, "verify", "groth16", folder["key.json"], folder["public.json"], folder["forged.json"]);

        AccelOutput exported = await accel.RunAsync(0, "export", "solidity", folder["key.json"], folder["Verifier.sol"], "--json");
        using JsonDocument contract = JsonDocument.Parse(exported.Output);
        Assert.Equal("verifyProof(uint256[12],uint256[1])", contract.RootElement.GetProperty("function").GetString());

        AccelOutput refused = await accel.RunAsync(2, "prove", "groth16", folder["circuit.zkey"], folder["witness.wtns"], folder["p.json"], folder["q.json"]);
        Assert.Contains("1 challenges from commitments", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["p.json"]));
    }

    private static async Task WriteFilesAsync(TemporaryFolder folder)
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new Circuit());
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, threads: 1, progress: null, Cancel);
        await using CpuBackend backend = new();
        await using ProvingService service = await ProvingService.StartAsync(key, backend, options: null, Cancel);
        CommittedWitness witness = await service.SolveAsync(circuit, new Assignment(circuit).Set("sum", 5).Set("x", [2, 3]), Cancel);
        ProofResult result = await service.ProveAsync(witness, progress: null, Cancel);
        Write("circuit.zkey", stream => ZkeyFile.Write(stream, key));
        Write("key.json", stream => VerificationKeyJson.Write(stream, VerificationKey.FromProvingKey(key)));
        Write("public.json", stream => PublicJson.Write(stream, result.PublicInputs));
        Write("proof.json", stream => ProofJson.Write(stream, result.Proof));
        Write("forged.json", stream => ProofJson.Write(
            stream, result.Proof with { Commitments = new ProofCommitments(result.Proof.Commitments!.Points, G1Affine.Generator) }));
        Write("witness.wtns", stream => WitnessFile.Write(stream, witness.Wires.Span));

        void Write(string name, Action<Stream> write)
        {
            using FileStream stream = File.Create(folder[name]);
            write(stream);
        }
    }

    private sealed class Circuit : ICircuit
    {
        public string Name => "Committed sum";

        public void Define(CircuitBuilder builder)
        {
            Linear sum = builder.PublicInput("sum");
            Linear[] x = builder.SecretInputs("x", 2);
            builder.AssertEqual(x[0] + x[1], sum);
            builder.Multiply(builder.Commit(x), x[0]);
        }
    }
}
