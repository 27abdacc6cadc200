namespace Accel.Algebra;

/// <summary>
/// Uncompressed points as bytes: x then y, 64 bytes in G1 and 128 in G2, all zeros for infinity. Reading checks ranges, the curve and, unless told not to, the subgroup.
/// Two encodings of a coordinate: little-endian Montgomery form with c₀ before c₁, as in snarkjs's binary files; big-endian canonical form with c₁ before c₀, as in EIP-196 and EIP-197.
/// </summary>
public static class PointEncoding
{
    /// <summary>Length in bytes of a point of G1.</summary>
    public const int G1Length = 64;

    /// <summary>Length in bytes of a point of G2.</summary>
    public const int G2Length = 128;

    /// <summary>Reads a point of G1 from 64 bytes of snarkjs's Montgomery encoding.</summary>
    /// <returns>Whether the point is valid; <paramref name="error"/> says why not.</returns>
    public static bool TryReadMontgomery(ReadOnlySpan<byte> source, out G1Affine point, out PointError error) =>
        Accept(error = Read<Fq, Bn254G1, MontgomeryCoordinates>(source, checkSubgroup: true, out point));

    /// <summary>Reads a point of G2 from 128 bytes of snarkjs's Montgomery encoding.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="point">The point, or infinity when it is not valid.</param>
    /// <param name="error">Why the point is not valid.</param>
    /// <param name="checkSubgroup">False to accept any point of the curve, for data whose origin is trusted.</param>
    /// <returns>Whether the point is valid.</returns>
    public static bool TryReadMontgomery(ReadOnlySpan<byte> source, out G2Affine point, out PointError error, bool checkSubgroup = true) =>
        Accept(error = Read<Fq2, Bn254G2, MontgomeryCoordinates>(source, checkSubgroup, out point));

    /// <summary>Reads a point of G1 from 64 bytes of EIP-196's encoding.</summary>
    /// <returns>Whether the point is valid; <paramref name="error"/> says why not.</returns>
    public static bool TryReadBigEndian(ReadOnlySpan<byte> source, out G1Affine point, out PointError error) =>
        Accept(error = Read<Fq, Bn254G1, BigEndianCoordinates>(source, checkSubgroup: true, out point));

    /// <summary>Reads a point of G2 from 128 bytes of EIP-197's encoding.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="point">The point, or infinity when it is not valid.</param>
    /// <param name="error">Why the point is not valid.</param>
    /// <param name="checkSubgroup">False to accept any point of the curve, for data whose origin is trusted.</param>
    /// <returns>Whether the point is valid.</returns>
    public static bool TryReadBigEndian(ReadOnlySpan<byte> source, out G2Affine point, out PointError error, bool checkSubgroup = true) =>
        Accept(error = Read<Fq2, Bn254G2, BigEndianCoordinates>(source, checkSubgroup, out point));

    /// <summary>Writes 64 bytes of snarkjs's Montgomery encoding.</summary>
    public static void WriteMontgomery(in G1Affine point, Span<byte> destination) => Write<Fq, Bn254G1, MontgomeryCoordinates>(point, destination);

    /// <summary>Writes 128 bytes of snarkjs's Montgomery encoding.</summary>
    public static void WriteMontgomery(in G2Affine point, Span<byte> destination) => Write<Fq2, Bn254G2, MontgomeryCoordinates>(point, destination);

    /// <summary>Writes 64 bytes of EIP-196's encoding.</summary>
    public static void WriteBigEndian(in G1Affine point, Span<byte> destination) => Write<Fq, Bn254G1, BigEndianCoordinates>(point, destination);

    /// <summary>Writes 128 bytes of EIP-197's encoding.</summary>
    public static void WriteBigEndian(in G2Affine point, Span<byte> destination) => Write<Fq2, Bn254G2, BigEndianCoordinates>(point, destination);

    private static bool Accept(PointError error) => error == PointError.None;

    private static PointError Read<TField, TCurve, TCodec>(ReadOnlySpan<byte> source, bool checkSubgroup, out AffinePoint<TField, TCurve> point)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
        where TCodec : struct, ICoordinateCodec<TField>
    {
        point = default;
        int length = TField.ByteLength;
        if (source.Length != 2 * length)
        {
            return PointError.WrongLength;
        }

        if (!TCodec.TryRead(source[..length], out TField x) || !TCodec.TryRead(source[length..], out TField y))
        {
            return PointError.CoordinateOutOfRange;
        }

        AffinePoint<TField, TCurve> candidate = new(x, y);
        if (!candidate.IsOnCurve)
        {
            return PointError.NotOnCurve;
        }

        if (checkSubgroup && !candidate.IsInSubgroup())
        {
            return PointError.NotInSubgroup;
        }

        point = candidate;
        return PointError.None;
    }

    private static void Write<TField, TCurve, TCodec>(in AffinePoint<TField, TCurve> point, Span<byte> destination)
        where TField : struct, IField<TField>
        where TCurve : struct, ICurve<TField>
        where TCodec : struct, ICoordinateCodec<TField>
    {
        int length = TField.ByteLength;
        TCodec.Write(point.X, destination[..length]);
        TCodec.Write(point.Y, destination.Slice(length, length));
    }
}
