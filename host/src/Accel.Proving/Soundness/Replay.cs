using Accel.Proving.Frontend;
using Accel.Proving.Solver;

namespace Accel.Proving.Soundness;

/// <summary>A wire and the value that a mutation gives it.</summary>
internal readonly record struct WireChange(uint Wire, Fr Value);

/// <summary>
/// Solves on after wires were changed: only the steps that read a changed wire run again, in tape order, until enough constraints fail.
/// A step whose outputs were changed by the mutation is frozen, so that an honest recomputation cannot undo the lie.
/// </summary>
internal sealed class Replay(FlatCircuit circuit, Fr[] witness, IChallengeSource? challenges)
{
    private readonly Fr[] _wires = (Fr[])witness.Clone();
    private readonly PriorityQueue<int, int> _queue = new();
    private readonly bool[] _queued = new bool[circuit.Steps.Length];
    private readonly List<uint> _changed = [];
    private readonly HashSet<int> _frozen = [];

    /// <summary>The wires after the last run; valid until the next.</summary>
    public ReadOnlySpan<Fr> Wires => _wires;

    /// <summary>Applies changes to the honest witness and returns the rows that fail, at most <paramref name="violationsMax"/> of them.</summary>
    public List<int> Run(IReadOnlyList<WireChange> changes, int violationsMax)
    {
        Reset();
        List<int> violated = [];
        foreach (WireChange change in changes)
        {
            int step = circuit.DefiningStep[change.Wire];
            if (step >= 0)
            {
                _frozen.Add(step);
                Enqueue(step);
            }

            Set(change.Wire, change.Value);
        }

        while (violated.Count < violationsMax && _queue.TryDequeue(out int step, out _))
        {
            _queued[step] = false;
            Execute(step, violated);
        }

        return violated;
    }

    private void Reset()
    {
        foreach (uint wire in _changed)
        {
            _wires[wire] = witness[wire];
        }

        _changed.Clear();
        _frozen.Clear();
        while (_queue.TryDequeue(out int step, out _))
        {
            _queued[step] = false;
        }
    }

    private void Set(uint wire, Fr value)
    {
        if (_wires[wire] == value)
        {
            return;
        }

        _wires[wire] = value;
        _changed.Add(wire);
        foreach (int reader in circuit.ReadersOf(wire))
        {
            Enqueue(reader);
        }
    }

    private void Enqueue(int step)
    {
        if (!_queued[step])
        {
            _queued[step] = true;
            _queue.Enqueue(step, step);
        }
    }

    private void Execute(int index, List<int> violated)
    {
        FlatStep step = circuit.Steps[index];
        bool frozen = _frozen.Contains(index);
        switch (step.Kind)
        {
            case StepKind.Hint when !frozen:
                RunHint(circuit.Sites[step.Operand]);
                break;
            case StepKind.Challenge when !frozen:
                RunChallenge(step.Operand);
                break;
            case StepKind.Define when !frozen:
                circuit.Row(step.Operand, out var a, out var b, out var c);
                Set(c[^1].Wire, (circuit.Evaluate(a, _wires) * circuit.Evaluate(b, _wires)) - circuit.Evaluate(c[..^1], _wires));
                break;
            case StepKind.Define or StepKind.Check:
                if (!circuit.Holds(step.Operand, _wires))
                {
                    violated.Add(step.Operand);
                }

                break;
        }
    }

    private void RunHint(in HintSite site)
    {
        Fr[] outputs = new Fr[site.OutputCount];
        site.Hint.Compute(circuit.InputsOf(site, _wires), outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            Set(site.FirstOutput + (uint)i, outputs[i]);
        }
    }

    private void RunChallenge(int index)
    {
        (int first, int count, uint output) = circuit.Challenge(index);
        Fr[] committed = new Fr[count];
        for (int i = 0; i < count; i++)
        {
            committed[i] = _wires[circuit.CommittedWire(first + i)];
        }

        Set(output, challenges!.Derive(index, committed));
    }
}
