using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>Names every constraint that a witness breaks, not only the first.</summary>
internal ref struct BrokenRules : IRowVisitor
{
    private readonly CompiledCircuit _circuit;
    private readonly ReadOnlySpan<Fr> _wires;
    private readonly List<string> _names;

    private BrokenRules(CompiledCircuit circuit, ReadOnlySpan<Fr> wires)
    {
        _circuit = circuit;
        _wires = wires;
        _names = [];
    }

    public static List<string> Of(CompiledCircuit circuit, ReadOnlySpan<Fr> wires)
    {
        var visitor = new BrokenRules(circuit, wires);
        circuit.VisitRows(ref visitor);
        return [.. visitor._names.Distinct()];
    }

    public readonly void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c)
    {
        if (Sum(a) * Sum(b) != Sum(c))
        {
            _names.Add(_circuit.NameOf(constraint));
        }
    }

    private readonly Fr Sum(ReadOnlySpan<Term> terms)
    {
        Fr sum = Fr.Zero;
        foreach (ref readonly Term term in terms)
        {
            sum += _circuit.Coefficients[(int)term.Coefficient] * _wires[(int)term.Wire];
        }

        return sum;
    }
}
