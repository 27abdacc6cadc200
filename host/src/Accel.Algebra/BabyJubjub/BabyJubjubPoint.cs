using System.Numerics;

namespace Accel.Algebra;

/// <summary>
/// An affine point of Baby Jubjub, the twisted Edwards curve 168700·x² + y² = 1 + 168696·x²·y² over Fr (EIP-2494), as circomlib uses it.
/// 168700 is a square and 168696 is not, so the addition law has no exceptions on the curve.
/// </summary>
/// <param name="X">x.</param>
/// <param name="Y">y.</param>
public readonly record struct BabyJubjubPoint(Fr X, Fr Y)
{
    /// <summary>Length in bytes of a packed point.</summary>
    public const int PackedLength = 32;

    private const byte SignBit = 0x80;

    /// <summary>The curve's coefficient a.</summary>
    public static Fr A { get; } = 168700;

    /// <summary>The curve's coefficient d.</summary>
    public static Fr D { get; } = 168696;

    /// <summary>The identity (0, 1).</summary>
    public static BabyJubjubPoint Identity { get; } = new(Fr.Zero, Fr.One);

    /// <summary>The generator of the subgroup of order l: eight times EIP-2494's base point.</summary>
    public static BabyJubjubPoint Base8 { get; } = new(
        Fr.Parse("5299619240641551281634865583518297030282874472190772894086521144482721001553"),
        Fr.Parse("16950150798460657717958625567821834550301663161624707787222815936182638968203"));

    /// <summary>l, the order of <see cref="Base8"/>; the whole curve has 8·l points.</summary>
    public static BigInteger Suborder => PrimeField<BabyJubjubScalarModulus>.Modulus;

    /// <summary>Whether the coordinates satisfy the curve's equation.</summary>
    public bool IsOnCurve
    {
        get
        {
            Fr xx = X.Square();
            Fr yy = Y.Square();
            return (A * xx) + yy == Fr.One + (D * xx * yy);
        }
    }

    /// <summary>The sum of two points on the curve.</summary>
    public static BabyJubjubPoint operator +(in BabyJubjubPoint a, in BabyJubjubPoint b) =>
        (new ProjectiveEdwardsPoint(a) + new ProjectiveEdwardsPoint(b)).ToAffine();

    /// <summary>The difference of two points on the curve.</summary>
    public static BabyJubjubPoint operator -(in BabyJubjubPoint a, in BabyJubjubPoint b) => a + (-b);

    /// <summary>The inverse, (−x, y).</summary>
    public static BabyJubjubPoint operator -(in BabyJubjubPoint point) => new(-point.X, point.Y);

    /// <summary>Scalar product by a non-negative integer of any size. Scalars below 2²⁵⁶ all take the same sequence of group operations.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scalar is negative.</exception>
    public BabyJubjubPoint Multiply(BigInteger scalar) => new ProjectiveEdwardsPoint(this).Multiply(scalar).ToAffine();

    /// <summary>Whether the point is on the curve and in the subgroup of order l; the identity is.</summary>
    public bool IsInSubgroup() => IsOnCurve && Multiply(Suborder) == Identity;

    /// <summary>Packs y as 32 little-endian bytes with the sign of x, that is x &gt; (r − 1)/2, in the top bit (circomlibjs <c>packPoint</c>).</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void Pack(Span<byte> destination)
    {
        Y.WriteCanonical(destination);
        if (IsNegative(X))
        {
            destination[PackedLength - 1] |= SignBit;
        }
    }

    /// <summary>Unpacks 32 bytes. The point is on the curve, but may be outside the subgroup.</summary>
    /// <returns>False when the length is not 32, y is not below r, no point has this y, or x is zero with its sign bit set.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> packed, out BabyJubjubPoint point)
    {
        point = default;
        if (packed.Length != PackedLength)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[PackedLength];
        packed.CopyTo(bytes);
        bool negative = (bytes[PackedLength - 1] & SignBit) != 0;
        bytes[PackedLength - 1] &= SignBit - 1;
        if (!Fr.TryReadCanonical(bytes, out Fr y))
        {
            return false;
        }

        // a − d·y² is never zero: a/d is not a square.
        Fr yy = y.Square();
        if (!((Fr.One - yy) * (A - (D * yy)).Inverse()).TrySqrt(out Fr x) || (x.IsZero && negative))
        {
            return false;
        }

        point = new(IsNegative(x) == negative ? x : -x, y);
        return true;
    }

    private static bool IsNegative(Fr x) => x.ToBigInteger() > Fr.Modulus >> 1;
}
