using Accel.Proving.ConstraintSystems;
using Accel.Proving.Groth16;

namespace Accel.Proving.Formats;

/// <summary>The rows of an .r1cs file: for each constraint three lists, each a count and then (wire, canonical coefficient) of 36 bytes.</summary>
internal sealed class R1csTerms
{
    /// <summary>A constraint without terms: three counts.</summary>
    public const int ConstraintBytesMin = 12;

    /// <summary>A wire and a coefficient.</summary>
    public const int TermBytes = 36;

    private readonly SectionReader _section;
    private readonly int[] _rowOfWire;
    private readonly CoefficientTable _table = new();
    private int _count;

    private R1csTerms(SectionReader section, R1csHeader header)
    {
        _section = section;
        _rowOfWire = new int[header.WireCount];
        Array.Fill(_rowOfWire, -1);

        long bytes = section.Remaining - ((long)header.ConstraintCount * ConstraintBytesMin);
        if (bytes % TermBytes != 0 || bytes / TermBytes > Array.MaxLength || header.ConstraintCount > (Array.MaxLength / 3) - 1)
        {
            throw section.Problem($"{header.ConstraintCount:N0} constraints leave {bytes:N0} bytes for terms, which is not a possible number of {TermBytes}-byte terms");
        }

        Terms = new Term[bytes / TermBytes];
        Starts = new int[(3 * header.ConstraintCount) + 1];
    }

    public Term[] Terms { get; private set; }

    public int[] Starts { get; }

    public Fr[] Coefficients => _table.ToArray();

    public static R1csTerms Read(SectionReader section, R1csHeader header)
    {
        R1csTerms terms = new(section, header);
        for (int list = 0; list < terms.Starts.Length - 1; list++)
        {
            terms.ReadList(list);
        }

        section.End();
        terms.Starts[^1] = terms._count;
        if (terms._count < terms.Terms.Length)
        {
            terms.Terms = terms.Terms[..terms._count];
        }

        return terms;
    }

    private void ReadList(int list)
    {
        Starts[list] = _count;
        int count = _section.ReadCount("terms", TermBytes, _section);
        for (int i = 0; i < count; i++)
        {
            long at = _section.Offset;
            uint wire = _section.ReadUInt32("wire of a term");
            if (wire >= _rowOfWire.Length)
            {
                throw _section.Problem($"constraint {list / 3:N0} names wire {wire:N0}, but there are {_rowOfWire.Length:N0}", at);
            }

            if (_rowOfWire[wire] == list)
            {
                throw _section.Problem($"constraint {list / 3:N0} names wire {wire:N0} twice in one linear combination", at);
            }

            _rowOfWire[wire] = list;
            Fr coefficient = _section.ReadScalar("coefficient");
            if (!coefficient.IsZero)
            {
                // Every count fitted its remaining bytes, but the counts' sum may still exceed the capacity that was reckoned with 12 bytes a constraint.
                if (_count == Terms.Length)
                {
                    throw _section.Problem($"there are more terms than the {Terms.Length:N0} for which the section has room beside its counts", at);
                }

                Terms[_count++] = new Term(wire, _table.IdOf(coefficient));
            }
        }
    }
}
