using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Proving.Soundness;

/// <summary>
/// (c) Every answer that every hint of a small circuit could give from a set of candidates, and the full witnesses that satisfy it.
/// </summary>
public sealed class ExhaustiveSolutions
{
    private readonly FlatCircuit _flat;
    private readonly IReadOnlyList<Fr> _candidates;
    private readonly Fr[] _wires;
    private readonly List<Fr[]> _solutions = [];

    private ExhaustiveSolutions(CompiledCircuit circuit, Assignment assignment, IReadOnlyList<Fr> candidates)
    {
        _flat = new FlatCircuit(circuit);
        _candidates = candidates;
        _wires = WitnessSolver.TrySolve(circuit, assignment, new SolverOptions { ThreadCount = 1 }).Wires;
    }

    /// <summary>
    /// The distinct satisfying witnesses whose hint outputs all come from the candidates. Outputs that a hint declares free count as zero.
    /// Work grows with candidates to the power of outputs, pruned where a constraint fails: for small widths.
    /// </summary>
    public static IReadOnlyList<Fr[]> Find(CompiledCircuit circuit, Assignment assignment, IReadOnlyList<Fr> candidates)
    {
        ExhaustiveSolutions search = new(circuit, assignment, candidates);
        search.Continue(step: 0);
        return [.. search._solutions.DistinctBy(wires => string.Join(',', wires))];
    }

    private void Continue(int step)
    {
        for (; step < _flat.Steps.Length; step++)
        {
            FlatStep current = _flat.Steps[step];
            switch (current.Kind)
            {
                case StepKind.Hint:
                    Answer(_flat.Sites[current.Operand], output: 0, step);
                    return;
                case StepKind.Define:
                    _flat.Row(current.Operand, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
                    _wires[c[^1].Wire] = (_flat.Evaluate(a, _wires) * _flat.Evaluate(b, _wires)) - _flat.Evaluate(c[..^1], _wires);
                    break;
                case StepKind.Check when !_flat.Holds(current.Operand, _wires):
                    return;
                case StepKind.Challenge:
                    throw new NotSupportedException("circuits with challenges are not enumerated");
            }
        }

        _solutions.Add(WithoutFreeOutputs());
    }

    private void Answer(HintSite site, int output, int step)
    {
        if (output == site.OutputCount)
        {
            Continue(step + 1);
            return;
        }

        foreach (Fr candidate in _candidates)
        {
            _wires[site.FirstOutput + output] = candidate;
            Answer(site, output + 1, step);
        }
    }

    private Fr[] WithoutFreeOutputs()
    {
        Fr[] solution = (Fr[])_wires.Clone();
        foreach (ref readonly HintSite site in _flat.Sites)
        {
            if (site.Hint.IsFree(_flat.InputsOf(site, _wires)))
            {
                solution.AsSpan((int)site.FirstOutput, site.OutputCount).Clear();
            }
        }

        return solution;
    }
}
