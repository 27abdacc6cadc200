namespace Accel.Algebra;

/// <summary>The order l of Baby Jubjub's large subgroup, an eighth of the curve's order (EIP-2494): 2736030358979909402780800718157159386076813972158567259200215660948447373041.</summary>
public readonly struct BabyJubjubScalarModulus : IPrimeModulus
{
    /// <inheritdoc />
    public static ulong Limb0 => 0x677297dc392126f1;

    /// <inheritdoc />
    public static ulong Limb1 => 0xab3eedb83920ee0a;

    /// <inheritdoc />
    public static ulong Limb2 => 0x370a08b6d0302b0b;

    /// <inheritdoc />
    public static ulong Limb3 => 0x060c89ce5c263405;

    /// <inheritdoc />
    public static ulong NegativeInverse => 0x532ce5aebc48f5ef;

    /// <inheritdoc />
    public static ulong MultiplicativeGenerator => 31;

    /// <inheritdoc />
    public static int TwoAdicity => 4;

    /// <inheritdoc />
    public static string Name => "Baby Jubjub's scalar field";
}
