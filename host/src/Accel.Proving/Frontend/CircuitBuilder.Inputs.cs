namespace Accel.Proving.Frontend;

public sealed partial class CircuitBuilder
{
    private readonly List<InputDeclaration> _inputs = [];
    private readonly GrowableBuffer<int> _stepLevels = new();
    private readonly GrowableBuffer<int> _stepWeights = new();
    private readonly GrowableBuffer<ChallengeCall> _challenges = new();
    private readonly GrowableBuffer<uint> _committed = new();
    private readonly GrowableBuffer<InstanceCall> _instances = new();
    private readonly GrowableBuffer<uint> _instanceInputs = new();
    private readonly GrowableBuffer<int> _instanceScopes = new();
    private int _challengeLevel;

    /// <summary>Number of public wires so far.</summary>
    public int PublicCount { get; private set; }

    /// <summary>Declares one public input; public inputs come before any other wire.</summary>
    /// <exception cref="InvalidOperationException">The name is taken, or another wire exists already.</exception>
    public Linear PublicInput(string name) => PublicInputs(name, 1)[0];

    /// <summary>Declares public inputs; they come before any other wire.</summary>
    /// <exception cref="InvalidOperationException">The name is taken, or another wire exists already.</exception>
    public Linear[] PublicInputs(string name, int count)
    {
        if (WireCount != PublicCount + 1)
        {
            throw new InvalidOperationException($"public input '{name}' is declared after other wires: declare public inputs first");
        }

        PublicCount += count;
        return AddInputs(name, count, isPublic: true);
    }

    /// <summary>Declares one private input.</summary>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public Linear SecretInput(string name) => SecretInputs(name, 1)[0];

    /// <summary>Declares private inputs.</summary>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public Linear[] SecretInputs(string name, int count) => AddInputs(name, count, isPublic: false);

    /// <summary>Asks the solver for values by a hint; the caller owes the constraints that make them unique.</summary>
    /// <param name="inputs">What the hint reads.</param>
    /// <param name="outputCount">How many wires it fills.</param>
    public Linear[] Hint<THint>(ReadOnlySpan<Linear> inputs, int outputCount)
        where THint : IHint
    {
        int hint = _context.IndexOf(HintDefinition.Of<THint>());
        int firstInput = _body.HintRowEnds.Count;
        int level = 0;
        foreach (ref readonly Linear input in inputs)
        {
            AddTerms(input, _body.HintTerms, _body.HintRowEnds);
            level = Math.Max(level, LevelOf(input));
        }

        uint firstOutput = (uint)WireCount;
        Linear[] outputs = new Linear[outputCount];
        for (int i = 0; i < outputCount; i++)
        {
            outputs[i] = Linear.OfWire(AddWire(level + 1));
        }

        AddStep(Step.Of(StepKind.Hint, _body.HintCalls.Count), level + 1, weight: 1 + outputCount);
        _body.HintCalls.Add(new HintCall(hint, firstInput, inputs.Length, firstOutput, outputCount));
        return outputs;
    }

    /// <summary>
    /// Commits to values and returns a challenge that is bound to them, to all public inputs and to what was committed before: the solver knows
    /// it only after they are fixed, so that arguments by random evaluation (LogUp and the like) can use it, and later hints may read it. No row
    /// fixes the challenge, the proof system must: Groth16 keys with commitments do (Groth16/README.md), .r1cs files cannot and refuse the circuit.
    /// </summary>
    /// <param name="values">What to commit to; public inputs, earlier challenges and values committed before may be among them and cost nothing.</param>
    /// <exception cref="InvalidOperationException">Called within a template.</exception>
    public Linear Commit(ReadOnlySpan<Linear> values)
    {
        if (IsTemplate)
        {
            throw new InvalidOperationException("a template cannot commit: its wires differ from instance to instance");
        }

        // Challenges are drawn in the order of the calls, because each is bound to the commitments before it.
        int first = _committed.Count;
        int level = _challengeLevel;
        foreach (ref readonly Linear value in values)
        {
            Linear wire = ToWire(value);
            wire.IsWire(out uint index);
            _committed.Add(index);
            level = Math.Max(level, LevelOf(wire));
        }

        uint output = AddWire(level + 1);
        AddStep(Step.Of(StepKind.Challenge, _challenges.Count), level + 1, weight: 1);
        _challenges.Add(new ChallengeCall(first, values.Length, output));
        _challengeLevel = level + 1;
        return Linear.OfWire(output);
    }

    /// <summary>Instantiates a template. It is defined at its first use; each further use stores a few numbers only.</summary>
    /// <exception cref="ArgumentException">The number of inputs differs from the template's.</exception>
    public Linear[] Call(ITemplate template, ReadOnlySpan<Linear> inputs)
    {
        if (inputs.Length != template.InputCount)
        {
            throw new ArgumentException($"template {template.Key} takes {template.InputCount} inputs, not {inputs.Length}");
        }

        // Within a template another one is laid out in line: bodies do not nest, which keeps the solver's inner loop flat.
        if (IsTemplate)
        {
            return template.Define(this, inputs);
        }

        int templateIndex = IndexOf(template);
        TemplateBody body = _context.Templates[templateIndex];
        int firstInput = _instanceInputs.Count;
        uint[] map = new uint[body.Body.WireCount];
        int level = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Linear wire = ToWire(inputs[i]);
            wire.IsWire(out uint index);

            // Distinct input wires keep every instantiated row free of repeated wires.
            if (map.AsSpan(1, i).Contains(index))
            {
                wire = Copy(wire);
                wire.IsWire(out index);
            }

            map[i + 1] = index;
            level = Math.Max(level, LevelOf(wire));
        }

        _instanceInputs.AddRange(map.AsSpan(1, inputs.Length));
        uint firstWire = (uint)WireCount;
        for (int i = inputs.Length + 1; i < map.Length; i++)
        {
            map[i] = AddWire(level + 1);
        }

        MarkScope();
        AddStep(Step.Of(StepKind.Instance, _instances.Count), level + 1, weight: body.Body.RowCount);
        _instances.Add(new InstanceCall(templateIndex, firstInput, firstWire, FirstConstraint: 0));
        ConstraintCount += body.Body.RowCount;
        _instanceScopes.Add(_scope);
        CallLookups(body.Lookups, map);
        return Array.ConvertAll(body.Outputs, output => Rename(output, map));
    }

    private static Linear Rename(in Linear value, uint[] map)
    {
        LinearAccumulator renamed = new();
        foreach (WeightedWire term in value.Terms)
        {
            renamed.Add(Linear.OfWire(map[term.Wire]), term.Coefficient);
        }

        return renamed.ToLinear();
    }

    private int IndexOf(ITemplate template)
    {
        if (_context.TemplateIndex.TryGetValue(template.Key, out int index))
        {
            return _context.Templates[index].Definition == template.GetType()
                ? index
                : throw new InvalidOperationException($"two templates are called '{template.Key}'");
        }

        BodyBuilder body = new() { WireCount = template.InputCount + 1 };
        CircuitBuilder inner = new(_context, body, levels: null, scope: _context.IndexOfScope(0, template.Key));
        Linear[] inputs = new Linear[template.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Linear.OfWire((uint)i + 1);
        }

        Linear[] outputs = template.Define(inner, inputs);
        inner.RunDeferred();
        index = _context.Templates.Count;
        _context.Templates.Add(new TemplateBody(template.GetType(), template.Key, template.InputCount, body, outputs, inner._lookups));
        _context.TemplateIndex.Add(template.Key, index);
        return index;
    }

    private Linear[] AddInputs(string name, int count, bool isPublic)
    {
        if (IsTemplate)
        {
            throw new InvalidOperationException($"a template cannot declare input '{name}': pass it in");
        }

        if (_inputs.Exists(input => input.Name == name))
        {
            throw new InvalidOperationException($"input '{name}' is declared twice");
        }

        _inputs.Add(new InputDeclaration(name, (uint)WireCount, count, isPublic));
        Linear[] wires = new Linear[count];
        for (int i = 0; i < count; i++)
        {
            wires[i] = Linear.OfWire(AddWire(level: 0));
        }

        return wires;
    }
}

/// <summary>A named run of input wires.</summary>
/// <param name="Name">The name given in <see cref="ICircuit.Define"/>.</param>
/// <param name="FirstWire">Its first wire.</param>
/// <param name="Count">Its number of wires.</param>
/// <param name="IsPublic">Whether they are public.</param>
public sealed record InputDeclaration(string Name, uint FirstWire, int Count, bool IsPublic);
