using System.Numerics;
using Accel.Proving.Groth16;
using Org.BouncyCastle.Crypto.Digests;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>Challenges are what the documentation says, and depend on all that comes before them.</summary>
public sealed class CommitmentTranscriptTests
{
    private static readonly Fr[] Publics = [11, 22];
    private static readonly G1Affine[] Points = [.. Enumerable.Range(1, 3).Select(i => (G1.Generator * i).ToAffine())];

    public static TheoryData<CommitmentHash> Hashes => [.. Enum.GetValues<CommitmentHash>()];

    [Fact]
    public void Keccak_is_drawn_as_documented()
    {
        byte[] tag = Keccak("Accel Groth16 commitments, version 1, Keccak-256"u8);
        byte[] state = Keccak([.. tag, .. Big(11), .. Big(22)]);
        List<Fr> expected = [];
        foreach (G1Affine point in Points)
        {
            state = Keccak([.. state, .. Big(point.X.ToBigInteger()), .. Big(point.Y.ToBigInteger())]);
            expected.Add(Wide(state, 0));
        }

        Assert.Equal(tag, VerificationCommitments.KeccakTag.ToArray());
        Assert.Equal([.. expected, Wide(state, 2)], Draw(CommitmentHash.Keccak256, Publics, Points));

        static Fr Wide(byte[] state, byte index) => Fr.FromBigInteger(
            (new BigInteger(Keccak([.. state, index]), true, true) << 256) + new BigInteger(Keccak([.. state, (byte)(index + 1)]), true, true));
    }

    [Fact]
    public void Poseidon_is_drawn_as_documented()
    {
        Fr state = Fr.FromBigInteger(new BigInteger("Accel G16 commitments 1 Poseido"u8, isUnsigned: true, isBigEndian: true));
        state = Poseidon.Hash(Poseidon.Hash(state, 11), 22);
        List<Fr> expected = [];
        foreach (G1Affine point in Points)
        {
            BigInteger mask = (BigInteger.One << 128) - 1;
            BigInteger x = point.X.ToBigInteger(), y = point.Y.ToBigInteger();
            state = Poseidon.Hash(state, Fr.FromBigInteger(x & mask), Fr.FromBigInteger(x >> 128), Fr.FromBigInteger(y & mask), Fr.FromBigInteger(y >> 128));
            expected.Add(Poseidon.Hash(state, 0));
        }

        Assert.Equal([.. expected, Poseidon.Hash(state, 1)], Draw(CommitmentHash.Poseidon, Publics, Points));
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Everything_before_a_challenge_changes_it_and_nothing_after(CommitmentHash hash)
    {
        Fr[] original = Draw(hash, Publics, Points);
        Assert.Equal(original.Length, original.Distinct().Count());
        for (int input = 0; input < Publics.Length; input++)
        {
            Fr[] publics = [.. Publics];
            publics[input] += Fr.One;
            Assert.DoesNotContain(Draw(hash, publics, Points), original.Contains);
        }

        for (int changed = 0; changed < Points.Length; changed++)
        {
            G1Affine[] points = [.. Points];
            points[changed] = -points[changed];
            Fr[] drawn = Draw(hash, Publics, points);
            Assert.Equal(original[..changed], drawn[..changed]);
            Assert.DoesNotContain(drawn[changed..], original.Contains);
        }
    }

    [Fact]
    public void There_is_no_third_hash() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CommitmentTranscript.Start((CommitmentHash)3, Publics));

    private static Fr[] Draw(CommitmentHash hash, Fr[] publics, G1Affine[] points)
    {
        CommitmentTranscript transcript = CommitmentTranscript.Start(hash, publics);
        return [.. points.Select(transcript.Challenge).ToArray(), transcript.Folding()];
    }

    private static byte[] Big(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    private static byte[] Keccak(ReadOnlySpan<byte> message)
    {
        KeccakDigest digest = new(256);
        digest.BlockUpdate(message);
        byte[] hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }
}
