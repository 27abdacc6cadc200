namespace Accel.Algebra;

/// <summary>Fq2[v]/(v³ − ξ) with ξ = 9 + u, the middle of BN254's tower.</summary>
/// <param name="C0">Coefficient of 1.</param>
/// <param name="C1">Coefficient of v.</param>
/// <param name="C2">Coefficient of v².</param>
public readonly record struct Fq6(Fq2 C0, Fq2 C1, Fq2 C2)
{
    /// <summary>The additive identity.</summary>
    public static Fq6 Zero => default;

    /// <summary>The multiplicative identity.</summary>
    public static Fq6 One => new(Fq2.One, Fq2.Zero, Fq2.Zero);

    /// <summary>a + b.</summary>
    public static Fq6 operator +(in Fq6 a, in Fq6 b) => new(a.C0 + b.C0, a.C1 + b.C1, a.C2 + b.C2);

    /// <summary>a − b.</summary>
    public static Fq6 operator -(in Fq6 a, in Fq6 b) => new(a.C0 - b.C0, a.C1 - b.C1, a.C2 - b.C2);

    /// <summary>−a.</summary>
    public static Fq6 operator -(in Fq6 a) => new(-a.C0, -a.C1, -a.C2);

    /// <summary>Karatsuba: six products in Fq2 (Devegili et al., "Multiplication and squaring on pairing-friendly fields", eprint 2006/471, §4).</summary>
    public static Fq6 operator *(in Fq6 a, in Fq6 b)
    {
        Fq2 v0 = a.C0 * b.C0;
        Fq2 v1 = a.C1 * b.C1;
        Fq2 v2 = a.C2 * b.C2;
        Fq2 c0 = v0 + Bn254Tower.MultiplyByNonResidue(((a.C1 + a.C2) * (b.C1 + b.C2)) - v1 - v2);
        Fq2 c1 = ((a.C0 + a.C1) * (b.C0 + b.C1)) - v0 - v1 + Bn254Tower.MultiplyByNonResidue(v2);
        Fq2 c2 = ((a.C0 + a.C2) * (b.C0 + b.C2)) - v0 - v2 + v1;
        return new(c0, c1, c2);
    }

    /// <summary>Product with an element of Fq2.</summary>
    public static Fq6 operator *(in Fq6 a, in Fq2 b) => new(a.C0 * b, a.C1 * b, a.C2 * b);

    /// <summary>The square (Chung and Hasan's SQR2; eprint 2006/471, §4).</summary>
    public Fq6 Square()
    {
        Fq2 s0 = C0.Square();
        Fq2 s1 = (C0 * C1).Double();
        Fq2 s2 = (C0 - C1 + C2).Square();
        Fq2 s3 = (C1 * C2).Double();
        Fq2 s4 = C2.Square();
        return new(s0 + Bn254Tower.MultiplyByNonResidue(s3), s1 + Bn254Tower.MultiplyByNonResidue(s4), s1 + s2 + s3 - s0 - s4);
    }

    /// <summary>v·a.</summary>
    public Fq6 MultiplyByV() => new(Bn254Tower.MultiplyByNonResidue(C2), C0, C1);

    /// <summary>The multiplicative inverse; the inverse of zero is zero.</summary>
    public Fq6 Inverse()
    {
        Fq2 t0 = C0.Square() - Bn254Tower.MultiplyByNonResidue(C1 * C2);
        Fq2 t1 = Bn254Tower.MultiplyByNonResidue(C2.Square()) - (C0 * C1);
        Fq2 t2 = C1.Square() - (C0 * C2);
        Fq2 norm = (C0 * t0) + Bn254Tower.MultiplyByNonResidue((C2 * t1) + (C1 * t2));
        return new Fq6(t0, t1, t2) * norm.Inverse();
    }

    /// <summary>Product with b₀ + b₁·v: five products in Fq2.</summary>
    internal Fq6 MultiplySparse(in Fq2 b0, in Fq2 b1)
    {
        Fq2 v0 = C0 * b0;
        Fq2 v1 = C1 * b1;
        Fq2 c0 = v0 + Bn254Tower.MultiplyByNonResidue(((C1 + C2) * b1) - v1);
        Fq2 c1 = ((C0 + C1) * (b0 + b1)) - v0 - v1;
        Fq2 c2 = ((C0 + C2) * b0) - v0 + v1;
        return new(c0, c1, c2);
    }
}
