using System.Runtime.InteropServices;
using System.Text;
using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Frontend;

/// <summary>
/// A circuit after its definition ran: rows, templates, tape, names. Deterministic for a given definition, stored as one image that can
/// be memory-mapped, and identified by its digest; proving needs nothing else.
/// </summary>
public sealed class CompiledCircuit : IConstraintSystem, IDisposable
{
    private readonly CircuitImage _image;
    private readonly TemplateInfo[] _templates;
    private readonly (int Parent, string Name)[] _scopes;
    private readonly BodySections[] _bodies;
    private readonly ImageSection<Fr> _coefficients;
    private readonly ImageSection<InstanceCall> _instances;
    private readonly ImageSection<uint> _instanceInputs;
    private bool _disposed;

    private CompiledCircuit(CircuitImage image, Func<string, HintDefinition?> hints)
    {
        _image = image;
        try
        {
            using BinaryReader reader = new(new MemoryStream(image.Section<byte>(SectionKind.Metadata).ToArray()), Encoding.UTF8);
            Name = reader.ReadString();
            WireCount = reader.ReadInt32();
            PublicCount = reader.ReadInt32();
            ConstraintCount = reader.ReadInt32();
            Inputs = ReadMany(reader, r => new InputDeclaration(r.ReadString(), r.ReadUInt32(), r.ReadInt32(), r.ReadBoolean()));
            Hints = ReadMany(reader, r => FindHint(r.ReadString(), hints));
            _scopes = ReadMany(reader, r => (r.ReadInt32(), r.ReadString()));
            _templates = ReadMany(reader, r => new TemplateInfo(r.ReadString(), r.ReadInt32(), r.ReadInt32()));
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or IOException)
        {
            throw new InvalidDataException($"{image.Source}: its metadata section is cut short or malformed", exception);
        }

        _bodies = [.. Enumerable.Range(0, _templates.Length + 1).Select(body => new BodySections(image, body))];
        _coefficients = image.Find<Fr>(SectionKind.Coefficients);
        _instances = image.Find<InstanceCall>(SectionKind.Instances);
        _instanceInputs = image.Find<uint>(SectionKind.InstanceInputs);
    }

    /// <summary>The statement's name.</summary>
    public string Name { get; }

    /// <inheritdoc />
    public int WireCount { get; }

    /// <inheritdoc />
    public int PublicCount { get; }

    /// <inheritdoc />
    public int ConstraintCount { get; }

    /// <inheritdoc />
    public ReadOnlySpan<Fr> Coefficients => Live(_coefficients);

    /// <summary>Declared inputs in order of wires.</summary>
    public IReadOnlyList<InputDeclaration> Inputs { get; }

    /// <summary>Number of challenges that are drawn from commitments.</summary>
    public int ChallengeCount => Challenges.Length;

    /// <inheritdoc />
    public IReadOnlyList<WireCommitment> Commitments
    {
        get
        {
            List<WireCommitment> commitments = [];
            foreach (ref readonly ChallengeCall call in Challenges)
            {
                commitments.Add(new WireCommitment(call.Output, CommittedWires.Slice(call.FirstWire, call.WireCount).ToArray()));
            }

            return commitments;
        }
    }

    /// <summary>Number of terms over all rows, templates counted once for each instance.</summary>
    public long TermCount
    {
        get
        {
            long total = Body(0).Terms.Length;
            foreach (ref readonly InstanceCall instance in Instances)
            {
                total += Body(instance.Template + 1).Terms.Length;
            }

            return total;
        }
    }

    /// <summary>Bytes of the image.</summary>
    public long ImageBytes => _image.Length;

    /// <summary>SHA-256 of the compiled content in lower-case hexadecimal: equal digests mean equal circuits.</summary>
    public string Digest => Convert.ToHexStringLower(_image.Digest);

    internal HintDefinition[] Hints { get; }

    internal ReadOnlySpan<LevelMark> Levels => _image.Section<LevelMark>(SectionKind.Levels);

    internal ReadOnlySpan<ChallengeCall> Challenges => _image.Section<ChallengeCall>(SectionKind.Challenges);

    internal ReadOnlySpan<uint> CommittedWires => _image.Section<uint>(SectionKind.CommittedWires);

    internal ReadOnlySpan<InstanceCall> Instances => Live(_instances);

    internal ReadOnlySpan<uint> InstanceInputs => Live(_instanceInputs);

    internal ReadOnlySpan<TemplateInfo> Templates => _templates;

    internal ReadOnlySpan<(int Parent, string Name)> Scopes => _scopes;

    internal ReadOnlySpan<int> InstanceScopes => _image.Section<int>(SectionKind.InstanceScopes);

    /// <summary>Runs a circuit's definition.</summary>
    public static CompiledCircuit Compile(ICircuit circuit, CompilerOptions? options = null)
    {
        (CircuitImage image, List<HintDefinition> hints) = CircuitBuilder.Build(circuit, options ?? new CompilerOptions());
        Dictionary<string, HintDefinition> byName = hints.ToDictionary(hint => hint.Name);
        return new CompiledCircuit(image, name => byName.GetValueOrDefault(name));
    }

    /// <summary>Memory-maps a circuit that <see cref="Save"/> stored.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hints">Every hint that the circuit may name.</param>
    /// <exception cref="InvalidDataException">The file is damaged, of another version, names an unknown hint, or refers to what it does not hold.</exception>
    public static CompiledCircuit Load(string path, HintSet hints)
    {
        CircuitImage image = CircuitImage.Map(path);
        try
        {
            CompiledCircuit circuit = new(image, name => hints.TryGet(name, out HintDefinition? hint) ? hint : null);
            CircuitValidator.Validate(circuit, image.Source);
            return circuit;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Stores the circuit; the file appears under its name only when it is whole.</summary>
    public void Save(string path) => _image.Save(path);

    /// <inheritdoc />
    public void VisitRows<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IRowVisitor, allows ref struct
    {
        CircuitBody main = Body(0);
        for (int row = 0; row < main.RowCount; row++)
        {
            main.Row(row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
            visitor.VisitRow(row, a, b, c);
        }

        List<Term> buffer = [];
        foreach (ref readonly InstanceCall instance in Instances)
        {
            VisitInstance(instance, buffer, ref visitor);
        }
    }

    /// <summary>The scope path of a constraint, such as <c>account[3]/margin/sign</c>.</summary>
    public string NameOf(int constraint)
    {
        int mainRows = Body(0).RowCount;
        if (constraint < mainRows)
        {
            return CircuitBuilder.ScopePath(_scopes, ScopeAt(Body(0).ScopeMarks, constraint));
        }

        ReadOnlySpan<InstanceCall> instances = Instances;
        int low = 0;
        for (int high = instances.Length - 1; low < high;)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = instances[middle].FirstConstraint <= constraint ? (middle, high) : (low, middle - 1);
        }

        int outer = InstanceScopes[low];
        int inner = ScopeAt(Body(instances[low].Template + 1).ScopeMarks, constraint - instances[low].FirstConstraint);
        string outerPath = CircuitBuilder.ScopePath(_scopes, outer);
        string innerPath = CircuitBuilder.ScopePath(_scopes, inner);
        return outerPath.Length == 0 ? innerPath : $"{outerPath}/{innerPath}";
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        _image.Dispose();
    }

    internal CircuitBody Body(int body)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new(_bodies[body]);
    }

    private ReadOnlySpan<T> Live<T>(ImageSection<T> section)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return section.Span;
    }

    private static int ScopeAt(ReadOnlySpan<ScopeMark> marks, int row)
    {
        int scope = 0;
        foreach (ref readonly ScopeMark mark in marks)
        {
            if (mark.FirstConstraint > row)
            {
                break;
            }

            scope = mark.Scope;
        }

        return scope;
    }

    private static T[] ReadMany<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        int count = reader.ReadInt32();
        List<T> items = [];
        for (int i = 0; i < count; i++)
        {
            items.Add(read(reader));
        }

        return [.. items];
    }

    private static HintDefinition FindHint(string name, Func<string, HintDefinition?> hints) =>
        hints(name) ?? throw new InvalidDataException($"the circuit needs a hint called '{name}', which this program does not have");

    private void VisitInstance<TVisitor>(in InstanceCall instance, List<Term> buffer, ref TVisitor visitor)
        where TVisitor : struct, IRowVisitor, allows ref struct
    {
        CircuitBody body = Body(instance.Template + 1);
        WireMap map = MapOf(instance);
        for (int row = 0; row < body.RowCount; row++)
        {
            body.Row(row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c);
            buffer.Clear();
            Rename(a, map, buffer);
            int endA = buffer.Count;
            Rename(b, map, buffer);
            int endB = buffer.Count;
            Rename(c, map, buffer);
            ReadOnlySpan<Term> terms = CollectionsMarshal.AsSpan(buffer);
            visitor.VisitRow(instance.FirstConstraint + row, terms[..endA], terms[endA..endB], terms[endB..]);
        }
    }

    private static void Rename(ReadOnlySpan<Term> terms, in WireMap map, List<Term> output)
    {
        foreach (ref readonly Term term in terms)
        {
            output.Add(new Term(map[term.Wire], term.Coefficient));
        }
    }

    internal WireMap MapOf(in InstanceCall instance) =>
        new(InstanceInputs.Slice(instance.FirstInput, _templates[instance.Template].InputCount), instance.FirstWire);
}

/// <summary>A template as the image stores it: key, inputs, and wires with wire 0 and inputs included.</summary>
internal readonly record struct TemplateInfo(string Key, int InputCount, int WireCount)
{
    public int OwnWireCount => WireCount - InputCount - 1;
}

/// <summary>Names of a template's local wires in an instance: 0 is one, then the inputs, then the instance's own.</summary>
internal readonly ref struct WireMap(ReadOnlySpan<uint> inputs, uint firstWire)
{
    private readonly ReadOnlySpan<uint> _inputs = inputs;

    public uint this[uint local] => local == 0
        ? 0
        : local <= (uint)_inputs.Length ? _inputs[(int)local - 1] : firstWire + (local - 1 - (uint)_inputs.Length);
}

/// <summary>Where the sections of one body lie.</summary>
internal sealed class BodySections(CircuitImage image, int body)
{
    public ImageSection<uint> RowEnds { get; } = image.Find<uint>(SectionKind.RowEnds, body);

    public ImageSection<Term> Terms { get; } = image.Find<Term>(SectionKind.Terms, body);

    public ImageSection<uint> HintRowEnds { get; } = image.Find<uint>(SectionKind.HintRowEnds, body);

    public ImageSection<Term> HintTerms { get; } = image.Find<Term>(SectionKind.HintTerms, body);

    public ImageSection<HintCall> HintCalls { get; } = image.Find<HintCall>(SectionKind.HintCalls, body);

    public ImageSection<Step> Steps { get; } = image.Find<Step>(SectionKind.Steps, body);

    public ImageSection<ScopeMark> ScopeMarks { get; } = image.Find<ScopeMark>(SectionKind.ScopeMarks, body);
}

/// <summary>The typed sections of one body.</summary>
internal readonly ref struct CircuitBody(BodySections sections)
{
    private readonly ReadOnlySpan<uint> _rowEnds = sections.RowEnds.Span;
    private readonly ReadOnlySpan<uint> _hintRowEnds = sections.HintRowEnds.Span;

    public ReadOnlySpan<Term> Terms { get; } = sections.Terms.Span;

    public ReadOnlySpan<Term> HintTerms { get; } = sections.HintTerms.Span;

    public ReadOnlySpan<HintCall> HintCalls { get; } = sections.HintCalls.Span;

    public ReadOnlySpan<Step> Steps { get; } = sections.Steps.Span;

    public ReadOnlySpan<ScopeMark> ScopeMarks { get; } = sections.ScopeMarks.Span;

    public int RowCount => _rowEnds.Length / 3;

    public int HintRowCount => _hintRowEnds.Length;

    public void Row(int row, out ReadOnlySpan<Term> a, out ReadOnlySpan<Term> b, out ReadOnlySpan<Term> c)
    {
        int first = 3 * row;
        int start = row == 0 ? 0 : (int)_rowEnds[first - 1];
        int endA = (int)_rowEnds[first];
        int endB = (int)_rowEnds[first + 1];
        a = Terms[start..endA];
        b = Terms[endA..endB];
        c = Terms[endB..(int)_rowEnds[first + 2]];
    }

    public bool RowEndsAreOrdered() => AreOrdered(_rowEnds, Terms.Length) && _rowEnds.Length % 3 == 0 && AreOrdered(_hintRowEnds, HintTerms.Length);

    private static bool AreOrdered(ReadOnlySpan<uint> ends, int total)
    {
        uint previous = 0;
        foreach (uint end in ends)
        {
            if (end < previous || end > total)
            {
                return false;
            }

            previous = end;
        }

        return previous == total;
    }

    public ReadOnlySpan<Term> HintRow(int row) => HintTerms[(row == 0 ? 0 : (int)_hintRowEnds[row - 1])..(int)_hintRowEnds[row]];
}
