using System.Runtime.InteropServices;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;

namespace Accel.Proving.Soundness;

/// <summary>A call of a hint with global wires: input rows [FirstInput, FirstInput + InputCount) of the hint rows.</summary>
internal readonly record struct HintSite(HintDefinition Hint, int FirstInput, int InputCount, uint FirstOutput, int OutputCount, int Step)
{
    public bool Owns(uint wire) => wire >= FirstOutput && wire - FirstOutput < (uint)OutputCount;
}

/// <summary>One step of the flattened tape; the operand is a row, a hint site or a challenge.</summary>
internal readonly record struct FlatStep(StepKind Kind, int Operand);

/// <summary>
/// A circuit with its templates expanded: every row, hint call and step by global wires, and the way back from a wire to what reads it.
/// About 40 bytes a term.
/// </summary>
internal sealed class FlatCircuit
{
    private readonly List<Term> _terms = [];
    private readonly List<int> _rowEnds = [];
    private readonly List<Term> _hintTerms = [];
    private readonly List<int> _hintRowEnds = [];
    private readonly List<FlatStep> _steps = [];
    private readonly List<HintSite> _sites = [];
    private readonly CompiledCircuit _circuit;

    public FlatCircuit(CompiledCircuit circuit)
    {
        _circuit = circuit;
        Coefficients = circuit.Coefficients.ToArray();
        RowCollector rows = new(_terms, _rowEnds);
        circuit.VisitRows(ref rows);
        FlattenTape();
        StepOfRow = new int[circuit.ConstraintCount];
        for (int step = 0; step < _steps.Count; step++)
        {
            if (_steps[step].Kind is StepKind.Define or StepKind.Check)
            {
                StepOfRow[_steps[step].Operand] = step;
            }
        }

        SiteOfWire = new int[circuit.WireCount];
        DefiningStep = new int[circuit.WireCount];
        SiteOfWire.AsSpan().Fill(-1);
        DefiningStep.AsSpan().Fill(-1);
        IndexDefinitions();
        (ReaderEnds, Readers) = IndexReaders();
    }

    public Fr[] Coefficients { get; }

    public ReadOnlySpan<FlatStep> Steps => CollectionsMarshal.AsSpan(_steps);

    public ReadOnlySpan<HintSite> Sites => CollectionsMarshal.AsSpan(_sites);

    /// <summary>Where a row is executed.</summary>
    public int[] StepOfRow { get; }

    /// <summary>The hint site that fills a wire, or −1.</summary>
    public int[] SiteOfWire { get; }

    /// <summary>The step that computes a wire, or −1 for inputs.</summary>
    public int[] DefiningStep { get; }

    public int RowCount => _circuit.ConstraintCount;

    public int WireCount => _circuit.WireCount;

    private int[] ReaderEnds { get; }

    private int[] Readers { get; }

    /// <summary>The steps that read a wire, in order.</summary>
    public ReadOnlySpan<int> ReadersOf(uint wire) => Readers.AsSpan((wire == 0 ? 0 : ReaderEnds[wire - 1])..ReaderEnds[wire]);

    public void Row(int row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c)
    {
        ReadOnlySpan<Term> terms = CollectionsMarshal.AsSpan(_terms);
        int start = row == 0 ? 0 : _rowEnds[(3 * row) - 1];
        a = terms[start.._rowEnds[3 * row]];
        b = terms[_rowEnds[3 * row].._rowEnds[(3 * row) + 1]];
        c = terms[_rowEnds[(3 * row) + 1].._rowEnds[(3 * row) + 2]];
    }

    public Fr Evaluate(ReadOnlySpan<Term> terms, ReadOnlySpan<Fr> wires)
    {
        Fr sum = Fr.Zero;
        foreach (ref readonly Term term in terms)
        {
            sum += term.Coefficient == 0 ? wires[(int)term.Wire] : Coefficients[term.Coefficient] * wires[(int)term.Wire];
        }

        return sum;
    }

    public bool Holds(int row, ReadOnlySpan<Fr> wires)
    {
        Row(row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
        return Evaluate(a, wires) * Evaluate(b, wires) == Evaluate(c, wires);
    }

    public Fr[] InputsOf(in HintSite site, ReadOnlySpan<Fr> wires)
    {
        Fr[] inputs = new Fr[site.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Evaluate(HintRow(site.FirstInput + i), wires);
        }

        return inputs;
    }

    /// <summary>The wire that a Define step computes.</summary>
    public uint DefinedWire(int row)
    {
        Row(row, out _, out _, out ReadOnlySpan<Term> c);
        return c[^1].Wire;
    }

    public (int First, int Count, uint Output) Challenge(int index)
    {
        ChallengeCall call = _circuit.Challenges[index];
        return (call.FirstWire, call.WireCount, call.Output);
    }

    public uint CommittedWire(int index) => _circuit.CommittedWires[index];

    private ReadOnlySpan<Term> HintRow(int row) =>
        CollectionsMarshal.AsSpan(_hintTerms)[(row == 0 ? 0 : _hintRowEnds[row - 1]).._hintRowEnds[row]];

    private void FlattenTape()
    {
        CircuitBody main = _circuit.Body(0);
        foreach (ref readonly Step step in main.Steps)
        {
            switch (step.Kind)
            {
                case StepKind.Instance:
                    FlattenInstance(_circuit.Instances[step.Index]);
                    break;
                case StepKind.Hint:
                    AddSite(main, main.HintCalls[step.Index], new WireMap([], 1));
                    break;
                default:
                    _steps.Add(new FlatStep(step.Kind, step.Index));
                    break;
            }
        }
    }

    private void FlattenInstance(in InstanceCall instance)
    {
        CircuitBody body = _circuit.Body(instance.Template + 1);
        WireMap map = _circuit.MapOf(instance);
        foreach (ref readonly Step step in body.Steps)
        {
            if (step.Kind == StepKind.Hint)
            {
                AddSite(body, body.HintCalls[step.Index], map);
            }
            else
            {
                _steps.Add(new FlatStep(step.Kind, instance.FirstConstraint + step.Index));
            }
        }
    }

    private void AddSite(in CircuitBody body, in HintCall call, in WireMap map)
    {
        int first = _hintRowEnds.Count;
        for (int i = 0; i < call.InputCount; i++)
        {
            foreach (ref readonly Term term in body.HintRow(call.FirstInput + i))
            {
                _hintTerms.Add(new Term(map[term.Wire], term.Coefficient));
            }

            _hintRowEnds.Add(_hintTerms.Count);
        }

        // A call fills wires of its own body, which lie side by side in an instance too.
        _sites.Add(new HintSite(_circuit.Hints[call.Hint], first, call.InputCount, map[call.FirstOutput], call.OutputCount, _steps.Count));
        _steps.Add(new FlatStep(StepKind.Hint, _sites.Count - 1));
    }

    private void IndexDefinitions()
    {
        for (int i = 0; i < _steps.Count; i++)
        {
            FlatStep step = _steps[i];
            if (step.Kind == StepKind.Define)
            {
                DefiningStep[DefinedWire(step.Operand)] = i;
            }
            else if (step.Kind == StepKind.Challenge)
            {
                DefiningStep[Challenge(step.Operand).Output] = i;
            }
            else if (step.Kind == StepKind.Hint)
            {
                HintSite site = _sites[step.Operand];
                SiteOfWire.AsSpan((int)site.FirstOutput, site.OutputCount).Fill(step.Operand);
                DefiningStep.AsSpan((int)site.FirstOutput, site.OutputCount).Fill(i);
            }
        }
    }

    private (int[] Ends, int[] Readers) IndexReaders()
    {
        int[] ends = new int[WireCount];
        for (int i = 0; i < _steps.Count; i++)
        {
            VisitReads(i, wire => ends[wire]++);
        }

        int total = 0;
        for (int wire = 0; wire < ends.Length; wire++)
        {
            int count = ends[wire];
            ends[wire] = total;
            total += count;
        }

        int[] readers = new int[total];
        for (int i = 0; i < _steps.Count; i++)
        {
            int step = i;
            VisitReads(i, wire => readers[ends[wire]++] = step);
        }

        return (ends, readers);
    }

    /// <summary>Wires that a step reads, the constant one excluded; a wire may come twice.</summary>
    private void VisitReads(int index, Action<uint> visit)
    {
        FlatStep step = _steps[index];
        switch (step.Kind)
        {
            case StepKind.Hint:
                HintSite site = _sites[step.Operand];
                for (int i = 0; i < site.InputCount; i++)
                {
                    VisitWires(HintRow(site.FirstInput + i), visit);
                }

                break;
            case StepKind.Challenge:
                (int first, int count, _) = Challenge(step.Operand);
                for (int i = first; i < first + count; i++)
                {
                    visit(CommittedWire(i));
                }

                break;
            default:
                Row(step.Operand, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
                VisitWires(a, visit);
                VisitWires(b, visit);
                VisitWires(step.Kind == StepKind.Define ? c[..^1] : c, visit);
                break;
        }
    }

    private static void VisitWires(ReadOnlySpan<Term> terms, Action<uint> visit)
    {
        foreach (ref readonly Term term in terms)
        {
            if (term.Wire != 0)
            {
                visit(term.Wire);
            }
        }
    }

    private readonly struct RowCollector(List<Term> terms, List<int> ends) : IRowVisitor
    {
        public void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c)
        {
            Add(a);
            Add(b);
            Add(c);
        }

        private void Add(ReadOnlySpan<Term> row)
        {
            terms.AddRange(row);
            ends.Add(terms.Count);
        }
    }
}
