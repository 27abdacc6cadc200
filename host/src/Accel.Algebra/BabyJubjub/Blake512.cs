using System.Buffers.Binary;
using System.Numerics;

namespace Accel.Algebra;

/// <summary>BLAKE-512, the SHA-3 finalist and not BLAKE2 (Aumasson, Henzen, Meier, Phan, "SHA-3 proposal BLAKE", version 1.3), without salt. EdDSA-Poseidon keys are derived with it.</summary>
public static class Blake512
{
    /// <summary>Length in bytes of a digest.</summary>
    public const int DigestLength = 64;

    private const int BlockLength = 128;
    private const int LengthFieldLength = 16;
    private const int Rounds = 16;

    private static ReadOnlySpan<ulong> InitialState =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    /// <summary>The first digits of π.</summary>
    private static ReadOnlySpan<ulong> Pi =>
    [
        0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
        0x452821e638d01377, 0xbe5466cf34e90c6c, 0xc0ac29b7c97c50dd, 0x3f84d5b5b5470917,
        0x9216d5d98979fb1b, 0xd1310ba698dfb5ac, 0x2ffd72dbd01adfb7, 0xb8e1afed6a267e96,
        0xba7c9045f12c7f99, 0x24a19947b3916cf7, 0x0801f2e2858efc16, 0x636920d871574e69,
    ];

    /// <summary>The message permutations of ten rounds; later rounds start over.</summary>
    private static ReadOnlySpan<byte> Permutations =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];

    /// <summary>The 64-byte digest of a message.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> message)
    {
        byte[] padded = Pad(message);
        Span<ulong> state = stackalloc ulong[8];
        InitialState.CopyTo(state);
        for (int offset = 0; offset < padded.Length; offset += BlockLength)
        {
            // The counter is of message bits so far, and zero for a block of padding alone.
            int hashed = Math.Min(offset + BlockLength, message.Length);
            Compress(state, padded.AsSpan(offset, BlockLength), hashed > offset ? (ulong)hashed * 8 : 0);
        }

        byte[] digest = new byte[DigestLength];
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(digest.AsSpan(8 * i), state[i]);
        }

        return digest;
    }

    /// <summary>Appends a one bit, zeros, a one bit and the length in bits, up to whole blocks.</summary>
    private static byte[] Pad(ReadOnlySpan<byte> message)
    {
        int blocks = (message.Length + LengthFieldLength + BlockLength) / BlockLength;
        byte[] padded = new byte[blocks * BlockLength];
        message.CopyTo(padded);
        padded[message.Length] = 0x80;
        padded[^(LengthFieldLength + 1)] |= 1;
        BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(padded.Length - 8), (ulong)message.Length * 8);
        return padded;
    }

    private static void Compress(Span<ulong> state, ReadOnlySpan<byte> block, ulong counter)
    {
        Span<ulong> m = stackalloc ulong[16];
        for (int i = 0; i < m.Length; i++)
        {
            m[i] = BinaryPrimitives.ReadUInt64BigEndian(block[(8 * i)..]);
        }

        Span<ulong> v = stackalloc ulong[16];
        state.CopyTo(v);
        Pi[..8].CopyTo(v[8..]);
        v[12] ^= counter;
        v[13] ^= counter;
        for (int round = 0; round < Rounds; round++)
        {
            ReadOnlySpan<byte> order = Permutations.Slice(round % 10 * 16, 16);
            for (int i = 0; i < 4; i++)
            {
                Mix(v, m, order[(2 * i)..], i, 4 + i, 8 + i, 12 + i);
            }

            for (int i = 0; i < 4; i++)
            {
                Mix(v, m, order[(8 + (2 * i))..], i, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3));
            }
        }

        for (int i = 0; i < state.Length; i++)
        {
            state[i] ^= v[i] ^ v[i + 8];
        }
    }

    /// <summary>The function G on one column or diagonal.</summary>
    private static void Mix(Span<ulong> v, ReadOnlySpan<ulong> m, ReadOnlySpan<byte> order, int a, int b, int c, int d)
    {
        v[a] += v[b] + (m[order[0]] ^ Pi[order[1]]);
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 25);
        v[a] += v[b] + (m[order[1]] ^ Pi[order[0]]);
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 11);
    }
}
