using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace Accel.Proving.Ceremony;

/// <summary>
/// The stream of scalars and points that snarkjs draws from a 32-byte seed: ChaCha20 with counter and nonce zero. A field element is 256 bits of it,
/// each 64 of them high word first, cut to 254 bits, drawn again when not below the modulus, and taken as a Montgomery form; a point is such an x and
/// a bit for the sign of y.
/// </summary>
internal sealed class CeremonyStream : IDisposable
{
    /// <summary>Bytes of a seed.</summary>
    public const int SeedBytes = 32;

    private const int WordBytes = sizeof(uint);

    // #E'(Fq2)/r (EIP-197's curve): what takes any point of the twist into the subgroup.
    private static readonly BigInteger TwistCofactor = (2 * Fq.Modulus) - Fr.Modulus;
    private static readonly BigInteger GreatestPositive = (Fq.Modulus - 1) / 2;

    private readonly ChaChaEngine _cipher = new(20);

    /// <param name="seed">32 bytes.</param>
    public CeremonyStream(ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedBytes);
        byte[] key = GC.AllocateUninitializedArray<byte>(SeedBytes, pinned: true);
        for (int i = 0; i < SeedBytes; i += WordBytes)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(key.AsSpan(i), BinaryPrimitives.ReadUInt32BigEndian(seed[i..]));
        }

        Start(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>
    /// The generator of G2 that a contribution's proof of knowledge refers to: the first point drawn from the transcript's first half.
    /// </summary>
    /// <param name="transcript">64 bytes.</param>
    public static G2Affine ChallengePoint(ReadOnlySpan<byte> transcript)
    {
        using CeremonyStream stream = new(transcript[..SeedBytes]);
        return stream.NextG2();
    }

    /// <summary>An element of a prime field.</summary>
    public PrimeField<TModulus> Next<TModulus>()
        where TModulus : struct, IPrimeModulus
    {
        Span<byte> bytes = stackalloc byte[PrimeField<TModulus>.ByteLength];
        PrimeField<TModulus> value;
        do
        {
            for (int i = 0; i < bytes.Length; i += 2 * WordBytes)
            {
                NextWord(bytes.Slice(i + WordBytes, WordBytes));
                NextWord(bytes.Slice(i, WordBytes));
            }

            bytes[^1] &= 0x3f;
        }
        while (!PrimeField<TModulus>.TryReadMontgomery(bytes, out value));

        CryptographicOperations.ZeroMemory(bytes);
        return value;
    }

    /// <summary>A point of G1 whose logarithm nobody knows.</summary>
    public G1Affine NextG1()
    {
        Fq x;
        Fq y;
        bool negative;
        do
        {
            x = Next<Bn254BaseModulus>();
            negative = NextBit();
        }
        while (!((x.Square() * x) + Bn254G1.B).TrySqrt(out y));

        return new G1Affine(x, IsNegative(y) == negative ? y : -y);
    }

    /// <summary>A point of G2 whose logarithm nobody knows.</summary>
    public G2Affine NextG2()
    {
        Fq2 x;
        Fq2 y;
        bool negative;
        do
        {
            Fq real = Next<Bn254BaseModulus>();
            x = new Fq2(real, Next<Bn254BaseModulus>());
            negative = NextBit();
        }
        while (!((x.Square() * x) + Bn254G2.B).TrySqrt(out y));

        bool isNegative = y.C1.IsZero ? IsNegative(y.C0) : IsNegative(y.C1);
        return G2.FromAffine(new G2Affine(x, isNegative == negative ? y : -y)).Multiply(TwistCofactor).ToAffine();
    }

    /// <inheritdoc />
    public void Dispose() => Start(new byte[SeedBytes]);

    private static bool IsNegative(Fq value) => value.ToBigInteger() > GreatestPositive;

    private void Start(byte[] key) => _cipher.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key), new byte[8]));

    private bool NextBit()
    {
        Span<byte> word = stackalloc byte[WordBytes];
        NextWord(word);
        return (word[0] & 1) != 0;
    }

    /// <summary>The stream's next 32-bit word, in its own order of bytes.</summary>
    private void NextWord(Span<byte> word)
    {
        word.Clear();
        _cipher.ProcessBytes(word, word);
    }
}
