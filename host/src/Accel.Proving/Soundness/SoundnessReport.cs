using System.Text;
using Accel.Proving.Frontend;

namespace Accel.Proving.Soundness;

/// <summary>How much of a circuit the harness looks at. Small circuits are examined whole; a big one is sampled from the seed.</summary>
public sealed record SoundnessOptions
{
    /// <summary>Seeds samples and random lies; printed in the report.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>At most this many hint calls are lied to.</summary>
    public int HintSampleMax { get; init; } = int.MaxValue;

    /// <summary>At most this many constraints are deleted.</summary>
    public int DeletionSampleMax { get; init; } = int.MaxValue;

    /// <summary>Constraints whose name contains one of these are not deleted: parts that are searched whole by themselves.</summary>
    public IReadOnlyList<string> KeptConstraints { get; init; } = [];

    /// <summary>Wires and hints are examined with at most this many of several assignments; deletions use them all.</summary>
    public int CheckedAssignmentsMax { get; init; } = 4;

    /// <summary>At most this many mutations are tried on one deleted constraint.</summary>
    public int MutationsPerDeletionMax { get; init; } = 300;

    /// <summary>No further hint call or constraint is taken after this long in each part.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Lies that know what a hint means.</summary>
    public HintLies Lies { get; init; } = new();
}

/// <summary>How far a search is.</summary>
/// <param name="Part">What is being examined.</param>
/// <param name="Done">How many of it are done.</param>
/// <param name="Total">How many there are.</param>
public readonly record struct SoundnessProgress(string Part, int Done, int Total);

/// <summary>What the harness found. Parts that were not run count zero.</summary>
public sealed class SoundnessReport
{
    /// <summary>The circuit's name.</summary>
    public required string Circuit { get; init; }

    /// <summary>The seed of samples and lies.</summary>
    public required int Seed { get; init; }

    /// <summary>Wires examined, all but the constant one and the inputs; summed over the assignments that were tried.</summary>
    public int WireCount { get; internal set; }

    /// <summary>Wires that may change alone because a hint declares them free for this witness.</summary>
    public int FreeWireCount { get; internal set; }

    /// <summary>Hint calls of the circuit.</summary>
    public int HintCount { get; internal set; }

    /// <summary>Hint calls that were lied to, summed over the assignments that were tried.</summary>
    public int HintSampleCount { get; internal set; }

    /// <summary>Lies told.</summary>
    public int LieCount { get; internal set; }

    /// <summary>Lies that solved on to a full witness where the hint declares its outputs free.</summary>
    public int FreeLieCount { get; internal set; }

    /// <summary>Constraints that could be deleted: those of the circuit without <see cref="SoundnessOptions.KeptConstraints"/>.</summary>
    public int DeletableCount { get; internal set; }

    /// <summary>Constraints that were deleted.</summary>
    public int DeletionCount { get; internal set; }

    /// <summary>Deleted constraints for which some mutation is caught by that constraint alone.</summary>
    public int KilledCount { get; internal set; }

    /// <summary>Constraints that no mutation needs, by name: redundant, or beyond the mutations' reach.</summary>
    public List<string> Survivors { get; } = [];

    /// <summary>Wires and lies that the constraints leave open without a declaration. Must be empty.</summary>
    public List<string> Defects { get; } = [];

    /// <summary>Time spent searching; compiling and solving are not part of it.</summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>Killed ÷ deleted; 1 when none was deleted.</summary>
    public double KillRate => DeletionCount == 0 ? 1 : (double)KilledCount / DeletionCount;

    /// <inheritdoc />
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(FormattableString.Invariant($"{Circuit}, seed {Seed}: {WireCount} wires ({FreeWireCount} declared free), "));
        text.Append(FormattableString.Invariant($"{LieCount} lies to {HintSampleCount} of {HintCount} hint calls "));
        text.Append(FormattableString.Invariant($"({FreeLieCount} where declared free), {KilledCount} of {DeletionCount} deletions among "));
        text.Append(FormattableString.Invariant($"{DeletableCount} constraints caught ({KillRate:P1}), {Defects.Count} defects"));
        AppendList(text, "defect", Defects);
        AppendList(text, "survivor", Survivors);
        return text.ToString();
    }

    /// <summary>Adds what another assignment of the same circuit showed; deletions are counted once, by the first.</summary>
    internal SoundnessReport Add(SoundnessReport other)
    {
        WireCount += other.WireCount;
        FreeWireCount += other.FreeWireCount;
        HintSampleCount += other.HintSampleCount;
        LieCount += other.LieCount;
        FreeLieCount += other.FreeLieCount;
        Elapsed += other.Elapsed;
        Defects.AddRange(other.Defects);
        return this;
    }

    internal void SetSurvivors(CompiledCircuit circuit, IReadOnlyCollection<int> survivors)
    {
        KilledCount = DeletionCount - survivors.Count;
        Survivors.AddRange(survivors.Order().Select(row => $"constraint {row} '{circuit.NameOf(row)}'"));
    }

    private static void AppendList(StringBuilder text, string label, List<string> items)
    {
        foreach (string item in items.Take(40))
        {
            text.AppendLine().Append("  ").Append(label).Append(": ").Append(item);
        }
    }
}
