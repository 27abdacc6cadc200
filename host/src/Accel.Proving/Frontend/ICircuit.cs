namespace Accel.Proving.Frontend;

/// <summary>A statement: a type whose <see cref="Define"/> declares inputs and constraints. It runs once, when the circuit is compiled; proving never runs it again.</summary>
public interface ICircuit
{
    /// <summary>The statement's name and shape, such as <c>SettlementBatch 16×16×8</c>; part of the digest.</summary>
    string Name { get; }

    /// <summary>Declares public inputs first, then everything else. It must be deterministic.</summary>
    void Define(CircuitBuilder builder);
}

/// <summary>
/// A sub-circuit that is stored once and instantiated by wire offset. It computes outputs from its inputs alone:
/// <see cref="Define"/> must use no combination from outside, which would name other wires.
/// </summary>
public interface ITemplate
{
    /// <summary>Identifies the template within a circuit, parameters included, such as <c>Poseidon(t=5)</c>.</summary>
    string Key { get; }

    /// <summary>Number of input wires.</summary>
    int InputCount { get; }

    /// <summary>Defines the outputs from the inputs.</summary>
    Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs);
}
