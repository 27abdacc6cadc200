using System.Runtime.InteropServices;

namespace Accel.Algebra;

/// <summary>An affine point of a short Weierstrass curve; infinity is stored as (0, 0), which lies on no curve with b ≠ 0. Two coordinates in Montgomery form: the layout of snarkjs keys.</summary>
/// <typeparam name="TField">The field of the coordinates.</typeparam>
/// <typeparam name="TCurve">The curve.</typeparam>
/// <param name="X">x, or zero at infinity.</param>
/// <param name="Y">y, or zero at infinity.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AffinePoint<TField, TCurve>(TField X, TField Y)
    where TField : struct, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    /// <summary>The group's identity.</summary>
    public static AffinePoint<TField, TCurve> Infinity => default;

    /// <summary>The subgroup's generator.</summary>
    public static AffinePoint<TField, TCurve> Generator => new(TCurve.GeneratorX, TCurve.GeneratorY);

    /// <summary>Whether this is the identity.</summary>
    public bool IsInfinity => X.IsZero && Y.IsZero;

    /// <summary>Whether the coordinates satisfy the curve's equation, or the point is infinity.</summary>
    public bool IsOnCurve => IsInfinity || Y.Square() == (X.Square() * X) + TCurve.B;

    /// <summary>The inverse.</summary>
    public static AffinePoint<TField, TCurve> operator -(in AffinePoint<TField, TCurve> point) => new(point.X, -point.Y);

    /// <summary>Whether the point is on the curve and in the subgroup of order r.</summary>
    public bool IsInSubgroup() => IsInfinity || (IsOnCurve && TCurve.IsInSubgroup(X, Y));
}
