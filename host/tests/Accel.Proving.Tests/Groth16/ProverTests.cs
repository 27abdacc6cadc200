using Accel.Compute;
using Accel.Compute.Auto;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Formats;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>What the prover refuses, before and after the work, and what its blinding does.</summary>
public sealed class ProverTests : IDisposable
{
    private const string Name = "arianee-ownershipVerifier";

    private readonly ProvingKey _key = ZkeyFile.Read(RealKeys.File(Name, "circuit.zkey"));
    private readonly Fr[] _witness = WitnessFile.Read(Name, RealKeys.WitnessBytes(Name));

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task A_witness_of_another_length_is_refused_before_any_work()
    {
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => ProveAsync(_witness[1..]));

        Assert.Contains("268 values, but the key's circuit has 269 wires", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_witness_whose_wire_0_is_not_one_is_refused_before_any_work()
    {
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => ProveAsync([2, .. _witness[1..]]));

        Assert.Contains("wire 0 of the witness is 2", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(200)]
    public async Task A_witness_that_does_not_satisfy_the_circuit_yields_no_proof(int wire)
    {
        Fr[] wrong = [.. _witness];
        wrong[wire] += Fr.One;

        UnverifiedProofException exception = await Assert.ThrowsAsync<UnverifiedProofException>(() => ProveAsync(wrong));
        Assert.StartsWith("cpu", exception.Backend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_computes_wrongly_yields_no_proof()
    {
        await using FaultyBackend backend = new();

        UnverifiedProofException exception = await Assert.ThrowsAsync<UnverifiedProofException>(
            () => Groth16Prover.ProveAsync(_key, _witness, backend, options: null, progress: null, TestContext.Current.CancellationToken));
        Assert.Contains("faulty", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_spoils_a_proof_in_silence_is_found_out_and_the_proof_made_without_it()
    {
        PhaseLog<DeviceNotice> notices = new();
        await using AutoBackend backend = await OpenWithLiarAsync(notices);
        ProofResult result = await Groth16Prover.ProveAsync(_key, _witness, backend, options: null, progress: null, TestContext.Current.CancellationToken);
        Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(_key), result.PublicInputs.Span, result.Proof));
        DeviceNotice notice = Assert.Single(notices.Entries);
        Assert.Equal(("liar", DeviceHealth.Quarantined), (notice.Device, notice.Health));
        Assert.Contains("does not verify", notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_witness_is_no_proof_on_any_device()
    {
        await using AutoBackend backend = await OpenWithLiarAsync(new PhaseLog<DeviceNotice>());
        Fr[] wrong = [.. _witness];
        wrong[1] += Fr.One;
        await Assert.ThrowsAsync<UnverifiedProofException>(
            () => Groth16Prover.ProveAsync(_key, wrong, backend, options: null, progress: null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_proofs_of_one_witness_share_no_point()
    {
        Proof one = (await ProveAsync(_witness)).Proof;
        Proof other = (await ProveAsync(_witness)).Proof;

        Assert.NotEqual(one.A, other.A);
        Assert.NotEqual(one.B, other.B);
        Assert.NotEqual(one.C, other.C);
    }

    [Fact]
    public async Task Given_blinding_fixes_the_proof_however_many_calls_run_at_once()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using CpuBackend backend = new();
        await using ProofEngine engine = await ProofEngine.LoadAsync(_key, backend, isForOneProof: false, cancel);
        using ProofWorkspace workspace = engine.CreateWorkspace();
        Blinding blinding = new(1234, 5678);

        List<Proof> proofs = [];
        for (int calls = 1; calls <= ProofComputation.CallCount + 1; calls++)
        {
            ProofResult result = await engine.ProveAsync(new CommittedWitness(_witness, commitments: null), blinding, workspace, new ProverOptions { CallsAtOnce = calls }, progress: null, cancel);
            proofs.Add(result.Proof);
        }

        Assert.Single(proofs.Distinct());
    }

    [Fact]
    public async Task Every_phase_is_reported_once_and_timed()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        PhaseLog<ProofPhase> log = new();
        await using CpuBackend backend = new();

        ProofResult result = await Groth16Prover.ProveAsync(_key, _witness, backend, options: null, log, cancel);

        ProofPhase[] all = [.. Enum.GetValues<ProofPhase>().Where(phase => phase != ProofPhase.Solve)];
        Assert.Equal(all, log.Entries.Order());
        Assert.Equal(all, Enum.GetValues<ProofPhase>().Where(result.Timings.Has));
        Assert.All(all, phase => Assert.InRange(result.Timings[phase], TimeSpan.FromTicks(1), result.Timings.Total - result.Timings.StartOf(phase)));
        Assert.True(result.Timings.StartOf(ProofPhase.ProductH) >= result.Timings.StartOf(ProofPhase.Quotient) + result.Timings[ProofPhase.Quotient]);
    }

    [Fact]
    public async Task A_cancelled_proof_ends_as_cancelled()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        await using CpuBackend backend = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Groth16Prover.ProveAsync(_key, _witness, backend, options: null, progress: null, source.Token));
    }

    [Fact]
    public void A_key_whose_parts_contradict_each_other_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ProvingKey(_key.Header with { PublicCount = 2 }, _key.Points, _key.Constraints, _key.History));
        Assert.Throws<ArgumentException>(() => new ProvingKey(_key.Header with { DomainLog2 = 8 }, _key.Points, _key.Constraints, _key.History));
        Assert.Throws<ArgumentException>(() => new SparseMatrix([Fr.One], [], [0, 1]));
    }

    /// <summary>A processor, and a device that is chosen for everything and wrong in all products.</summary>
    private static Task<AutoBackend> OpenWithLiarAsync(IProgress<DeviceNotice> notices)
    {
        static CostModel Takes(double milliseconds) => new(Enum.GetValues<ComputeOperation>().Select(operation => new OperationTime(operation, 1, milliseconds)));
        return AutoBackend.OpenAsync(
            new AutoDevice("cpu", Takes(100), _ => new(new CpuBackend())),
            [new AutoDevice("liar", Takes(1), _ => new(new FaultyBackend()))],
            new AutoBackendOptions { Notices = notices },
            TestContext.Current.CancellationToken);
    }

    private async Task<ProofResult> ProveAsync(Fr[] witness)
    {
        await using CpuBackend backend = new();
        return await Groth16Prover.ProveAsync(_key, witness, backend, options: null, progress: null, TestContext.Current.CancellationToken);
    }
}
