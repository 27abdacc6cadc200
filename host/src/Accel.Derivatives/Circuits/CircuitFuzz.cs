using System.Collections.Concurrent;
using System.Diagnostics;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Accel.Proving.Soundness;

namespace Accel.Derivatives.Circuits;

/// <summary>How much of a statement is searched.</summary>
public sealed record CircuitFuzzOptions
{
    /// <summary>Seeds instances, samples and lies.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Random instances on which circuit and reference are compared.</summary>
    public int Cases { get; init; } = 20;

    /// <summary>Hint calls that are lied to, and constraints that are deleted, each at most this many.</summary>
    public int Mutations { get; init; } = 100;

    /// <summary>Size; by default the statement's small one.</summary>
    public string? Shape { get; init; }

    /// <summary>How the public fields are shown.</summary>
    public PublicFace Face { get; init; }
}

/// <summary>What a search over a statement found.</summary>
/// <param name="Circuit">Name, size and face.</param>
/// <param name="ConstraintCount">Constraints.</param>
/// <param name="CaseCount">Instances on which circuit and reference were compared.</param>
/// <param name="UnitCount">Trades, accounts or whatever the statement counts in, over all those instances.</param>
/// <param name="FailedCases">Those that the circuit refused, with seed and constraint. Must be empty.</param>
/// <param name="Soundness">Wires, lies and deletions on the first instances.</param>
/// <param name="Gadgets">Gadgets whose solutions were enumerated.</param>
/// <param name="Elapsed">Time for all of it.</param>
public sealed record CircuitFuzzReport(
    string Circuit,
    int ConstraintCount,
    int CaseCount,
    long UnitCount,
    IReadOnlyList<string> FailedCases,
    SoundnessReport Soundness,
    IReadOnlyList<GadgetUniqueness> Gadgets,
    TimeSpan Elapsed)
{
    /// <summary>Whether nothing was found that must not be.</summary>
    public bool IsClean => FailedCases.Count == 0 && Soundness.Defects.Count == 0 && Gadgets.All(gadget => gadget.Defects.Count == 0);
}

/// <summary>Searches a statement of the catalogue for flaws: against its reference, and by the four soundness tests.</summary>
public static class CircuitFuzz
{
    /// <summary>Deletions are tried on all of these instances, wires and hints on the first few.</summary>
    private const int SoundnessInstances = 8;

    private const int CheckedInstances = 2;

    /// <summary>Gadgets whose constraints are deleted one by one in their own tests; in a statement they would drown its own rules.</summary>
    private static readonly string[] ProvenGadgets = ["Poseidon(", "MerkleLevel", "EdDsaPoseidon"];

    private static IReadOnlyList<GadgetUniqueness>? _gadgets;

    /// <summary>Runs the search.</summary>
    /// <exception cref="FormatException">The size is not one of the statement.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CircuitFuzzReport Run(CircuitEntry entry, CircuitFuzzOptions options, IProgress<SoundnessProgress>? progress = null,
        CancellationToken cancel = default)
    {
        long start = Stopwatch.GetTimestamp();
        string shape = options.Shape ?? entry.SmallShape;
        using CompiledCircuit circuit = CompiledCircuit.Compile(entry.Create(shape, options.Face));
        IReadOnlyList<string> failed = Compare(entry, circuit, shape, options, progress, cancel);
        SoundnessOptions soundness = new()
        {
            Seed = options.Seed,
            HintSampleMax = options.Mutations,
            DeletionSampleMax = options.Mutations,
            KeptConstraints = ProvenGadgets,
            CheckedAssignmentsMax = CheckedInstances,
            MutationsPerDeletionMax = 3_000,
            TimeBudget = TimeSpan.FromHours(1),
        };
        Assignment[] instances = [.. Enumerable.Range(options.Seed, SoundnessInstances)
            .Select(seed => entry.Draw(circuit, shape, options.Face, seed))];
        SoundnessReport report = SoundnessHarness.Examine(circuit, instances, soundness, progress, cancel);

        // The same for every statement, and seconds of work.
        IReadOnlyList<GadgetUniqueness> gadgets = _gadgets ??= GadgetUniqueness.Enumerate(cancel);
        return new CircuitFuzzReport(
            circuit.Name, circuit.ConstraintCount, options.Cases, (long)options.Cases * entry.UnitCount(shape), failed, report, gadgets, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Compares circuit and reference on random instances and does nothing else.</summary>
    /// <returns>The instances that the circuit refused, with seed and constraint.</returns>
    /// <exception cref="FormatException">The size is not one of the statement.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<string> Compare(
        CircuitEntry entry, CircuitFuzzOptions options, IProgress<SoundnessProgress>? progress = null, CancellationToken cancel = default)
    {
        string shape = options.Shape ?? entry.SmallShape;
        using CompiledCircuit circuit = CompiledCircuit.Compile(entry.Create(shape, options.Face));
        return Compare(entry, circuit, shape, options, progress, cancel);
    }

    /// <summary>Instances side by side, each on one thread: most levels of a small circuit are too short to share.</summary>
    private static IReadOnlyList<string> Compare(
        CircuitEntry entry, CompiledCircuit circuit, string shape, CircuitFuzzOptions options, IProgress<SoundnessProgress>? progress, CancellationToken cancel)
    {
        ConcurrentDictionary<int, Violation> failed = new();
        int done = 0;
        ParallelOptions parallel = new() { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(options.Seed, options.Seed + options.Cases, parallel, seed =>
        {
            Assignment instance = entry.Draw(circuit, shape, options.Face, seed);
            if (WitnessSolver.TrySolve(circuit, instance, new SolverOptions { ThreadCount = 1 }, cancel).Violation is { } violation)
            {
                failed[seed] = violation;
            }

            progress?.Report(new SoundnessProgress("random instances", Interlocked.Increment(ref done), options.Cases));
        });
        return [.. failed.OrderBy(pair => pair.Key).Select(pair => $"seed {pair.Key}: {pair.Value}")];
    }
}
