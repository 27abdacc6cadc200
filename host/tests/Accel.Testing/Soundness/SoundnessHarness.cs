using System.Diagnostics;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Testing.Soundness;

/// <summary>
/// Looks for what a dishonest prover could get past a circuit, starting from one satisfying witness: wires that may change alone,
/// hints that may lie, and constraints whose deletion nobody would notice.
/// </summary>
public sealed class SoundnessHarness
{
    private readonly CompiledCircuit _circuit;
    private readonly SoundnessOptions _options;
    private readonly FlatCircuit _flat;
    private readonly Fr[] _witness;
    private readonly IChallengeSource? _challenges;

    /// <summary>Solves the circuit and indexes it.</summary>
    /// <exception cref="UnsatisfiedConstraintException">The assignment does not satisfy the circuit.</exception>
    public SoundnessHarness(CompiledCircuit circuit, Assignment assignment, SoundnessOptions? options = null, IChallengeSource? challenges = null)
    {
        _circuit = circuit;
        _options = options ?? new SoundnessOptions();
        _challenges = challenges;
        _witness = WitnessSolver.Solve(circuit, assignment, new SolverOptions { Challenges = challenges });
        _flat = new FlatCircuit(circuit);
        Report = new SoundnessReport { Circuit = circuit.Name, Seed = _options.Seed, HintCount = _flat.Sites.Length };
    }

    /// <summary>What was found so far.</summary>
    public SoundnessReport Report { get; }

    /// <summary>Runs the checks of wires and hints and fails the test on any defect.</summary>
    public static SoundnessReport AssertSound(CompiledCircuit circuit, Assignment assignment, SoundnessOptions? options = null, IChallengeSource? challenges = null)
    {
        SoundnessReport report = new SoundnessHarness(circuit, assignment, options, challenges).CheckWires().LieToHints().Report;
        Assert.True(report.Defects.Count == 0, report.ToString());
        return report;
    }

    /// <summary>As <see cref="AssertSound"/>, and deletes constraints; one that is caught with any of the assignments counts as caught.</summary>
    public static SoundnessReport AssertSoundAndTight(CompiledCircuit circuit, IReadOnlyList<Assignment> assignments, double killRateMin, SoundnessOptions? options = null)
    {
        HashSet<int>? survivors = null;
        SoundnessReport report = null!;
        for (int i = 0; i < assignments.Count; i++)
        {
            SoundnessHarness harness = new(circuit, assignments[i], options);
            if (i < harness._options.CheckedAssignmentsMax)
            {
                report = harness.CheckWires().LieToHints().Report;
                Assert.True(report.Defects.Count == 0, report.ToString());
            }

            survivors = harness.FindSurvivors(survivors, report);
        }

        report.KilledCount = report.DeletionCount - survivors!.Count;
        report.Survivors.AddRange(survivors.Order().Select(row => $"constraint {row} '{circuit.NameOf(row)}'"));
        Assert.True(report.KillRate >= killRateMin, report.ToString());
        return report;
    }

    /// <summary>
    /// (a) Every wire occurs in a constraint, and none may change alone. For one wire a row is (a + αδ)(b + βδ) = c + γδ, so each row that
    /// holds at δ = 0 holds for every δ, for no other, or for one other: all changes are examined, not a sample.
    /// </summary>
    public SoundnessHarness CheckWires()
    {
        SingleWireFreedom freedom = new(_flat, _witness);
        HashSet<uint> inputs = [.. _circuit.Inputs.SelectMany(input => Enumerable.Range(0, input.Count).Select(i => input.FirstWire + (uint)i))];
        for (uint wire = 1; wire < _flat.WireCount; wire++)
        {
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

        return this;
    }

    /// <summary>(b) Every hint call, or a sample, answers lies; honest solving goes on from each until a constraint fails.</summary>
    public SoundnessHarness LieToHints()
    {
        Random random = new(_options.Seed);
        Replay replay = new(_flat, _witness, _challenges);
        Stopwatch clock = Stopwatch.StartNew();
        foreach (int index in Sample(_flat.Sites.Length, _options.HintSampleMax, random))
        {
            if (clock.Elapsed > _options.TimeBudget)
            {
                break;
            }

            Report.HintSampleCount++;
            LieTo(_flat.Sites[index], replay, random);
        }

        return this;
    }

    /// <summary>(d) Deletes constraints one by one, and looks for a mutation that the deleted one alone would have caught.</summary>
    public SoundnessHarness DeleteConstraints()
    {
        HashSet<int> survivors = FindSurvivors(null, Report);
        Report.KilledCount = Report.DeletionCount - survivors.Count;
        Report.Survivors.AddRange(survivors.Order().Select(row => $"constraint {row} '{_circuit.NameOf(row)}'"));
        return this;
    }

    private HashSet<int> FindSurvivors(HashSet<int>? among, SoundnessReport report)
    {
        Random random = new(_options.Seed);
        MutationSearch search = new(_circuit, _flat, _witness, new Replay(_flat, _witness, _challenges), _options, random);
        Stopwatch clock = Stopwatch.StartNew();
        List<int> rows = [.. among?.Order() ?? Sample(_flat.RowCount, _options.DeletionSampleMax, random)];
        HashSet<int> survivors = [];
        int examined = 0;
        foreach (int row in rows)
        {
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

        report.DeletionCount = among is null ? examined : Math.Min(_flat.RowCount, _options.DeletionSampleMax);
        return survivors;
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
                Report.Defects.Add($"hint '{site.Hint.Name}' at wire {site.FirstOutput} ({Describe(site.FirstOutput)}) may answer {string.Join(", ", lie.Take(4).Select(value => value.ToSignedBigInteger()))}");
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

    private static IEnumerable<int> Sample(int count, int max, Random random)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        if (count <= max)
        {
            return all;
        }

        random.Shuffle(all);
        return all.Take(max).Order();
    }
}
