using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Accel.Proving.Frontend;

/// <summary>What a section of a circuit image holds. Values are stored in files: append only.</summary>
internal enum SectionKind : ushort
{
    Metadata = 1,
    Coefficients = 2,
    RowEnds = 3,
    Terms = 4,
    HintRowEnds = 5,
    HintTerms = 6,
    HintCalls = 7,
    Steps = 8,
    ScopeMarks = 9,
    Levels = 10,
    Challenges = 11,
    CommittedWires = 12,
    Instances = 13,
    InstanceInputs = 14,
    InstanceScopes = 15,
}

/// <summary>Entry of an image's section table.</summary>
internal readonly record struct SectionEntry(SectionKind Kind, ushort Reserved, int Body, long Offset, long Length);

/// <summary>First bytes of an image. The digest is SHA-256 over everything after the header.</summary>
internal readonly record struct ImageHeader(ulong Magic, uint Version, int SectionCount, Digest256 Digest)
{
    /// <summary>"ACCELCIR" in ASCII, little-endian.</summary>
    public const ulong MagicValue = 0x5249434C45434341;

    public const uint CurrentVersion = 1;
}

/// <summary>Thirty-two bytes of a digest.</summary>
[InlineArray(32)]
internal struct Digest256
{
    private byte _first;
}

/// <summary>A compiled circuit as one block of bytes: the same in memory, in a file and memory-mapped. Sections start at multiples of 64.</summary>
internal sealed unsafe class CircuitImage : IDisposable
{
    private readonly Dictionary<(SectionKind, int), SectionEntry> _sections = [];
    private readonly IDisposable _owner;
    private readonly byte* _base;

    private CircuitImage(byte* start, long length, IDisposable owner, string source)
    {
        _base = start;
        Length = length;
        _owner = owner;
        Source = source;
    }

    public long Length { get; }

    /// <summary>The file's name, or the circuit's name in memory; for messages.</summary>
    public string Source { get; }

    public ref readonly ImageHeader Header => ref *(ImageHeader*)_base;

    public ReadOnlySpan<byte> Digest => MemoryMarshal.CreateReadOnlySpan(in Unsafe.As<ImageHeader, byte>(ref Unsafe.AsRef(in Header)), sizeof(ImageHeader)).Slice((int)Marshal.OffsetOf<ImageHeader>("<Digest>k__BackingField"), 32);

    public static CircuitImage Allocate(long length)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
        NativeMemory.Clear(memory, (nuint)length);
        return new CircuitImage(memory, length, new NativeBlock(memory), "circuit");
    }

    /// <summary>Maps a stored image and checks its header, section table and digest.</summary>
    /// <exception cref="InvalidDataException">The file is not a whole, unchanged image of this version.</exception>
    public static CircuitImage Map(string path)
    {
        string name = Path.GetFileName(path);
        long length = new FileInfo(path).Length;
        if (length < sizeof(ImageHeader))
        {
            throw new InvalidDataException($"{name}: {length} bytes are too few for the {sizeof(ImageHeader)}-byte header of a compiled circuit");
        }

        MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        MemoryMappedViewAccessor view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        CircuitImage image = new(start, length, new MappedFile(file, view), name);
        try
        {
            image.ReadTable();
            image.CheckDigest();
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Finds a section once, so that hot paths need not look it up.</summary>
    public ImageSection<T> Find<T>(SectionKind kind, int body = 0)
        where T : unmanaged
    {
        if (!_sections.TryGetValue((kind, body), out SectionEntry entry))
        {
            throw new InvalidDataException($"{Source}: section {kind} of body {body} is missing");
        }

        return entry.Length % sizeof(T) == 0
            ? new ImageSection<T>((nint)(_base + entry.Offset), checked((int)(entry.Length / sizeof(T))))
            : throw new InvalidDataException($"{Source}: section {kind} has {entry.Length} bytes, not a multiple of {sizeof(T)}");
    }

    public ReadOnlySpan<T> Section<T>(SectionKind kind, int body = 0)
        where T : unmanaged => Find<T>(kind, body).Span;

    public Span<byte> Bytes(long offset, int length) => new(_base + offset, length);

    public void Save(string path)
    {
        // A half-written file must never be found under the final name.
        string temporary = $"{path}.{Environment.ProcessId}.partial";
        using (FileStream stream = File.Create(temporary))
        {
            for (long offset = 0; offset < Length;)
            {
                int count = (int)Math.Min(1 << 24, Length - offset);
                stream.Write(Bytes(offset, count));
                offset += count;
            }
        }

        File.Move(temporary, path, overwrite: true);
    }

    public void ReadTable()
    {
        ref readonly ImageHeader header = ref Header;
        if (header.Magic != ImageHeader.MagicValue || header.Version != ImageHeader.CurrentVersion)
        {
            throw new InvalidDataException($"{Source}: not a compiled circuit of version {ImageHeader.CurrentVersion} (magic {header.Magic:x16}, version {header.Version})");
        }

        long tableEnd = sizeof(ImageHeader) + (header.SectionCount * (long)sizeof(SectionEntry));
        if (header.SectionCount < 0 || tableEnd > Length)
        {
            throw new InvalidDataException($"{Source}: a table of {header.SectionCount} sections does not fit into {Length} bytes");
        }

        foreach (ref readonly SectionEntry entry in new ReadOnlySpan<SectionEntry>(_base + sizeof(ImageHeader), header.SectionCount))
        {
            if (entry.Offset < tableEnd || entry.Offset % 64 != 0 || entry.Length < 0 || entry.Length > Length - entry.Offset)
            {
                throw new InvalidDataException($"{Source}: section {entry.Kind} spans bytes {entry.Offset}…{entry.Offset + entry.Length} of {Length}");
            }

            if (!_sections.TryAdd((entry.Kind, entry.Body), entry))
            {
                throw new InvalidDataException($"{Source}: section {entry.Kind} of body {entry.Body} occurs twice");
            }
        }
    }

    public void ComputeDigest(Span<byte> destination)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long offset = sizeof(ImageHeader); offset < Length;)
        {
            int count = (int)Math.Min(1 << 24, Length - offset);
            hash.AppendData(Bytes(offset, count));
            offset += count;
        }

        hash.GetHashAndReset(destination);
    }

    public void Dispose() => _owner.Dispose();

    private void CheckDigest()
    {
        Span<byte> digest = stackalloc byte[32];
        ComputeDigest(digest);
        if (!digest.SequenceEqual(Digest))
        {
            throw new InvalidDataException($"{Source}: the content's SHA-256 is {Convert.ToHexStringLower(digest)} but the header says {Convert.ToHexStringLower(Digest)}");
        }
    }

    private sealed class NativeBlock(byte* memory) : IDisposable
    {
        private byte* _memory = memory;

        ~NativeBlock() => Free();

        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        private void Free()
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
        }
    }

    private sealed class MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view) : IDisposable
    {
        public void Dispose()
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        }
    }
}

/// <summary>Where a section's values lie; valid while its image lives.</summary>
internal readonly unsafe struct ImageSection<T>(nint start, int count)
    where T : unmanaged
{
    public ReadOnlySpan<T> Span => new((void*)start, count);
}

/// <summary>Collects sections and lays them out.</summary>
internal sealed unsafe class CircuitImageWriter
{
    private readonly List<(SectionKind Kind, int Body, ReadOnlyMemory<byte> Content)> _sections = [];

    public void Add(SectionKind kind, int body, ReadOnlyMemory<byte> content) => _sections.Add((kind, body, content));

    public CircuitImage ToImage()
    {
        long offset = Align(sizeof(ImageHeader) + (_sections.Count * (long)sizeof(SectionEntry)));
        long[] offsets = new long[_sections.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = offset;
            offset = Align(offset + _sections[i].Content.Length);
        }

        CircuitImage image = CircuitImage.Allocate(offset);
        Span<SectionEntry> table = MemoryMarshal.Cast<byte, SectionEntry>(image.Bytes(sizeof(ImageHeader), _sections.Count * sizeof(SectionEntry)));
        for (int i = 0; i < offsets.Length; i++)
        {
            (SectionKind kind, int body, ReadOnlyMemory<byte> content) = _sections[i];
            table[i] = new SectionEntry(kind, 0, body, offsets[i], content.Length);
            content.Span.CopyTo(image.Bytes(offsets[i], content.Length));
        }

        Digest256 digest = default;
        image.ComputeDigest(digest);
        MemoryMarshal.Write(image.Bytes(0, sizeof(ImageHeader)), new ImageHeader(ImageHeader.MagicValue, ImageHeader.CurrentVersion, _sections.Count, digest));
        image.ReadTable();
        return image;
    }

    private static long Align(long offset) => (offset + 63) & ~63L;
}

/// <summary>Presents a buffer of values as bytes without copying it.</summary>
internal sealed class CastMemoryManager<T>(GrowableBuffer<T> buffer) : MemoryManager<byte>
    where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(buffer.Span);

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("the bytes are copied, never pinned");

    public override void Unpin() => throw new NotSupportedException("the bytes are copied, never pinned");

    protected override void Dispose(bool disposing)
    {
    }
}
