using System.Runtime.CompilerServices;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Frontend;

namespace Accel.Proving.Solver;

/// <summary>Executes the steps of a tape over one array of wires.</summary>
internal sealed class TapeRunner(CompiledCircuit circuit, Fr[] wires, SolverOptions options)
{
    /// <summary>Below this many constraints a level costs less than waking another thread.</summary>
    private const int ParallelWeightMin = 1024;

    private readonly Lock _violationLock = new();
    private readonly int _threads = options.Intercept is null ? Math.Max(1, options.ThreadCount) : 1;
    private int _hintCalls;

    /// <summary>The lowest violated constraint, or −1.</summary>
    public int FirstViolation { get; private set; } = -1;

    public void Run(CancellationToken cancel)
    {
        int start = 0;
        for (int level = 0; level < circuit.Levels.Length; level++)
        {
            cancel.ThrowIfCancellationRequested();
            LevelMark mark = circuit.Levels[level];
            RunLevel(start, mark.EndStep, mark.Weight, cancel);
            start = mark.EndStep;
        }
    }

    private void RunLevel(int start, int end, int weight, CancellationToken cancel)
    {
        if (_threads == 1 || weight < ParallelWeightMin || end - start < 2)
        {
            RunSteps(start, end);
            return;
        }

        // Several parts a thread even out steps of unequal weight.
        int parts = Math.Min(end - start, _threads * 8);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _threads, CancellationToken = cancel };
        Parallel.For(0, parts, parallel, part =>
        {
            int first = start + (int)((end - start) * (long)part / parts);
            int last = start + (int)((end - start) * (long)(part + 1) / parts);
            RunSteps(first, last);
        });
    }

    private void RunSteps(int start, int end)
    {
        BodyRunner<MainWires> main = new(circuit.Body(0), new MainWires(wires), circuit, this, firstConstraint: 0);
        ReadOnlySpan<Step> steps = circuit.Body(0).Steps;
        for (int i = start; i < end; i++)
        {
            Step step = steps[i];
            switch (step.Kind)
            {
                case StepKind.Instance:
                    RunInstance(circuit.Instances[step.Index]);
                    break;
                case StepKind.Challenge:
                    RunChallenge(step.Index);
                    break;
                default:
                    main.Run(step);
                    break;
            }
        }
    }

    private void RunInstance(in InstanceCall instance)
    {
        InstanceWires view = new(wires, circuit.MapOf(instance));
        BodyRunner<InstanceWires> body = new(circuit.Body(instance.Template + 1), view, circuit, this, instance.FirstConstraint);
        foreach (ref readonly Step step in circuit.Body(instance.Template + 1).Steps)
        {
            body.Run(step);
        }
    }

    private void RunChallenge(int index)
    {
        ChallengeCall call = circuit.Challenges[index];
        Fr[] committed = new Fr[call.WireCount];
        for (int i = 0; i < committed.Length; i++)
        {
            committed[i] = wires[circuit.CommittedWires[call.FirstWire + i]];
        }

        wires[call.Output] = options.Challenges!.Derive(index, committed);
    }

    private void Report(int constraint)
    {
        lock (_violationLock)
        {
            FirstViolation = FirstViolation < 0 ? constraint : Math.Min(FirstViolation, constraint);
        }
    }

    /// <summary>Where a body's local wires lie.</summary>
    private interface IWireView
    {
        ref Fr this[uint local] { get; }
    }

    private readonly ref struct MainWires(Span<Fr> wires) : IWireView
    {
        private readonly Span<Fr> _wires = wires;

        public ref Fr this[uint local] => ref _wires[(int)local];
    }

    private readonly ref struct InstanceWires(Span<Fr> wires, WireMap map) : IWireView
    {
        private readonly Span<Fr> _wires = wires;
        private readonly WireMap _map = map;

        public ref Fr this[uint local] => ref _wires[(int)_map[local]];
    }

    private readonly ref struct BodyRunner<TWires>(CircuitBody body, TWires wires, CompiledCircuit circuit, TapeRunner owner, int firstConstraint)
        where TWires : struct, IWireView, allows ref struct
    {
        private readonly CircuitBody _body = body;
        private readonly TWires _wires = wires;
        private readonly ReadOnlySpan<Fr> _coefficients = circuit.Coefficients;
        private readonly ReadOnlySpan<HintDefinition> _hints = circuit.Hints;

        public void Run(Step step)
        {
            if (step.Kind == StepKind.Hint)
            {
                RunHint(_body.HintCalls[step.Index]);
                return;
            }

            _body.Row(step.Index, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
            Fr left = Evaluate(a);
            Fr product = IsOne(b) ? left : left * Evaluate(b);
            if (step.Kind == StepKind.Define)
            {
                _wires[c[^1].Wire] = c.Length == 1 ? product : product - Evaluate(c[..^1]);
            }
            else if (product != Evaluate(c))
            {
                owner.Report(firstConstraint + step.Index);
            }
        }

        private static bool IsOne(ReadOnlySpan<Term> terms) => terms.Length == 1 && terms[0] == default;

        private void RunHint(in HintCall call)
        {
            Span<Fr> inputs = call.InputCount <= 32 ? stackalloc Fr[32] : new Fr[call.InputCount];
            inputs = inputs[..call.InputCount];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = Evaluate(_body.HintRow(call.FirstInput + i));
            }

            Span<Fr> outputs = call.OutputCount <= 32 ? stackalloc Fr[32] : new Fr[call.OutputCount];
            outputs = outputs[..call.OutputCount];
            outputs.Clear();
            HintDefinition hint = _hints[call.Hint];
            hint.Compute(inputs, outputs);
            owner.Intercept(hint, inputs, outputs);
            for (int i = 0; i < outputs.Length; i++)
            {
                _wires[call.FirstOutput + (uint)i] = outputs[i];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Fr Evaluate(ReadOnlySpan<Term> terms)
        {
            Fr sum = Fr.Zero;
            foreach (ref readonly Term term in terms)
            {
                ref Fr wire = ref _wires[term.Wire];
                switch (term.Coefficient)
                {
                    case 0:
                        sum += wire;
                        break;
                    case 1:
                        sum -= wire;
                        break;
                    default:
                        sum += _coefficients[(int)term.Coefficient] * wire;
                        break;
                }
            }

            return sum;
        }
    }

    private void Intercept(HintDefinition hint, ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
    {
        if (options.Intercept is not null)
        {
            options.Intercept(_hintCalls++, hint, inputs, outputs);
        }
    }
}
