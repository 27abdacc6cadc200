namespace Accel.Algebra;

/// <summary>A public key of EdDSA on Baby Jubjub. Any point can be held; <see cref="IsValid"/> says whether signatures by it can be trusted.</summary>
/// <param name="Point">A, the point.</param>
public readonly record struct EdDsaPublicKey(BabyJubjubPoint Point)
{
    /// <summary>Length in bytes of a packed key.</summary>
    public const int PackedLength = BabyJubjubPoint.PackedLength;

    /// <summary>Whether the point is on the curve and 8·A is not the identity. A key of small order would accept a signature on every message; circomlib's verifier refuses it too.</summary>
    public bool IsValid => Point.IsOnCurve && Point.Multiply(8) != BabyJubjubPoint.Identity;

    /// <summary>Packs the point as <see cref="BabyJubjubPoint.Pack"/> does.</summary>
    public void Pack(Span<byte> destination) => Point.Pack(destination);

    /// <summary>Unpacks 32 bytes.</summary>
    /// <returns>False when they are no point of the curve, or a point outside the subgroup of order l, or the identity.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> packed, out EdDsaPublicKey key)
    {
        bool valid = BabyJubjubPoint.TryUnpack(packed, out BabyJubjubPoint point)
            && point != BabyJubjubPoint.Identity
            && point.IsInSubgroup();
        key = valid ? new(point) : default;
        return valid;
    }
}
