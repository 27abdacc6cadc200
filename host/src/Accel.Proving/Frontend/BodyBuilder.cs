using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Frontend;

/// <summary>What one step of the solver's tape does; the index it carries selects the step's operand.</summary>
internal enum StepKind : byte
{
    /// <summary>Computes the last wire of the constraint's C row, which has coefficient one, from the rest of the constraint.</summary>
    Define,

    /// <summary>Checks a constraint whose wires are all known.</summary>
    Check,

    /// <summary>Runs a hint.</summary>
    Hint,

    /// <summary>Runs a template's tape at an instance's wires.</summary>
    Instance,

    /// <summary>Asks for a challenge bound to committed wires.</summary>
    Challenge,
}

/// <summary>One step of the tape, packed: kind in the top byte, index below.</summary>
internal readonly record struct Step(uint Packed)
{
    private const int KindShift = 28;

    public StepKind Kind => (StepKind)(Packed >> KindShift);

    public int Index => (int)(Packed & ((1u << KindShift) - 1));

    public static Step Of(StepKind kind, int index) => index < 1 << KindShift
        ? new Step(((uint)kind << KindShift) | (uint)index)
        : throw new InvalidOperationException($"a circuit holds at most {1 << KindShift} {kind} steps");
}

/// <summary>A call of a hint: input rows [FirstInput, FirstInput + InputCount), output wires [FirstOutput, FirstOutput + OutputCount).</summary>
internal readonly record struct HintCall(int Hint, int FirstInput, int InputCount, uint FirstOutput, int OutputCount);

/// <summary>A challenge: the committed wires [FirstWire, FirstWire + WireCount) of the commitment list, and the wire that receives it.</summary>
internal readonly record struct ChallengeCall(int FirstWire, int WireCount, uint Output);

/// <summary>An instance of a template: its input wires start at FirstInput of the instance input list, its own wires at FirstWire.</summary>
internal readonly record struct InstanceCall(int Template, int FirstInput, uint FirstWire, int FirstConstraint);

/// <summary>From this constraint on, constraints belong to a scope.</summary>
internal readonly record struct ScopeMark(int FirstConstraint, int Scope);

/// <summary>The rows, hint calls and tape of one body: the main circuit or a template.</summary>
internal sealed class BodyBuilder
{
    /// <summary>Ends of A, B and C of each row in <see cref="Terms"/>: three per constraint.</summary>
    public GrowableBuffer<uint> RowEnds { get; } = new();

    public GrowableBuffer<Term> Terms { get; } = new();

    /// <summary>Ends of hint input rows in <see cref="HintTerms"/>.</summary>
    public GrowableBuffer<uint> HintRowEnds { get; } = new();

    public GrowableBuffer<Term> HintTerms { get; } = new();

    public GrowableBuffer<HintCall> HintCalls { get; } = new();

    public GrowableBuffer<Step> Steps { get; } = new();

    public GrowableBuffer<ScopeMark> ScopeMarks { get; } = new();

    /// <summary>Number of wires, wire 0 and inputs included.</summary>
    public int WireCount { get; set; } = 1;

    /// <summary>Number of rows stored in this body; instances of templates are not among them.</summary>
    public int RowCount => RowEnds.Count / 3;
}
