using System.Globalization;
using System.Numerics;

namespace Accel.GoldenVectors;

/// <summary>What the vector files share: seeded values with every corner among them, and lower-case hexadecimal of 64 digits.</summary>
internal static class VectorText
{
    private static readonly BigInteger R = BigInteger.One << 256;

    public static string Hex(BigInteger value) => value.ToString("x65", CultureInfo.InvariantCulture)[1..];

    /// <summary>The integer that the hardware holds for a value in Montgomery form.</summary>
    public static BigInteger Montgomery<TModulus>(PrimeField<TModulus> value)
        where TModulus : struct, IPrimeModulus => value.ToBigInteger() * R % PrimeField<TModulus>.Modulus;

    /// <summary>0, 1, 2, p−1, p−2, (p−1)/2, R mod p and powers of two at the limbs' edges, then seeded random values.</summary>
    public static IEnumerable<BigInteger> Values(BigInteger modulus, int count, int seed)
    {
        BigInteger[] corners = [0, 1, 2, modulus - 1, modulus - 2, (modulus - 1) / 2, R % modulus, BigInteger.One << 64, (BigInteger.One << 128) - 1, BigInteger.One << 253];
        Random random = new(seed);
        byte[] bytes = new byte[40];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(bytes);
            yield return (i < corners.Length ? corners[i] : new BigInteger(bytes, isUnsigned: true)) % modulus;
        }
    }
}
