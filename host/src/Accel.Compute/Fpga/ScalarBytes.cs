namespace Accel.Compute.Fpga;

/// <summary>Between field elements and the canonical 32-byte form of device memory.</summary>
internal static class ScalarBytes
{
    /// <summary>Bytes of an element.</summary>
    public const int Length = 32;

    /// <summary>Writes canonical integers.</summary>
    public static void Write(ReadOnlySpan<Fr> values, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i].WriteCanonical(bytes.Slice(i * Length, Length));
        }
    }

    /// <summary>Reads canonical integers.</summary>
    /// <returns>The index of the first that is not below the modulus, or −1.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, Span<Fr> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!Fr.TryReadCanonical(bytes.Slice(i * Length, Length), out values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
