using System.Diagnostics;
using System.Numerics;
using System.Security.Cryptography;

namespace Accel.Algebra;

/// <summary>A private key of EdDSA on Baby Jubjub: 32 bytes from which BLAKE-512 derives the secret scalar and the nonce prefix (RFC 8032, §5.1.5, with circomlibjs's hash). It never prints its bytes.</summary>
[DebuggerDisplay("EdDsaPrivateKey (redacted)")]
public sealed class EdDsaPrivateKey
{
    /// <summary>Length in bytes of a private key.</summary>
    public const int Length = 32;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _seed;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _noncePrefix;

    /// <summary>A key from its 32 bytes.</summary>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public EdDsaPrivateKey(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Length)
        {
            throw new ArgumentException($"an EdDSA private key has {Length} bytes, not {seed.Length}", nameof(seed));
        }

        _seed = seed.ToArray();
        byte[] digest = Blake512.Hash(seed);
        _noncePrefix = digest[32..];
        Scalar = Prune(digest.AsSpan(0, 32));
        PublicKey = new(BabyJubjubPoint.Base8.Multiply(Scalar >> 3));
        CryptographicOperations.ZeroMemory(digest);
    }

    /// <summary>The public key.</summary>
    public EdDsaPublicKey PublicKey { get; }

    /// <summary>Eight times the secret scalar: pruned, so a multiple of eight with bit 254 set.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal BigInteger Scalar { get; }

    /// <summary>A key from the operating system's random generator.</summary>
    public static EdDsaPrivateKey Generate()
    {
        Span<byte> seed = stackalloc byte[Length];
        RandomNumberGenerator.Fill(seed);
        EdDsaPrivateKey key = new(seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    /// <summary>Writes the 32 secret bytes, for a key store.</summary>
    public void Export(Span<byte> destination) => _seed.CopyTo(destination);

    /// <summary>Names the type alone; the key stays secret.</summary>
    public override string ToString() => "EdDsaPrivateKey(redacted)";

    /// <summary>The nonce of a message: BLAKE-512 of the prefix and the message's 32 little-endian bytes, mod l.</summary>
    internal PrimeField<BabyJubjubScalarModulus> Nonce(Fr message)
    {
        Span<byte> input = stackalloc byte[64];
        _noncePrefix.CopyTo(input);
        message.WriteCanonical(input[32..]);
        return PrimeField<BabyJubjubScalarModulus>.FromBigInteger(new BigInteger(Blake512.Hash(input), isUnsigned: true));
    }

    /// <summary>Clears the cofactor's bits, clears bit 255 and sets bit 254.</summary>
    private static BigInteger Prune(Span<byte> scalar)
    {
        scalar[0] &= 0xf8;
        scalar[31] &= 0x7f;
        scalar[31] |= 0x40;
        return new BigInteger(scalar, isUnsigned: true);
    }
}
