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

    /// <summary>The <see cref="Kind"/> of a random beacon.</summary>
    public const uint BeaconKind = 1;

    private const byte NameRecord = 1;
    private const byte IterationRecord = 2;
    private const byte BeaconRecord = 3;

    /// <summary>The contributor's name; empty when there is none.</summary>
    public string Name => Raw.Length > 0 && Raw.Span[0] == NameRecord ? Encoding.UTF8.GetString(Raw.Span.Slice(2, Raw.Span[1])) : string.Empty;

    /// <summary>Whether a public value, not somebody's secret, is the contribution's source.</summary>
    public bool IsBeacon => Kind == BeaconKind;

    /// <summary>The public value that a beacon's factor is drawn from; empty when the parameters do not say.</summary>
    public ReadOnlyMemory<byte> BeaconValue => Find(BeaconRecord) is { Length: > 0 } record ? record[2..] : default;

    /// <summary>The beacon's value is hashed 2 to this power times; null when the parameters do not say.</summary>
    public int? BeaconIterationsLog2 => Find(IterationRecord) is { Length: > 0 } record ? record.Span[1] : null;

    /// <summary>Parameters of a contribution without a name.</summary>
    public static ContributionParameters Anonymous { get; } = new(0, ReadOnlyMemory<byte>.Empty);

    /// <summary>Parameters of a contribution that say a name.</summary>
    /// <exception cref="ArgumentException">The name takes more than <see cref="NameBytesMax"/> bytes.</exception>
    public static ContributionParameters Named(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        return text.Length <= NameBytesMax
            ? new ContributionParameters(0, (byte[])[NameRecord, (byte)text.Length, .. text])
            : throw new ArgumentException($"the name takes {text.Length} bytes; at most {NameBytesMax} fit", nameof(name));
    }

    /// <summary>Parameters of a random beacon.</summary>
    /// <param name="name">The name; empty for none.</param>
    /// <param name="value">1 to 255 bytes that nobody could know before.</param>
    /// <param name="iterationsLog2">The value is hashed 2 to this power times; below 256.</param>
    /// <exception cref="ArgumentException">The name or the value is too long, or the value is empty.</exception>
    public static ContributionParameters Beacon(string name, ReadOnlySpan<byte> value, byte iterationsLog2)
    {
        if (value.Length is 0 or > byte.MaxValue)
        {
            throw new ArgumentException($"the beacon's value has {value.Length} bytes; it must have 1 to {byte.MaxValue}", nameof(value));
        }

        ReadOnlyMemory<byte> named = name.Length == 0 ? ReadOnlyMemory<byte>.Empty : Named(name).Raw;
        return new ContributionParameters(BeaconKind, (byte[])[.. named.Span, IterationRecord, iterationsLog2, BeaconRecord, (byte)value.Length, .. value]);
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

    /// <summary>The record of one kind with its header, or nothing. <see cref="Raw"/> is well-formed.</summary>
    private ReadOnlyMemory<byte> Find(byte kind)
    {
        ReadOnlyMemory<byte> rest = Raw;
        while (!rest.IsEmpty)
        {
            int length = rest.Span[0] == IterationRecord ? 2 : 2 + rest.Span[1];
            if (rest.Span[0] == kind)
            {
                return rest[..length];
            }

            rest = rest[length..];
        }

        return default;
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
