using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Proving.Soundness;

/// <summary>(c) How many witnesses a gadget has at small widths, for every input and every answer of its hints from a set of candidates.</summary>
/// <param name="Gadget">The gadget and its width.</param>
/// <param name="InputCount">Inputs that were tried.</param>
/// <param name="Defects">Inputs of the gadget's domain without exactly one witness, and inputs outside it with any. Must be empty.</param>
public sealed record GadgetUniqueness(string Gadget, int InputCount, IReadOnlyList<string> Defects)
{
    private const int InputMin = -10;
    private const int InputMax = 10;

    private static readonly Fr[] Candidates = [-1, 0, 1, 2];

    private static readonly Subject[] Subjects =
    [
        new("ToUnsigned, 3 bits", 0, 7, Candidates, (builder, x) => builder.ToUnsigned(x, 3)),
        new("ToSigned, 2 bits", -4, 3, Candidates, (builder, x) => builder.ToSigned(x, 2)),
        new("AssertBit", 0, 1, Candidates, (builder, x) => builder.AssertBit(x)),
        new("Narrow to [-2, 3]", -2, 3, Candidates, (builder, x) => builder.Narrow(Small(x), -2, 3)),
        new("IsNegative, 4 bits", InputMin, InputMax, [0, 1], (builder, x) => builder.IsNegative(Small(x))),
        new("IsZero", InputMin, InputMax, Inverses(), (builder, x) => builder.IsZero(x)),
        new("FloorShift by 2", InputMin, InputMax, [0, 1], (builder, x) => builder.FloorShift(Small(x), 2)),
        new("FloorDivide by 3", -3, 3, Candidates, (builder, x) => builder.FloorDivide(builder.Narrow(Small(x), -3, 3), 3)),
        new("Max with 2", InputMin, InputMax, [0, 1], (builder, x) => builder.Max(Small(x), 2)),
    ];

    /// <summary>Enumerates the gadgets that statements are made of. Below a second.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<GadgetUniqueness> Enumerate(CancellationToken cancel = default) =>
        [.. Subjects.Select(subject => Examine(subject, cancel))];

    private static GadgetUniqueness Examine(Subject subject, CancellationToken cancel)
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(subject);
        List<string> defects = [];
        for (int input = InputMin; input <= InputMax; input++)
        {
            cancel.ThrowIfCancellationRequested();
            int expected = input >= subject.Min && input <= subject.Max ? 1 : 0;
            int found = ExhaustiveSolutions.Find(circuit, new Assignment(circuit).Set(Subject.InputName, (Fr)input), subject.Answers).Count;
            if (found != expected)
            {
                defects.Add($"{subject.Name} of {input} has {found} witnesses, not {expected}");
            }
        }

        return new GadgetUniqueness(subject.Name, InputMax - InputMin + 1, defects);
    }

    private static Integer Small(in Linear x) => Integer.Assume(x, InputMin, InputMax, "every input that is tried");

    private static Fr[] Inverses() => [.. Enumerable.Range(InputMin, InputMax - InputMin + 1).Select(i => ((Fr)i).Inverse()), 5];

    /// <summary>One gadget with one input, and what its hints may answer.</summary>
    private sealed class Subject(string name, int min, int max, Fr[] answers, Action<CircuitBuilder, Linear> gadget) : ICircuit
    {
        public const string InputName = "x";

        public string Name => name;

        public int Min => min;

        public int Max => max;

        public Fr[] Answers => answers;

        public void Define(CircuitBuilder builder) => gadget(builder, builder.PublicInput(InputName));
    }
}
