using Accel.Proving.ConstraintSystems;
using Accel.Proving.Groth16;

namespace Accel.Proving.Solver;

/// <summary>Holds a finished witness to a constraint system, which is far cheaper than to prove it and find that the proof fails.</summary>
public static class WitnessCheck
{
    /// <summary>The first constraint that a witness does not satisfy.</summary>
    /// <param name="name">The system's name, by which the violation calls a constraint that has none of its own.</param>
    /// <param name="system">The system.</param>
    /// <param name="witness">The value of each of its wires.</param>
    /// <returns>Null when all hold.</returns>
    /// <exception cref="ArgumentException">The witness has another length than the system's wires.</exception>
    public static Violation? FirstViolation(string name, IConstraintSystem system, ReadOnlySpan<Fr> witness)
    {
        ArgumentNullException.ThrowIfNull(system);
        RequireLength(witness.Length, system.WireCount);
        Rows rows = new(name, system.Coefficients, witness);
        system.VisitRows(ref rows);
        return rows.First;
    }

    /// <summary>
    /// Whether a key was made for a system: of both, the rows of A and B agree on a random vector, which rows that differ do with probability
    /// 1/r. A key does not hold C.
    /// </summary>
    /// <param name="key">The proving key.</param>
    /// <param name="system">The system.</param>
    public static bool IsKeyFor(ProvingKey key, IConstraintSystem system)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(system);
        if (key.Header.WireCount != system.WireCount || key.Header.PublicCount != system.PublicCount || key.Header.DomainSize < system.ConstraintCount)
        {
            return false;
        }

        Fr[] vector = new Fr[system.WireCount];
        foreach (ref Fr value in vector.AsSpan())
        {
            value = RandomScalar.Next();
        }

        Fr[] a = new Fr[key.Header.DomainSize];
        Fr[] b = new Fr[key.Header.DomainSize];
        key.Constraints.A.MultiplyRows(vector, a, 0, system.ConstraintCount);
        key.Constraints.B.MultiplyRows(vector, b, 0, system.ConstraintCount);
        Comparison comparison = new(system.Coefficients, vector, a, b);
        system.VisitRows(ref comparison);
        return comparison.Agrees;
    }

    private static void RequireLength(int actual, int expected)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"the witness has {actual:N0} values, but the circuit has {expected:N0} wires");
        }
    }

    private static Fr Sum(ReadOnlySpan<Term> terms, ReadOnlySpan<Fr> coefficients, ReadOnlySpan<Fr> values)
    {
        Fr sum = Fr.Zero;
        foreach (Term term in terms)
        {
            sum += coefficients[(int)term.Coefficient] * values[(int)term.Wire];
        }

        return sum;
    }

    private ref struct Rows(string name, ReadOnlySpan<Fr> coefficients, ReadOnlySpan<Fr> witness) : IRowVisitor
    {
        private readonly ReadOnlySpan<Fr> _coefficients = coefficients;
        private readonly ReadOnlySpan<Fr> _witness = witness;

        public Violation? First { get; private set; }

        public void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c)
        {
            if (First is not null)
            {
                return;
            }

            (Fr left, Fr right, Fr product) = (Sum(a, _coefficients, _witness), Sum(b, _coefficients, _witness), Sum(c, _coefficients, _witness));
            if (left * right != product)
            {
                First = new Violation(constraint, name, left, right, product);
            }
        }
    }

    private ref struct Comparison(ReadOnlySpan<Fr> coefficients, ReadOnlySpan<Fr> vector, ReadOnlySpan<Fr> keyA, ReadOnlySpan<Fr> keyB) : IRowVisitor
    {
        private readonly ReadOnlySpan<Fr> _coefficients = coefficients;
        private readonly ReadOnlySpan<Fr> _vector = vector;
        private readonly ReadOnlySpan<Fr> _keyA = keyA;
        private readonly ReadOnlySpan<Fr> _keyB = keyB;

        public bool Agrees { get; private set; } = true;

        public void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c) =>
            Agrees = Agrees && Sum(a, _coefficients, _vector) == _keyA[constraint] && Sum(b, _coefficients, _vector) == _keyB[constraint];
    }
}
