namespace Accel.Compute.Fpga;

/// <summary>The bit-plane sums that the MSM engine leaves: W windows of c points, projective, 128 bytes each.</summary>
internal static class PlaneSums
{
    /// <summary>Bytes of one sum.</summary>
    public const int Bytes = 128;

    /// <summary>
    /// Σᵢ 2ⁱ·Sᵢ, i over all planes of all windows: a window's c planes weigh 2⁰ … 2^(c−1), and the windows follow each other in steps of 2^c.
    /// </summary>
    /// <param name="sums">The device's bytes.</param>
    /// <param name="product">The result, when all sums hold.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? TryCombine(ReadOnlySpan<byte> sums, out G1 product)
    {
        product = G1.Infinity;
        for (int i = (sums.Length / Bytes) - 1; i >= 0; i--)
        {
            if (!TryRead(sums.Slice(i * Bytes, Bytes), out G1 sum, out string? why))
            {
                product = G1.Infinity;
                return $"bit-plane sum {i} {why}";
            }

            product = product.Double() + sum;
        }

        return null;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out G1 sum, out string? why)
    {
        sum = default;
        why = null;
        bool isCanonical = Fq.TryReadMontgomery(bytes, out Fq x) & Fq.TryReadMontgomery(bytes[32..], out Fq y) & Fq.TryReadMontgomery(bytes[64..], out Fq z);
        if (!isCanonical)
        {
            why = "has a coordinate that is not below the modulus, or was never written";
        }
        else if (bytes[96..].ContainsAnyExcept((byte)0))
        {
            why = "is not followed by zeros";
        }
        else if (y.Square() * z != (x.Square() * x) + (Bn254G1.B * z.Square() * z))
        {
            why = "is not on the curve";
        }

        if (why is null)
        {
            sum = G1.FromProjective(x, y, z);
        }

        return why is null;
    }
}
