namespace Accel.Proving.Frontend;

/// <summary>
/// Advice to the solver: wires whose values are computed outside the constraint system and then constrained by it.
/// A hint is a named type and never a closure, so that a compiled circuit can be stored and solved elsewhere.
/// </summary>
public interface IHint
{
    /// <summary>The name under which a stored circuit refers to this hint; never reused for another function.</summary>
    static abstract string Name { get; }

    /// <summary>Computes the outputs. Total: for inputs where the value is undefined it returns zeros and lets the constraints fail.</summary>
    static abstract void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs);

    /// <summary>
    /// The uniqueness contract: whether, for these inputs, the constraints leave the outputs free on purpose
    /// (the inverse in an is-zero test, at zero). Everywhere else a second solution is a soundness defect.
    /// </summary>
    static virtual bool IsFree(ReadOnlySpan<Fr> inputs) => false;

    /// <summary>Whether the hint can be called with so many inputs and outputs; a stored circuit that calls it otherwise is refused.</summary>
    static virtual bool Accepts(int inputCount, int outputCount) => true;
}

/// <summary>The function of a hint.</summary>
public delegate void HintFunction(ReadOnlySpan<Fr> inputs, Span<Fr> outputs);

/// <summary>Tells whether a hint's outputs are free for some inputs.</summary>
public delegate bool HintFreedom(ReadOnlySpan<Fr> inputs);

/// <summary>Tells whether a hint takes so many inputs and outputs.</summary>
public delegate bool HintShape(int inputCount, int outputCount);

/// <summary>A registered hint.</summary>
/// <param name="Name">Its stored name.</param>
/// <param name="Compute">Its function.</param>
/// <param name="IsFree">Its uniqueness contract.</param>
/// <param name="Accepts">The shapes of its calls.</param>
public sealed record HintDefinition(string Name, HintFunction Compute, HintFreedom IsFree, HintShape Accepts)
{
    /// <summary>The definition of a hint type.</summary>
    public static HintDefinition Of<THint>()
        where THint : IHint => new(THint.Name, THint.Compute, THint.IsFree, THint.Accepts);
}

/// <summary>The hints that a stored circuit may name.</summary>
public sealed class HintSet
{
    private readonly Dictionary<string, HintDefinition> _hints = [];

    /// <summary>Adds a hint; adding it twice is harmless.</summary>
    /// <exception cref="ArgumentException">Another hint has the name.</exception>
    public HintSet With<THint>()
        where THint : IHint
    {
        HintDefinition definition = HintDefinition.Of<THint>();
        if (!_hints.TryAdd(definition.Name, definition) && _hints[definition.Name].Compute.Method != definition.Compute.Method)
        {
            throw new ArgumentException($"two hints are called '{definition.Name}'");
        }

        return this;
    }

    /// <summary>Adds every hint of another set.</summary>
    public HintSet With(HintSet other)
    {
        foreach ((string name, HintDefinition definition) in other._hints)
        {
            _hints.TryAdd(name, definition);
        }

        return this;
    }

    /// <summary>Finds a hint by name.</summary>
    public bool TryGet(string name, out HintDefinition? definition) => _hints.TryGetValue(name, out definition);
}
