using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Accel.Proving.Formats;

/// <summary>One entry of a file's section table.</summary>
/// <param name="Id">The section's identifier.</param>
/// <param name="Start">The byte in the file at which the section's content begins.</param>
/// <param name="Length">The content's length in bytes.</param>
internal readonly record struct FileSection(int Id, long Start, long Length);

/// <summary>
/// The container that .r1cs, .wtns, .zkey and .ptau share: magic, version, number of sections, then for each section its identifier
/// (4 bytes), its length (8 bytes) and its content; all integers little-endian. The file is mapped, not read, and every length is
/// checked against the file before it is believed.
/// </summary>
internal sealed class SectionedFile : IDisposable
{
    private const int HeaderBytes = 12;
    private const int SectionHeaderBytes = 12;

    private readonly FileContent _content;
    private readonly List<FileSection> _sections = [];

    private SectionedFile(FileContent content) => _content = content;

    /// <summary>The file's name, without its folder; messages begin with it.</summary>
    public string Name => _content.Name;

    /// <summary>The file's length in bytes.</summary>
    public long Length => _content.Length;

    /// <summary>The sections in the file's order; each identifier occurs once.</summary>
    public IReadOnlyList<FileSection> Sections => _sections;

    /// <summary>Maps a file and checks its section table.</summary>
    /// <exception cref="InvalidFileException">The file is not of this format, or its table does not fit it.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static SectionedFile Open(string path, SectionedFormat format) => Checked(FileContent.Map(path, HeaderBytes), format);

    /// <summary>Checks the section table of a file that is already in memory; the memory stays pinned until <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidFileException">The content is not of this format, or its table does not fit it.</exception>
    public static SectionedFile FromMemory(string name, ReadOnlyMemory<byte> content, SectionedFormat format) =>
        Checked(FileContent.FromMemory(name, content, HeaderBytes), format);

    /// <summary>Whether the file has a section of this identifier.</summary>
    public bool Has(int id) => _sections.Exists(section => section.Id == id);

    /// <summary>A reader at the start of a section.</summary>
    /// <exception cref="InvalidFileException">There is no such section.</exception>
    public SectionReader Read(int id)
    {
        int index = _sections.FindIndex(section => section.Id == id);
        return index >= 0
            ? new SectionReader(this, _sections[index])
            : throw new InvalidFileException(Name, string.Create(CultureInfo.InvariantCulture, $"section {id} is missing"));
    }

    /// <inheritdoc cref="FileContent.Hold" />
    public IDisposable Hold() => _content.Hold();

    /// <inheritdoc cref="FileContent.RequireWhole" />
    public void RequireWhole() => _content.RequireWhole();

    /// <inheritdoc />
    public void Dispose() => _content.Dispose();

    /// <inheritdoc cref="FileContent.Slice" />
    internal ReadOnlySpan<byte> Slice(long offset, int length) => _content.Slice(offset, length);

    /// <inheritdoc cref="FileContent.View" />
    internal ReadOnlyMemory<T> View<T>(long offset, int count)
        where T : unmanaged => _content.View<T>(offset, count);

    /// <inheritdoc cref="FileContent.CopyTo" />
    internal void CopyTo(long offset, Span<byte> destination) => _content.CopyTo(offset, destination);

    private static SectionedFile Checked(FileContent content, SectionedFormat format)
    {
        try
        {
            SectionedFile file = new(content);
            file.ReadTable(format);
            return file;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private void ReadTable(SectionedFormat format)
    {
        ReadOnlySpan<byte> header = Slice(0, HeaderBytes);
        if (!header[..4].SequenceEqual(Encoding.ASCII.GetBytes(format.Magic)))
        {
            throw new InvalidFileException(Name, $"the file begins with {Convert.ToHexString(header[..4])}, not with the magic of a .{format.Magic} file", null, 0);
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (version != format.Version)
        {
            throw new InvalidFileException(Name, Text($"version {version} is not known; version {format.Version} is"), null, 4);
        }

        uint count = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        int sections_max = format.RequiredSections.Count + format.OptionalSections.Count;
        if (count > sections_max)
        {
            throw new InvalidFileException(Name, Text($"the header claims {count:N0} sections; a .{format.Magic} file has at most {sections_max}"), null, 8);
        }

        long position = HeaderBytes;
        for (uint i = 0; i < count; i++)
        {
            position = ReadTableEntry(format, position);
        }

        if (position != Length)
        {
            throw new InvalidFileException(Name, Text($"{Length - position:N0} bytes follow the last section"), null, position);
        }

        foreach (int id in format.RequiredSections)
        {
            if (!Has(id))
            {
                throw new InvalidFileException(Name, Text($"section {id} is missing"));
            }
        }
    }

    private long ReadTableEntry(SectionedFormat format, long position)
    {
        if (Length - position < SectionHeaderBytes)
        {
            throw new InvalidFileException(Name, Text($"the file ends at byte {Length:N0}, inside a section's header of {SectionHeaderBytes} bytes"), null, position);
        }

        ReadOnlySpan<byte> entry = Slice(position, SectionHeaderBytes);
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(entry[4..]);
        if (id > int.MaxValue || !(format.RequiredSections.Contains((int)id) || format.OptionalSections.Contains((int)id)))
        {
            throw new InvalidFileException(Name, Text($"section {id} is not one of a .{format.Magic} file"), null, position);
        }

        if (Has((int)id))
        {
            throw new InvalidFileException(Name, Text($"section {id} occurs twice"), null, position);
        }

        long start = position + SectionHeaderBytes;
        if (length > (ulong)(Length - start))
        {
            throw new InvalidFileException(Name, Text($"the section ends at byte {Length:N0} with the file, but its header says {(UInt128)length + (ulong)start:N0}"), (int)id, position);
        }

        _sections.Add(new FileSection((int)id, start, (long)length));
        return start + (long)length;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
