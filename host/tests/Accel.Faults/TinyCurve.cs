using System.Buffers.Binary;

namespace Accel.Faults;

/// <summary>y² = x³ + 3 over F₇₉: 97 points, all multiples of (1, 2), each known by its logarithm. What hdl/params/tiny79.json builds the core for.</summary>
internal static class TinyCurve
{
    /// <summary>Points of the group, and the scalars' modulus.</summary>
    public const int Order = 97;

    /// <summary>Bytes of a scalar, a base and a sum in the card's memory.</summary>
    public const int ScalarBytes = 32;

    /// <inheritdoc cref="ScalarBytes"/>
    public const int BaseBytes = 64;

    /// <inheritdoc cref="ScalarBytes"/>
    public const int SumBytes = 128;

    private const int Modulus = 79;
    private const int B = 3;
    private const int R = 1 << 10;
    private static readonly (int X, int Y)[] Multiples = MakeMultiples();
    private static readonly Dictionary<(int X, int Y), int> Logarithms = Enumerable.Range(1, Order - 1).ToDictionary(k => Multiples[k]);

    /// <summary>The base k·(1, 2) as the engine reads it; infinity is all zeros.</summary>
    public static void WriteBase(int k, Span<byte> destination)
    {
        destination[..BaseBytes].Clear();
        if (k != 0)
        {
            destination[0] = (byte)(Multiples[k].X * R % Modulus);
            destination[ScalarBytes] = (byte)(Multiples[k].Y * R % Modulus);
        }
    }

    /// <summary>The logarithm of Σ 2ⁱ·Sᵢ, with the checks that the host makes of bit-plane sums on any curve.</summary>
    /// <param name="sums">The card's bytes.</param>
    /// <param name="logarithm">The result, when all sums hold.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? TryCombine(ReadOnlySpan<byte> sums, out int logarithm)
    {
        logarithm = 0;
        for (int i = (sums.Length / SumBytes) - 1; i >= 0; i--)
        {
            if (TryRead(sums.Slice(i * SumBytes, SumBytes), out int sum) is { } wrong)
            {
                return $"bit-plane sum {i} {wrong}";
            }

            logarithm = ((2 * logarithm) + sum) % Order;
        }

        return null;
    }

    private static string? TryRead(ReadOnlySpan<byte> bytes, out int logarithm)
    {
        logarithm = 0;
        Span<int> coordinates = stackalloc int[3];
        for (int i = 0; i < coordinates.Length; i++)
        {
            ReadOnlySpan<byte> element = bytes.Slice(i * ScalarBytes, ScalarBytes);
            int value = BinaryPrimitives.ReadInt32LittleEndian(element);
            if (value is < 0 or >= Modulus || element[sizeof(int)..].ContainsAnyExcept((byte)0))
            {
                return "has a coordinate that is not below the modulus, or was never written";
            }

            coordinates[i] = value * Inverse(R % Modulus) % Modulus;
        }

        if (bytes[(3 * ScalarBytes)..].ContainsAnyExcept((byte)0))
        {
            return "is not followed by zeros";
        }

        (int x, int y, int z) = (coordinates[0], coordinates[1], coordinates[2]);
        if (y * y * z % Modulus != ((x * x * x) + (B * z * z * z)) % Modulus)
        {
            return "is not on the curve";
        }

        logarithm = z == 0 ? 0 : Logarithms[(x * Inverse(z) % Modulus, y * Inverse(z) % Modulus)];
        return null;
    }

    private static (int X, int Y)[] MakeMultiples()
    {
        (int X, int Y)[] points = new (int, int)[Order];
        points[1] = (1, 2);
        for (int k = 2; k < Order; k++)
        {
            (int x, int y) = points[k - 1];
            int slope = k == 2 ? 3 * x * x * Inverse(2 * y) % Modulus : (y - 2 + Modulus) * Inverse((x - 1 + Modulus) % Modulus) % Modulus;
            int sum = ((slope * slope) - x - 1 + (2 * Modulus)) % Modulus;
            points[k] = (sum, ((slope * (1 - sum + Modulus)) - 2 + Modulus) % Modulus);
        }

        return points;
    }

    private static int Inverse(int value)
    {
        int inverse = 1;
        for (int i = 0; i < Modulus - 2; i++)
        {
            inverse = inverse * value % Modulus;
        }

        return inverse;
    }
}
