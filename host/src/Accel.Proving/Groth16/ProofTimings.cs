using System.Diagnostics;

namespace Accel.Proving.Groth16;

/// <summary>A step of proving.</summary>
public enum ProofPhase
{
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

    /// <summary>Σ wᵢ·Cᵢ over the private wires, in G1.</summary>
    ProductC,

    /// <summary>Σ hᵢ·Hᵢ in G1.</summary>
    ProductH,

    /// <summary>The check of the finished proof on the host.</summary>
    Verification,
}

/// <summary>How long each step of one proof took. Steps may overlap, so that their sum may exceed <see cref="Total"/>.</summary>
public sealed class ProofTimings
{
    private readonly TimeSpan[] _phases = new TimeSpan[(int)ProofPhase.Verification + 1];

    /// <summary>From the call to the verified proof.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>The duration of one step.</summary>
    public TimeSpan this[ProofPhase phase] => _phases[(int)phase];

    internal async Task<T> MeasureAsync<T>(ProofPhase phase, IProgress<ProofPhase>? progress, Func<ValueTask<T>> step)
    {
        progress?.Report(phase);
        long start = Stopwatch.GetTimestamp();
        T result = await step();
        _phases[(int)phase] = Stopwatch.GetElapsedTime(start);
        return result;
    }

    internal void Finish(long start) => Total = Stopwatch.GetElapsedTime(start);
}
