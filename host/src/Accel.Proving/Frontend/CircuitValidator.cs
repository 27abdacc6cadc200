using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Frontend;

/// <summary>Checks that every index of a stored circuit points inside it, so that the solver's inner loops need not.</summary>
internal static class CircuitValidator
{
    /// <exception cref="InvalidDataException">An index points outside the circuit.</exception>
    public static void Validate(CompiledCircuit circuit, string source)
    {
        void Require(bool condition, string what)
        {
            if (!condition)
            {
                throw new InvalidDataException($"{source}: {what}");
            }
        }

        Require(circuit.WireCount > circuit.PublicCount && circuit.PublicCount >= 0, "the number of public wires exceeds the number of wires");
        Require(circuit.Coefficients.Length >= 2 && circuit.Coefficients[0].IsOne && circuit.Coefficients[1] == -Fr.One, "coefficients 0 and 1 are not 1 and −1");
        ValidateBody(circuit, circuit.Body(0), circuit.WireCount, isMain: true, Require);
        int rows = circuit.Body(0).RowCount;
        for (int i = 0; i < circuit.Templates.Length; i++)
        {
            TemplateInfo template = circuit.Templates[i];
            Require(template.InputCount >= 0 && template.WireCount > template.InputCount, $"template {template.Key} has fewer wires than inputs");
            ValidateBody(circuit, circuit.Body(i + 1), template.WireCount, isMain: false, Require);
        }

        foreach (ref readonly InstanceCall instance in circuit.Instances)
        {
            Require(instance.Template >= 0 && instance.Template < circuit.Templates.Length, "an instance names a template that is not there");
            TemplateInfo template = circuit.Templates[instance.Template];
            long last = (long)instance.FirstWire + template.WireCount - template.InputCount - 1;
            Require(last <= circuit.WireCount, "an instance's wires reach past the circuit's");
            Require(instance.FirstInput >= 0 && (long)instance.FirstInput + template.InputCount <= circuit.InstanceInputs.Length, "an instance's inputs reach past their list");
            Require(instance.FirstConstraint == rows, "instances are not laid out one after the other");
            rows += circuit.Body(instance.Template + 1).RowCount;
        }

        Require(rows == circuit.ConstraintCount, $"the header says {circuit.ConstraintCount} constraints but the rows are {rows}");
        RequireBelow(circuit.InstanceInputs, circuit.WireCount, "an instance's input", Require);
        RequireBelow(circuit.CommittedWires, circuit.WireCount, "a committed wire", Require);
        foreach (ref readonly ChallengeCall challenge in circuit.Challenges)
        {
            bool inside = challenge.FirstWire >= 0 && challenge.WireCount >= 0 && (long)challenge.FirstWire + challenge.WireCount <= circuit.CommittedWires.Length;
            Require(inside && challenge.Output < circuit.WireCount, "a challenge reaches past the committed wires");
        }

        int end = 0;
        foreach (ref readonly LevelMark level in circuit.Levels)
        {
            Require(level.EndStep >= end, "levels overlap");
            end = level.EndStep;
        }

        Require(end == circuit.Body(0).Steps.Length, "the levels do not cover the tape");
    }

    private static void ValidateBody(CompiledCircuit circuit, CircuitBody body, int wireCount, bool isMain, Action<bool, string> require)
    {
        require(body.RowEndsAreOrdered(), "row ends are not ordered or reach past the terms");
        ValidateTerms(body.Terms, circuit, wireCount, require);
        ValidateTerms(body.HintTerms, circuit, wireCount, require);
        foreach (ref readonly HintCall call in body.HintCalls)
        {
            require(call.Hint >= 0 && call.Hint < circuit.Hints.Length, "a call names a hint that is not there");
            require(call.FirstInput >= 0 && call.InputCount >= 0 && (long)call.FirstInput + call.InputCount <= body.HintRowCount, "a hint's inputs reach past their rows");
            require(call.OutputCount >= 0 && call.FirstOutput + (long)call.OutputCount <= wireCount, "a hint's outputs reach past the wires");
        }

        foreach (ref readonly Step step in body.Steps)
        {
            int count = step.Kind switch
            {
                StepKind.Define or StepKind.Check => body.RowCount,
                StepKind.Hint => body.HintCalls.Length,
                StepKind.Instance when isMain => circuit.Instances.Length,
                StepKind.Challenge when isMain => circuit.Challenges.Length,
                _ => 0,
            };
            require(step.Index < count, $"a step names {step.Kind} {step.Index} of {count}");
            if (step.Kind == StepKind.Define)
            {
                body.Row(step.Index, out _, out _, out ReadOnlySpan<Term> c);
                require(c.Length >= 1 && c[^1].Coefficient == 0 && c[^1].Wire != 0, $"row {step.Index} defines no wire");
            }
        }
    }

    private static void ValidateTerms(ReadOnlySpan<Term> terms, CompiledCircuit circuit, int wireCount, Action<bool, string> require)
    {
        uint maxWire = 0, maxCoefficient = 0;
        foreach (ref readonly Term term in terms)
        {
            maxWire = Math.Max(maxWire, term.Wire);
            maxCoefficient = Math.Max(maxCoefficient, term.Coefficient);
        }

        require(maxWire < wireCount, $"a term names wire {maxWire} of {wireCount}");
        require(maxCoefficient < circuit.Coefficients.Length, $"a term names coefficient {maxCoefficient} of {circuit.Coefficients.Length}");
    }

    private static void RequireBelow(ReadOnlySpan<uint> values, int bound, string what, Action<bool, string> require)
    {
        foreach (uint value in values)
        {
            require(value < bound, $"{what} is {value} of {bound}");
        }
    }
}
