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

    /// <summary>Whether a finite point that is known to be on the curve lies in the subgroup of order r.</summary>
    static abstract bool IsInSubgroup(in TField x, in TField y);

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
    /// <remarks>G1 is the whole curve.</remarks>
    public static bool IsInSubgroup(in Fq x, in Fq y) => true;

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
    /// <remarks>
    /// ψ multiplies the subgroup by q, and u + 1 + u·q + u·q² = 2u·q³ mod r; no other point of the curve satisfies
    /// [u+1]Q + ψ([u]Q) + ψ²([u]Q) = ψ³([2u]Q) (El Housni, Guillevic, Piellard, eprint 2022/352, §4.2; Scott, eprint 2021/1130). A quarter of a product by r.
    /// </remarks>
    public static bool IsInSubgroup(in Fq2 x, in Fq2 y)
    {
        G2Affine point = new(x, y);
        G2Affine multiple = G2.FromAffine(point).Multiply(Bn254Tower.Parameter).ToAffine();
        G2Affine once = Bn254Tower.TwistFrobenius(multiple);
        G2Affine twice = Bn254Tower.TwistFrobenius(once);
        G2 left = G2.FromAffine(multiple) + point + once + twice;
        return left == G2.FromAffine(Bn254Tower.TwistFrobenius(twice)).Double();
    }

    /// <inheritdoc />
    public static string Name => "G2";
}
