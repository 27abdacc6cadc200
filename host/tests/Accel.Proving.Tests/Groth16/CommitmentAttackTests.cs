using Accel.Proving.Groth16;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>What a prover may try with its commitments, and that the verifier refuses it.</summary>
public sealed class CommitmentAttackTests(CommitmentFixture fixture) : IClassFixture<CommitmentFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<CommitmentHash> Hashes => [.. Enum.GetValues<CommitmentHash>()];

    [Theory]
    [MemberData(nameof(Hashes))]
    public async Task Following_the_rules_by_hand_convinces(CommitmentHash hash)
    {
        // What the attacks below are worth: the same code, told nothing wrong, makes proofs that hold.
        Attempt attempt = await SolveAsync(hash, challenge: null);

        Assert.True(Verify(hash, attempt.Publics, await FinishAsync(attempt)));
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public async Task A_challenge_that_the_prover_chose_is_refused(CommitmentHash hash)
    {
        // 1 is in every list, so that all products vanish, and lists that differ satisfy the rows.
        Attempt attempt = await SolveAsync(hash, challenge: 1, ("b", [1, 99, 98, 97]), ("c", [1, 50, 51, 52]));

        Assert.Null(WitnessSolver.FindViolation(fixture.Circuit, attempt.Wires.Span));
        Assert.False(Verify(hash, attempt.Publics, await FinishAsync(attempt)));
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public async Task A_challenge_that_is_not_bound_to_the_public_inputs_is_refused(CommitmentHash hash)
    {
        Attempt attempt = await SolveAsync(hash, challenge: null, transcriptInputs: []);

        Assert.Null(WitnessSolver.FindViolation(fixture.Circuit, attempt.Wires.Span));
        Assert.False(Verify(hash, attempt.Publics, await FinishAsync(attempt)));
    }

    [Fact]
    public async Task Commitments_to_other_values_than_the_wires_are_refused()
    {
        Attempt attempt = await SolveAsync(CommitmentHash.Keccak256, challenge: null, change: (_, values) => values.AsSpan().Reverse());

        Assert.Null(WitnessSolver.FindViolation(fixture.Circuit, attempt.Wires.Span));
        Assert.False(Verify(CommitmentHash.Keccak256, attempt.Publics, await FinishAsync(attempt)));
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public async Task A_proof_without_knowledge_of_its_commitments_is_refused(CommitmentHash hash)
    {
        ProofResult result = await fixture.ProveAsync(hash);
        ProofCommitments good = result.Proof.Commitments!;
        foreach (G1Affine knowledge in (G1Affine[])[G1Affine.Infinity, G1Affine.Generator, -good.Knowledge, good.Points.Span[0], result.Proof.C])
        {
            Assert.False(Verify(hash, result.PublicInputs, result.Proof with { Commitments = new ProofCommitments(good.Points, knowledge) }));
        }

        Assert.True(Verify(hash, result.PublicInputs, result.Proof));
    }

    [Fact]
    public async Task Values_moved_from_one_commitment_to_another_are_refused()
    {
        // CVE-2024-45039: their sum is right, so that the pairing of the proof alone holds with any but the last commitment chosen freely.
        ProvingKeyCommitments key = fixture.Key().Commitments!;
        G1 moved = G1.FromAffine(key.Basis.Span[key.FirstOf(1)]) * 5;
        Attempt attempt = await SolveAsync(CommitmentHash.Keccak256, challenge: null, shift: i => i == 0 ? moved : i == 1 ? -moved : G1.Infinity);
        Proof proof = await FinishAsync(attempt);

        Assert.True(EquationHolds(attempt, proof));
        Assert.False(Verify(CommitmentHash.Keccak256, attempt.Publics, proof));

        // σ₂·moved is all that the prover has to make up for it.
        G1 known = G1.FromAffine(key.KnowledgeBasis.Span[key.FirstOf(1)]) * 5;
        foreach (G1 patch in (G1[])[known, -known, known * (attempt.Folding - Fr.One)])
        {
            ProofCommitments patched = new(proof.Commitments!.Points, (G1.FromAffine(proof.Commitments.Knowledge) + patch).ToAffine());
            Assert.False(Verify(CommitmentHash.Keccak256, attempt.Publics, proof with { Commitments = patched }));
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public async Task Errors_that_cancel_where_proofs_of_knowledge_are_only_added_up_are_refused(CommitmentHash hash)
    {
        // σ₁·(σ₂δ) − σ₂·(σ₁δ) = 0, and both points are in the key: commitments to what nobody knows.
        IReadOnlyList<ProvingKeyCommitment> items = fixture.Key(hash).Commitments!.Items;
        Attempt attempt = await SolveAsync(
            hash, challenge: null, shift: i => i == 0 ? G1.FromAffine(items[1].SigmaDelta1) : i == 1 ? -G1.FromAffine(items[0].SigmaDelta1) : G1.Infinity);
        VerificationCommitments key = VerificationKey.FromProvingKey(fixture.Key(hash)).Commitments!;

        Assert.True(Groth16Verifier.KnowledgeHolds(key, Commitments(attempt, folding: Fr.One), Fr.One));
        Assert.False(Groth16Verifier.KnowledgeHolds(key, Commitments(attempt, attempt.Folding), attempt.Folding));
        Assert.False(Verify(hash, attempt.Publics, await FinishAsync(attempt)));
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public async Task Commitments_in_another_order_or_of_another_proof_are_refused(CommitmentHash hash)
    {
        ProofResult one = await fixture.ProveAsync(hash);
        ProofResult other = await fixture.ProveAsync(hash);
        ProofCommitments good = one.Proof.Commitments!;
        G1Affine[] points = good.Points.ToArray();
        G1Affine[][] wrong =
        [
            [points[1], points[0], points[2]],
            [points[0], points[2], points[1]],
            [other.Proof.Commitments!.Points.Span[0], points[1], points[2]],
            [points[0], points[1], other.Proof.Commitments.Points.Span[2]],
            [-points[0], points[1], points[2]],
            [G1Affine.Infinity, points[1], points[2]],
            [points[0], points[1], G1Affine.Infinity],
            points[..2],
            [.. points, points[0]],
            [],
        ];

        Assert.All(wrong, list => Assert.False(Verify(hash, one.PublicInputs, one.Proof with { Commitments = new ProofCommitments(list, good.Knowledge) })));
        Assert.False(Verify(hash, one.PublicInputs, one.Proof with { Commitments = other.Proof.Commitments }));
        Assert.False(Verify(hash, one.PublicInputs, one.Proof with { Commitments = null }));
        Assert.True(Verify(hash, one.PublicInputs, one.Proof));
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public async Task Other_public_inputs_are_refused(CommitmentHash hash)
    {
        ProofResult result = await fixture.ProveAsync(hash);
        for (int i = 0; i < result.PublicInputs.Length; i++)
        {
            Fr[] other = result.PublicInputs.ToArray();
            other[i] += Fr.One;
            Assert.False(Verify(hash, other, result.Proof));
        }
    }

    [Fact]
    public async Task Points_off_the_curve_are_refused()
    {
        ProofResult result = await fixture.ProveAsync();
        ProofCommitments good = result.Proof.Commitments!;
        G1Affine off = new(1, 1);

        Assert.False(Verify(CommitmentHash.Keccak256, result.PublicInputs, result.Proof with { Commitments = new ProofCommitments(good.Points, off) }));
        G1Affine[] points = [good.Points.Span[0], off, good.Points.Span[2]];
        Assert.False(Verify(CommitmentHash.Keccak256, result.PublicInputs, result.Proof with { Commitments = new ProofCommitments(points, good.Knowledge) }));
    }

    [Fact]
    public async Task A_proof_drawn_with_another_hash_and_one_without_commitments_are_refused()
    {
        ProofResult result = await fixture.ProveAsync();
        VerificationKey key = VerificationKey.FromProvingKey(fixture.Key());

        Assert.False(Groth16Verifier.Verify(key with { Commitments = key.Commitments! with { Hash = CommitmentHash.Poseidon } }, result.PublicInputs.Span, result.Proof));
        Assert.False(Groth16Verifier.Verify(key with { Commitments = null }, result.PublicInputs.Span, result.Proof));
        Assert.False(Groth16Verifier.Verify(key with { Commitments = null }, result.PublicInputs.Span, result.Proof with { Commitments = null }));
    }

    private bool Verify(CommitmentHash hash, ReadOnlyMemory<Fr> publics, Proof proof) =>
        Groth16Verifier.Verify(VerificationKey.FromProvingKey(fixture.Key(hash)), publics.Span, proof);

    /// <summary>The first of the verifier's two equations.</summary>
    private bool EquationHolds(Attempt attempt, Proof proof)
    {
        VerificationKey key = VerificationKey.FromProvingKey(fixture.Key(attempt.Hash));
        G1 inputs = G1.FromAffine(key.Inputs.Span[0]);
        for (int i = 0; i < attempt.Publics.Length; i++)
        {
            inputs += G1.FromAffine(key.Inputs.Span[i + 1]) * attempt.Publics.Span[i];
        }

        CommitmentTranscript transcript = CommitmentTranscript.Start(attempt.Hash, attempt.Publics.Span);
        for (int i = 0; i < proof.Commitments!.Points.Length; i++)
        {
            G1Affine point = proof.Commitments.Points.Span[i];
            inputs += (G1.FromAffine(key.Commitments!.Items[i].ChallengeInput) * transcript.Challenge(point)) + point;
        }

        return Pairing.ProductIsOne([(-proof.A, proof.B), (key.Alpha1, key.Beta2), (inputs.ToAffine(), key.Gamma2), (proof.C, key.Delta2)]);
    }

    private async Task<Proof> FinishAsync(Attempt attempt)
    {
        DishonestProver prover = new(fixture.Key(attempt.Hash), fixture.Backend);
        return await prover.ProveAsync(attempt.Wires, attempt.Blinding.Aggregate((a, b) => a + b), Commitments(attempt, attempt.Folding), Cancel);
    }

    /// <summary>The commitments with the knowledge that the attacker has of them.</summary>
    private ProofCommitments Commitments(Attempt attempt, Fr folding)
    {
        DishonestProver prover = new(fixture.Key(attempt.Hash), fixture.Backend);
        G1 knowledge = G1.Infinity;
        Fr power = Fr.One;
        for (int i = 0; i < attempt.Values.Count; i++, power *= folding)
        {
            knowledge += prover.Knowledge(i, attempt.Values[i], attempt.Blinding[i]) * power;
        }

        return new ProofCommitments(attempt.Points.ToArray(), knowledge.ToAffine());
    }

    /// <summary>Solves the circuit with commitments of the attacker's making.</summary>
    private async Task<Attempt> SolveAsync(
        CommitmentHash hash,
        Fr? challenge,
        (string Name, Fr[] Values)? first = null,
        (string Name, Fr[] Values)? second = null,
        Fr[]? transcriptInputs = null,
        Action<int, Fr[]>? change = null,
        Func<int, G1>? shift = null)
    {
        Assignment assignment = new CommittingCircuit().Assign(fixture.Circuit);
        foreach ((string name, Fr[] values) in new[] { first, second }.OfType<(string, Fr[])>())
        {
            assignment.Set(name, values);
        }

        Attempt attempt = new(hash, new CommitmentLayout(fixture.Circuit), new DishonestProver(fixture.Key(hash), fixture.Backend))
        {
            Challenge = challenge,
            TranscriptInputs = transcriptInputs,
            Change = change,
            Shift = shift,
        };
        attempt.Wires = await Task.Run(() => WitnessSolver.Solve(fixture.Circuit, assignment, new SolverOptions { Challenges = attempt }, Cancel), Cancel);
        return attempt;
    }

    private sealed class Attempt(CommitmentHash hash, CommitmentLayout layout, DishonestProver prover) : IChallengeSource
    {
        private CommitmentTranscript? _transcript;

        public CommitmentHash Hash { get; } = hash;

        public Fr? Challenge { get; init; }

        public Fr[]? TranscriptInputs { get; init; }

        public Action<int, Fr[]>? Change { get; init; }

        public Func<int, G1>? Shift { get; init; }

        public ReadOnlyMemory<Fr> Wires { get; set; }

        public ReadOnlyMemory<Fr> Publics { get; private set; }

        public List<Fr[]> Values { get; } = [];

        public List<Fr> Blinding { get; } = [];

        public List<G1Affine> Points { get; } = [];

        public Fr Folding => _transcript!.Folding();

        public void Begin(ReadOnlySpan<Fr> publicInputs)
        {
            Publics = publicInputs.ToArray();
            _transcript = CommitmentTranscript.Start(Hash, TranscriptInputs ?? publicInputs);
        }

        public Fr Derive(int index, ReadOnlySpan<Fr> committed)
        {
            Fr[] values = new Fr[layout.Positions[index].Length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = committed[layout.Positions[index][i]];
            }

            Change?.Invoke(index, values);
            Values.Add(values);
            Blinding.Add(100 + index);
            Points.Add((prover.Commit(index, values, Blinding[index]) + (Shift?.Invoke(index) ?? G1.Infinity)).ToAffine());
            Fr drawn = _transcript!.Challenge(Points[index]);
            return Challenge ?? drawn;
        }
    }
}
