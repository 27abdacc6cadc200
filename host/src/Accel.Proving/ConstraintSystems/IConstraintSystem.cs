using System.Runtime.InteropServices;

namespace Accel.Proving.ConstraintSystems;

/// <summary>One term of a linear combination: coefficient × wire. Eight bytes, so that 60 million terms take 480 MB.</summary>
/// <param name="Wire">Index of the wire; wire 0 is the constant one.</param>
/// <param name="Coefficient">Index into the system's coefficient table.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Term(uint Wire, uint Coefficient);

/// <summary>
/// A rank-1 constraint system ⟨Aᵢ,w⟩·⟨Bᵢ,w⟩ = ⟨Cᵢ,w⟩ over Fr. Wire 0 is one; wires 1…<see cref="PublicCount"/> are public; the others are private.
/// What set-up and file writers read; they never see how it was built.
/// </summary>
public interface IConstraintSystem
{
    /// <summary>Number of wires, the constant one included.</summary>
    int WireCount { get; }

    /// <summary>Number of public wires, the constant one excluded.</summary>
    int PublicCount { get; }

    /// <summary>Number of constraints.</summary>
    int ConstraintCount { get; }

    /// <summary>
    /// The challenges that are bound to committed values, in the order in which they are drawn. No row fixes them: under a proof system that does
    /// not derive them itself the prover would choose them, so that each argument built on one proves nothing.
    /// </summary>
    IReadOnlyList<WireCommitment> Commitments { get; }

    /// <summary>Distinct coefficients, by the index that a <see cref="Term"/> names.</summary>
    ReadOnlySpan<Fr> Coefficients { get; }

    /// <summary>Shows every constraint to <paramref name="visitor"/>, in order.</summary>
    void VisitRows<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IRowVisitor, allows ref struct;
}

/// <summary>A challenge and the wires that are fixed before it is known.</summary>
/// <param name="Challenge">The wire that holds the challenge; neither public nor the constant one.</param>
/// <param name="Wires">The committed wires as the circuit lists them: public ones, earlier challenges and repetitions may be among them.</param>
public sealed record WireCommitment(uint Challenge, ReadOnlyMemory<uint> Wires);

/// <summary>Receives the rows of a constraint system in order; the spans are valid only during the call.</summary>
public interface IRowVisitor
{
    /// <summary>One constraint ⟨A,w⟩·⟨B,w⟩ = ⟨C,w⟩; within a row each wire occurs at most once and no coefficient is zero.</summary>
    void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c);
}
