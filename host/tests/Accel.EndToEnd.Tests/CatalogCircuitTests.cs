using System.Numerics;
using Accel.Compute;
using Accel.Derivatives.Circuits;
using Accel.Network.Evm;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.EndToEnd.Tests;

/// <summary>
/// Every statement but the settlement batch, whose proof the other tests make: proved at its default size, and verified here and by its
/// contract.
/// </summary>
[Trait("speed", "slow")]
public sealed class CatalogCircuitTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Names => [.. CircuitCatalog.All.Select(entry => entry.Name).Where(name => name != "SettlementBatch")];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_statement_proves_at_its_default_size_and_its_contract_accepts_the_proof(string name)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        CircuitEntry entry = CircuitCatalog.Find(name);
        using CompiledCircuit circuit = CompiledCircuit.Compile(entry.Create(entry.DefaultShape, PublicFace.RawFields));
        Fr[] witness = WitnessSolver.Solve(circuit, entry.Draw(circuit, entry.DefaultShape, PublicFace.RawFields, seed: 1), cancel: cancel);
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, Environment.ProcessorCount, null, cancel);
        await using IComputeBackend backend = new CpuBackend();
        ProofResult proof = await Groth16Prover.ProveAsync(key, witness, backend, null, null, cancel);
        output.WriteLine($"{circuit.Name}: {circuit.ConstraintCount:N0} constraints, proved in {proof.Timings.Total.TotalSeconds:F1} s");

        VerificationKey verification = VerificationKey.FromProvingKey(key);
        Fr[] shown = witness[1..(1 + circuit.PublicCount)];
        Assert.True(Groth16Verifier.Verify(verification, shown, proof.Proof));
        Fr[][] changed = [.. shown.Select((_, i) => shown.Select((field, j) => i == j ? field + 1 : field).ToArray())];
        Assert.All(changed, fields => Assert.False(Groth16Verifier.Verify(verification, fields, proof.Proof)));
        await AssertContractAgreesAsync(verification, proof.Proof, shown, changed, cancel);
    }

    /// <summary>The largest gain from look-ups, and a statement of which every template makes some.</summary>
    [Theory]
    [InlineData("MarketRisk")]
    [InlineData("TradeBatch")]
    public async Task A_statement_proves_at_its_default_size_with_look_ups(string name)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        CircuitEntry entry = CircuitCatalog.Find(name);
        using CompiledCircuit circuit = CompiledCircuit.Compile(entry.Create(entry.DefaultShape, PublicFace.RawFields), new CompilerOptions(Lookups: true));
        Assignment assignment = entry.Draw(circuit, entry.DefaultShape, PublicFace.RawFields, seed: 1);
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, CommitmentHash.Keccak256, Environment.ProcessorCount, null, cancel);
        await using IComputeBackend backend = new CpuBackend();
        ProofResult proof = await Groth16Prover.ProveAsync(key, circuit, assignment, backend, null, null, cancel);
        output.WriteLine($"{circuit.Name}: {circuit.ConstraintCount:N0} constraints with look-ups, proved in {proof.Timings.Total.TotalSeconds:F1} s");

        VerificationKey verification = VerificationKey.FromProvingKey(key);
        Fr[] shown = proof.PublicInputs.ToArray();
        Assert.True(Groth16Verifier.Verify(verification, shown, proof.Proof));
        for (int field = 0; field < shown.Length; field++)
        {
            Fr[] changed = [.. shown];
            changed[field] += Fr.One;
            Assert.False(Groth16Verifier.Verify(verification, changed, proof.Proof));
        }
    }

    private static async Task AssertContractAgreesAsync(VerificationKey key, Proof proof, Fr[] shown, Fr[][] changed, CancellationToken cancel)
    {
        using TemporaryFolder folder = new();
        NpmTools tools = new(Path.Combine(OutsideData.RepositoryRoot, "scripts"));
        await File.WriteAllTextAsync(folder["Groth16Verifier.sol"], SolidityVerifier.Generate(key), cancel);
        await new SolidityCompiler(tools, Deadline).CompileAsync([folder["Groth16Verifier.sol"]], folder["contracts"], cancel);
        await using AnvilProcess anvil = await AnvilProcess.StartAsync(tools, new AnvilOptions(), cancel);
        using JsonRpcClient rpc = new(anvil.Endpoint, Deadline);
        EvmClient evm = await EvmClient.ConnectAsync(rpc, Deadline, cancel);
        VerifierClient verifier = await VerifierClient.DeployAsync(evm,
            ContractArtifact.Load(Path.Combine(folder["contracts"], "Groth16Verifier.json")), cancel);
        BigInteger[] words = SolidityProof.ToWords(proof);
        Assert.True(await verifier.VerifyAsync(words, Integers(shown), cancel));
        foreach (Fr[] fields in changed)
        {
            Assert.False(await verifier.VerifyAsync(words, Integers(fields), cancel));
        }
    }

    private static BigInteger[] Integers(Fr[] fields) => [.. fields.Select(field => field.ToBigInteger())];
}
