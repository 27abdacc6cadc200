namespace Accel.Algebra;

/// <summary>One way to write an element of a coordinate field as <see cref="IField{TSelf}.ByteLength"/> bytes.</summary>
internal interface ICoordinateCodec<TField>
    where TField : struct, IField<TField>
{
    /// <summary>Reads an element; false when an integer is not below the modulus.</summary>
    static abstract bool TryRead(ReadOnlySpan<byte> source, out TField value);

    /// <summary>Writes an element.</summary>
    static abstract void Write(in TField value, Span<byte> destination);
}

/// <summary>Little-endian Montgomery form, c₀ before c₁.</summary>
internal readonly struct MontgomeryCoordinates : ICoordinateCodec<Fq>, ICoordinateCodec<Fq2>
{
    public static bool TryRead(ReadOnlySpan<byte> source, out Fq value) => Fq.TryReadMontgomery(source, out value);

    public static void Write(in Fq value, Span<byte> destination) => value.WriteMontgomery(destination);

    public static bool TryRead(ReadOnlySpan<byte> source, out Fq2 value)
    {
        bool valid = TryRead(source[..Fq.ByteLength], out Fq c0) & TryRead(source[Fq.ByteLength..], out Fq c1);
        value = new(c0, c1);
        return valid;
    }

    public static void Write(in Fq2 value, Span<byte> destination)
    {
        Write(value.C0, destination);
        Write(value.C1, destination[Fq.ByteLength..]);
    }
}

/// <summary>Big-endian canonical form, c₁ before c₀.</summary>
internal readonly struct BigEndianCoordinates : ICoordinateCodec<Fq>, ICoordinateCodec<Fq2>
{
    public static bool TryRead(ReadOnlySpan<byte> source, out Fq value)
    {
        Span<byte> reversed = stackalloc byte[Fq.ByteLength];
        source.CopyTo(reversed);
        reversed.Reverse();
        return Fq.TryReadCanonical(reversed, out value);
    }

    public static void Write(in Fq value, Span<byte> destination)
    {
        value.WriteCanonical(destination);
        destination[..Fq.ByteLength].Reverse();
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out Fq2 value)
    {
        bool valid = TryRead(source[..Fq.ByteLength], out Fq c1) & TryRead(source[Fq.ByteLength..], out Fq c0);
        value = new(c0, c1);
        return valid;
    }

    public static void Write(in Fq2 value, Span<byte> destination)
    {
        Write(value.C1, destination);
        Write(value.C0, destination[Fq.ByteLength..]);
    }
}
