using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Soundness;

/// <summary>For every wire, by how much it may change alone while all constraints hold.</summary>
internal sealed class SingleWireFreedom
{
    private readonly State[] _states;

    public SingleWireFreedom(FlatCircuit circuit, ReadOnlySpan<Fr> witness)
    {
        _states = new State[circuit.WireCount];
        Dictionary<uint, Slopes> slopes = [];
        for (int row = 0; row < circuit.RowCount; row++)
        {
            circuit.Row(row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
            slopes.Clear();
            Collect(circuit, a, slopes, (s, k) => s with { A = k });
            Collect(circuit, b, slopes, (s, k) => s with { B = k });
            Collect(circuit, c, slopes, (s, k) => s with { C = k });
            Fr valueA = circuit.Evaluate(a, witness);
            Fr valueB = circuit.Evaluate(b, witness);
            foreach ((uint wire, Slopes s) in slopes)
            {
                _states[wire] = Narrow(_states[wire], (s.A * valueB) + (s.B * valueA) - s.C, s.A * s.B);
            }
        }
    }

    private enum Freedom : byte
    {
        Unseen,
        Any,
        One,
        None,
    }

    public bool Occurs(uint wire) => _states[wire].Freedom != Freedom.Unseen;

    /// <summary>Whether some change other than zero keeps every row; any change is reported as one.</summary>
    public bool MayChange(uint wire, out Fr by)
    {
        State state = _states[wire];
        by = state.Freedom == Freedom.One ? -state.Linear * state.Quadratic.Inverse() : Fr.One;
        return state.Freedom is Freedom.Any or Freedom.One;
    }

    /// <summary>A row keeps holding under δ ≠ 0 exactly when linear + δ·quadratic = 0; the δ of two rows are compared as fractions.</summary>
    private static State Narrow(State state, Fr linear, Fr quadratic)
    {
        if (state.Freedom == Freedom.None || (linear.IsZero && quadratic.IsZero))
        {
            return state.Freedom == Freedom.Unseen ? new State(Freedom.Any, Fr.Zero, Fr.Zero) : state;
        }

        bool possible = !linear.IsZero && !quadratic.IsZero
            && (state.Freedom != Freedom.One || linear * state.Quadratic == state.Linear * quadratic);
        return possible ? new State(Freedom.One, linear, quadratic) : new State(Freedom.None, Fr.Zero, Fr.Zero);
    }

    private static void Collect(FlatCircuit circuit, ReadOnlySpan<Term> terms, Dictionary<uint, Slopes> slopes, Func<Slopes, Fr, Slopes> set)
    {
        foreach (ref readonly Term term in terms)
        {
            if (term.Wire != 0)
            {
                slopes[term.Wire] = set(slopes.GetValueOrDefault(term.Wire), circuit.Coefficients[term.Coefficient]);
            }
        }
    }

    private readonly record struct State(Freedom Freedom, Fr Linear, Fr Quadratic);

    private readonly record struct Slopes(Fr A, Fr B, Fr C);
}
