using System.Numerics;

namespace Accel.Algebra.Tests;

/// <summary>The EVM's alt_bn128 precompiles over this library's types, to run their outside vectors; null where the precompile fails.</summary>
internal static class Precompiles
{
    private const int PairLength = PointEncoding.G1Length + PointEncoding.G2Length;

    /// <summary>EIP-196 at address 6: input is padded with zeros or cut to two points.</summary>
    public static byte[]? Add(byte[] input)
    {
        byte[] padded = Resize(input, 2 * PointEncoding.G1Length);
        return PointEncoding.TryReadBigEndian(padded.AsSpan(0, PointEncoding.G1Length), out G1Affine a, out _)
            && PointEncoding.TryReadBigEndian(padded.AsSpan(PointEncoding.G1Length), out G1Affine b, out _)
            ? Write(G1.FromAffine(a) + b)
            : null;
    }

    /// <summary>EIP-196 at address 7: input is padded or cut to a point and a 256-bit scalar, which need not be below r.</summary>
    public static byte[]? Multiply(byte[] input)
    {
        byte[] padded = Resize(input, PointEncoding.G1Length + 32);
        BigInteger scalar = new(padded.AsSpan(PointEncoding.G1Length), isUnsigned: true, isBigEndian: true);
        return PointEncoding.TryReadBigEndian(padded.AsSpan(0, PointEncoding.G1Length), out G1Affine point, out _)
            ? Write(G1.FromAffine(point).Multiply(scalar))
            : null;
    }

    /// <summary>EIP-197 at address 8: whole pairs only.</summary>
    public static byte[]? Pair(byte[] input)
    {
        if (input.Length % PairLength != 0)
        {
            return null;
        }

        List<(G1Affine P, G2Affine Q)> pairs = [];
        for (int offset = 0; offset < input.Length; offset += PairLength)
        {
            if (!PointEncoding.TryReadBigEndian(input.AsSpan(offset, PointEncoding.G1Length), out G1Affine p, out _)
                || !PointEncoding.TryReadBigEndian(input.AsSpan(offset + PointEncoding.G1Length, PointEncoding.G2Length), out G2Affine q, out _))
            {
                return null;
            }

            pairs.Add((p, q));
        }

        byte[] result = new byte[32];
        result[31] = Pairing.ProductIsOne([.. pairs]) ? (byte)1 : (byte)0;
        return result;
    }

    private static byte[] Resize(byte[] input, int length)
    {
        Array.Resize(ref input, length);
        return input;
    }

    private static byte[] Write(G1 point)
    {
        byte[] bytes = new byte[PointEncoding.G1Length];
        PointEncoding.WriteBigEndian(point.ToAffine(), bytes);
        return bytes;
    }
}
