namespace Accel.Derivatives;

/// <summary>Signed integers as field elements, negative ones mod r.</summary>
internal static class FieldIntegers
{
    private static readonly Fr TwoTo64 = (Fr)(1UL << 32) * (1UL << 32);

    public static Fr FromInt128(Int128 value)
    {
        UInt128 magnitude = (UInt128)(value < 0 ? -value : value);
        Fr element = ((Fr)(ulong)(magnitude >> 64) * TwoTo64) + (ulong)magnitude;
        return value < 0 ? -element : element;
    }
}
