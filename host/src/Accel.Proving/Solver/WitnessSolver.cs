using Accel.Compute;
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

    /// <summary>
    /// As <see cref="Solve(CompiledCircuit, Assignment, SolverOptions?, CancellationToken)"/>, into a stream that others read meanwhile. A chunk is final as soon as
    /// its last wire is set, also within a level: the widest levels are where most wires are set. A violated constraint is known when all have been tried, so only
    /// then is the stream whole, or failed.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="assignment">Values of its inputs.</param>
    /// <param name="wires">Receives one value per wire; however this method ends, it ends the stream.</param>
    /// <param name="options">How to solve; null for the defaults.</param>
    /// <param name="cancel">Cancels the work.</param>
    /// <exception cref="ArgumentException">The stream has another length than the circuit has wires.</exception>
    /// <exception cref="UnsatisfiedConstraintException">A constraint fails; it names itself and its values.</exception>
    /// <exception cref="InvalidOperationException">An input has no value, or a challenge source is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Solve(
        CompiledCircuit circuit, Assignment assignment, GrowingScalars wires, SolverOptions? options = null, CancellationToken cancel = default)
    {
        try
        {
            if (wires.Count != circuit.WireCount)
            {
                throw new ArgumentException($"{circuit.Name} has {circuit.WireCount} wires, not {wires.Count}", nameof(wires));
            }

            Violation? violation = Run(circuit, assignment, wires.Values, wires, options ?? new SolverOptions(), cancel);
            if (violation is not null)
            {
                throw new UnsatisfiedConstraintException(violation);
            }

            wires.Complete();
        }
        catch (Exception exception)
        {
            wires.Fail(exception);
            throw;
        }
    }

    /// <summary>
    /// As <see cref="Solve(CompiledCircuit, Assignment, SolverOptions?, CancellationToken)"/>, but goes on past a violated constraint and reports the first.
    /// </summary>
    public static Solution TrySolve(CompiledCircuit circuit, Assignment assignment, SolverOptions? options = null, CancellationToken cancel = default)
    {
        Fr[] wires = new Fr[circuit.WireCount];
        return new Solution(wires, Run(circuit, assignment, wires, null, options ?? new SolverOptions(), cancel));
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

    private static Violation? Run(
        CompiledCircuit circuit, Assignment assignment, Memory<Fr> memory, GrowingScalars? stream, SolverOptions options, CancellationToken cancel)
    {
        if (circuit.ChallengeCount > 0 && options.Challenges is null)
        {
            throw new InvalidOperationException($"{circuit.Name} draws {circuit.ChallengeCount} challenges from commitments: give a challenge source");
        }

        Span<Fr> wires = memory.Span;
        wires[0] = Fr.One;
        assignment.CopyTo(wires);
        if (stream is not null)
        {
            FinalWires given = new(stream);
            given.Add(0, 1);
            foreach (InputDeclaration input in circuit.Inputs)
            {
                given.Add(input.FirstWire, input.Count);
            }

            given.Flush();
        }

        options.Challenges?.Begin(wires.Slice(1, circuit.PublicCount));
        TapeRunner runner = new(circuit, memory, options, stream);
        runner.Run(cancel);
        return runner.FirstViolation < 0 ? null : Describe(circuit, wires, runner.FirstViolation);
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
