namespace Accel.Proving.Lookups;

/// <summary>Field elements as indices.</summary>
internal static class FieldIndex
{
    /// <summary>Whether the canonical value is below a limit, and which it is.</summary>
    public static bool TryToIndex(this in Fr value, int limit, out int index)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        value.WriteCanonicalLimbs(limbs);
        bool isBelow = (limbs[1] | limbs[2] | limbs[3]) == 0 && limbs[0] < (ulong)limit;
        index = isBelow ? (int)limbs[0] : 0;
        return isBelow;
    }
}
