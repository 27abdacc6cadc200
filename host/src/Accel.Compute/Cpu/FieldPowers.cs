namespace Accel.Compute.Cpu;

/// <summary>Geometric progressions in Fr.</summary>
internal static class FieldPowers
{
    /// <summary>valuesᵢ = first·ratioⁱ.</summary>
    public static void Fill(Span<Fr> values, Fr first, Fr ratio)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = first;
            first *= ratio;
        }
    }
}
