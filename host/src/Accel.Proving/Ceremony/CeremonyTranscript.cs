using Accel.Proving.Formats;
using Org.BouncyCastle.Crypto.Digests;

namespace Accel.Proving.Ceremony;

/// <summary>
/// What contributions commit to: BLAKE2b-512 of the circuit's hash and of the points and transcripts of all contributions so far. Names, kinds and
/// beacons are not part of it; that is snarkjs' format.
/// </summary>
internal sealed class CeremonyTranscript
{
    private const int HashBits = 512;

    private readonly Blake2bDigest _digest = new(HashBits);

    /// <param name="circuitHash">The 64 bytes by which the ceremony names its circuit.</param>
    public CeremonyTranscript(ReadOnlySpan<byte> circuitHash) => _digest.BlockUpdate(circuitHash);

    /// <summary>The 64 bytes that go into the hash of contributors' lists: what a contributor publishes elsewhere, and compares.</summary>
    public static byte[] HashOf(ZkeyContribution contribution)
    {
        Blake2bDigest digest = new(HashBits);
        Add(digest, contribution);
        return Finish(digest);
    }

    /// <summary>The transcript of a contribution that follows here and begins with these points.</summary>
    public byte[] For(in G1Affine s, in G1Affine sX)
    {
        Blake2bDigest digest = new(_digest);
        Add(digest, s);
        Add(digest, sX);
        return Finish(digest);
    }

    /// <summary>Appends a contribution.</summary>
    public void Append(ZkeyContribution contribution) => Add(_digest, contribution);

    private static void Add(Blake2bDigest digest, ZkeyContribution contribution)
    {
        Add(digest, contribution.DeltaAfter);
        Add(digest, contribution.S);
        Add(digest, contribution.SX);
        Span<byte> point = stackalloc byte[PointEncoding.G2Length];
        PointEncoding.WriteBigEndian(contribution.SpX, point);
        digest.BlockUpdate(point);
        digest.BlockUpdate(contribution.Transcript.Span);
    }

    private static void Add(Blake2bDigest digest, in G1Affine point)
    {
        Span<byte> bytes = stackalloc byte[PointEncoding.G1Length];
        PointEncoding.WriteBigEndian(point, bytes);
        digest.BlockUpdate(bytes);
    }

    private static byte[] Finish(Blake2bDigest digest)
    {
        byte[] hash = new byte[HashBits / 8];
        digest.DoFinal(hash, 0);
        return hash;
    }
}
