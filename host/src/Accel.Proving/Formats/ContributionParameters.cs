using System.Text;

namespace Accel.Proving.Formats;

/// <summary>
/// What a contributor to a ceremony said about a contribution: kind 0 is a contribution, kind 1 a random beacon. The parameters are
/// records in ascending order: 1 a name (length byte, UTF-8), 2 a beacon's iteration exponent (one byte), 3 a beacon's hash (length byte, bytes).
/// </summary>
/// <param name="Kind">0 for a contribution, 1 for a random beacon.</param>
/// <param name="Raw">The parameter records as the file has them.</param>
public sealed record ContributionParameters(uint Kind, ReadOnlyMemory<byte> Raw)
{
    /// <summary>The longest name in bytes that the format can hold.</summary>
    public const int NameBytesMax = 255;

    private const byte NameRecord = 1;
    private const byte IterationRecord = 2;
    private const byte BeaconRecord = 3;

    /// <summary>The contributor's name; empty when there is none.</summary>
    public string Name => Raw.Length > 0 && Raw.Span[0] == NameRecord ? Encoding.UTF8.GetString(Raw.Span.Slice(2, Raw.Span[1])) : string.Empty;

    /// <summary>Parameters of a contribution that say a name.</summary>
    /// <exception cref="ArgumentException">The name takes more than <see cref="NameBytesMax"/> bytes.</exception>
    public static ContributionParameters Named(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        return text.Length <= NameBytesMax
            ? new ContributionParameters(0, (byte[])[NameRecord, (byte)text.Length, .. text])
            : throw new ArgumentException($"the name takes {text.Length} bytes; at most {NameBytesMax} fit", nameof(name));
    }

    internal static ContributionParameters Read(SectionReader section)
    {
        long at = section.Offset;
        uint kind = section.ReadUInt32("kind of contribution");
        if (kind > 1)
        {
            throw section.Problem($"contribution of kind {kind:N0}; 0 is a contribution and 1 a beacon", at);
        }

        int length = section.ReadCount("bytes of parameters", 1, section);
        at = section.Offset;
        byte[] raw = section.ReadBytes(length, "parameters").ToArray();
        return AreWellFormed(raw) ? new ContributionParameters(kind, raw) : throw section.Problem($"the contribution's parameters are not records 1, 2 and 3 in ascending order", at);
    }

    internal void Write(SectionWriter writer)
    {
        writer.WriteUInt32(Kind);
        writer.WriteUInt32((uint)Raw.Length);
        writer.WriteBytes(Raw.Span);
    }

    private static bool AreWellFormed(ReadOnlySpan<byte> raw)
    {
        byte last = 0;
        while (!raw.IsEmpty)
        {
            byte record = raw[0];
            if (record <= last || record > BeaconRecord || raw.Length < 2)
            {
                return false;
            }

            last = record;
            int length = record == IterationRecord ? 2 : 2 + raw[1];
            if (length > raw.Length)
            {
                return false;
            }

            raw = raw[length..];
        }

        return true;
    }
}
