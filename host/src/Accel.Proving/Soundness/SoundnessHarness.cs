using System.Diagnostics;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Proving.Soundness;

/// <summary>
/// Looks for what a dishonest prover could get past a circuit, starting from one satisfying witness: wires that may change alone,
/// hints that may lie, and constraints whose deletion nobody would notice.
/// </summary>
public sealed class SoundnessHarness
{
    private const uint WiresPerReport = 1 << 14;

    private readonly CompiledCircuit _circuit;
    private readonly SoundnessOptions _options;
    private readonly FlatCircuit _flat;
    private readonly Fr[] _witness;
    private readonly IChallengeSource? _challenges;
    private readonly IProgress<SoundnessProgress>? _progress;

    /// <summary>Solves the circuit and indexes it.</summary>
    /// <exception cref="UnsatisfiedConstraintException">The assignment does not satisfy the circuit.</exception>
    public SoundnessHarness(
        CompiledCircuit circuit,
        Assignment assignment,
        SoundnessOptions? options = null,
        IChallengeSource? challenges = null,
        IProgress<SoundnessProgress>? progress = null)
    {
        _progress = progress;
        _circuit = circuit;
        _options = options ?? new SoundnessOptions();
        _challenges = challenges;
        _witness = WitnessSolver.Solve(circuit, assignment, new SolverOptions { Challenges = challenges });
        _flat = new FlatCircuit(circuit);
        Report = new SoundnessReport { Circuit = circuit.Name, Seed = _options.Seed, HintCount = _flat.Sites.Length };
    }

    /// <summary>What was found so far.</summary>
    public SoundnessReport Report { get; }

    /// <summary>
    /// Examines wires and hints with the first few assignments and deletes constraints with all of them: a deletion that is caught with any
    /// counts as caught.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="assignments">Assignments that satisfy it, at least one.</param>
    /// <param name="options">How much to look at.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancel">Ends the search.</param>
    /// <exception cref="ArgumentException">There is no assignment.</exception>
    /// <exception cref="UnsatisfiedConstraintException">An assignment does not satisfy the circuit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SoundnessReport Examine(
        CompiledCircuit circuit,
        IReadOnlyList<Assignment> assignments,
        SoundnessOptions? options = null,
        IProgress<SoundnessProgress>? progress = null,
        CancellationToken cancel = default)
    {
        SoundnessReport? total = null;
        HashSet<int>? survivors = null;
        for (int i = 0; i < assignments.Count; i++)
        {
            SoundnessHarness harness = new(circuit, assignments[i], options, progress: progress);
            if (i < harness._options.CheckedAssignmentsMax)
            {
                harness.CheckWires(cancel).LieToHints(cancel);
            }

            survivors = harness.FindSurvivors(survivors, cancel);
            total = total is null ? harness.Report : total.Add(harness.Report);
        }

        if (total is null)
        {
            throw new ArgumentException("at least one assignment is needed", nameof(assignments));
        }

        total.SetSurvivors(circuit, survivors!);
        return total;
    }

    /// <summary>
    /// (a) Every wire occurs in a constraint, and none may change alone. For one wire a row is (a + αδ)(b + βδ) = c + γδ, so each row that
    /// holds at δ = 0 holds for every δ, for no other, or for one other: all changes are examined, not a sample.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SoundnessHarness CheckWires(CancellationToken cancel = default)
    {
        long start = Stopwatch.GetTimestamp();
        SingleWireFreedom freedom = new(_flat, _witness);
        HashSet<uint> inputs = [.. _circuit.Inputs.SelectMany(input => Enumerable.Range(0, input.Count).Select(i => input.FirstWire + (uint)i))];
        for (uint wire = 1; wire < _flat.WireCount; wire++)
        {
            if (wire % WiresPerReport == 0)
            {
                cancel.ThrowIfCancellationRequested();
                _progress?.Report(new SoundnessProgress("wires", (int)wire, _flat.WireCount));
            }

            if (!freedom.Occurs(wire))
            {
                Report.Defects.Add($"wire {wire} ({Describe(wire)}) occurs in no constraint");
            }
            else if (!inputs.Contains(wire))
            {
                Report.WireCount++;
                if (freedom.MayChange(wire, out Fr by))
                {
                    NoteFreeWire(wire, by);
                }
            }
        }

        Report.Elapsed += Stopwatch.GetElapsedTime(start);
        return this;
    }

    /// <summary>(b) Every hint call, or a sample, answers lies; honest solving goes on from each until a constraint fails.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SoundnessHarness LieToHints(CancellationToken cancel = default)
    {
        Random random = new(_options.Seed);
        Replay replay = new(_flat, _witness, _challenges);
        Stopwatch clock = Stopwatch.StartNew();
        int[] sample = Sample(_flat.Sites.Length, _options.HintSampleMax, random);
        foreach (int index in sample)
        {
            cancel.ThrowIfCancellationRequested();
            _progress?.Report(new SoundnessProgress("hint calls lied to", Report.HintSampleCount, sample.Length));
            if (clock.Elapsed > _options.TimeBudget)
            {
                break;
            }

            Report.HintSampleCount++;
            LieTo(_flat.Sites[index], replay, random);
        }

        Report.Elapsed += clock.Elapsed;
        return this;
    }

    /// <summary>(d) Deletes constraints one by one, and looks for a mutation that the deleted one alone would have caught.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SoundnessHarness DeleteConstraints(CancellationToken cancel = default)
    {
        Report.SetSurvivors(_circuit, FindSurvivors(null, cancel));
        return this;
    }

    /// <summary>The deleted rows that nothing missed, among those that nothing missed so far.</summary>
    private HashSet<int> FindSurvivors(HashSet<int>? among, CancellationToken cancel)
    {
        Random random = new(_options.Seed);
        MutationSearch search = new(_circuit, _flat, _witness, new Replay(_flat, _witness, _challenges), _options, random);
        Stopwatch clock = Stopwatch.StartNew();
        int[] rows = among is null ? SampleDeletable(random) : [.. among.Order()];
        HashSet<int> survivors = [];
        int examined = 0;
        foreach (int row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            _progress?.Report(new SoundnessProgress("deleted constraints", examined, rows.Length));
            if (clock.Elapsed > _options.TimeBudget)
            {
                break;
            }

            examined++;
            if (!search.IsNeeded(row))
            {
                survivors.Add(row);
            }
        }

        if (among is not null)
        {
            survivors.UnionWith(rows.Skip(examined));
        }

        Report.DeletionCount = among is null ? examined : 0;
        Report.Elapsed += clock.Elapsed;
        return survivors;
    }

    private int[] SampleDeletable(Random random)
    {
        int[] deletable =
        [
            .. Enumerable.Range(0, _flat.RowCount)
                .Where(row => _options.KeptConstraints.Count == 0
                    || !_options.KeptConstraints.Any(part => _circuit.NameOf(row).Contains(part, StringComparison.Ordinal))),
        ];
        Report.DeletableCount = deletable.Length;
        return [.. Sample(deletable.Length, _options.DeletionSampleMax, random).Select(i => deletable[i])];
    }

    private void LieTo(HintSite site, Replay replay, Random random)
    {
        Fr[] inputs = _flat.InputsOf(site, _witness);
        Fr[] outputs = _witness.AsSpan((int)site.FirstOutput, site.OutputCount).ToArray();
        bool free = site.Hint.IsFree(inputs);
        foreach (Fr[] lie in _options.Lies.For(site.Hint.Name, inputs, outputs, random))
        {
            Report.LieCount++;
            WireChange[] changes = [.. lie.Select((value, i) => new WireChange(site.FirstOutput + (uint)i, value))];
            if (replay.Run(changes, violationsMax: 1).Count > 0)
            {
                continue;
            }

            if (free)
            {
                Report.FreeLieCount++;
            }
            else
            {
                string answer = string.Join(", ", lie.Take(4).Select(value => value.ToSignedBigInteger()));
                Report.Defects.Add($"hint '{site.Hint.Name}' at wire {site.FirstOutput} ({Describe(site.FirstOutput)}) may answer {answer}");
            }
        }
    }

    private void NoteFreeWire(uint wire, Fr by)
    {
        int site = _flat.SiteOfWire[wire];
        if (site >= 0 && _flat.Sites[site].Hint.IsFree(_flat.InputsOf(_flat.Sites[site], _witness)))
        {
            Report.FreeWireCount++;
        }
        else
        {
            Report.Defects.Add($"wire {wire} ({Describe(wire)}) may change by {by.ToSignedBigInteger()} with every constraint holding");
        }
    }

    /// <summary>The constraint that first mentions a wire.</summary>
    private string Describe(uint wire)
    {
        foreach (int reader in _flat.ReadersOf(wire))
        {
            if (_flat.Steps[reader].Kind is StepKind.Define or StepKind.Check)
            {
                return _circuit.NameOf(_flat.Steps[reader].Operand);
            }
        }

        return "read by none";
    }

    private static int[] Sample(int count, int max, Random random)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        if (count <= max)
        {
            return all;
        }

        random.Shuffle(all);
        return [.. all.Take(max).Order()];
    }
}
