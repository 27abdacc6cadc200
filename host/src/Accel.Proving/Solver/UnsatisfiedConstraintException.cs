namespace Accel.Proving.Solver;

/// <summary>A constraint that the assignment does not satisfy: its name and the three values.</summary>
/// <param name="Constraint">Its index.</param>
/// <param name="Name">Its scope path.</param>
/// <param name="A">⟨A,w⟩.</param>
/// <param name="B">⟨B,w⟩.</param>
/// <param name="C">⟨C,w⟩.</param>
public sealed record Violation(int Constraint, string Name, Fr A, Fr B, Fr C)
{
    /// <inheritdoc />
    public override string ToString() =>
        $"constraint {Constraint} '{Name}' does not hold: {A.ToSignedBigInteger()} · {B.ToSignedBigInteger()} ≠ {C.ToSignedBigInteger()}";
}

/// <summary>The inputs satisfy no witness: the statement is false for them.</summary>
public sealed class UnsatisfiedConstraintException(Violation violation) : Exception(violation.ToString())
{
    /// <summary>The first constraint that fails.</summary>
    public Violation Violation { get; } = violation;
}
