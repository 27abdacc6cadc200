using System.Numerics;
using Org.BouncyCastle.Crypto.Digests;

namespace Accel.Proving.Groth16;

/// <summary>
/// The Fiat–Shamir transcript of a proof's commitments: the state absorbs all public inputs, then one commitment after another, and each challenge
/// is drawn from the state behind its commitment. So a challenge is bound to the public inputs, to its commitment and to all before it.
/// </summary>
internal abstract class CommitmentTranscript
{
    /// <summary>A transcript that has absorbed the public inputs.</summary>
    public static CommitmentTranscript Start(CommitmentHash hash, ReadOnlySpan<Fr> publicInputs) => hash switch
    {
        CommitmentHash.Keccak256 => new Keccak(publicInputs),
        CommitmentHash.Poseidon => new OverPoseidon(publicInputs),
        _ => throw new ArgumentOutOfRangeException(nameof(hash), hash, "there is no such hash"),
    };

    /// <summary>Absorbs the next commitment and draws its challenge.</summary>
    public abstract Fr Challenge(G1Affine commitment);

    /// <summary>Draws the scalar ρ that folds the proofs of knowledge, once all commitments are absorbed.</summary>
    public abstract Fr Folding();

    /// <summary>
    /// state ← keccak(tag ‖ inputs), then state ← keccak(state ‖ x ‖ y) for each commitment; a scalar is keccak(state ‖ i)·2²⁵⁶ + keccak(state ‖ i + 1) mod r
    /// with one byte i: 0 for challenges, 2 for ρ. Numbers are 32 bytes, big-endian.
    /// </summary>
    public sealed class Keccak : CommitmentTranscript
    {
        /// <summary>Where i is 0.</summary>
        public const byte ChallengeIndex = 0;

        /// <summary>Where i is 2.</summary>
        public const byte FoldingIndex = 2;

        private static readonly BigInteger Radix = BigInteger.One << 256;

        private byte[] _state;

        public Keccak(ReadOnlySpan<Fr> publicInputs)
        {
            byte[] message = new byte[32 * (1 + publicInputs.Length)];
            Tag.CopyTo(message);
            for (int i = 0; i < publicInputs.Length; i++)
            {
                WriteBigEndian(publicInputs[i], message.AsSpan(32 * (i + 1), 32));
            }

            _state = Hash(message);
        }

        /// <summary>The first word that is absorbed: it keeps these hashes apart from those of any other protocol.</summary>
        public static byte[] Tag { get; } = Hash("Accel Groth16 commitments, version 1, Keccak-256"u8);

        public override Fr Challenge(G1Affine commitment)
        {
            Span<byte> message = stackalloc byte[96];
            _state.CopyTo(message);
            WriteBigEndian(commitment.X, message[32..64]);
            WriteBigEndian(commitment.Y, message[64..]);
            _state = Hash(message);
            return Draw(ChallengeIndex);
        }

        public override Fr Folding() => Draw(FoldingIndex);

        private Fr Draw(byte index)
        {
            BigInteger high = new(Hash([.. _state, index]), isUnsigned: true, isBigEndian: true);
            BigInteger low = new(Hash([.. _state, (byte)(index + 1)]), isUnsigned: true, isBigEndian: true);
            return Fr.FromBigInteger((high * Radix) + low);
        }

        private static byte[] Hash(ReadOnlySpan<byte> message)
        {
            KeccakDigest digest = new(256);
            digest.BlockUpdate(message);
            byte[] hash = new byte[32];
            digest.DoFinal(hash, 0);
            return hash;
        }

        private static void WriteBigEndian<TModulus>(PrimeField<TModulus> value, Span<byte> destination)
            where TModulus : struct, IPrimeModulus
        {
            value.WriteCanonical(destination);
            destination.Reverse();
        }
    }

    /// <summary>
    /// state ← tag, state ← H(state, input) for each public input, state ← H(state, x mod 2¹²⁸, ⌊x/2¹²⁸⌋, y mod 2¹²⁸, ⌊y/2¹²⁸⌋) for each commitment;
    /// a challenge is H(state, 0) and ρ is H(state, 1), H being circomlib's Poseidon. Coordinates are of Fq, hence the halves.
    /// </summary>
    private sealed class OverPoseidon : CommitmentTranscript
    {
        private const int HalfBits = 128;

        private static readonly BigInteger HalfMask = (BigInteger.One << HalfBits) - 1;

        private static readonly Fr Tag = Fr.FromBigInteger(new BigInteger("Accel G16 commitments 1 Poseidon"u8[..31], isUnsigned: true, isBigEndian: true));

        private Fr _state = Tag;

        public OverPoseidon(ReadOnlySpan<Fr> publicInputs)
        {
            foreach (Fr input in publicInputs)
            {
                _state = Poseidon.Hash(_state, input);
            }
        }

        public override Fr Challenge(G1Affine commitment)
        {
            (Fr xLow, Fr xHigh) = Halves(commitment.X);
            (Fr yLow, Fr yHigh) = Halves(commitment.Y);
            _state = Poseidon.Hash(_state, xLow, xHigh, yLow, yHigh);
            return Poseidon.Hash(_state, Fr.Zero);
        }

        public override Fr Folding() => Poseidon.Hash(_state, Fr.One);

        private static (Fr Low, Fr High) Halves(Fq coordinate)
        {
            BigInteger value = coordinate.ToBigInteger();
            return (Fr.FromBigInteger(value & HalfMask), Fr.FromBigInteger(value >> HalfBits));
        }
    }
}
