using Accel.Compute;
using Accel.Compute.Auto;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Proving.Groth16;

/// <summary>
/// Makes proofs of one key on one backend, with the key's points resident there. No proof leaves it unverified: hardware can be wrong,
/// and a witness can be. Calls may run concurrently when each has its own workspace.
/// </summary>
internal sealed class ProofEngine : IAsyncDisposable
{
    /// <summary>A device that comes back by its self-test between two attempts may spoil the second as well.</summary>
    private const int AttemptsMax = 3;

    private readonly ProvingKey _key;
    private readonly VerificationKey _verificationKey;
    private readonly IComputeBackend _backend;
    private readonly ResidentKey _bases;

    private ProofEngine(ProvingKey key, IComputeBackend backend, ResidentKey bases)
    {
        _key = key;
        _verificationKey = VerificationKey.FromProvingKey(key);
        _backend = backend;
        _bases = bases;
    }

    /// <summary>Makes a key's points resident on a backend, and keeps them in place until the engine is disposed.</summary>
    /// <param name="key">The key.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="isForOneProof">Do not wait for the transfer: a single proof begins with what is there.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    public static async Task<ProofEngine> LoadAsync(ProvingKey key, IComputeBackend backend, bool isForOneProof, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ResidentKey bases = new(key, backend, waits: isForOneProof && backend is IOrderedTransfers);
        try
        {
            if (!isForOneProof)
            {
                await bases.WholeAsync(cancel);
            }

            return new ProofEngine(key, backend, bases);
        }
        catch
        {
            await bases.DisposeAsync();
            throw;
        }
    }

    /// <summary>Working memory for one proof at a time.</summary>
    public ProofWorkspace CreateWorkspace() => new(_key.Header.DomainSize);

    /// <exception cref="ArgumentException">The witness has another length than the key's wires, or its wire 0 is not one.</exception>
    public void RequireWitness(CommittedWitness committed)
    {
        ReadOnlySpan<Fr> witness = committed.Wires.Span;
        if (witness.Length != _key.Header.WireCount)
        {
            throw new ArgumentException($"the witness has {witness.Length} values, but the key's circuit has {_key.Header.WireCount} wires", nameof(committed));
        }

        if (!witness[0].IsOne)
        {
            throw new ArgumentException($"wire 0 of the witness is {witness[0]}, but it must be the constant one", nameof(committed));
        }

        if (!ReferenceEquals(committed.Commitments?.Key, _key.Commitments))
        {
            throw new ArgumentException(
                $"the key draws {_key.Commitments?.Items.Count ?? 0} challenges from commitments, which this witness was not solved with: solve the circuit with the key, a finished witness will not do",
                nameof(committed));
        }
    }

    /// <summary>
    /// Solves a circuit, with challenges drawn from fresh commitments if it has any. The products of the commitments run on the backend.
    /// </summary>
    /// <exception cref="ArgumentException">The key is for another circuit.</exception>
    /// <exception cref="UnsatisfiedConstraintException">The inputs satisfy no witness.</exception>
    public CommittedWitness Solve(CompiledCircuit circuit, Assignment assignment, int threads, CancellationToken cancel)
    {
        WitnessCommitments? commitments = CommitmentsOf(circuit, cancel);
        Fr[] wires = WitnessSolver.Solve(circuit, assignment, new SolverOptions { ThreadCount = threads, Challenges = commitments }, cancel);
        return new CommittedWitness(wires, commitments);
    }

    /// <summary>Proves, with blinding that is fresh from the operating system's generator except in tests of determinism: known, it hides nothing.</summary>
    public Task<ProofResult> ProveAsync(
        CommittedWitness committed, Blinding blinding, ProofWorkspace workspace, ProverOptions options, IProgress<ProofPhase>? progress, CancellationToken cancel)
    {
        RequireWitness(committed);
        _key.RequireWhole();
        return ProveAsync(new Work(committed, workspace, options, new ProofTimings(progress), cancel), blinding, products: null);
    }

    /// <summary>
    /// Solves and proves. A backend that streams gets the witness while it is solved; for others, the CPU above all, the proof begins when the witness is whole.
    /// A solver that fails ends the proof with its own error, and a device that fails ends the solver.
    /// </summary>
    /// <exception cref="ArgumentException">The key is for another circuit.</exception>
    /// <exception cref="UnsatisfiedConstraintException">The inputs satisfy no witness.</exception>
    public async Task<ProofResult> ProveAsync(
        CompiledCircuit circuit, Assignment assignment, Blinding blinding, ProofWorkspace workspace, ProverOptions options, IProgress<ProofPhase>? progress, CancellationToken cancel)
    {
        _key.RequireWhole();
        ProofTimings timings = new(progress);
        if (_backend is IStreamingBackend device)
        {
            return await StreamAsync(device, circuit, assignment, blinding, workspace, options, timings, cancel);
        }

        CommittedWitness committed = await timings.MeasureAsync(
            ProofPhase.Solve, () => new ValueTask<CommittedWitness>(Task.Run(() => Solve(circuit, assignment, options.ThreadCount, cancel), cancel)));
        return await ProveAsync(new Work(committed, workspace, options, timings, cancel), blinding, products: null);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _bases.DisposeAsync();

    /// <exception cref="ArgumentException">The key is for another circuit.</exception>
    private WitnessCommitments? CommitmentsOf(CompiledCircuit circuit, CancellationToken cancel)
    {
        if (circuit.WireCount != _key.Header.WireCount || circuit.PublicCount != _key.Header.PublicCount)
        {
            throw new ArgumentException(
                $"{circuit.Name} has {circuit.PublicCount} public wires of {circuit.WireCount}, the key's circuit {_key.Header.PublicCount} of {_key.Header.WireCount}", nameof(circuit));
        }

        if (_key.Commitments is null)
        {
            circuit.RequireNoChallenges("this key");
        }

        return _key.Commitments is null ? null : new WitnessCommitments(_key, _key.Commitments, circuit, _backend, _bases.Commitments, cancel);
    }

    /// <summary>Solver, transfers and products side by side. Until there is a quotient the link is the witness's alone; bases that are not resident yet follow as ever.</summary>
    private async Task<ProofResult> StreamAsync(
        IStreamingBackend device, CompiledCircuit circuit, Assignment assignment, Blinding blinding, ProofWorkspace workspace, ProverOptions options, ProofTimings timings, CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        WitnessCommitments? commitments = CommitmentsOf(circuit, stop.Token);
        Fr[] values = new Fr[circuit.WireCount];
        CommittedWitness committed = new(values, commitments);
        ProofProducts products;
        WitnessTransfer transfer;
        GrowingScalars wires = new(values, options.ChunkWires);
        await using (IStreamedScalars sent = await device.StreamAsync(wires, stop.Token))
        {
            SolverOptions solving = new() { ThreadCount = options.ThreadCount, Challenges = commitments };
            Task<long> solver = timings.MeasureAsync(ProofPhase.Solve, () => new ValueTask<long>(Task.Run(
                () =>
                {
                    WitnessSolver.Solve(circuit, assignment, wires, solving, stop.Token);
                    return sent.BytesSent;
                },
                CancellationToken.None)));
            Work work = new(committed, workspace, options, timings, stop.Token);
            Task<ProofProducts> computing = ComputeAsync(work, new WitnessInFlight(wires, sent, commitments?.Drawn ?? Task.CompletedTask));
            if (await Task.WhenAny(solver, computing) is { IsCompletedSuccessfully: false })
            {
                await stop.CancelAsync();
            }

            // Both end before the device's memory is given back. What the solver says of its own comes first: to the products its failure is only wires that do not come.
            await Task.WhenAll(solver, computing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (solver.IsFaulted)
            {
                await solver;
            }

            products = await computing;
            transfer = new WitnessTransfer((long)wires.Count * sizeof(ulong) * 4, await solver);
        }

        ProofResult result = await ProveAsync(new Work(committed, workspace, options, timings, cancel), blinding, products);
        return result with { Transfer = transfer };
    }

    /// <param name="work">What to prove.</param>
    /// <param name="blinding">What hides the witness.</param>
    /// <param name="products">The products, if they are there already.</param>
    private async Task<ProofResult> ProveAsync(Work work, Blinding blinding, ProofProducts? products)
    {
        (CommittedWitness committed, _, _, ProofTimings timings, _) = work;
        ReadOnlyMemory<Fr> publicInputs = committed.Wires.Slice(1, _key.Header.PublicCount).ToArray();
        for (int attempt = 1; ; attempt++)
        {
            Proof proof = Combine(products ?? await ComputeAsync(work, inFlight: null), committed.Commitments, blinding);
            products = null;
            bool verified = await timings.MeasureAsync(
                ProofPhase.Verification, () => ValueTask.FromResult(Groth16Verifier.Verify(_verificationKey, publicInputs.Span, proof)));
            if (verified)
            {
                timings.Finish();
                return new ProofResult(proof, publicInputs, timings);
            }

            // Once more, if the backend can do without the devices that took part.
            if (attempt == AttemptsMax || (_backend as IDistrustful)?.Distrust("took part in a proof that does not verify") != true)
            {
                throw new UnverifiedProofException($"{_backend.Info.Kind} ({_backend.Info.Device})");
            }
        }
    }

    private async Task<ProofProducts> ComputeAsync(Work work, WitnessInFlight? inFlight)
    {
        (CommittedWitness committed, ProofWorkspace workspace, ProverOptions options, ProofTimings timings, CancellationToken cancel) = work;
        using ProofComputation computation = new(_key, _backend, _bases, committed.Wires, inFlight, committed.Commitments, workspace, timings, options, cancel);
        return await computation.RunAsync(options.CallsAtOnce ?? DefaultCallsAtOnce(options.ThreadCount));
    }

    /// <summary>
    /// Devices take all at once: their queue hides transfers, and what they leave to the host runs meanwhile. On the CPU a second call
    /// fills the threads that the first leaves idle where its steps meet; with fewer threads than processors it would take more than its share.
    /// </summary>
    private int DefaultCallsAtOnce(int threads)
    {
        if (_backend.Info.Kind != CpuBackend.Kind)
        {
            return ProofComputation.CallCount;
        }

        return threads > 1 && threads >= Environment.ProcessorCount ? 2 : 1;
    }

    /// <summary>A = α + Σ wᵢuᵢ + rδ, B = β + Σ wᵢvᵢ + sδ, C = Σ wᵢ(…)/δ + ht/δ + sA + rB − rsδ.</summary>
    private Proof Combine(ProofProducts products, WitnessCommitments? commitments, Blinding blinding)
    {
        ProvingKeyHeader header = _key.Header;
        G1 delta1 = G1.FromAffine(header.Delta1);
        G1 a = products.A + header.Alpha1 + (delta1 * blinding.R);
        G1 b1 = products.B1 + header.Beta1 + (delta1 * blinding.S);
        G2 b2 = products.B2 + header.Beta2 + (G2.FromAffine(header.Delta2) * blinding.S);
        G1 c = products.C + products.H + (a * blinding.S) + (b1 * blinding.R) - (delta1 * (blinding.R * blinding.S));
        return commitments is null
            ? new Proof(a.ToAffine(), b2.ToAffine(), c.ToAffine())
            : AddCommitments(new Proof(a.ToAffine(), b2.ToAffine(), G1Affine.Infinity), c, products.Knowledge, commitments);
    }

    /// <summary>C takes back what hides each commitment, Σ νⱼ·G1, and the proof of knowledge covers it: Σ ρʲνⱼσⱼδ·G1.</summary>
    private Proof AddCommitments(Proof proof, G1 c, G1 knowledge, WitnessCommitments commitments)
    {
        Fr hidden = Fr.Zero;
        Fr power = Fr.One;
        for (int i = 0; i < commitments.Points.Length; i++)
        {
            Fr blinding = commitments.Blinding.Span[i];
            hidden += blinding;
            knowledge += G1.FromAffine(_key.Commitments!.Items[i].SigmaDelta1) * (power * blinding);
            power *= commitments.Folding;
        }

        return proof with
        {
            C = (c - (G1.Generator * hidden)).ToAffine(),
            Commitments = new ProofCommitments(commitments.Points, knowledge.ToAffine()),
        };
    }

    /// <summary>What one proof is made of and with.</summary>
    private sealed record Work(CommittedWitness Committed, ProofWorkspace Workspace, ProverOptions Options, ProofTimings Timings, CancellationToken Cancel);
}

/// <summary>The three vectors of one proof over the domain; used by one proof after another.</summary>
internal sealed class ProofWorkspace(int domainSize) : IDisposable
{
    private readonly NativeVector<Fr> _a = new(domainSize);
    private readonly NativeVector<Fr> _b = new(domainSize);
    private readonly NativeVector<Fr> _c = new(domainSize);

    public Memory<Fr> A => _a.Memory;

    public Memory<Fr> B => _b.Memory;

    public Memory<Fr> C => _c.Memory;

    /// <summary>Gives the memory of B and C back until they are next written.</summary>
    public void DiscardFactors()
    {
        _b.Discard();
        _c.Discard();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ((IDisposable)_a).Dispose();
        ((IDisposable)_b).Dispose();
        ((IDisposable)_c).Dispose();
    }
}
