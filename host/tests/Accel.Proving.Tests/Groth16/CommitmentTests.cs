using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>Circuits that draw challenges from commitments prove and verify, and their commitments hide the witness.</summary>
public sealed class CommitmentTests(CommitmentFixture fixture) : IClassFixture<CommitmentFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, CommitmentHash.Keccak256)]
    [InlineData(2, CommitmentHash.Keccak256)]
    [InlineData(3, CommitmentHash.Keccak256)]
    [InlineData(1, CommitmentHash.Poseidon)]
    [InlineData(3, CommitmentHash.Poseidon)]
    public async Task A_circuit_with_commitments_proves_and_verifies_also_from_a_file(int commitments, CommitmentHash hash)
    {
        using TemporaryFolder folder = new();
        CommittingCircuit definition = new(commitments: commitments);
        using CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        using ProvingKey made = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, hash, threads: 2, progress: null, Cancel);
        DevelopmentSetupTests.Save(folder["circuit.zkey"], stream => ZkeyFile.Write(stream, made));
        DevelopmentSetupTests.Save(folder["key.json"], stream => VerificationKeyJson.Write(stream, VerificationKey.FromProvingKey(made)));
        using ProvingKey read = ZkeyFile.Read(folder["circuit.zkey"]);
        Assert.True(read.IsForDevelopment);

        ProofResult result = await Groth16Prover.ProveAsync(read, circuit, definition.Assign(circuit), fixture.Backend, options: null, progress: null, Cancel);
        DevelopmentSetupTests.Save(folder["proof.json"], stream => ProofJson.Write(stream, result.Proof));

        Proof proof = ProofJson.Read(folder["proof.json"]);
        Assert.Equal(result.Proof, proof);
        Assert.Equal(commitments, proof.Commitments!.Points.Length);
        Assert.True(Groth16Verifier.Verify(VerificationKeyJson.Read(folder["key.json"]), result.PublicInputs.Span, proof));
        using MemoryStream written = new();
        ZkeyFile.Write(written, read);
        Assert.Equal(File.ReadAllBytes(folder["circuit.zkey"]), written.ToArray());
    }

    [Fact]
    public async Task A_stored_circuit_proves_as_the_compiled_one()
    {
        using TemporaryFolder folder = new();
        fixture.Circuit.Save(folder["circuit"]);
        using CompiledCircuit stored = CompiledCircuit.Load(folder["circuit"], new HintSet());

        ProofResult result = await Groth16Prover.ProveAsync(
            fixture.Key(), stored, new CommittingCircuit().Assign(stored), fixture.Backend, options: null, progress: null, Cancel);

        Assert.Equal(3, result.Proof.Commitments!.Points.Length);
    }

    [Fact]
    public void A_commitment_holds_the_private_wires_that_it_is_the_first_to_name()
    {
        // Wires: 1 sum, 2 label, 3 to 6 a, 7 to 10 b, 11 to 14 c.
        CommitmentLayout layout = new(fixture.Circuit);

        Assert.Equal([3u, 4, 5, 6, 7, 8, 9, 10], layout.Wires[0]);
        Assert.Equal([11u, 12, 13, 14], layout.Wires[1]);
        Assert.Empty(layout.Wires[2]);
        Assert.Equal([1, 2, 3, 4], layout.Positions[1]);
        Assert.Equal(fixture.Circuit.Commitments.Select(commitment => commitment.Challenge), layout.Challenges);
        Assert.All(layout.Challenges, wire => Assert.True(layout.IsMoved((int)wire)));
    }

    [Theory]
    [InlineData(CommitmentHash.Keccak256)]
    [InlineData(CommitmentHash.Poseidon)]
    public async Task Proofs_of_one_witness_share_no_commitment(CommitmentHash hash)
    {
        Proof one = (await fixture.ProveAsync(hash)).Proof;
        Proof other = (await fixture.ProveAsync(hash)).Proof;

        G1Affine[] points = [.. one.Commitments!.Points.ToArray(), one.Commitments.Knowledge, .. other.Commitments!.Points.ToArray(), other.Commitments.Knowledge];
        Assert.Equal(points.Length, points.Distinct().Count());
        Assert.DoesNotContain(G1Affine.Infinity, points);
    }

    [Fact]
    public async Task Whoever_guesses_the_wires_cannot_tell_from_the_commitments()
    {
        // CVE-2024-45040: without blinding, D is a function of the wires, and wires of few values are found by trying them.
        await using ProvingService service = await ProvingService.StartAsync(fixture.Key(), fixture.Backend, options: null, Cancel);
        CommittedWitness witness = await service.SolveAsync(fixture.Circuit, new CommittingCircuit().Assign(fixture.Circuit), Cancel);
        Proof proof = (await service.ProveAsync(witness, progress: null, Cancel)).Proof;
        DishonestProver guesser = new(fixture.Key(), fixture.Backend);

        for (int i = 0; i < 3; i++)
        {
            G1Affine guess = guesser.Commit(i, guesser.ValuesOf(i, witness.Wires.Span), Fr.Zero).ToAffine();
            Assert.NotEqual(guess, proof.Commitments!.Points.Span[i]);
            Assert.Equal(proof.Commitments.Points.Span[i], guesser.Commit(i, guesser.ValuesOf(i, witness.Wires.Span), witness.Commitments!.Blinding.Span[i]).ToAffine());
        }

        Assert.Equal(3, witness.Commitments!.Blinding.ToArray().Distinct().Count());
    }

    [Fact]
    public async Task A_finished_witness_is_refused_before_any_work()
    {
        await using ProvingService service = await ProvingService.StartAsync(fixture.Key(), fixture.Backend, options: null, Cancel);
        CommittedWitness witness = await service.SolveAsync(fixture.Circuit, new CommittingCircuit().Assign(fixture.Circuit), Cancel);

        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => service.ProveAsync(witness.Wires, progress: null, Cancel));
        Assert.Contains("3 challenges", exception.Message, StringComparison.Ordinal);

        // A witness that was solved with another key's commitments will not do either.
        await using ProvingService other = await ProvingService.StartAsync(fixture.Key(CommitmentHash.Poseidon), fixture.Backend, options: null, Cancel);
        await Assert.ThrowsAsync<ArgumentException>(() => other.ProveAsync(witness, progress: null, Cancel));
    }

    [Fact]
    public async Task A_key_of_another_circuit_is_refused_before_any_work()
    {
        CommittingCircuit twoCommitments = new(commitments: 2);
        using CompiledCircuit circuit = CompiledCircuit.Compile(twoCommitments);
        await Assert.ThrowsAsync<ArgumentException>(() => ProveAsync(fixture.Key(), circuit, twoCommitments.Assign(circuit)));

        // As many wires, but others are committed.
        SwappedCommitments swapped = new();
        using CompiledCircuit like = CompiledCircuit.Compile(swapped);
        using CompiledCircuit original = CompiledCircuit.Compile(new SwappedCommitments { Swapped = true });
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(original, threads: 1, progress: null, Cancel);
        Assert.Equal(original.WireCount, like.WireCount);
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => ProveAsync(key, like, new Assignment(like).Set("x", [1, 2])));
        Assert.Contains("commits to other wires", exception.Message, StringComparison.Ordinal);

        // The same rows without commitments, and a key that draws nothing.
        (SyntheticCircuit plain, _) = SyntheticCircuit.Create(seed: 3, constraints: original.WireCount - 4, publics: 0);
        using ProvingKey plainKey = await DevelopmentSetupTests.CreateAsync(plain);
        Assert.Equal(original.WireCount, plain.WireCount);
        await Assert.ThrowsAsync<ArgumentException>(() => ProveAsync(plainKey, original, new Assignment(original).Set("x", [1, 2])));
    }

    [Fact]
    public async Task A_circuit_without_commitments_is_solved_and_proved_in_one_call_too()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new PreimageCircuit());
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, threads: 2, progress: null, Cancel);

        ProofResult result = await ProveAsync(key, circuit, new Assignment(circuit).Set("hash", PreimageCircuit.HashOf(3, 4)).Set("x", [3, 4]));

        Assert.Null(key.Commitments);
        Assert.Null(result.Proof.Commitments);
        Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(key), result.PublicInputs.Span, result.Proof));
    }

    [Fact]
    public async Task A_false_statement_has_no_witness()
    {
        Assignment assignment = new CommittingCircuit().Assign(fixture.Circuit).Set("b", [1, 4, 9, 17]);

        await Assert.ThrowsAsync<UnsatisfiedConstraintException>(() => ProveAsync(fixture.Key(), fixture.Circuit, assignment));
    }

    [Fact]
    public async Task A_backend_that_commits_wrongly_yields_no_proof()
    {
        await using FaultyBackend backend = new();
        await using ProvingService service = await ProvingService.StartAsync(fixture.Key(), backend, options: null, Cancel);
        CommittedWitness witness = await service.SolveAsync(fixture.Circuit, new CommittingCircuit().Assign(fixture.Circuit), Cancel);

        await Assert.ThrowsAsync<UnverifiedProofException>(() => service.ProveAsync(witness, progress: null, Cancel));
    }

    [Fact]
    public async Task Commitments_at_work_on_many_threads_prove()
    {
        CommittingCircuit definition = new(count: 3000);
        using CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, threads: 2, progress: null, Cancel);
        await using ProvingService service = await ProvingService.StartAsync(key, fixture.Backend, new ProvingServiceOptions { Prover = new() { ThreadCount = 4 } }, Cancel);

        ProofResult[] results = await Task.WhenAll(Enumerable.Range(0, 3).Select(async i =>
            await service.ProveAsync(await service.SolveAsync(circuit, definition.Assign(circuit, label: i), Cancel), progress: null, Cancel)));

        Assert.Equal([(Fr)0, 1, 2], results.Select(result => result.PublicInputs.Span[1]));
    }

    private Task<ProofResult> ProveAsync(ProvingKey key, CompiledCircuit circuit, Assignment assignment) =>
        Groth16Prover.ProveAsync(key, circuit, assignment, fixture.Backend, options: null, progress: null, Cancel);

    private sealed class SwappedCommitments : ICircuit
    {
        public bool Swapped { get; init; }

        public string Name => "Swapped";

        public void Define(CircuitBuilder builder)
        {
            Linear[] x = builder.SecretInputs("x", 2);
            builder.Multiply(builder.Commit([x[Swapped ? 1 : 0]]), x[0] + x[1]);
        }
    }
}
