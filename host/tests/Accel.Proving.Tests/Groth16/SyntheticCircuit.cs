using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Tests.Groth16;

/// <summary>A satisfiable system of random rows: each constraint defines one new wire as a product of two combinations, plus a linear rest.</summary>
internal sealed class SyntheticCircuit : IConstraintSystem
{
    private readonly Fr[] _coefficients;
    private readonly (Term[] A, Term[] B, Term[] C)[] _rows;

    private SyntheticCircuit(int wireCount, int publicCount, Fr[] coefficients, (Term[], Term[], Term[])[] rows)
    {
        WireCount = wireCount;
        PublicCount = publicCount;
        _coefficients = coefficients;
        _rows = rows;
    }

    public int WireCount { get; }

    public int PublicCount { get; }

    public int ConstraintCount => _rows.Length;

    public IReadOnlyList<WireCommitment> Commitments => [];

    public ReadOnlySpan<Fr> Coefficients => _coefficients;

    /// <summary>A circuit and a witness that satisfies it.</summary>
    /// <param name="seed">Fixes everything.</param>
    /// <param name="constraints">Constraints; each adds a wire.</param>
    /// <param name="publics">Public wires, with random values.</param>
    /// <param name="privates">Private wires with random values, besides those that constraints define.</param>
    public static (SyntheticCircuit Circuit, Fr[] Witness) Create(int seed, int constraints, int publics, int privates = 3)
    {
        Random random = new(seed);
        Fr[] coefficients = [1, -1, 2, 1 << 20, .. Enumerable.Range(0, 4).Select(_ => RandomScalar(random))];
        List<Fr> witness = [Fr.One, .. Enumerable.Range(0, publics + privates).Select(_ => RandomScalar(random))];
        (Term[], Term[], Term[])[] rows = new (Term[], Term[], Term[])[constraints];
        for (int i = 0; i < constraints; i++)
        {
            Term[] a = RandomTerms(random, witness.Count, coefficients.Length);
            Term[] b = RandomTerms(random, witness.Count, coefficients.Length);
            Term[] rest = RandomTerms(random, witness.Count, coefficients.Length);
            witness.Add((Evaluate(a) * Evaluate(b)) - Evaluate(rest));
            rows[i] = (a, b, [.. rest, new Term((uint)witness.Count - 1, 0)]);
        }

        return (new SyntheticCircuit(witness.Count, publics, coefficients, rows), [.. witness]);

        Fr Evaluate(Term[] terms) => terms.Aggregate(Fr.Zero, (sum, term) => sum + (coefficients[term.Coefficient] * witness[(int)term.Wire]));
    }

    public void VisitRows<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IRowVisitor, allows ref struct
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            visitor.VisitRow(i, _rows[i].A, _rows[i].B, _rows[i].C);
        }
    }

    private static Term[] RandomTerms(Random random, int wires, int coefficients) =>
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (uint)random.Next(wires)).Distinct().Select(wire => new Term(wire, (uint)random.Next(coefficients)))];

    private static Fr RandomScalar(Random random)
    {
        byte[] bytes = new byte[32];
        random.NextBytes(bytes);
        return Fr.FromBigInteger(new System.Numerics.BigInteger(bytes, isUnsigned: true));
    }
}
