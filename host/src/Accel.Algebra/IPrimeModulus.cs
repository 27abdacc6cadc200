namespace Accel.Algebra;

/// <summary>The prime of a <see cref="PrimeField{TModulus}"/>: four little-endian 64-bit limbs, below 2²⁵⁴ so that a product row needs no fifth limb.</summary>
public interface IPrimeModulus
{
    /// <summary>Bits 0–63 of the prime.</summary>
    static abstract ulong Limb0 { get; }

    /// <summary>Bits 64–127 of the prime.</summary>
    static abstract ulong Limb1 { get; }

    /// <summary>Bits 128–191 of the prime.</summary>
    static abstract ulong Limb2 { get; }

    /// <summary>Bits 192–255 of the prime.</summary>
    static abstract ulong Limb3 { get; }

    /// <summary>−p⁻¹ mod 2⁶⁴, the factor of a Montgomery quotient digit.</summary>
    static abstract ulong NegativeInverse { get; }

    /// <summary>A generator of the multiplicative group, as a small integer.</summary>
    static abstract ulong MultiplicativeGenerator { get; }

    /// <summary>The largest s such that 2ˢ divides p − 1.</summary>
    static abstract int TwoAdicity { get; }

    /// <summary>The field's short name in messages, such as <c>Fr</c>.</summary>
    static abstract string Name { get; }
}

/// <summary>The order r of BN254's groups: r = 36u⁴ + 36u³ + 18u² + 6u + 1, u = 4965661367192848881 (EIP-196).</summary>
public readonly struct Bn254ScalarModulus : IPrimeModulus
{
    /// <inheritdoc />
    public static ulong Limb0 => 0x43e1f593f0000001;

    /// <inheritdoc />
    public static ulong Limb1 => 0x2833e84879b97091;

    /// <inheritdoc />
    public static ulong Limb2 => 0xb85045b68181585d;

    /// <inheritdoc />
    public static ulong Limb3 => 0x30644e72e131a029;

    /// <inheritdoc />
    public static ulong NegativeInverse => 0xc2e1f593efffffff;

    /// <inheritdoc />
    public static ulong MultiplicativeGenerator => 5;

    /// <inheritdoc />
    public static int TwoAdicity => 28;

    /// <inheritdoc />
    public static string Name => "Fr";
}

/// <summary>The prime q under BN254's coordinates: q = 36u⁴ + 36u³ + 24u² + 6u + 1, u = 4965661367192848881 (EIP-196).</summary>
public readonly struct Bn254BaseModulus : IPrimeModulus
{
    /// <inheritdoc />
    public static ulong Limb0 => 0x3c208c16d87cfd47;

    /// <inheritdoc />
    public static ulong Limb1 => 0x97816a916871ca8d;

    /// <inheritdoc />
    public static ulong Limb2 => 0xb85045b68181585d;

    /// <inheritdoc />
    public static ulong Limb3 => 0x30644e72e131a029;

    /// <inheritdoc />
    public static ulong NegativeInverse => 0x87d20782e4866389;

    /// <inheritdoc />
    public static ulong MultiplicativeGenerator => 3;

    /// <inheritdoc />
    public static int TwoAdicity => 1;

    /// <inheritdoc />
    public static string Name => "Fq";
}
