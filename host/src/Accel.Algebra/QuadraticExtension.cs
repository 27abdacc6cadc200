using System.Runtime.CompilerServices;

namespace Accel.Algebra;

/// <summary>F[u]/(u² + 1): a quadratic extension of a field in which −1 is not a square. BN254's Fq2 (EIP-197).</summary>
/// <typeparam name="TBase">The base field.</typeparam>
/// <param name="C0">Coefficient of 1.</param>
/// <param name="C1">Coefficient of u.</param>
public readonly record struct QuadraticExtension<TBase>(TBase C0, TBase C1) : IField<QuadraticExtension<TBase>>
    where TBase : struct, IField<TBase>
{
    /// <inheritdoc />
    public static QuadraticExtension<TBase> Zero => default;

    /// <inheritdoc />
    public static QuadraticExtension<TBase> One => new(TBase.One, TBase.Zero);

    /// <inheritdoc />
    public static int ByteLength => 2 * TBase.ByteLength;

    /// <inheritdoc />
    public bool IsZero => C0.IsZero && C1.IsZero;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static QuadraticExtension<TBase> operator +(in QuadraticExtension<TBase> a, in QuadraticExtension<TBase> b) => new(a.C0 + b.C0, a.C1 + b.C1);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static QuadraticExtension<TBase> operator -(in QuadraticExtension<TBase> a, in QuadraticExtension<TBase> b) => new(a.C0 - b.C0, a.C1 - b.C1);

    /// <inheritdoc />
    public static QuadraticExtension<TBase> operator -(in QuadraticExtension<TBase> a) => new(-a.C0, -a.C1);

    /// <summary>Karatsuba: three products in the base field.</summary>
    public static QuadraticExtension<TBase> operator *(in QuadraticExtension<TBase> a, in QuadraticExtension<TBase> b)
    {
        TBase v0 = a.C0 * b.C0;
        TBase v1 = a.C1 * b.C1;
        TBase cross = (a.C0 + a.C1) * (b.C0 + b.C1);
        return new(v0 - v1, cross - v0 - v1);
    }

    /// <summary>Product with an element of the base field.</summary>
    public static QuadraticExtension<TBase> operator *(in QuadraticExtension<TBase> a, in TBase b) => new(a.C0 * b, a.C1 * b);

    /// <inheritdoc />
    public static bool operator ==(in QuadraticExtension<TBase> a, in QuadraticExtension<TBase> b) => a.C0 == b.C0 && a.C1 == b.C1;

    /// <inheritdoc />
    public static bool operator !=(in QuadraticExtension<TBase> a, in QuadraticExtension<TBase> b) => !(a == b);

    /// <inheritdoc />
    public QuadraticExtension<TBase> Square()
    {
        TBase product = C0 * C1;
        return new((C0 + C1) * (C0 - C1), product.Double());
    }

    /// <inheritdoc />
    public QuadraticExtension<TBase> Double() => new(C0.Double(), C1.Double());

    /// <summary>c₀ − c₁u.</summary>
    public QuadraticExtension<TBase> Conjugate() => new(C0, -C1);

    /// <inheritdoc />
    public QuadraticExtension<TBase> Inverse()
    {
        TBase norm = (C0.Square() + C1.Square()).Inverse();
        return new(C0 * norm, -(C1 * norm));
    }

    /// <inheritdoc />
    /// <remarks>By the norm: if N = s² then x² = (c₀ ± s)/2 and y = c₁/(2x) (Cohen, "A Course in Computational Algebraic Number Theory", §1.5).</remarks>
    public bool TrySqrt(out QuadraticExtension<TBase> root)
    {
        root = default;
        if (C1.IsZero)
        {
            if (C0.TrySqrt(out TBase real))
            {
                root = new(real, TBase.Zero);
                return true;
            }

            bool imaginary = (-C0).TrySqrt(out TBase coefficient);
            root = new(TBase.Zero, coefficient);
            return imaginary;
        }

        if (!(C0.Square() + C1.Square()).TrySqrt(out TBase s))
        {
            return false;
        }

        TBase half = TBase.One.Double().Inverse();
        if (!((C0 + s) * half).TrySqrt(out TBase x) && !((C0 - s) * half).TrySqrt(out x))
        {
            return false;
        }

        root = new(x, C1 * half * x.Inverse());
        return root.Square() == this;
    }
}
