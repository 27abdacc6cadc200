using System.Diagnostics;

namespace Accel.Proving.Groth16;

/// <summary>A step of proving.</summary>
public enum ProofPhase
{
    /// <summary>The witness, where the proof begins with the inputs and not with a witness. On a device that takes it while it grows, products begin meanwhile.</summary>
    Solve,

    /// <summary>⟨A,w⟩ and ⟨B,w⟩ of every constraint, and their product.</summary>
    WitnessMap,

    /// <summary>The quotient on the coset, by transforms.</summary>
    Quotient,

    /// <summary>Σ wᵢ·Aᵢ in G1.</summary>
    ProductA,

    /// <summary>Σ wᵢ·Bᵢ in G1.</summary>
    ProductB1,

    /// <summary>Σ wᵢ·Bᵢ in G2.</summary>
    ProductB2,

    /// <summary>Σ wᵢ·Cᵢ over the private wires, in G1, and the proof of knowledge of the commitments if there are any.</summary>
    ProductC,

    /// <summary>Σ hᵢ·Hᵢ in G1.</summary>
    ProductH,

    /// <summary>The check of the finished proof on the host.</summary>
    Verification,
}

/// <summary>When each step of one proof began and how long it took. Steps overlap, so that their sum may exceed <see cref="Total"/>.</summary>
public sealed class ProofTimings
{
    private readonly long _origin = Stopwatch.GetTimestamp();
    private readonly TimeSpan[] _starts = new TimeSpan[(int)ProofPhase.Verification + 1];
    private readonly TimeSpan[] _phases = new TimeSpan[(int)ProofPhase.Verification + 1];
    private readonly bool[] _begun = new bool[(int)ProofPhase.Verification + 1];
    private readonly IProgress<ProofPhase>? _progress;

    internal ProofTimings(IProgress<ProofPhase>? progress) => _progress = progress;

    /// <summary>From the start of the proof, the solver's included where it has that step, to its verification.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>The duration of one step; steps that ran beside it slowed it down.</summary>
    public TimeSpan this[ProofPhase phase] => _phases[(int)phase];

    /// <summary>Whether the proof had the step.</summary>
    public bool Has(ProofPhase phase) => _begun[(int)phase];

    /// <summary>When one step began, counted from the start of the proof.</summary>
    public TimeSpan StartOf(ProofPhase phase) => _starts[(int)phase];

    internal async Task<T> MeasureAsync<T>(ProofPhase phase, Func<ValueTask<T>> step)
    {
        _progress?.Report(phase);
        _begun[(int)phase] = true;
        _starts[(int)phase] = Stopwatch.GetElapsedTime(_origin);
        T result = await step();
        _phases[(int)phase] = Stopwatch.GetElapsedTime(_origin) - _starts[(int)phase];
        return result;
    }

    internal void Finish() => Total = Stopwatch.GetElapsedTime(_origin);
}
