namespace Accel.Algebra;

/// <summary>EdDSA on Baby Jubjub with Poseidon as the challenge hash, interoperable with circomlibjs and go-iden3-crypto: S = r + 8·hm·s, where hm = Poseidon(R8x, R8y, Ax, Ay, M).</summary>
public static class EdDsaPoseidon
{
    /// <summary>Signs a field element; the nonce is derived from the key and the message, so equal messages have equal signatures.</summary>
    public static EdDsaSignature Sign(EdDsaPrivateKey key, Fr message)
    {
        ArgumentNullException.ThrowIfNull(key);
        PrimeField<BabyJubjubScalarModulus> nonce = key.Nonce(message);
        BabyJubjubPoint r8 = BabyJubjubPoint.Base8.Multiply(nonce.ToBigInteger());
        Fr challenge = Challenge(r8, key.PublicKey, message);
        return new(r8, nonce + (ToScalar(challenge) * PrimeField<BabyJubjubScalarModulus>.FromBigInteger(key.Scalar)));
    }

    /// <summary>Whether S·Base8 = R8 + 8·hm·A. False too for a key or R8 off the curve and for a key of small order.</summary>
    public static bool Verify(EdDsaPublicKey key, Fr message, EdDsaSignature signature)
    {
        if (!key.IsValid || !signature.R8.IsOnCurve)
        {
            return false;
        }

        Fr challenge = Challenge(signature.R8, key, message);
        BabyJubjubPoint left = BabyJubjubPoint.Base8.Multiply(signature.S.ToBigInteger());
        BabyJubjubPoint right = signature.R8 + key.Point.Multiply(challenge.ToBigInteger() << 3);
        return left == right;
    }

    private static Fr Challenge(BabyJubjubPoint r8, EdDsaPublicKey key, Fr message) =>
        Poseidon.Hash(r8.X, r8.Y, key.Point.X, key.Point.Y, message);

    private static PrimeField<BabyJubjubScalarModulus> ToScalar(Fr element) =>
        PrimeField<BabyJubjubScalarModulus>.FromBigInteger(element.ToBigInteger());
}
