using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;

namespace Accel.Proving.Solver;

/// <summary>Evaluates the rows of one body over its local wires.</summary>
internal readonly ref struct RowEvaluator(CircuitBody body, ReadOnlySpan<Fr> coefficients, Span<Fr> wires)
{
    private readonly ReadOnlySpan<Fr> _coefficients = coefficients;

    public CircuitBody Body { get; } = body;

    public Span<Fr> Wires { get; } = wires;

    /// <summary>Computes the last wire of the row's C, which has coefficient one: A·B − the rest of C.</summary>
    public void Define(int row)
    {
        Body.Row(row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
        Fr product = Product(a, b);
        Wires[(int)c[^1].Wire] = c.Length == 1 ? product : product - Evaluate(c[..^1]);
    }

    public bool Holds(int row)
    {
        Body.Row(row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
        return Product(a, b) == Evaluate(c);
    }

    /// <summary>Σ coefficient·wire.</summary>
    public Fr Evaluate(ReadOnlySpan<Term> terms)
    {
        if (terms.Length == 0)
        {
            return Fr.Zero;
        }

        if (terms.Length == 1 && terms[0].Coefficient == 0)
        {
            return Wires[(int)terms[0].Wire];
        }

        return Sum(terms);
    }

    private Fr Product(ReadOnlySpan<Term> a, ReadOnlySpan<Term> b)
    {
        Fr left = Evaluate(a);
        return b.Length == 1 && b[0] == default ? left : left * Evaluate(b);
    }

    private Fr Sum(ReadOnlySpan<Term> terms)
    {
        Prefetch(terms);
        Fr.ProductSum sum = default;
        foreach (ref readonly Term term in terms)
        {
            ref Fr wire = ref Wires[(int)term.Wire];
            switch (term.Coefficient)
            {
                case 0:
                    sum.Add(wire);
                    break;
                case 1:
                    sum.Subtract(wire);
                    break;
                default:
                    sum.AddProduct(_coefficients[(int)term.Coefficient], wire);
                    break;
            }
        }

        return sum.ToElement();
    }

    /// <summary>A row's wires lie anywhere; asking for all of them at once hides most of the memory's latency behind the first products.</summary>
    private void Prefetch(ReadOnlySpan<Term> terms)
    {
        if (Sse.IsSupported)
        {
            foreach (ref readonly Term term in terms)
            {
                PrefetchLine(ref Wires[(int)term.Wire]);
            }
        }
    }

    private static unsafe void PrefetchLine(ref Fr element) => Sse.Prefetch0(Unsafe.AsPointer(ref element));
}
