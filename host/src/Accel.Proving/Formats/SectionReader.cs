using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Accel.Proving.Formats;

/// <summary>Reads one section from start to end; every value is checked for its range, and errors say where it stands.</summary>
internal sealed class SectionReader
{
    private readonly SectionedFile _file;
    private readonly FileSection _section;
    private long _position;

    internal SectionReader(SectionedFile file, FileSection section)
    {
        _file = file;
        _section = section;
    }

    /// <summary>Bytes of the section that have not been read.</summary>
    public long Remaining => _section.Length - _position;

    /// <summary>The byte in the file that is read next.</summary>
    public long Offset => _section.Start + _position;

    /// <summary>A problem at the value that begins at <paramref name="offset"/>, or at the current byte.</summary>
    public InvalidFileException Problem(FormattableString problem, long? offset = null) =>
        new(_file.Name, problem.ToString(CultureInfo.InvariantCulture), _section.Id, offset ?? Offset);

    /// <summary>A 32-bit integer.</summary>
    /// <exception cref="InvalidFileException">The section ends before it.</exception>
    public uint ReadUInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4, what));

    /// <summary>A 64-bit integer.</summary>
    /// <exception cref="InvalidFileException">The section ends before it.</exception>
    public ulong ReadUInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8, what));

    /// <summary>A 32-bit count of things that take at least <paramref name="itemBytesMin"/> bytes each in what is left of <paramref name="content"/>.</summary>
    /// <exception cref="InvalidFileException">So many do not fit.</exception>
    public int ReadCount(string what, int itemBytesMin, SectionReader content)
    {
        long at = Offset;
        uint count = ReadUInt32(what);
        long count_max = Math.Min(content.Remaining / itemBytesMin, Array.MaxLength);
        return count <= count_max
            ? (int)count
            : throw Problem($"{count:N0} {what} are claimed, but section {content._section.Id} has room for {count_max:N0}", at);
    }

    /// <summary>Bytes as they stand; valid while the file is open.</summary>
    /// <exception cref="InvalidFileException">The section ends before them.</exception>
    public ReadOnlySpan<byte> ReadBytes(int count, string what)
    {
        Require(count, what);
        ReadOnlySpan<byte> bytes = _file.Slice(Offset, count);
        _position += count;
        return bytes;
    }

    /// <summary>The length of a field element and the field's prime, which must be that of <typeparamref name="TModulus"/>.</summary>
    /// <exception cref="InvalidFileException">The field is another one.</exception>
    public void ReadPrime<TModulus>()
        where TModulus : struct, IPrimeModulus
    {
        long at = Offset;
        uint length = ReadUInt32("length of a field element");
        if (length != 32)
        {
            throw Problem($"field elements of {length:N0} bytes are not supported; BN254's take 32", at);
        }

        at = Offset;
        BigInteger prime = new(ReadBytes(32, "prime"), isUnsigned: true);
        if (prime != PrimeField<TModulus>.Modulus)
        {
            throw Problem($"the prime is {prime}, not that of BN254's {TModulus.Name}, {PrimeField<TModulus>.Modulus}", at);
        }
    }

    /// <summary>A canonical scalar.</summary>
    /// <exception cref="InvalidFileException">The section ends before it, or it is not below r.</exception>
    public Fr ReadScalar(string what)
    {
        long at = Offset;
        return Fr.TryReadCanonical(ReadBytes(32, what), out Fr value)
            ? value
            : throw Problem($"{what} is not below the modulus of Fr", at);
    }

    /// <summary>A point in Montgomery form, checked to be on its curve and in its subgroup.</summary>
    /// <exception cref="InvalidFileException">The section ends before it, or it is no such point.</exception>
    public AffinePoint<TField, TCurve> ReadPoint<TField, TCurve>(string what)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        long at = Offset;
        ReadOnlyMemory<AffinePoint<TField, TCurve>> point = ReadPoints<TField, TCurve>(1, what, trusted: false);
        return point.Span[0].IsInSubgroup() ? point.Span[0] : throw Problem($"{what} is not in the subgroup of {TCurve.Name}", at);
    }

    /// <summary>
    /// Points in Montgomery form as a view of the file. Unless <paramref name="trusted"/>, each coordinate is checked to be below q
    /// and each point to be on the curve, on all cores; subgroups are not checked here.
    /// </summary>
    /// <exception cref="InvalidFileException">The section ends before them, or one is not on its curve.</exception>
    public ReadOnlyMemory<AffinePoint<TField, TCurve>> ReadPoints<TField, TCurve>(int count, string what, bool trusted)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        long at = Offset;
        int bytes_each = Unsafe.SizeOf<AffinePoint<TField, TCurve>>();
        ReadOnlyMemory<AffinePoint<TField, TCurve>> points = ReadValues<AffinePoint<TField, TCurve>>(count, what);
        int bad = trusted ? -1 : PointChecks.FindInvalid(points);
        return bad < 0 ? points : throw Problem($"point {bad:N0} of {what} is not on {TCurve.Name}: {PointChecks.Describe(points.Span[bad])}", at + ((long)bad * bytes_each));
    }

    /// <summary>Values in their in-memory image, as a view of the file.</summary>
    /// <exception cref="InvalidFileException">The section ends before them.</exception>
    internal ReadOnlyMemory<T> ReadValues<T>(int count, string what)
        where T : unmanaged
    {
        long bytes = (long)count * Unsafe.SizeOf<T>();
        Require(bytes, what);
        ReadOnlyMemory<T> values = _file.View<T>(Offset, count);
        _position += bytes;
        return values;
    }

    /// <summary>Copies values in their in-memory image; those of a file are read from it, not from the mapping.</summary>
    /// <exception cref="InvalidFileException">The section ends before them, or the file was shortened.</exception>
    internal void CopyValues<T>(Span<T> destination, string what)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(destination);
        Require(bytes.Length, what);
        _file.CopyTo(Offset, bytes);
        _position += bytes.Length;
    }

    /// <summary>Passes over bytes.</summary>
    /// <exception cref="InvalidFileException">The section ends before them.</exception>
    public void Skip(long count, string what)
    {
        Require(count, what);
        _position += count;
    }

    /// <summary>Demands that the section is exactly as long as <paramref name="count"/> items of <paramref name="itemBytes"/> bytes from here.</summary>
    /// <exception cref="InvalidFileException">It is shorter or longer.</exception>
    public void RequireRemaining(long count, int itemBytes, string what)
    {
        Int128 expected = (Int128)count * itemBytes;
        if (Remaining != expected)
        {
            throw Problem($"{what} take {Remaining:N0} bytes, but {count:N0} of {itemBytes} bytes each would take {expected:N0}");
        }
    }

    /// <summary>Demands that all was read.</summary>
    /// <exception cref="InvalidFileException">Bytes are left over.</exception>
    public void End()
    {
        if (Remaining != 0)
        {
            throw Problem($"{Remaining:N0} bytes follow the section's content");
        }
    }

    private void Require(long count, string what)
    {
        if (count > Remaining)
        {
            throw Problem($"the section ends at byte {_section.Start + _section.Length:N0}, but {what} would end at {Offset + count:N0}");
        }
    }
}
