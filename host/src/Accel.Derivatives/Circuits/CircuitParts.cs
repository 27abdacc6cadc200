using Accel.Proving.Frontend;

namespace Accel.Derivatives.Circuits;

/// <summary>Constraints of one part of a circuit.</summary>
/// <param name="Name">What the part does.</param>
/// <param name="ConstraintCount">How many constraints it takes.</param>
public readonly record struct CircuitPart(string Name, int ConstraintCount);

/// <summary>A statement of this library: a circuit that tells its parts and its face.</summary>
public interface IStatement : ICircuit
{
    /// <summary>How the public fields are shown.</summary>
    PublicFace Face { get; }

    /// <summary>Constraints of each part, in order, once <see cref="ICircuit.Define"/> has run.</summary>
    IReadOnlyList<CircuitPart> Parts { get; }
}

/// <summary>Counts the constraints of the parts of a circuit while it is defined.</summary>
internal sealed class CircuitParts
{
    private readonly List<CircuitPart> _parts = [];

    public IReadOnlyList<CircuitPart> All => _parts;

    public void Clear() => _parts.Clear();

    /// <summary>Defines one part.</summary>
    public T Define<T>(CircuitBuilder builder, string name, Func<T> define)
    {
        int before = builder.ConstraintCount;
        T result = define();
        _parts.Add(new CircuitPart(name, builder.ConstraintCount - before));
        return result;
    }

    /// <summary>Defines one part that yields nothing.</summary>
    public void Define(CircuitBuilder builder, string name, Action define) => Define(builder, name, () =>
    {
        define();
        return true;
    });
}
