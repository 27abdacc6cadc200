using System.Buffers.Binary;
using System.Security.Cryptography;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;
using Accel.Proving.Tests.Solver;
using Xunit;

namespace Accel.Proving.Tests.Frontend;

/// <summary>Stored circuits that a stranger wrote: the digest is right, the content is not.</summary>
public sealed class HostileCircuitTests : IDisposable
{
    private const int HeaderBytes = 48;
    private const int EntryBytes = 24;
    private const int Seed = 11;

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    /// <summary>Each word of each section is set to wild values. Refused, or else harmless: it solves, and what it yields satisfies every row.</summary>
    [Fact]
    public void WildWordsAreRefusedOrHarmless()
    {
        byte[] whole = SavedCircuit(out Fr[] inputs);
        Random random = new(Seed);
        int refused = 0, harmless = 0;
        foreach ((SectionKind kind, int offset, int length) in Sections(whole))
        {
            for (int i = 0; i < 30 && length >= 4; i++)
            {
                byte[] hostile = (byte[])whole.Clone();
                int position = offset + (4 * random.Next(length / 4));
                uint before = BinaryPrimitives.ReadUInt32LittleEndian(hostile.AsSpan(position));
                uint value = random.Next(6) switch { 0 => uint.MaxValue, 1 => int.MaxValue, 2 => 0, 3 => before + 1, 4 => before - 1, _ => (uint)random.Next() };
                BinaryPrimitives.WriteUInt32LittleEndian(hostile.AsSpan(position), value);
                if (IsRefused(hostile))
                {
                    refused++;
                }
                else
                {
                    harmless++;
                    AssertHarmless(inputs, $"seed {Seed}: {kind} at byte {position} set to {value}");
                }
            }
        }

        Assert.InRange(refused, 300, int.MaxValue);
        Assert.InRange(harmless, 1, refused);
    }

    [Theory]
    [InlineData(nameof(SectionKind.Terms), "names wire")]
    [InlineData(nameof(SectionKind.InstanceInputs), "repeat a wire or name one that is not there")]
    [InlineData(nameof(SectionKind.Steps), "names")]
    [InlineData(nameof(SectionKind.RowEnds), "row ends")]
    [InlineData(nameof(SectionKind.HintCalls), "hint")]
    [InlineData(nameof(SectionKind.Instances), "template that is not there")]
    [InlineData(nameof(SectionKind.Levels), "levels")]
    [InlineData(nameof(SectionKind.InstanceScopes), "scope")]
    public void TheFirstWordOfASectionIsRefusedByItsRule(string kind, string message)
    {
        byte[] hostile = SavedCircuit(out _);
        (_, int offset, _) = Sections(hostile).First(section => section.Kind.ToString() == kind);
        BinaryPrimitives.WriteUInt32LittleEndian(hostile.AsSpan(offset), 0x0fffffff);
        Rehash(hostile);
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => CompiledCircuit.Load(_path, CoreHints.All));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith(Path.GetFileName(_path), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACoefficientMustBeReduced()
    {
        byte[] hostile = SavedCircuit(out _);
        (_, int offset, _) = Sections(hostile).First(section => section.Kind == SectionKind.Coefficients);
        hostile.AsSpan(offset + 64, 32).Fill(0xff);
        Rehash(hostile);
        Assert.Contains("not below r", Assert.Throws<InvalidDataException>(() => CompiledCircuit.Load(_path, CoreHints.All)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ChallengesOutOfOrderAreRefused()
    {
        // A later challenge is bound to earlier commitments, so these must exist when it is drawn.
        using CompiledCircuit circuit = CompiledCircuit.Compile(new DeepThenShallow());
        circuit.Save(_path);
        byte[] hostile = File.ReadAllBytes(_path);
        (_, int offset, int length) = Sections(hostile).First(section => section.Kind == SectionKind.Steps);
        List<int> draws = [.. Enumerable.Range(0, length / 4).Select(i => offset + (4 * i)).Where(at => hostile[at + 3] >> 4 == (int)StepKind.Challenge)];
        Assert.Equal(2, draws.Count);
        (hostile[draws[0]], hostile[draws[1]]) = (hostile[draws[1]], hostile[draws[0]]);
        Rehash(hostile);

        Assert.Contains(
            "one after the other", Assert.Throws<InvalidDataException>(() => CompiledCircuit.Load(_path, CoreHints.All)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownHintIsNamed()
    {
        SavedCircuit(out _);
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => CompiledCircuit.Load(_path, new HintSet()));
        Assert.Contains("hint called 'bits'", refusal.Message, StringComparison.Ordinal);
    }

    private byte[] SavedCircuit(out Fr[] inputs)
    {
        inputs = RandomCircuit.Inputs(seed: 5);
        using CompiledCircuit circuit = CompiledCircuit.Compile(new RandomCircuit(seed: 5, steps: 60));
        circuit.Save(_path);
        return File.ReadAllBytes(_path);
    }

    private bool IsRefused(byte[] hostile)
    {
        Rehash(hostile);
        try
        {
            CompiledCircuit.Load(_path, CoreHints.All).Dispose();
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private void AssertHarmless(Fr[] inputs, string what)
    {
        using CompiledCircuit circuit = CompiledCircuit.Load(_path, CoreHints.All);
        if (circuit.Inputs.Count != 1 || circuit.Inputs[0].Name != "x" || circuit.Inputs[0].Count != inputs.Length)
        {
            return;
        }

        Solution solution = WitnessSolver.TrySolve(circuit, new Assignment(circuit).Set("x", inputs));
        Assert.True(solution.Violation is not null || WitnessSolver.FindViolation(circuit, solution.Wires) is null, what);
    }

    private void Rehash(byte[] image)
    {
        SHA256.HashData(image.AsSpan(HeaderBytes)).CopyTo(image, 16);
        File.WriteAllBytes(_path, image);
    }

    private static List<(SectionKind Kind, int Offset, int Length)> Sections(byte[] image)
    {
        List<(SectionKind, int, int)> sections = [];
        int count = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(12));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = image.AsSpan(HeaderBytes + (EntryBytes * i), EntryBytes);
            sections.Add((
                (SectionKind)BinaryPrimitives.ReadUInt16LittleEndian(entry),
                (int)BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
                (int)BinaryPrimitives.ReadInt64LittleEndian(entry[16..])));
        }

        return sections;
    }
}
