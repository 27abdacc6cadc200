using Accel.Compute;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Solver;

namespace Accel.Proving.Groth16;

/// <summary>
/// Makes the commitments of one proof while its witness is solved: Dⱼ = Σ wᵢ·Kᵢ + νⱼδ·G1 with a fresh random νⱼ, so that Dⱼ is uniformly
/// distributed whatever the wires are. The proof's C takes νⱼ back: e(νδ·G1, G2)·e(−ν·G1, δ·G2) = 1.
/// </summary>
internal sealed class WitnessCommitments : IChallengeSource
{
    private readonly ProvingKey _key;
    private readonly ProvingKeyCommitments _commitments;
    private readonly CommitmentLayout _layout;
    private readonly IComputeBackend _backend;
    private readonly IReadOnlyList<Task<IBaseSet<G1Affine>>> _bases;
    private readonly CancellationToken _cancel;
    private readonly G1Affine[] _points;
    private readonly Fr[] _blinding;
    private readonly TaskCompletionSource _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CommitmentTranscript? _transcript;

    /// <exception cref="ArgumentException">The key is not for this circuit.</exception>
    public WitnessCommitments(
        ProvingKey key, ProvingKeyCommitments commitments, IConstraintSystem circuit, IComputeBackend backend, IReadOnlyList<Task<IBaseSet<G1Affine>>> bases, CancellationToken cancel)
    {
        _key = key;
        _commitments = commitments;
        _layout = new CommitmentLayout(circuit);
        bool same = _layout.Challenges.SequenceEqual(commitments.Items.Select(item => item.ChallengeWire))
            && _layout.Wires.Select(wires => wires.Length).SequenceEqual(commitments.Items.Select(item => item.WireCount))
            && _layout.Wires.SelectMany(wires => wires).ToArray().AsSpan().SequenceEqual(commitments.Wires.Span);
        if (!same)
        {
            throw new ArgumentException("the key commits to other wires than the circuit: it was made for another one", nameof(circuit));
        }

        _backend = backend;
        _bases = bases;
        _cancel = cancel;
        _points = new G1Affine[commitments.Items.Count];
        _blinding = new Fr[commitments.Items.Count];
    }

    /// <summary>What the commitments were made with.</summary>
    public ProvingKeyCommitments Key => _commitments;

    /// <summary>Ends when the last challenge is drawn: from then on the solver needs the backend no more.</summary>
    public Task Drawn => _drawn.Task;

    /// <summary>Dⱼ of each commitment, once the witness is solved.</summary>
    public ReadOnlyMemory<G1Affine> Points => _points;

    /// <summary>νⱼ of each commitment, once the witness is solved.</summary>
    public ReadOnlyMemory<Fr> Blinding => _blinding;

    /// <summary>ρ, once the witness is solved.</summary>
    public Fr Folding => Transcript.Folding();

    private CommitmentTranscript Transcript => _transcript ?? throw new InvalidOperationException("the public inputs come before the first commitment");

    public void Begin(ReadOnlySpan<Fr> publicInputs) => _transcript = CommitmentTranscript.Start(_commitments.Hash, publicInputs);

    public Fr Derive(int index, ReadOnlySpan<Fr> committed)
    {
        Fr[] scalars = new Fr[_layout.Positions[index].Length];
        for (int i = 0; i < scalars.Length; i++)
        {
            scalars[i] = committed[_layout.Positions[index][i]];
        }

        _blinding[index] = RandomScalar.Next();
        G1 sum = G1.FromAffine(_key.Header.Delta1) * _blinding[index];
        if (scalars.Length > 0)
        {
            // The solver's steps are synchronous; a product that ran on this thread's context could wait for itself.
            sum += Task.Run(async () => await _backend.MsmAsync(await _bases[index], new MemoryScalarSource(scalars), _cancel), _cancel).GetAwaiter().GetResult();
        }

        _points[index] = sum.ToAffine();
        Fr challenge = Transcript.Challenge(_points[index]);
        if (index == _points.Length - 1)
        {
            _drawn.SetResult();
        }

        return challenge;
    }
}

/// <summary>
/// A witness together with the commitments that its challenges were drawn from. Proofs made from one such witness share their commitments, which
/// shows that they are of one witness; solve again where that must stay hidden.
/// </summary>
public sealed class CommittedWitness
{
    internal CommittedWitness(ReadOnlyMemory<Fr> wires, WitnessCommitments? commitments)
    {
        Wires = wires;
        Commitments = commitments;
    }

    /// <summary>The value of every wire.</summary>
    public ReadOnlyMemory<Fr> Wires { get; }

    internal WitnessCommitments? Commitments { get; }
}
