using System.Numerics;
using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Groth16;

/// <summary>
/// A constraint system's three matrices over the evaluation domain, as snarkjs lays them out: the constraints, then in A one row for
/// the constant one and each public wire, which makes the public columns linearly independent (Groth16's proof needs no more than
/// that of them), then zeros up to the domain's size.
/// </summary>
internal sealed class QapMatrices
{
    private QapMatrices(IConstraintSystem system, bool byWire)
    {
        WireCount = system.WireCount;
        PublicCount = system.PublicCount;
        DomainLog2 = DomainLog2For(system);
        Coefficients = [.. system.Coefficients, Fr.One];
        int rows = byWire ? WireCount : 1 << DomainLog2;
        MatrixBuilder a = new(rows), b = new(rows), c = new(rows);
        Counter counter = new(a, b, c, byWire);
        system.VisitRows(ref counter);
        VisitPublicRows(system, (row, wire) => a.Count(byWire ? wire : row));
        a.EndCounting();
        b.EndCounting();
        c.EndCounting();

        Filler filler = new(a, b, c, byWire);
        system.VisitRows(ref filler);
        uint one = (uint)Coefficients.Length - 1;
        VisitPublicRows(system, (row, wire) => a.Add(byWire ? wire : row, new Term(byWire ? row : wire, one)));
        A = a.ToMatrix(Coefficients);
        B = b.ToMatrix(Coefficients);
        C = c.ToMatrix(Coefficients);
    }

    public int WireCount { get; }

    public int PublicCount { get; }

    public int DomainLog2 { get; }

    public Fr[] Coefficients { get; }

    public SparseMatrix A { get; }

    public SparseMatrix B { get; }

    public SparseMatrix C { get; }

    /// <summary>A row per point of the domain; a term names a wire.</summary>
    public static QapMatrices ByConstraint(IConstraintSystem system) => new(system, byWire: false);

    /// <summary>The transposed matrices: a row per wire; a term names a point of the domain.</summary>
    public static QapMatrices ByWire(IConstraintSystem system) => new(system, byWire: true);

    /// <summary>The smallest domain for constraints, constant and public wires; two points at least, as in snarkjs.</summary>
    /// <exception cref="ArgumentException">There are more than 2^<see cref="ProvingKeyHeader.DomainLog2Max"/> rows.</exception>
    public static int DomainLog2For(IConstraintSystem system)
    {
        long rows = (long)system.ConstraintCount + system.PublicCount + 1;
        return rows <= 1L << ProvingKeyHeader.DomainLog2Max
            ? Math.Max(1, BitOperations.Log2((ulong)rows - 1) + (rows > 1 ? 1 : 0))
            : throw new ArgumentException($"{rows} rows exceed the largest domain, 2^{ProvingKeyHeader.DomainLog2Max}", nameof(system));
    }

    private static void VisitPublicRows(IConstraintSystem system, Action<uint, uint> visit)
    {
        for (int wire = 0; wire <= system.PublicCount; wire++)
        {
            visit((uint)(system.ConstraintCount + wire), (uint)wire);
        }
    }

    private readonly struct Counter(MatrixBuilder a, MatrixBuilder b, MatrixBuilder c, bool byWire) : IRowVisitor
    {
        public void VisitRow(int constraint, ReadOnlySpan<Term> termsA, ReadOnlySpan<Term> termsB, ReadOnlySpan<Term> termsC)
        {
            Count(a, constraint, termsA);
            Count(b, constraint, termsB);
            Count(c, constraint, termsC);
        }

        private void Count(MatrixBuilder matrix, int constraint, ReadOnlySpan<Term> terms)
        {
            foreach (Term term in terms)
            {
                matrix.Count(byWire ? term.Wire : (uint)constraint);
            }
        }
    }

    private readonly struct Filler(MatrixBuilder a, MatrixBuilder b, MatrixBuilder c, bool byWire) : IRowVisitor
    {
        public void VisitRow(int constraint, ReadOnlySpan<Term> termsA, ReadOnlySpan<Term> termsB, ReadOnlySpan<Term> termsC)
        {
            Add(a, constraint, termsA);
            Add(b, constraint, termsB);
            Add(c, constraint, termsC);
        }

        private void Add(MatrixBuilder matrix, int constraint, ReadOnlySpan<Term> terms)
        {
            foreach (Term term in terms)
            {
                matrix.Add(byWire ? term.Wire : (uint)constraint, byWire ? term with { Wire = (uint)constraint } : term);
            }
        }
    }
}
