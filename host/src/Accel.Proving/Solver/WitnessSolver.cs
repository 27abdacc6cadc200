using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;

namespace Accel.Proving.Solver;

/// <summary>Derives the challenges of commitments; the proof system's transcript in production.</summary>
public interface IChallengeSource
{
    /// <summary>Called once before a circuit is solved, with its public inputs, to which every challenge must be bound.</summary>
    void Begin(ReadOnlySpan<Fr> publicInputs)
    {
    }

    /// <summary>The challenge bound to the committed values. Called in the order of the commitments, each when the one before has returned.</summary>
    /// <param name="index">Which commitment of the circuit, from 0.</param>
    /// <param name="committed">The committed values, in the order given in the circuit.</param>
    Fr Derive(int index, ReadOnlySpan<Fr> committed);
}

/// <summary>How to solve.</summary>
public sealed record SolverOptions
{
    /// <summary>Threads to use; at least 1.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>Where challenges come from; needed by circuits that commit.</summary>
    public IChallengeSource? Challenges { get; init; }

    /// <summary>Sees, and may change, what a hint returned: the call's index, its hint, its inputs and outputs. For soundness tests; forces one thread.</summary>
    internal HintInterceptor? Intercept { get; init; }
}

/// <summary>Changes the outputs of hint calls. Calls are numbered in order of execution on one thread.</summary>
internal delegate void HintInterceptor(int call, HintDefinition hint, ReadOnlySpan<Fr> inputs, Span<Fr> outputs);

/// <summary>A full assignment of wires.</summary>
/// <param name="Wires">One value per wire; wire 0 is one.</param>
/// <param name="Violation">The first violated constraint, or null when all hold.</param>
public sealed record Solution(Fr[] Wires, Violation? Violation);

/// <summary>Runs a compiled circuit's tape: level by level, in parallel where a level has enough work.</summary>
public static class WitnessSolver
{
    /// <summary>Computes every wire and checks every constraint.</summary>
    /// <exception cref="UnsatisfiedConstraintException">A constraint fails; it names itself and its values.</exception>
    /// <exception cref="InvalidOperationException">An input has no value, or a challenge source is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Fr[] Solve(CompiledCircuit circuit, Assignment assignment, SolverOptions? options = null, CancellationToken cancel = default)
    {
        Solution solution = TrySolve(circuit, assignment, options, cancel);
        return solution.Violation is null ? solution.Wires : throw new UnsatisfiedConstraintException(solution.Violation);
    }

    /// <summary>As <see cref="Solve"/>, but goes on past a violated constraint and reports the first.</summary>
    public static Solution TrySolve(CompiledCircuit circuit, Assignment assignment, SolverOptions? options = null, CancellationToken cancel = default)
    {
        SolverOptions settings = options ?? new SolverOptions();
        if (circuit.ChallengeCount > 0 && settings.Challenges is null)
        {
            throw new InvalidOperationException($"{circuit.Name} draws {circuit.ChallengeCount} challenges from commitments: give a challenge source");
        }

        Fr[] wires = new Fr[circuit.WireCount];
        wires[0] = Fr.One;
        assignment.CopyTo(wires);
        settings.Challenges?.Begin(wires.AsSpan(1, circuit.PublicCount));
        TapeRunner runner = new(circuit, wires, settings);
        runner.Run(cancel);
        int failed = runner.FirstViolation;
        return new Solution(wires, failed < 0 ? null : Describe(circuit, wires, failed));
    }

    /// <summary>Checks a full assignment from anywhere against every constraint.</summary>
    /// <returns>The first violated constraint, or null when all hold.</returns>
    /// <exception cref="ArgumentException">The number of wires differs from the circuit's.</exception>
    public static Violation? FindViolation(CompiledCircuit circuit, ReadOnlySpan<Fr> wires)
    {
        if (wires.Length != circuit.WireCount)
        {
            throw new ArgumentException($"{circuit.Name} has {circuit.WireCount} wires, not {wires.Length}");
        }

        RowChecker checker = new(wires, circuit.Coefficients);
        circuit.VisitRows(ref checker);
        return checker.Failed < 0 ? null : new Violation(checker.Failed, circuit.NameOf(checker.Failed), checker.A, checker.B, checker.C);
    }

    private static Violation Describe(CompiledCircuit circuit, ReadOnlySpan<Fr> wires, int constraint)
    {
        RowChecker checker = new(wires, circuit.Coefficients) { Only = constraint };
        circuit.VisitRows(ref checker);
        return new Violation(constraint, circuit.NameOf(constraint), checker.A, checker.B, checker.C);
    }

    private ref struct RowChecker(ReadOnlySpan<Fr> wires, ReadOnlySpan<Fr> coefficients) : IRowVisitor
    {
        private readonly ReadOnlySpan<Fr> _wires = wires;
        private readonly ReadOnlySpan<Fr> _coefficients = coefficients;

        public int Only { get; init; } = -1;

        public int Failed { get; private set; } = -1;

        public Fr A { get; private set; }

        public Fr B { get; private set; }

        public Fr C { get; private set; }

        public void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c)
        {
            if (Failed >= 0 || (Only >= 0 && Only != constraint))
            {
                return;
            }

            Fr valueA = Evaluate(a);
            Fr valueB = Evaluate(b);
            Fr valueC = Evaluate(c);
            if (Only == constraint || valueA * valueB != valueC)
            {
                (Failed, A, B, C) = (constraint, valueA, valueB, valueC);
            }
        }

        private readonly Fr Evaluate(ReadOnlySpan<Term> terms)
        {
            Fr sum = Fr.Zero;
            foreach (ref readonly Term term in terms)
            {
                sum += _coefficients[(int)term.Coefficient] * _wires[(int)term.Wire];
            }

            return sum;
        }
    }
}
