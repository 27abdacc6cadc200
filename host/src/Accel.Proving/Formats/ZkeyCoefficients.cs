using System.Buffers;
using System.Runtime.InteropServices;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Groth16;

namespace Accel.Proving.Formats;

/// <summary>
/// Section 4 of a .zkey: a count, then (matrix, constraint, wire, value) of 44 bytes each; matrix 0 is A and 1 is B. The stored value
/// is the coefficient times R², R = 2²⁵⁶, so that its Montgomery product with a canonical wire is in Montgomery form.
/// </summary>
/// <remarks>
/// Read twice in small pieces, once to count the terms of each row and once to place them, into rows of 8 bytes a term: a fifth of the
/// section, which nobody needs afterwards.
/// </remarks>
internal sealed class ZkeyCoefficients
{
    private const int RecordBytes = 44;
    private const int PieceRecords = 1024;

    // A stored value read as a Montgomery form is the coefficient times R.
    private static readonly Fr R = ((Fr)2).Pow(256);
    private static readonly Fr RInverse = R.Inverse();

    private readonly SectionedFile _file;
    private readonly ProvingKeyHeader _header;
    private readonly MatrixBuilder[] _matrices;
    private readonly CoefficientTable _table = new();

    private ZkeyCoefficients(SectionedFile file, ProvingKeyHeader header)
    {
        _file = file;
        _header = header;
        _matrices = [new(header.DomainSize), new(header.DomainSize)];
    }

    private delegate void PieceReader(ReadOnlySpan<Record> records, SectionReader section, int first);

    public static ProvingKeyConstraints Read(SectionedFile file, ProvingKeyHeader header)
    {
        ZkeyCoefficients reader = new(file, header);
        reader.ForEachPiece(reader.Count);
        reader._matrices[0].EndCounting();
        reader._matrices[1].EndCounting();
        reader.ForEachPiece(reader.Place);

        Fr[] coefficients = reader._table.ToArray(RInverse);
        return new ProvingKeyConstraints(reader._matrices[0].ToMatrix(coefficients), reader._matrices[1].ToMatrix(coefficients));
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

    private void ForEachPiece(PieceReader read)
    {
        SectionReader section = _file.Read(4);
        int count = section.ReadCount("coefficients", RecordBytes, section);
        section.RequireRemaining(count, RecordBytes, "coefficients");
        Record[] buffer = ArrayPool<Record>.Shared.Rent(PieceRecords);
        for (int first = 0; first < count; first += PieceRecords)
        {
            Span<Record> records = buffer.AsSpan(0, Math.Min(PieceRecords, count - first));
            section.CopyValues(records, "coefficients");
            read(records, section, first);
        }

        ArrayPool<Record>.Shared.Return(buffer);
    }

    private void Count(ReadOnlySpan<Record> records, SectionReader section, int first)
    {
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly Record record = ref records[i];
            if (record.Matrix > 1 || record.Constraint >= (uint)_header.DomainSize || record.Wire >= (uint)_header.WireCount)
            {
                throw section.Problem(
                    $"coefficient {first + i:N0} is in matrix {record.Matrix}, constraint {record.Constraint:N0}, wire {record.Wire:N0}; there are 2, {_header.DomainSize:N0} and {_header.WireCount:N0}",
                    OffsetOf(i, records, section));
            }

            _matrices[record.Matrix].Count(record.Constraint);
        }
    }

    private void Place(ReadOnlySpan<Record> records, SectionReader section, int first)
    {
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly Record record = ref records[i];
            if (!Fr.TryReadMontgomery(MemoryMarshal.AsBytes(records.Slice(i, 1))[12..], out Fr value))
            {
                throw section.Problem($"coefficient {first + i:N0} is not below the modulus of Fr", OffsetOf(i, records, section) + 12);
            }

            _matrices[record.Matrix].Add(record.Constraint, new Term(record.Wire, _table.IdOf(value)));
        }
    }

    private static long OffsetOf(int index, ReadOnlySpan<Record> records, SectionReader section) => section.Offset - ((long)(records.Length - index) * RecordBytes);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly struct Record
    {
        public readonly uint Matrix;
        public readonly uint Constraint;
        public readonly uint Wire;
        private readonly Fr _value;
    }
}
