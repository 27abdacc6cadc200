namespace Accel.Algebra;

/// <summary>Fq6[w]/(w² − v), the top of BN254's tower; pairings take values in its subgroup of order r.</summary>
/// <param name="C0">Coefficient of 1: w⁰, w² and w⁴.</param>
/// <param name="C1">Coefficient of w: w¹, w³ and w⁵.</param>
public readonly record struct Fq12(Fq6 C0, Fq6 C1)
{
    /// <summary>The additive identity.</summary>
    public static Fq12 Zero => default;

    /// <summary>The multiplicative identity.</summary>
    public static Fq12 One => new(Fq6.One, Fq6.Zero);

    /// <summary>Whether this is the multiplicative identity.</summary>
    public bool IsOne => this == One;

    /// <summary>a + b.</summary>
    public static Fq12 operator +(in Fq12 a, in Fq12 b) => new(a.C0 + b.C0, a.C1 + b.C1);

    /// <summary>a − b.</summary>
    public static Fq12 operator -(in Fq12 a, in Fq12 b) => new(a.C0 - b.C0, a.C1 - b.C1);

    /// <summary>Karatsuba: three products in Fq6.</summary>
    public static Fq12 operator *(in Fq12 a, in Fq12 b)
    {
        Fq6 v0 = a.C0 * b.C0;
        Fq6 v1 = a.C1 * b.C1;
        return new(v0 + v1.MultiplyByV(), ((a.C0 + a.C1) * (b.C0 + b.C1)) - v0 - v1);
    }

    /// <summary>The square, by the complex method: two products in Fq6.</summary>
    public Fq12 Square()
    {
        Fq6 product = C0 * C1;
        Fq6 c0 = ((C0 + C1) * (C0 + C1.MultiplyByV())) - product - product.MultiplyByV();
        return new(c0, product + product);
    }

    /// <summary>c₀ − c₁w, the map a ↦ a^(q⁶); the inverse of an element of the cyclotomic subgroup.</summary>
    public Fq12 Conjugate() => new(C0, -C1);

    /// <summary>The multiplicative inverse; the inverse of zero is zero.</summary>
    public Fq12 Inverse()
    {
        Fq6 norm = (C0.Square() - C1.Square().MultiplyByV()).Inverse();
        return new(C0 * norm, -(C1 * norm));
    }

    /// <summary>a^q: each coefficient of wᵏ is conjugated and multiplied by ξ^(k(q−1)/6).</summary>
    public Fq12 Frobenius()
    {
        ReadOnlySpan<Fq2> factors = Bn254Tower.FrobeniusFactors;
        return new(
            new(C0.C0.Conjugate(), C0.C1.Conjugate() * factors[2], C0.C2.Conjugate() * factors[4]),
            new(C1.C0.Conjugate() * factors[1], C1.C1.Conjugate() * factors[3], C1.C2.Conjugate() * factors[5]));
    }

    /// <summary>The square of an element of the cyclotomic subgroup, order q⁴ − q² + 1 (Granger and Scott, eprint 2009/565, §3.2).</summary>
    public Fq12 CyclotomicSquare()
    {
        SquareQuartic(C0.C0, C1.C1, out Fq2 a0, out Fq2 a1);
        SquareQuartic(C1.C0, C0.C2, out Fq2 b0, out Fq2 b1);
        SquareQuartic(C0.C1, C1.C2, out Fq2 c0, out Fq2 c1);
        Fq2 twisted = Bn254Tower.MultiplyByNonResidue(c1);
        return new(
            new(TripleLessTwice(a0, C0.C0), TripleLessTwice(b0, C0.C1), TripleLessTwice(c0, C0.C2)),
            new(TriplePlusTwice(twisted, C1.C0), TriplePlusTwice(a1, C1.C1), TriplePlusTwice(b1, C1.C2)));
    }

    /// <summary>Product with l₀ + l₁·w + l₃·w³, the shape of a line: thirteen products in Fq2.</summary>
    internal Fq12 MultiplyByLine(in Fq2 l0, in Fq2 l1, in Fq2 l3)
    {
        Fq6 v0 = C0 * l0;
        Fq6 v1 = C1.MultiplySparse(l1, l3);
        Fq6 cross = (C0 + C1).MultiplySparse(l0 + l1, l3);
        return new(v0 + v1.MultiplyByV(), cross - v0 - v1);
    }

    /// <summary>(a + b·s)² in Fq2[s]/(s² − ξ).</summary>
    private static void SquareQuartic(in Fq2 a, in Fq2 b, out Fq2 c0, out Fq2 c1)
    {
        Fq2 aa = a.Square();
        Fq2 bb = b.Square();
        c0 = aa + Bn254Tower.MultiplyByNonResidue(bb);
        c1 = (a + b).Square() - aa - bb;
    }

    private static Fq2 TripleLessTwice(in Fq2 a, in Fq2 b) => (a - b).Double() + a;

    private static Fq2 TriplePlusTwice(in Fq2 a, in Fq2 b) => (a + b).Double() + a;
}
