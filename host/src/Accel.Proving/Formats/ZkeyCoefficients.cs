using System.Runtime.InteropServices;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Groth16;

namespace Accel.Proving.Formats;

/// <summary>
/// Section 4 of a .zkey: a count, then (matrix, constraint, wire, value) of 44 bytes each; matrix 0 is A and 1 is B. The stored value
/// is the coefficient times R², R = 2²⁵⁶, so that its Montgomery product with a canonical wire is in Montgomery form.
/// </summary>
internal static class ZkeyCoefficients
{
    private const int RecordBytes = 44;

    // A stored value read as a Montgomery form is the coefficient times R.
    private static readonly Fr R = ((Fr)2).Pow(256);
    private static readonly Fr RInverse = R.Inverse();

    public static ProvingKeyConstraints Read(SectionReader section, ProvingKeyHeader header)
    {
        int count = section.ReadCount("coefficients", RecordBytes, section);
        section.RequireRemaining(count, RecordBytes, "coefficients");
        long start = section.Offset;
        ReadOnlySpan<Record> records = section.ReadValues<Record>(count, "coefficients").Span;
        section.End();

        MatrixBuilder[] matrices = [new(header.DomainSize), new(header.DomainSize)];
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly Record record = ref records[i];
            if (record.Matrix > 1 || record.Constraint >= (uint)header.DomainSize || record.Wire >= (uint)header.WireCount)
            {
                throw section.Problem(
                    $"coefficient {i:N0} is in matrix {record.Matrix}, constraint {record.Constraint:N0}, wire {record.Wire:N0}; there are 2, {header.DomainSize:N0} and {header.WireCount:N0}",
                    start + ((long)i * RecordBytes));
            }

            matrices[record.Matrix].Count(record.Constraint);
        }

        CoefficientTable table = new();
        matrices[0].EndCounting();
        matrices[1].EndCounting();
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly Record record = ref records[i];
            if (!Fr.TryReadMontgomery(MemoryMarshal.AsBytes(records.Slice(i, 1))[12..], out Fr value))
            {
                throw section.Problem($"coefficient {i:N0} is not below the modulus of Fr", start + ((long)i * RecordBytes) + 12);
            }

            matrices[record.Matrix].Add(record.Constraint, new Term(record.Wire, table.IdOf(value)));
        }

        Fr[] coefficients = table.ToArray(RInverse);
        return new ProvingKeyConstraints(matrices[0].ToMatrix(coefficients), matrices[1].ToMatrix(coefficients));
    }

    public static void Write(SectionWriter writer, ProvingKeyConstraints constraints)
    {
        int count = checked(constraints.A.TermCount + constraints.B.TermCount);
        writer.Begin(4, sizeof(uint) + ((long)count * RecordBytes));
        writer.WriteUInt32((uint)count);
        for (int row = 0; row < constraints.A.RowCount; row++)
        {
            WriteRow(writer, 0, row, constraints.A);
            WriteRow(writer, 1, row, constraints.B);
        }
    }

    private static void WriteRow(SectionWriter writer, uint id, int row, SparseMatrix matrix)
    {
        foreach (Term term in matrix.Row(row))
        {
            writer.WriteUInt32(id);
            writer.WriteUInt32((uint)row);
            writer.WriteUInt32(term.Wire);
            writer.WriteMontgomery(matrix.Coefficients[(int)term.Coefficient] * R);
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly struct Record
    {
        public readonly uint Matrix;
        public readonly uint Constraint;
        public readonly uint Wire;
        private readonly Fr _value;
    }
}
