using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Accel.Proving.Formats;

/// <summary>
/// Writes one of iden3's binary formats to a stream that need not seek: each section announces its length before its content,
/// and a section that does not keep its word is an error of the program.
/// </summary>
internal sealed class SectionWriter
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _buffered;
    private long _owed;

    /// <summary>Writes the file's header.</summary>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <param name="format">Magic and version.</param>
    /// <param name="sectionCount">The number of sections that will follow.</param>
    public SectionWriter(Stream stream, SectionedFormat format, int sectionCount)
    {
        _stream = stream;
        _owed = 12;
        WriteBytes(Encoding.ASCII.GetBytes(format.Magic));
        WriteUInt32(format.Version);
        WriteUInt32((uint)sectionCount);
    }

    /// <summary>Begins a section whose content will take <paramref name="length"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">The section before is not complete.</exception>
    public void Begin(int id, long length)
    {
        RequireComplete();
        _owed = 12 + length;
        WriteUInt32((uint)id);
        WriteUInt64((ulong)length);
    }

    /// <summary>Four bytes, little-endian.</summary>
    public void WriteUInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        WriteBytes(bytes);
    }

    /// <summary>Eight bytes, little-endian.</summary>
    public void WriteUInt64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        WriteBytes(bytes);
    }

    /// <summary>The length of a field element, 32, and the field's prime.</summary>
    public void WritePrime<TModulus>()
        where TModulus : struct, IPrimeModulus
    {
        WriteUInt32(32);
        WriteUInt64(TModulus.Limb0);
        WriteUInt64(TModulus.Limb1);
        WriteUInt64(TModulus.Limb2);
        WriteUInt64(TModulus.Limb3);
    }

    /// <summary>A scalar as its canonical integer.</summary>
    public void WriteScalar(in Fr value)
    {
        Span<byte> bytes = stackalloc byte[32];
        value.WriteCanonical(bytes);
        WriteBytes(bytes);
    }

    /// <summary>A scalar in Montgomery form.</summary>
    public void WriteMontgomery(in Fr value)
    {
        Span<byte> bytes = stackalloc byte[32];
        value.WriteMontgomery(bytes);
        WriteBytes(bytes);
    }

    /// <summary>One point in Montgomery form.</summary>
    public void WritePoint<TField, TCurve>(AffinePoint<TField, TCurve> point)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField> => WritePoints(new ReadOnlySpan<AffinePoint<TField, TCurve>>(in point));

    /// <summary>Points in Montgomery form.</summary>
    public void WritePoints<TField, TCurve>(ReadOnlySpan<AffinePoint<TField, TCurve>> points)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        // A span of bytes holds 2 GiB at most.
        const int PointsEach = 1 << 20;
        for (int i = 0; i < points.Length; i += PointsEach)
        {
            WriteBytes(MemoryMarshal.AsBytes(points.Slice(i, Math.Min(PointsEach, points.Length - i))));
        }
    }

    /// <summary>Bytes as they are.</summary>
    /// <exception cref="InvalidOperationException">They exceed the announced length.</exception>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _owed)
        {
            throw new InvalidOperationException($"{bytes.Length} bytes are written where {_owed} were announced");
        }

        _owed -= bytes.Length;
        if (bytes.Length > _buffer.Length - _buffered)
        {
            Drain();
        }

        if (bytes.Length > _buffer.Length)
        {
            _stream.Write(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }

    /// <summary>Hands everything to the stream, which stays open.</summary>
    /// <exception cref="InvalidOperationException">The last section is not complete.</exception>
    public void Complete()
    {
        RequireComplete();
        Drain();
        _stream.Flush();
    }

    private void Drain()
    {
        _stream.Write(_buffer, 0, _buffered);
        _buffered = 0;
    }

    private void RequireComplete()
    {
        if (_owed != 0)
        {
            throw new InvalidOperationException($"{_owed} announced bytes were not written");
        }
    }
}
