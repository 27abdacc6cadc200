using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Formats;

/// <summary>
/// A constraint system in iden3's .r1cs format, version 1 (iden3/r1csfile, "R1CS binary format"). Terms are kept as wire and
/// coefficient index, eight bytes each, so that a file takes a quarter of its size in memory.
/// </summary>
/// <remarks>Terms with coefficient zero say nothing and are dropped. A wire that occurs twice in a row is refused: readers disagree on what it means.</remarks>
public sealed class R1csFile : IConstraintSystem
{
    private readonly Fr[] _coefficients;
    private readonly Term[] _terms;

    /// <summary>3·<see cref="ConstraintCount"/> + 1 positions in <see cref="_terms"/>: where A, B and C of each constraint begin.</summary>
    private readonly int[] _starts;

    private R1csFile(R1csHeader header, ulong[] wireLabels, R1csTerms terms, IReadOnlyList<int> sectionOrder)
    {
        Header = header;
        WireLabels = wireLabels;
        _coefficients = terms.Coefficients;
        _terms = terms.Terms;
        _starts = terms.Starts;
        SectionOrder = sectionOrder;
    }

    /// <summary>The counts that the file declares.</summary>
    public R1csHeader Header { get; }

    /// <summary>The label, in the compiler's symbol file, of each wire.</summary>
    public ReadOnlyMemory<ulong> WireLabels { get; }

    /// <inheritdoc />
    public int WireCount => Header.WireCount;

    /// <inheritdoc />
    public int PublicCount => Header.PublicOutputCount + Header.PublicInputCount;

    /// <inheritdoc />
    public int ConstraintCount => Header.ConstraintCount;

    /// <inheritdoc />
    public IReadOnlyList<WireCommitment> Commitments => [];

    /// <inheritdoc />
    public ReadOnlySpan<Fr> Coefficients => _coefficients;

    /// <summary>The order in which the file has its sections; compilers differ, and a copy keeps it.</summary>
    internal IReadOnlyList<int> SectionOrder { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidFileException">The file is not a well-formed .r1cs over BN254's Fr, or it uses custom gates.</exception>
    public static R1csFile Read(string path)
    {
        using SectionedFile file = SectionedFile.Open(path, SectionedFormat.R1cs);
        return Read(file);
    }

    /// <summary>Reads a file that is already in memory.</summary>
    /// <param name="name">The name that messages begin with.</param>
    /// <param name="content">The whole file.</param>
    /// <exception cref="InvalidFileException">As for <see cref="Read(string)"/>.</exception>
    public static R1csFile Read(string name, ReadOnlyMemory<byte> content)
    {
        using SectionedFile file = SectionedFile.FromMemory(name, content, SectionedFormat.R1cs);
        return Read(file);
    }

    /// <summary>Writes any constraint system; one that was read from a file comes out as it went in.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="system">The system. Unless it is an <see cref="R1csFile"/>, its public wires are written as public inputs and its wires are their own labels.</param>
    /// <exception cref="ArgumentException">The system draws challenges, of which the format cannot tell its reader.</exception>
    public static void Write(Stream stream, IConstraintSystem system) => R1csWriter.Write(stream, system);

    /// <inheritdoc />
    public void VisitRows<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IRowVisitor, allows ref struct
    {
        ReadOnlySpan<Term> terms = _terms;
        for (int i = 0; i < ConstraintCount; i++)
        {
            ReadOnlySpan<int> starts = _starts.AsSpan(3 * i, 4);
            visitor.VisitRow(i, terms[starts[0]..starts[1]], terms[starts[1]..starts[2]], terms[starts[2]..starts[3]]);
        }
    }

    private static R1csFile Read(SectionedFile file)
    {
        SectionReader constraints = file.Read(2);
        R1csHeader header = ReadHeader(file.Read(1), constraints, file.Read(3));
        ulong[] labels = ReadLabels(file.Read(3), header);
        RequireNoCustomGates(file);
        R1csTerms terms = R1csTerms.Read(constraints, header);
        return new R1csFile(header, labels, terms, [.. file.Sections.Select(section => section.Id)]);
    }

    private static R1csHeader ReadHeader(SectionReader header, SectionReader constraints, SectionReader labels)
    {
        header.ReadPrime<Bn254ScalarModulus>();
        long at = header.Offset;
        int wires = header.ReadCount("wires", sizeof(ulong), labels);
        uint outputs = header.ReadUInt32("number of public outputs");
        uint inputs = header.ReadUInt32("number of public inputs");
        uint privates = header.ReadUInt32("number of private inputs");
        if (1L + outputs + inputs + privates > wires)
        {
            throw header.Problem($"{wires:N0} wires cannot hold the constant one, {outputs:N0} public outputs, {inputs:N0} public inputs and {privates:N0} private inputs", at);
        }

        ulong labelCount = header.ReadUInt64("number of labels");
        int constraintCount = header.ReadCount("constraints", R1csTerms.ConstraintBytesMin, constraints);
        header.End();
        return new R1csHeader(wires, (int)outputs, (int)inputs, (int)privates, labelCount, constraintCount);
    }

    private static ulong[] ReadLabels(SectionReader section, R1csHeader header)
    {
        section.RequireRemaining(header.WireCount, sizeof(ulong), "wire labels");
        ulong[] labels = new ulong[header.WireCount];
        section.ReadValues<ulong>(labels.Length, "wire labels").CopyTo(labels);
        section.End();
        return labels;
    }

    private static void RequireNoCustomGates(SectionedFile file)
    {
        foreach (int id in (ReadOnlySpan<int>)[4, 5])
        {
            if (file.Has(id))
            {
                SectionReader section = file.Read(id);
                uint count = section.ReadUInt32("number of custom gates");
                if (count != 0)
                {
                    throw section.Problem($"{count:N0} custom gates cannot be expressed in R1CS; Groth16 needs a circuit without them");
                }

                section.End();
            }
        }
    }
}

/// <summary>The counts in the header of an .r1cs file.</summary>
/// <param name="WireCount">Wires, the constant one included.</param>
/// <param name="PublicOutputCount">Wires 1…n that are public outputs.</param>
/// <param name="PublicInputCount">The wires after these that are public inputs.</param>
/// <param name="PrivateInputCount">The wires after these that are private inputs; the others are intermediate.</param>
/// <param name="LabelCount">Labels in the compiler's symbol file.</param>
/// <param name="ConstraintCount">Constraints.</param>
public sealed record R1csHeader(int WireCount, int PublicOutputCount, int PublicInputCount, int PrivateInputCount, ulong LabelCount, int ConstraintCount);
