namespace Accel.Algebra;

/// <summary>An EdDSA signature on Baby Jubjub. S is an element of the scalar field, so a value of l or more cannot be represented.</summary>
/// <param name="R8">The nonce's point, r·Base8.</param>
/// <param name="S">r + 8·hm·s mod l.</param>
public readonly record struct EdDsaSignature(BabyJubjubPoint R8, PrimeField<BabyJubjubScalarModulus> S)
{
    /// <summary>Length in bytes of a packed signature.</summary>
    public const int PackedLength = 64;

    /// <summary>Packs R8 as <see cref="BabyJubjubPoint.Pack"/> does, then S as 32 little-endian bytes (circomlibjs <c>packSignature</c>).</summary>
    /// <param name="destination">At least 64 bytes.</param>
    public void Pack(Span<byte> destination)
    {
        R8.Pack(destination);
        S.WriteCanonical(destination[BabyJubjubPoint.PackedLength..]);
    }

    /// <summary>Unpacks 64 bytes.</summary>
    /// <returns>False when the length is not 64, R8 is no point of the curve, or S is not below l.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> packed, out EdDsaSignature signature)
    {
        signature = default;
        if (packed.Length != PackedLength
            || !BabyJubjubPoint.TryUnpack(packed[..BabyJubjubPoint.PackedLength], out BabyJubjubPoint r8)
            || !PrimeField<BabyJubjubScalarModulus>.TryReadCanonical(packed[BabyJubjubPoint.PackedLength..], out PrimeField<BabyJubjubScalarModulus> s))
        {
            return false;
        }

        signature = new(r8, s);
        return true;
    }
}
