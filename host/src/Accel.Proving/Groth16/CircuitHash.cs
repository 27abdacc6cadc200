using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Digests;

namespace Accel.Proving.Groth16;

/// <summary>
/// snarkjs' hash of an initial key, by which contributions to a ceremony name the circuit: BLAKE2b-512 of the header's points and of
/// each list of points with its big-endian length; points uncompressed, big-endian, the higher coefficient of Fq2 first, infinity as zeros.
/// Commitments, which snarkjs does not know, follow in the same manner when there are any.
/// </summary>
internal sealed class CircuitHash
{
    private readonly Blake2bDigest _digest = new(512);

    public static byte[] Of(
        ProvingKeyHeader header, ProvingKeyPoints points, ProvingKeyCommitments? commitments, IEnumerable<ReadOnlyMemory<G1Affine>> quotientChunks, int quotientCount)
    {
        CircuitHash hash = new();
        hash.Add(header.Alpha1);
        hash.Add(header.Beta1);
        hash.Add(header.Beta2);
        hash.Add(header.Gamma2);
        hash.Add(header.Delta1);
        hash.Add(header.Delta2);
        hash.AddList(points.Inputs.Span);
        hash.AddCount(quotientCount);
        foreach (ReadOnlyMemory<G1Affine> chunk in quotientChunks)
        {
            hash.AddAll(chunk.Span);
        }

        hash.AddList(points.C.Span);
        hash.AddList(points.A.Span);
        hash.AddList(points.B1.Span);
        hash.AddCount(points.B2.Length);
        foreach (ref readonly G2Affine point in points.B2.Span)
        {
            hash.Add(point);
        }

        if (commitments is not null)
        {
            hash.Add(commitments);
        }

        byte[] result = new byte[64];
        hash._digest.DoFinal(result, 0);
        return result;
    }

    private void Add(ProvingKeyCommitments commitments)
    {
        AddCount((int)commitments.Hash);
        AddCount(commitments.Items.Count);
        foreach (ProvingKeyCommitment item in commitments.Items)
        {
            AddCount((int)item.ChallengeWire);
            AddCount(item.WireCount);
            Add(item.ChallengeInput);
            Add(item.SigmaDelta1);
            Add(item.Sigma2);
        }

        foreach (uint wire in commitments.Wires.Span)
        {
            AddCount((int)wire);
        }

        AddList(commitments.Basis.Span);
        AddList(commitments.KnowledgeBasis.Span);
    }

    private void AddList(ReadOnlySpan<G1Affine> points)
    {
        AddCount(points.Length);
        AddAll(points);
    }

    private void AddAll(ReadOnlySpan<G1Affine> points)
    {
        foreach (ref readonly G1Affine point in points)
        {
            Add(point);
        }
    }

    private void AddCount(int count)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, count);
        _digest.BlockUpdate(bytes);
    }

    private void Add(in G1Affine point)
    {
        Span<byte> bytes = stackalloc byte[64];
        WriteBigEndian(point.X, bytes);
        WriteBigEndian(point.Y, bytes[32..]);
        _digest.BlockUpdate(bytes);
    }

    private void Add(in G2Affine point)
    {
        Span<byte> bytes = stackalloc byte[128];
        WriteBigEndian(point.X.C1, bytes);
        WriteBigEndian(point.X.C0, bytes[32..]);
        WriteBigEndian(point.Y.C1, bytes[64..]);
        WriteBigEndian(point.Y.C0, bytes[96..]);
        _digest.BlockUpdate(bytes);
    }

    private static void WriteBigEndian(in Fq value, Span<byte> destination)
    {
        value.WriteCanonical(destination[..32]);
        destination[..32].Reverse();
    }
}
