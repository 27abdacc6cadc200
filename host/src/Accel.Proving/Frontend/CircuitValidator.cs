namespace Accel.Proving.Frontend;

/// <summary>
/// Checks a stored circuit before it is used: every index points inside, every wire is set exactly once and before it is read, every row is
/// executed once. So the solver's inner loops need no checks of their own, its levels cannot race, and what it returns satisfies every row.
/// </summary>
internal static class CircuitValidator
{
    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static void Validate(CompiledCircuit circuit, string source)
    {
        try
        {
            CheckHeader(circuit);
            CheckInstances(circuit);
            CheckChallenges(circuit);
            for (int i = 0; i < circuit.Templates.Length; i++)
            {
                TemplateInfo template = circuit.Templates[i];
                Require(template.InputCount >= 0 && template.WireCount > template.InputCount, "a template has fewer wires than inputs");
                BodyValidator.CheckTemplate(circuit, circuit.Body(i + 1), template);
            }

            BodyValidator.CheckMain(circuit);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{source}: {exception.Message}", exception);
        }
    }

    /// <summary>For rules whose message needs no figures; others throw on their own, so that no message is built for what holds.</summary>
    internal static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidDataException(message);
        }
    }

    private static void CheckHeader(CompiledCircuit circuit)
    {
        Require(circuit.PublicCount >= 0 && circuit.WireCount > circuit.PublicCount, "the number of public wires exceeds the number of wires");
        long next = 1;
        long publicCount = 0;
        foreach (InputDeclaration input in circuit.Inputs)
        {
            Require(input.Count >= 0 && input.FirstWire >= next && input.FirstWire + (long)input.Count <= circuit.WireCount, "inputs overlap or reach past the wires");
            Require(!input.IsPublic || input.FirstWire == next, "public inputs do not come first");
            publicCount += input.IsPublic ? input.Count : 0;
            next = input.FirstWire + (long)input.Count;
        }

        Require(publicCount == circuit.PublicCount, "the public inputs are not as many as the public wires");
        Require(circuit.Coefficients.Length >= 2 && circuit.Coefficients[0].IsOne && circuit.Coefficients[1] == -Fr.One, "coefficients 0 and 1 are not 1 and −1");
        Span<byte> bytes = stackalloc byte[32];
        foreach (ref readonly Fr coefficient in circuit.Coefficients)
        {
            coefficient.WriteMontgomery(bytes);
            Require(Fr.TryReadMontgomery(bytes, out _) && !coefficient.IsZero, "a coefficient is zero or not below r");
        }

        for (int i = 1; i < circuit.Scopes.Length; i++)
        {
            Require(circuit.Scopes[i].Parent >= 0 && circuit.Scopes[i].Parent < i, "a scope does not lie in an earlier one");
        }

        Require(circuit.Scopes.Length > 0, "the outermost scope is missing");
    }

    private static void CheckInstances(CompiledCircuit circuit)
    {
        long rows = circuit.Body(0).RowCount;
        foreach (ref readonly InstanceCall instance in circuit.Instances)
        {
            Require(instance.Template >= 0 && instance.Template < circuit.Templates.Length, "an instance names a template that is not there");
            TemplateInfo template = circuit.Templates[instance.Template];
            Require(instance.FirstInput >= 0 && (long)instance.FirstInput + template.InputCount <= circuit.InstanceInputs.Length, "an instance's inputs reach past their list");
            Require(instance.FirstWire + (long)template.OwnWireCount <= circuit.WireCount, "an instance's wires reach past the circuit's");
            Require(instance.FirstConstraint == rows, "instances are not laid out one after the other");
            CheckInputs(circuit.InstanceInputs.Slice(instance.FirstInput, template.InputCount), circuit.WireCount);
            rows += circuit.Body(instance.Template + 1).RowCount;
        }

        if (rows != circuit.ConstraintCount)
        {
            throw new InvalidDataException($"the header says {circuit.ConstraintCount} constraints but the rows are {rows}");
        }

        Require(circuit.InstanceScopes.Length == circuit.Instances.Length, "not every instance has a scope");
        foreach (int scope in circuit.InstanceScopes)
        {
            Require(scope >= 0 && scope < circuit.Scopes.Length, "an instance names a scope that is not there");
        }
    }

    /// <summary>Inputs differ, so that no row of an instance names a wire twice.</summary>
    private static void CheckInputs(ReadOnlySpan<uint> inputs, int wireCount)
    {
        uint[] sorted = inputs.ToArray();
        Array.Sort(sorted);
        uint previous = 0;
        foreach (uint wire in sorted)
        {
            Require(wire > previous && wire < wireCount, "an instance's inputs repeat a wire or name one that is not there");
            previous = wire;
        }
    }

    private static void CheckChallenges(CompiledCircuit circuit)
    {
        foreach (uint wire in circuit.CommittedWires)
        {
            Require(wire < circuit.WireCount, "a committed wire is not there");
        }

        foreach (ref readonly ChallengeCall challenge in circuit.Challenges)
        {
            bool inside = challenge.FirstWire >= 0 && challenge.WireCount >= 0 && (long)challenge.FirstWire + challenge.WireCount <= circuit.CommittedWires.Length;
            Require(inside && challenge.Output < circuit.WireCount, "a challenge reaches past the committed wires");
        }
    }
}
