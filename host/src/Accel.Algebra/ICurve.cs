namespace Accel.Algebra;

/// <summary>A short Weierstrass curve y² = x³ + b (a = 0) with a subgroup of prime order r.</summary>
/// <typeparam name="TField">The field of the coordinates.</typeparam>
public interface ICurve<TField>
    where TField : struct, IField<TField>
{
    /// <summary>The constant b.</summary>
    static abstract TField B { get; }

    /// <summary>Affine x of the subgroup's generator.</summary>
    static abstract TField GeneratorX { get; }

    /// <summary>Affine y of the subgroup's generator.</summary>
    static abstract TField GeneratorY { get; }

    /// <summary>Whether the whole curve is the subgroup, so that a point on the curve needs no subgroup check.</summary>
    static abstract bool HasPrimeOrder { get; }

    /// <summary>The group's name in messages, such as <c>G1</c>.</summary>
    static abstract string Name { get; }
}

/// <summary>BN254's G1: y² = x³ + 3 over Fq, generator (1, 2) (EIP-196).</summary>
public readonly struct Bn254G1 : ICurve<Fq>
{
    /// <inheritdoc />
    public static Fq B { get; } = 3;

    /// <inheritdoc />
    public static Fq GeneratorX { get; } = 1;

    /// <inheritdoc />
    public static Fq GeneratorY { get; } = 2;

    /// <inheritdoc />
    public static bool HasPrimeOrder => true;

    /// <inheritdoc />
    public static string Name => "G1";
}

/// <summary>BN254's G2: y² = x³ + 3/(9 + u) over Fq2 (EIP-197), a sextic twist with a cofactor.</summary>
public readonly struct Bn254G2 : ICurve<Fq2>
{
    /// <inheritdoc />
    public static Fq2 B { get; } = new Fq2(9, 1).Inverse() * (Fq)3;

    /// <inheritdoc />
    public static Fq2 GeneratorX { get; } = new(
        Fq.Parse("10857046999023057135944570762232829481370756359578518086990519993285655852781"),
        Fq.Parse("11559732032986387107991004021392285783925812861821192530917403151452391805634"));

    /// <inheritdoc />
    public static Fq2 GeneratorY { get; } = new(
        Fq.Parse("8495653923123431417604973247489272438418190587263600148770280649306958101930"),
        Fq.Parse("4082367875863433681332203403145435568316851327593401208105741076214120093531"));

    /// <inheritdoc />
    public static bool HasPrimeOrder => false;

    /// <inheritdoc />
    public static string Name => "G2";
}
