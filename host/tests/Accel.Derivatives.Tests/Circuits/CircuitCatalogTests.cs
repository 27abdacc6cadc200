using Accel.Compute;
using Accel.Derivatives.Circuits;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>What holds for every statement of the catalogue.</summary>
public sealed class CircuitCatalogTests(ITestOutputHelper output)
{
    /// <summary>Mutations reach most constraints; what they miss are single bit checks whose other value breaks more than one constraint.</summary>
    private const double KillRateMin = 0.7;

    public static TheoryData<string> Names => [.. CircuitCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_search_finds_no_flaw(string name)
    {
        CircuitFuzzOptions options = new() { Cases = TestScale.Count(6), Mutations = TestScale.Count(40) };
        CircuitFuzzReport report = CircuitFuzz.Run(CircuitCatalog.Find(name), options, cancel: TestContext.Current.CancellationToken);
        output.WriteLine(report.Soundness.ToString());
        Assert.True(report.IsClean, string.Join('\n', [.. report.FailedCases, report.Soundness.ToString()]));
        Assert.True(report.Soundness.KillRate >= KillRateMin, report.Soundness.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_faces_show_the_references_public_fields(string name)
    {
        CircuitEntry entry = CircuitCatalog.Find(name.ToUpperInvariant());
        Fr[][] shown = [.. Enum.GetValues<PublicFace>().Select(face => PublicWiresOf(entry, face))];
        Assert.InRange(shown[0].Length, 2, PublicFields.CountMax);
        Assert.Equal([Poseidon.Hash(shown[0])], shown[1]);
    }

    /// <summary>At the default size with a development key. The settlement batch's proof is what the command line's tests make.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    [Trait("speed", "slow")]
    public async Task The_default_size_proves_and_verifies(string name)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        CircuitEntry entry = CircuitCatalog.Find(name);
        Assert.SkipWhen(name == "SettlementBatch", "proved by the end-to-end tests");
        using CompiledCircuit circuit = CompiledCircuit.Compile(entry.Create(entry.DefaultShape, PublicFace.RawFields));
        Fr[] witness = WitnessSolver.Solve(circuit, entry.Draw(circuit, entry.DefaultShape, PublicFace.RawFields, 1), cancel: cancel);
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, Environment.ProcessorCount, null, cancel);
        await using IComputeBackend backend = await ComputeBackends.CreateAsync(CpuBackend.Kind, null, cancel);
        ProofResult proof = await Groth16Prover.ProveAsync(key, witness, backend, null, null, cancel);
        Fr[] shown = witness[1..(1 + circuit.PublicCount)];
        Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(key), shown, proof.Proof));
        shown[^1] += 1;
        Assert.False(Groth16Verifier.Verify(VerificationKey.FromProvingKey(key), shown, proof.Proof));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stored_circuit_loads_with_its_hints_and_parts_add_up(string name)
    {
        CircuitEntry entry = CircuitCatalog.Find(name);
        IStatement statement = entry.Create(entry.SmallShape, PublicFace.RawFields);
        using CompiledCircuit circuit = CompiledCircuit.Compile(statement);
        Assert.InRange(statement.Parts.Sum(part => part.ConstraintCount), circuit.ConstraintCount * 0.9, circuit.ConstraintCount);
        Assert.Contains(entry.SmallShape, circuit.Name, StringComparison.Ordinal);
        Assert.True(entry.UnitCount(entry.DefaultShape) >= entry.UnitCount(entry.SmallShape));
        using TemporaryFolder folder = new();
        string path = folder["circuit"];
        circuit.Save(path);
        using CompiledCircuit loaded = CompiledCircuit.Load(path, entry.Hints);
        Assert.Null(WitnessSolver.TrySolve(loaded, entry.Draw(loaded, entry.SmallShape, PublicFace.RawFields, 3)).Violation);
    }

    [Fact]
    public void A_name_that_is_not_there_is_refused_with_the_names_that_are() =>
        Assert.Contains(nameof(Settlement), Assert.Throws<ArgumentException>(() => CircuitCatalog.Find("nothing")).Message, StringComparison.Ordinal);

    private static Fr[] PublicWiresOf(CircuitEntry entry, PublicFace face)
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(entry.Create(entry.SmallShape, face));
        return WitnessSolver.Solve(circuit, entry.Draw(circuit, entry.SmallShape, face, 2))[1..(1 + circuit.PublicCount)];
    }
}
