using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Formats;

/// <summary>Writes a constraint system as an .r1cs file, in two passes over its rows: one to know the length, one to write.</summary>
internal static class R1csWriter
{
    public static void Write(Stream stream, IConstraintSystem system)
    {
        system.RequireNoChallenges("an .r1cs file");
        R1csFile? source = system as R1csFile;
        R1csHeader header = source?.Header ?? new R1csHeader(system.WireCount, 0, system.PublicCount, 0, (ulong)system.WireCount, system.ConstraintCount);
        IReadOnlyList<int> order = source?.SectionOrder ?? [1, 2, 3];
        SectionWriter writer = new(stream, SectionedFormat.R1cs, order.Count);
        foreach (int section in order)
        {
            WriteSection(writer, section, header, system, source);
        }

        writer.Complete();
    }

    private static void WriteSection(SectionWriter writer, int section, R1csHeader header, IConstraintSystem system, R1csFile? source)
    {
        switch (section)
        {
            case 1:
                WriteHeader(writer, header);
                break;
            case 2:
                WriteConstraints(writer, system);
                break;
            case 3:
                WriteLabels(writer, header.WireCount, source);
                break;
            default:
                // Sections 4 and 5 list custom gates; the reader accepts them only empty.
                writer.Begin(section, sizeof(uint));
                writer.WriteUInt32(0);
                break;
        }
    }

    private static void WriteHeader(SectionWriter writer, R1csHeader header)
    {
        writer.Begin(1, 64);
        writer.WritePrime<Bn254ScalarModulus>();
        writer.WriteUInt32((uint)header.WireCount);
        writer.WriteUInt32((uint)header.PublicOutputCount);
        writer.WriteUInt32((uint)header.PublicInputCount);
        writer.WriteUInt32((uint)header.PrivateInputCount);
        writer.WriteUInt64(header.LabelCount);
        writer.WriteUInt32((uint)header.ConstraintCount);
    }

    private static void WriteConstraints(SectionWriter writer, IConstraintSystem system)
    {
        TermCounter counter = default;
        system.VisitRows(ref counter);
        writer.Begin(2, ((long)system.ConstraintCount * R1csTerms.ConstraintBytesMin) + (counter.Count * R1csTerms.TermBytes));
        RowWriter rows = new(writer, system.Coefficients);
        system.VisitRows(ref rows);
    }

    private static void WriteLabels(SectionWriter writer, int wireCount, R1csFile? source)
    {
        writer.Begin(3, (long)wireCount * sizeof(ulong));
        for (int wire = 0; wire < wireCount; wire++)
        {
            writer.WriteUInt64(source is null ? (ulong)wire : source.WireLabels.Span[wire]);
        }
    }

    private struct TermCounter : IRowVisitor
    {
        public long Count { get; private set; }

        public void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c) => Count += (long)a.Length + b.Length + c.Length;
    }

    private readonly ref struct RowWriter(SectionWriter writer, ReadOnlySpan<Fr> coefficients) : IRowVisitor
    {
        private readonly ReadOnlySpan<Fr> _coefficients = coefficients;

        public void VisitRow(int constraint, ReadOnlySpan<Term> a, ReadOnlySpan<Term> b, ReadOnlySpan<Term> c)
        {
            WriteList(a);
            WriteList(b);
            WriteList(c);
        }

        private void WriteList(ReadOnlySpan<Term> terms)
        {
            writer.WriteUInt32((uint)terms.Length);
            foreach (Term term in terms)
            {
                writer.WriteUInt32(term.Wire);
                writer.WriteScalar(_coefficients[(int)term.Coefficient]);
            }
        }
    }
}
