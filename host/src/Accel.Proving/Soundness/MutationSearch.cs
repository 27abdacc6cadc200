using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;

namespace Accel.Proving.Soundness;

/// <summary>
/// Looks for a false witness that one constraint alone rejects. It starts from changes of the wires that the constraint names, of hint
/// answers and of inputs, solves on, and repairs up to two other failing constraints by adjusting an input or a hint's answer in them.
/// </summary>
internal sealed class MutationSearch(CompiledCircuit circuit, FlatCircuit flat, Fr[] witness, Replay replay, SoundnessOptions options, Random random)
{
    private const int RepairsMax = 2;
    private const int RepairWiresMax = 12;
    private const int UpstreamWiresMax = 8;
    private const int StartWiresMax = 4;

    private readonly uint _inputEnd = circuit.Inputs.Count == 0 ? 1 : circuit.Inputs.Max(input => input.FirstWire + (uint)input.Count);

    private int _mutations;
    private int _repairsMax;

    /// <summary>Whether some mutation violates this row and no other. Plain mutations come first; repairs are dearer.</summary>
    public bool IsNeeded(int row)
    {
        uint[] wires = WiresOf(row);
        for (_repairsMax = 0; _repairsMax <= RepairsMax; _repairsMax += RepairsMax)
        {
            _mutations = 0;
            if (IsNeeded(row, wires))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNeeded(int row, uint[] wires)
    {
        bool defines = flat.Steps[flat.StepOfRow[row]].Kind == StepKind.Define;
        uint[] defined = defines ? [flat.DefinedWire(row)] : [];
        IEnumerable<uint> starts = defines ? defined : wires.Where(IsAdjustable).Reverse().Take(StartWiresMax);
        return starts.Any(wire => AnyChangeIsCaughtBy(row, wire, []))
            || UpstreamOf(wires, ofRowItself: defines).Any(wire => AnyChangeIsCaughtBy(row, wire, defined))
            || wires.Select(wire => flat.SiteOfWire[wire]).Where(site => site >= 0).Distinct().Any(site => AnyLieIsCaughtBy(row, flat.Sites[site]));
    }

    /// <summary>Changes one wire while others keep their honest values, whatever now defines them.</summary>
    private bool AnyChangeIsCaughtBy(int row, uint wire, uint[] kept)
    {
        WireChange[] frozen = [.. kept.Where(other => other != wire).Select(other => new WireChange(other, witness[other]))];
        return HintLies.ValuesFor(witness[wire], random).Any(value => IsCaughtBy(row, [new WireChange(wire, value), .. frozen]));
    }

    private bool AnyLieIsCaughtBy(int row, HintSite site)
    {
        Fr[] outputs = witness.AsSpan((int)site.FirstOutput, site.OutputCount).ToArray();
        foreach (Fr[] lie in options.Lies.For(site.Hint.Name, flat.InputsOf(site, witness), outputs, random))
        {
            if (_mutations >= options.MutationsPerDeletionMax)
            {
                return false;
            }

            if (IsCaughtBy(row, [.. lie.Select((value, i) => new WireChange(site.FirstOutput + (uint)i, value))]))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsCaughtBy(int row, List<WireChange> changes, int repairs = 0)
    {
        if (++_mutations > options.MutationsPerDeletionMax)
        {
            return false;
        }

        List<int> violated = replay.Run(changes, violationsMax: _repairsMax + 2);
        if (!violated.Contains(row))
        {
            // The mutation was no mutation, or more rows failed first than could be repaired.
            return false;
        }

        if (violated.Count == 1)
        {
            return true;
        }

        return violated.Count <= _repairsMax + 1 - repairs
            && repairs < _repairsMax
            && Repairs(violated.First(other => other != row), changes).Any(repair => IsCaughtBy(row, [.. changes, repair], repairs + 1));
    }

    /// <summary>Single changes of inputs and hint answers under which a failing row would hold.</summary>
    private List<WireChange> Repairs(int row, List<WireChange> changes)
    {
        List<WireChange> repairs = [];
        ReadOnlySpan<Fr> wires = replay.Wires;
        flat.Row(row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
        Fr valueA = flat.Evaluate(a, wires);
        Fr valueB = flat.Evaluate(b, wires);
        Fr missing = flat.Evaluate(c, wires) - (valueA * valueB);
        foreach (uint wire in WiresOf(row).Where(IsAdjustable).Take(RepairWiresMax))
        {
            Fr inA = CoefficientOf(a, wire), inB = CoefficientOf(b, wire);
            Fr slope = (inA * valueB) + (inB * valueA) - CoefficientOf(c, wire);
            if (!slope.IsZero && (inA * inB).IsZero && !changes.Exists(change => change.Wire == wire))
            {
                repairs.Add(new WireChange(wire, wires[(int)wire] + (missing * slope.Inverse())));
            }
        }

        return repairs;
    }

    private bool IsAdjustable(uint wire) => wire < _inputEnd || flat.SiteOfWire[wire] >= 0;

    private Fr CoefficientOf(ReadOnlySpan<Term> terms, uint wire)
    {
        foreach (ref readonly Term term in terms)
        {
            if (term.Wire == wire)
            {
                return flat.Coefficients[term.Coefficient];
            }
        }

        return Fr.Zero;
    }

    private uint[] WiresOf(int row)
    {
        flat.Row(row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
        HashSet<uint> wires = [];
        foreach (ReadOnlySpan<Term> part in new TermParts(a, b, c))
        {
            foreach (ref readonly Term term in part)
            {
                wires.Add(term.Wire);
            }
        }

        wires.Remove(0);
        return [.. wires];
    }

    /// <summary>Inputs and hint answers in a row or behind its computed wires, nearest first.</summary>
    private List<uint> UpstreamOf(uint[] wires, bool ofRowItself)
    {
        List<uint> found = [.. wires.Where(wire => ofRowItself && IsAdjustable(wire)).Take(UpstreamWiresMax)];
        Queue<uint> queue = new(wires.Where(wire => !IsAdjustable(wire)));
        HashSet<uint> seen = [.. wires];
        while (found.Count < UpstreamWiresMax && queue.TryDequeue(out uint wire))
        {
            int step = flat.DefiningStep[wire];
            if (step < 0 || flat.Steps[step].Kind != StepKind.Define)
            {
                continue;
            }

            foreach (uint source in WiresOf(flat.Steps[step].Operand).Where(seen.Add))
            {
                if (IsAdjustable(source))
                {
                    found.Add(source);
                }
                else
                {
                    queue.Enqueue(source);
                }
            }
        }

        return found;
    }

    /// <summary>Lets three spans be walked in one loop.</summary>
    private ref struct TermParts(ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c)
    {
        private readonly ReadOnlySpan<Term> _a = a;
        private readonly ReadOnlySpan<Term> _b = b;
        private readonly ReadOnlySpan<Term> _c = c;
        private int _index = -1;

        public readonly ReadOnlySpan<Term> Current => _index == 0 ? _a : _index == 1 ? _b : _c;

        public readonly TermParts GetEnumerator() => this;

        public bool MoveNext() => ++_index < 3;
    }
}
