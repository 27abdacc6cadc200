using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Frontend;

/// <summary>Checks the rows and the tape of one body. Each wire remembers in which level it is set; a step may read earlier levels only.</summary>
internal ref struct BodyValidator
{
    private const int NotSet = int.MaxValue;

    private readonly CompiledCircuit _circuit;
    private readonly CircuitBody _body;
    private readonly int[] _levels;
    private readonly bool[] _rows;
    private readonly bool[] _hints;
    private readonly bool[] _instances;
    private readonly bool[] _challenges;
    private int _level;
    private int _challengeCount;
    private int _challengeLevel;

    private BodyValidator(CompiledCircuit circuit, CircuitBody body, int wireCount, bool isMain)
    {
        CheckTerms(circuit, body, wireCount);
        _circuit = circuit;
        _body = body;
        _levels = new int[wireCount];
        _levels.AsSpan(1).Fill(NotSet);
        _rows = new bool[body.RowCount];
        _hints = new bool[body.HintCalls.Length];
        _instances = new bool[isMain ? circuit.Instances.Length : 0];
        _challenges = new bool[isMain ? circuit.Challenges.Length : 0];
    }

    public static void CheckTemplate(CompiledCircuit circuit, CircuitBody body, in TemplateInfo template)
    {
        // Wires are named by the rows, so a count beyond them is refused before it is allocated.
        CircuitValidator.Require(template.WireCount <= 1L + template.InputCount + body.RowCount + HintOutputs(body), "a template has wires that nothing sets");
        BodyValidator validator = new(circuit, body, template.WireCount, isMain: false);
        validator._levels.AsSpan(1, template.InputCount).Clear();
        foreach (Step step in body.Steps)
        {
            validator._level++;
            validator.Check(step);
        }

        validator.RequireComplete();
    }

    public static void CheckMain(CompiledCircuit circuit)
    {
        CircuitBody body = circuit.Body(0);
        long wires = 1L + body.RowCount + HintOutputs(body) + circuit.Challenges.Length + circuit.Inputs.Sum(input => (long)input.Count);
        foreach (ref readonly InstanceCall instance in circuit.Instances)
        {
            wires += circuit.Templates[instance.Template].OwnWireCount;
        }

        CircuitValidator.Require(circuit.WireCount <= wires, "the circuit has wires that nothing sets");
        BodyValidator validator = new(circuit, body, circuit.WireCount, isMain: true);
        foreach (InputDeclaration input in circuit.Inputs)
        {
            validator._levels.AsSpan((int)input.FirstWire, input.Count).Clear();
        }

        int start = 0;
        foreach (ref readonly LevelMark level in circuit.Levels)
        {
            CircuitValidator.Require(level.EndStep >= start && level.EndStep <= body.Steps.Length, "levels overlap or reach past the tape");
            validator._level++;
            foreach (Step step in body.Steps[start..level.EndStep])
            {
                validator.Check(step);
            }

            start = level.EndStep;
        }

        CircuitValidator.Require(start == body.Steps.Length, "the levels do not cover the tape");
        validator.RequireComplete();
    }

    private static long HintOutputs(CircuitBody body)
    {
        long outputs = 0;
        foreach (ref readonly HintCall call in body.HintCalls)
        {
            outputs += Math.Max(0, call.OutputCount);
        }

        return outputs;
    }

    private static void CheckTerms(CompiledCircuit circuit, CircuitBody body, int wireCount)
    {
        CircuitValidator.Require(body.RowEndsAreOrdered(), "row ends are not ordered or reach past the terms");
        CheckRange(body.Terms, circuit, wireCount);
        CheckRange(body.HintTerms, circuit, wireCount);
        foreach (ref readonly ScopeMark mark in body.ScopeMarks)
        {
            CircuitValidator.Require(mark.Scope >= 0 && mark.Scope < circuit.Scopes.Length, "a row names a scope that is not there");
        }
    }

    private static void CheckRange(ReadOnlySpan<Term> terms, CompiledCircuit circuit, int wireCount)
    {
        uint maxWire = 0, maxCoefficient = 0;
        foreach (ref readonly Term term in terms)
        {
            maxWire = Math.Max(maxWire, term.Wire);
            maxCoefficient = Math.Max(maxCoefficient, term.Coefficient);
        }

        if (maxWire >= wireCount || maxCoefficient >= circuit.Coefficients.Length)
        {
            throw new InvalidDataException($"a term names wire {maxWire} of {wireCount} or coefficient {maxCoefficient} of {circuit.Coefficients.Length}");
        }
    }

    private void Check(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Define:
            case StepKind.Check:
                Visit(_rows, step);
                CheckRow(step);
                break;
            case StepKind.Hint:
                Visit(_hints, step);
                CheckHint(_body.HintCalls[step.Index]);
                break;
            case StepKind.Instance:
                Visit(_instances, step);
                CheckInstance(_circuit.Instances[step.Index]);
                break;
            case StepKind.Challenge:
                Visit(_challenges, step);
                CircuitValidator.Require(step.Index == _challengeCount && _level > _challengeLevel, "challenges are not drawn one after the other");
                _challengeCount++;
                _challengeLevel = _level;
                CheckChallenge(_circuit.Challenges[step.Index]);
                break;
            default:
                throw new InvalidDataException($"a step is of the unknown kind {(int)step.Kind}");
        }
    }

    private static void Visit(bool[] seen, Step step)
    {
        if (step.Index >= seen.Length || seen[step.Index])
        {
            throw new InvalidDataException($"a step names {step.Kind} {step.Index} of {seen.Length}, or names it again");
        }

        seen[step.Index] = true;
    }

    private readonly void CheckRow(Step step)
    {
        _body.Row(step.Index, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
        Read(a);
        Read(b);
        if (step.Kind == StepKind.Check)
        {
            Read(c);
            return;
        }

        CircuitValidator.Require(c.Length >= 1 && c[^1].Coefficient == 0, "a row defines no wire");
        Read(c[..^1]);
        CircuitValidator.Require(c.Length == 1 || c[^2].Wire < c[^1].Wire, "the wires of a row are not in order");
        Set(c[^1].Wire, 1);
    }

    private readonly void CheckHint(in HintCall call)
    {
        CircuitValidator.Require(call.Hint >= 0 && call.Hint < _circuit.Hints.Length, "a call names a hint that is not there");
        CircuitValidator.Require(call.FirstInput >= 0 && call.InputCount >= 0 && (long)call.FirstInput + call.InputCount <= _body.HintRowCount, "a hint's inputs reach past their rows");
        HintDefinition hint = _circuit.Hints[call.Hint];
        if (call.OutputCount < 0 || !hint.Accepts(call.InputCount, call.OutputCount))
        {
            throw new InvalidDataException($"hint '{hint.Name}' does not map {call.InputCount} inputs to {call.OutputCount} outputs");
        }

        for (int i = 0; i < call.InputCount; i++)
        {
            Read(_body.HintRow(call.FirstInput + i));
        }

        Set(call.FirstOutput, call.OutputCount);
    }

    private readonly void CheckInstance(in InstanceCall instance)
    {
        TemplateInfo template = _circuit.Templates[instance.Template];
        foreach (uint wire in _circuit.InstanceInputs.Slice(instance.FirstInput, template.InputCount))
        {
            Read(wire);
        }

        Set(instance.FirstWire, template.OwnWireCount);
    }

    private readonly void CheckChallenge(in ChallengeCall challenge)
    {
        foreach (uint wire in _circuit.CommittedWires.Slice(challenge.FirstWire, challenge.WireCount))
        {
            Read(wire);
        }

        Set(challenge.Output, 1);
    }

    private readonly void Read(ReadOnlySpan<Term> terms)
    {
        long previous = -1;
        foreach (ref readonly Term term in terms)
        {
            Read(term.Wire);
            if (term.Wire <= previous)
            {
                throw new InvalidDataException($"a row names wire {term.Wire} after wire {previous}: wires are in order, each once");
            }

            previous = term.Wire;
        }
    }

    private readonly void Read(uint wire)
    {
        if (_levels[wire] >= _level)
        {
            throw new InvalidDataException($"wire {wire} is read before it is set");
        }
    }

    private readonly void Set(uint first, int count)
    {
        if (first + (long)count > _levels.Length)
        {
            throw new InvalidDataException($"wires {first}…{first + (long)count - 1} of {_levels.Length} are set");
        }

        foreach (ref int level in _levels.AsSpan((int)first, count))
        {
            CircuitValidator.Require(level == NotSet, "a wire is set twice");
            level = _level;
        }
    }

    private readonly void RequireComplete()
    {
        CircuitValidator.Require(!_levels.AsSpan().Contains(NotSet), "a wire is never set");
        CircuitValidator.Require(!_rows.AsSpan().Contains(false), "a row is never executed");
        CircuitValidator.Require(!_hints.AsSpan().Contains(false), "a hint is never called");
        CircuitValidator.Require(!_instances.AsSpan().Contains(false), "an instance is never executed");
        CircuitValidator.Require(!_challenges.AsSpan().Contains(false), "a challenge is never drawn");
    }
}
