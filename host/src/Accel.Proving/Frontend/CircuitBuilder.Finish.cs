using System.Runtime.InteropServices;
using System.Text;
using Accel.Proving.Lookups;

namespace Accel.Proving.Frontend;

public sealed partial class CircuitBuilder
{
    /// <summary>Runs a circuit's definition and lays the result out as an image.</summary>
    internal static (CircuitImage Image, List<HintDefinition> Hints) Build(ICircuit circuit, CompilerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CombinationLengthMax, CompilerOptions.CombinationLengthLeast);
        CompilationContext context = new(options);
        CircuitBuilder builder = new(context, new BodyBuilder(), new GrowableBuffer<int>(), scope: 0);
        circuit.Define(builder);
        builder.RunDeferred();
        if (!builder._lookups.IsEmpty)
        {
            LookupArgument.Finish(builder, builder._lookups);
        }

        return (builder.ToImage(circuit.Name), context.Hints);
    }

    private CircuitImage ToImage(string name)
    {
        (Step[] steps, LevelMark[] levels) = OrderByLevel();
        PlaceInstances();
        CircuitImageWriter writer = new();
        writer.Add(SectionKind.Metadata, 0, Metadata(name));
        writer.Add(SectionKind.Coefficients, 0, AsBytes(_context.Coefficients));
        AddBody(writer, 0, _body, MemoryMarshal.AsBytes(steps.AsSpan()).ToArray());
        for (int i = 0; i < _context.Templates.Count; i++)
        {
            BodyBuilder body = _context.Templates[i].Body;
            AddBody(writer, i + 1, body, AsBytes(body.Steps));
        }

        writer.Add(SectionKind.Levels, 0, MemoryMarshal.AsBytes(levels.AsSpan()).ToArray());
        writer.Add(SectionKind.Challenges, 0, AsBytes(_challenges));
        writer.Add(SectionKind.CommittedWires, 0, AsBytes(_committed));
        writer.Add(SectionKind.Instances, 0, AsBytes(_instances));
        writer.Add(SectionKind.InstanceInputs, 0, AsBytes(_instanceInputs));
        writer.Add(SectionKind.InstanceScopes, 0, AsBytes(_instanceScopes));
        return writer.ToImage();
    }

    private static void AddBody(CircuitImageWriter writer, int body, BodyBuilder builder, ReadOnlyMemory<byte> steps)
    {
        writer.Add(SectionKind.RowEnds, body, AsBytes(builder.RowEnds));
        writer.Add(SectionKind.Terms, body, AsBytes(builder.Terms));
        writer.Add(SectionKind.HintRowEnds, body, AsBytes(builder.HintRowEnds));
        writer.Add(SectionKind.HintTerms, body, AsBytes(builder.HintTerms));
        writer.Add(SectionKind.HintCalls, body, AsBytes(builder.HintCalls));
        writer.Add(SectionKind.Steps, body, steps);
        writer.Add(SectionKind.ScopeMarks, body, AsBytes(builder.ScopeMarks));
    }

    private static ReadOnlyMemory<byte> AsBytes<T>(GrowableBuffer<T> buffer)
        where T : unmanaged => new CastMemoryManager<T>(buffer).Memory;

    private byte[] Metadata(string name)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(name);
        writer.Write(WireCount);
        writer.Write(PublicCount);
        writer.Write(ConstraintCount);
        writer.Write(_inputs.Count);
        foreach (InputDeclaration input in _inputs)
        {
            writer.Write(input.Name);
            writer.Write(input.FirstWire);
            writer.Write(input.Count);
            writer.Write(input.IsPublic);
        }

        writer.Write(_context.Hints.Count);
        foreach (HintDefinition hint in _context.Hints)
        {
            writer.Write(hint.Name);
        }

        writer.Write(_context.Scopes.Count);
        foreach ((int parent, string scope) in _context.Scopes)
        {
            writer.Write(parent);
            writer.Write(scope);
        }

        writer.Write(_context.Templates.Count);
        foreach (TemplateBody template in _context.Templates)
        {
            writer.Write(template.Key);
            writer.Write(template.InputCount);
            writer.Write(template.Body.WireCount);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Rows of the main body come first, then those of the instances in order.</summary>
    private void PlaceInstances()
    {
        int first = _body.RowCount;
        foreach (ref InstanceCall instance in _instances.Span)
        {
            instance = instance with { FirstConstraint = first };
            first += _context.Templates[instance.Template].Body.RowCount;
        }
    }

    /// <summary>Sorts the tape by level, keeping creation order within a level.</summary>
    private (Step[] Steps, LevelMark[] Levels) OrderByLevel()
    {
        ReadOnlySpan<int> levelOfStep = _stepLevels.Span;
        int levelCount = 0;
        foreach (int level in levelOfStep)
        {
            levelCount = Math.Max(levelCount, level + 1);
        }

        LevelMark[] marks = new LevelMark[levelCount];
        for (int i = 0; i < levelOfStep.Length; i++)
        {
            ref LevelMark mark = ref marks[levelOfStep[i]];
            mark = new LevelMark(mark.EndStep + 1, mark.Weight + _stepWeights[i]);
        }

        int[] next = new int[levelCount];
        int total = 0;
        for (int level = 0; level < levelCount; level++)
        {
            next[level] = total;
            total += marks[level].EndStep;
            marks[level] = marks[level] with { EndStep = total };
        }

        Step[] ordered = new Step[levelOfStep.Length];
        for (int i = 0; i < levelOfStep.Length; i++)
        {
            ordered[next[levelOfStep[i]]++] = _body.Steps[i];
        }

        return (ordered, marks);
    }
}

/// <summary>One level of the tape: where its steps end, and how many constraints' worth of work they are.</summary>
internal readonly record struct LevelMark(int EndStep, int Weight);
