using Accel.Compute;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;

namespace Accel.Proving.Solver;

/// <summary>Executes steps of the main tape on one thread. An instance of a template runs in a scratch of its local wires, which is then copied out whole.</summary>
internal sealed class StepRunner(CompiledCircuit circuit, Memory<Fr> wires, SolverOptions options, Action<int> report, GrowingScalars? stream)
{
    private readonly FinalWires? _final = stream is null ? null : new FinalWires(stream);
    private Fr[] _scratch = [];
    private int _hintCalls;

    /// <summary>Runs the steps [start, end) of the main tape.</summary>
    public void Run(int start, int end)
    {
        RowEvaluator main = new(circuit.Body(0), circuit.Coefficients, wires.Span);
        ReadOnlySpan<Step> steps = circuit.Body(0).Steps;
        foreach (Step step in steps[start..end])
        {
            switch (step.Kind)
            {
                case StepKind.Instance:
                    RunInstance(circuit.Instances[step.Index]);
                    break;
                case StepKind.Challenge:
                    RunChallenge(step.Index);
                    break;
                default:
                    RunStep(main, step, firstConstraint: 0);
                    break;
            }

            if (_final is not null)
            {
                Publish(main.Body, step);
            }
        }

        _final?.Flush();
    }

    /// <summary>The wires that a step of the main tape has set are final: no other sets them.</summary>
    private void Publish(in CircuitBody body, Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Instance:
                ref readonly InstanceCall instance = ref circuit.Instances[step.Index];
                _final!.Add(instance.FirstWire, circuit.Templates[instance.Template].OwnWireCount);
                break;
            case StepKind.Hint:
                ref readonly HintCall call = ref body.HintCalls[step.Index];
                _final!.Add(call.FirstOutput, call.OutputCount);
                break;
            case StepKind.Define:
                body.Row(step.Index, out _, out _, out ReadOnlySpan<Term> c);
                _final!.Add(c[^1].Wire, 1);
                break;
            case StepKind.Challenge:
                _final!.Add(circuit.Challenges[step.Index].Output, 1);
                break;
            default:
                break;
        }
    }

    private void RunInstance(in InstanceCall instance)
    {
        TemplateInfo template = circuit.Templates[instance.Template];
        if (_scratch.Length < template.WireCount)
        {
            _scratch = new Fr[template.WireCount];
        }

        Span<Fr> local = _scratch.AsSpan(0, template.WireCount);
        local[0] = Fr.One;
        Span<Fr> all = wires.Span;
        ReadOnlySpan<uint> inputs = circuit.InstanceInputs.Slice(instance.FirstInput, template.InputCount);
        for (int i = 0; i < inputs.Length; i++)
        {
            local[i + 1] = all[(int)inputs[i]];
        }

        CircuitBody body = circuit.Body(instance.Template + 1);
        RowEvaluator rows = new(body, circuit.Coefficients, local);
        foreach (Step step in body.Steps)
        {
            RunStep(rows, step, instance.FirstConstraint);
        }

        local[(inputs.Length + 1)..].CopyTo(all[(int)instance.FirstWire..]);
    }

    private void RunStep(in RowEvaluator rows, Step step, int firstConstraint)
    {
        switch (step.Kind)
        {
            case StepKind.Hint:
                RunHint(rows, rows.Body.HintCalls[step.Index]);
                break;
            case StepKind.Define:
                rows.Define(step.Index);
                break;
            default:
                if (!rows.Holds(step.Index))
                {
                    report(firstConstraint + step.Index);
                }

                break;
        }
    }

    private void RunHint(in RowEvaluator rows, in HintCall call)
    {
        const int OnStackMax = 16;
        Span<Fr> inputs = call.InputCount <= OnStackMax ? stackalloc Fr[OnStackMax] : new Fr[call.InputCount];
        inputs = inputs[..call.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = rows.Evaluate(rows.Body.HintRow(call.FirstInput + i));
        }

        Span<Fr> outputs = rows.Wires.Slice((int)call.FirstOutput, call.OutputCount);
        outputs.Clear();
        HintDefinition hint = circuit.Hints[call.Hint];
        hint.Compute(inputs, outputs);
        options.Intercept?.Invoke(_hintCalls++, hint, inputs, outputs);
    }

    private void RunChallenge(int index)
    {
        ChallengeCall call = circuit.Challenges[index];
        Span<Fr> all = wires.Span;
        Fr[] committed = new Fr[call.WireCount];
        for (int i = 0; i < committed.Length; i++)
        {
            committed[i] = all[(int)circuit.CommittedWires[call.FirstWire + i]];
        }

        all[(int)call.Output] = options.Challenges!.Derive(index, committed);
    }
}
