using Accel.Compute;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>From one transcript and one circuit come the same bytes here and in snarkjs.</summary>
[Collection(SharedPtau.Name)]
public sealed class PtauSetupTests(PtauFixture ptau)
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(60, 3)]
    [InlineData(124, 3)]
    public async Task The_initial_key_is_that_of_snarkjs_byte_for_byte(int constraints, int publics)
    {
        using TemporaryFolder folder = new();
        (SyntheticCircuit circuit, _) = SyntheticCircuit.Create(seed: 19 + constraints, constraints, publics);
        DevelopmentSetupTests.Save(folder["circuit.r1cs"], stream => R1csFile.Write(stream, circuit));
        Snarkjs.Run("groth16", "setup", folder["circuit.r1cs"], ptau.Prepared, folder["snarkjs.zkey"]);

        using ProvingKey key = await CreateAsync(circuit, ptau.Prepared);
        using MemoryStream ours = new();
        ZkeyFile.Write(ours, key);

        Assert.Equal(File.ReadAllBytes(folder["snarkjs.zkey"]), ours.ToArray());
        Assert.False(key.IsForDevelopment);
    }

    [Fact]
    public async Task A_contribution_by_snarkjs_completes_the_ceremony()
    {
        using TemporaryFolder folder = new();
        (SyntheticCircuit circuit, Fr[] witness) = SyntheticCircuit.Create(seed: 23, constraints: 50, publics: 2);
        DevelopmentSetupTests.Save(folder["circuit.r1cs"], stream => R1csFile.Write(stream, circuit));
        using ProvingKey initial = await CreateAsync(circuit, ptau.Prepared);
        DevelopmentSetupTests.Save(folder["initial.zkey"], stream => ZkeyFile.Write(stream, initial));

        Snarkjs.Run("zkey", "contribute", folder["initial.zkey"], folder["final.zkey"], "--name=only", "-e=some entropy");
        Snarkjs.Run("zkey", "verify", folder["circuit.r1cs"], ptau.Prepared, folder["final.zkey"]);

        using ProvingKey final = ZkeyFile.Read(folder["final.zkey"]);
        Assert.False(final.IsForDevelopment);
        Assert.Equal(witness[1..3], (await DevelopmentSetupTests.ProveAsync(final, witness)).PublicInputs.ToArray());
    }

    [Theory]
    [InlineData(CommitmentHash.Keccak256)]
    [InlineData(CommitmentHash.Poseidon)]
    public async Task An_initial_key_of_a_circuit_with_commitments_proves(CommitmentHash hash)
    {
        CommittingCircuit definition = new();
        using CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        using PtauFile file = PtauFile.Open(ptau.Prepared);
        using ProvingKey key = await Groth16Setup.CreateInitialKeyAsync(circuit, hash, file, threads: 2, progress: null, TestContext.Current.CancellationToken);
        await using CpuBackend backend = new();

        ProofResult result = await Groth16Prover.ProveAsync(
            key, circuit, definition.Assign(circuit), backend, options: null, progress: null, TestContext.Current.CancellationToken);

        VerificationKey verificationKey = VerificationKey.FromProvingKey(key);
        Assert.Equal(hash, verificationKey.Commitments!.Hash);
        Assert.Equal(3, verificationKey.Commitments.Items.DistinctBy(item => item.Sigma2).Count());
        Assert.True(Groth16Verifier.Verify(verificationKey, result.PublicInputs.Span, result.Proof));
        Assert.False(key.IsForDevelopment);

        // The key that a ceremony names by its hash is this one: the commitments are part of it.
        using ProvingKey other = await Groth16Setup.CreateInitialKeyAsync(
            circuit, hash == CommitmentHash.Poseidon ? CommitmentHash.Keccak256 : CommitmentHash.Poseidon, file, threads: 2, progress: null, TestContext.Current.CancellationToken);
        Assert.NotEqual(key.History.CircuitHash.ToArray(), other.History.CircuitHash.ToArray());
    }

    [Fact]
    public void A_transcript_comes_out_as_it_went_in()
    {
        foreach (string path in (string[])[ptau.Unprepared, ptau.Prepared])
        {
            using PtauFile file = PtauFile.Open(path);
            using MemoryStream written = new();

            file.Write(written);
            file.CheckAllPoints();

            Assert.Equal(File.ReadAllBytes(path), written.ToArray());
            Assert.Equal((PtauFixture.Power, PtauFixture.Power), (file.Power, file.CeremonyPower));
            Assert.Equal(["first", "last"], file.Contributions.Select(contribution => contribution.Name));
            Assert.Equal([0u, 1u], file.Contributions.Select(contribution => contribution.Parameters.Kind));
            Assert.Equal(file.TauG1(1, 1).Span[0], file.Contributions[1].TauG1);
            Assert.Equal(file.AlphaG1(), file.Contributions[1].AlphaG1);
            Assert.Equal(file.BetaG1(), file.Contributions[1].BetaG1);
            Assert.Equal(file.BetaG2(), file.Contributions[1].BetaG2);
        }
    }

    [Fact]
    public void Lagrange_bases_sum_to_the_generators()
    {
        using PtauFile file = PtauFile.Read("prepared.ptau", File.ReadAllBytes(ptau.Prepared));

        Assert.Equal(G1.Generator, Sum(file.LagrangeG1(PtauFixture.Power + 1)));
        Assert.Equal(G1.FromAffine(file.AlphaG1()), Sum(file.LagrangeAlphaG1(3)));
        Assert.Equal(G1.FromAffine(file.BetaG1()), Sum(file.LagrangeBetaG1(0)));
        Assert.Equal(G2.Generator, Sum(file.LagrangeG2(PtauFixture.Power)));
    }

    [Fact]
    public async Task An_unprepared_transcript_is_refused_with_the_remedy()
    {
        (SyntheticCircuit circuit, _) = SyntheticCircuit.Create(seed: 29, constraints: 2, publics: 1);
        using PtauFile file = PtauFile.Open(ptau.Unprepared);

        Assert.False(file.IsPrepared);
        InvalidFileException exception = await Assert.ThrowsAsync<InvalidFileException>(() => CreateAsync(circuit, ptau.Unprepared));
        Assert.Contains("powersoftau prepare phase2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circuit_too_large_for_the_transcript_is_refused()
    {
        (SyntheticCircuit circuit, _) = SyntheticCircuit.Create(seed: 31, constraints: 128, publics: 0);

        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => CreateAsync(circuit, ptau.Prepared));
        Assert.Contains("2^8", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<ProvingKey> CreateAsync(IConstraintSystem circuit, string path)
    {
        using PtauFile file = PtauFile.Open(path);
        return await Groth16Setup.CreateInitialKeyAsync(circuit, file, threads: 2, progress: null, TestContext.Current.CancellationToken);
    }

    private static XyzzPoint<TField, TCurve> Sum<TField, TCurve>(ReadOnlyMemory<AffinePoint<TField, TCurve>> points)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        XyzzPoint<TField, TCurve> sum = default;
        foreach (AffinePoint<TField, TCurve> point in points.Span)
        {
            sum += point;
        }

        return sum;
    }
}
