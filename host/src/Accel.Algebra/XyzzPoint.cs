using System.Numerics;
using System.Runtime.InteropServices;

namespace Accel.Algebra;

/// <summary>
/// A point as (X, Y, ZZ, ZZZ) with x = X/ZZ, y = Y/ZZZ, ZZ³ = ZZZ² (extended Jacobian coordinates, EFD "xyzz", a = 0); infinity has ZZ = 0.
/// Addition is right for every pair: equal, opposite, infinity on either side.
/// </summary>
/// <typeparam name="TField">The field of the coordinates.</typeparam>
/// <typeparam name="TCurve">The curve.</typeparam>
[StructLayout(LayoutKind.Sequential)]
public readonly struct XyzzPoint<TField, TCurve> : IEquatable<XyzzPoint<TField, TCurve>>
    where TField : struct, IField<TField>
    where TCurve : struct, ICurve<TField>
{
    private readonly TField _x;
    private readonly TField _y;
    private readonly TField _zz;
    private readonly TField _zzz;

    private XyzzPoint(in TField x, in TField y, in TField zz, in TField zzz)
    {
        _x = x;
        _y = y;
        _zz = zz;
        _zzz = zzz;
    }

    /// <summary>The group's identity.</summary>
    public static XyzzPoint<TField, TCurve> Infinity => default;

    /// <summary>The subgroup's generator.</summary>
    public static XyzzPoint<TField, TCurve> Generator => FromAffine(AffinePoint<TField, TCurve>.Generator);

    /// <summary>Whether this is the identity.</summary>
    public bool IsInfinity => _zz.IsZero;

    /// <summary>The point with ZZ = ZZZ = 1.</summary>
    public static XyzzPoint<TField, TCurve> FromAffine(in AffinePoint<TField, TCurve> point) =>
        point.IsInfinity ? default : new(point.X, point.Y, TField.One, TField.One);

    /// <summary>The point with x = X/Z, y = Y/Z; infinity when Z = 0.</summary>
    public static XyzzPoint<TField, TCurve> FromProjective(in TField x, in TField y, in TField z)
    {
        TField zz = z.Square();
        return z.IsZero ? default : new(x * z, y * zz, zz, zz * z);
    }

    /// <summary>Full addition (EFD add-2008-s), 12M + 2S.</summary>
    public static XyzzPoint<TField, TCurve> operator +(in XyzzPoint<TField, TCurve> a, in XyzzPoint<TField, TCurve> b)
    {
        if (a.IsInfinity)
        {
            return b;
        }

        if (b.IsInfinity)
        {
            return a;
        }

        TField u1 = a._x * b._zz;
        TField p = (b._x * a._zz) - u1;
        TField s1 = a._y * b._zzz;
        TField r = (b._y * a._zzz) - s1;
        if (p.IsZero)
        {
            return r.IsZero ? a.Double() : default;
        }

        TField pp = p.Square();
        TField ppp = p * pp;
        TField q = u1 * pp;
        TField x = r.Square() - ppp - q.Double();
        TField y = (r * (q - x)) - (s1 * ppp);
        return new(x, y, a._zz * b._zz * pp, a._zzz * b._zzz * ppp);
    }

    /// <summary>Mixed addition (EFD madd-2008-s), 8M + 2S.</summary>
    public static XyzzPoint<TField, TCurve> operator +(in XyzzPoint<TField, TCurve> a, in AffinePoint<TField, TCurve> b)
    {
        if (b.IsInfinity)
        {
            return a;
        }

        if (a.IsInfinity)
        {
            return FromAffine(b);
        }

        TField p = (b.X * a._zz) - a._x;
        TField r = (b.Y * a._zzz) - a._y;
        if (p.IsZero)
        {
            return r.IsZero ? a.Double() : default;
        }

        TField pp = p.Square();
        TField ppp = p * pp;
        TField q = a._x * pp;
        TField x = r.Square() - ppp - q.Double();
        TField y = (r * (q - x)) - (a._y * ppp);
        return new(x, y, a._zz * pp, a._zzz * ppp);
    }

    /// <summary>a − b.</summary>
    public static XyzzPoint<TField, TCurve> operator -(in XyzzPoint<TField, TCurve> a, in XyzzPoint<TField, TCurve> b) => a + (-b);

    /// <summary>a − b, mixed.</summary>
    public static XyzzPoint<TField, TCurve> operator -(in XyzzPoint<TField, TCurve> a, in AffinePoint<TField, TCurve> b) => a + (-b);

    /// <summary>The inverse.</summary>
    public static XyzzPoint<TField, TCurve> operator -(in XyzzPoint<TField, TCurve> a) => new(a._x, -a._y, a._zz, a._zzz);

    /// <summary>Scalar product by the canonical integer of <paramref name="scalar"/>.</summary>
    public static XyzzPoint<TField, TCurve> operator *(in XyzzPoint<TField, TCurve> a, Fr scalar) => a.Multiply(scalar.ToBigInteger());

    /// <summary>Equality of points, whatever their representatives.</summary>
    public static bool operator ==(in XyzzPoint<TField, TCurve> a, in XyzzPoint<TField, TCurve> b) => a.IsInfinity || b.IsInfinity
        ? a.IsInfinity == b.IsInfinity
        : a._x * b._zz == b._x * a._zz && a._y * b._zzz == b._y * a._zzz;

    /// <summary>Inequality of points.</summary>
    public static bool operator !=(in XyzzPoint<TField, TCurve> a, in XyzzPoint<TField, TCurve> b) => !(a == b);

    /// <summary>Twice the point (EFD dbl-2008-s-1 with a = 0), 6M + 3S.</summary>
    public XyzzPoint<TField, TCurve> Double()
    {
        // A curve of odd order has no point with y = 0, so doubling needs no case but infinity, where ZZ stays 0.
        TField u = _y.Double();
        TField v = u.Square();
        TField w = u * v;
        TField s = _x * v;
        TField xx = _x.Square();
        TField m = xx.Double() + xx;
        TField x = m.Square() - s.Double();
        TField y = (m * (s - x)) - (w * _y);
        return new(x, y, v * _zz, w * _zzz);
    }

    /// <summary>Scalar product by a non-negative integer of any size, by signed 4-bit windows; time depends on the scalar.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scalar is negative.</exception>
    public XyzzPoint<TField, TCurve> Multiply(BigInteger scalar)
    {
        sbyte[] digits = ScalarWindows.Signed(scalar);
        XyzzPoint<TField, TCurve>[] multiples = new XyzzPoint<TField, TCurve>[9];
        for (int i = 1; i < multiples.Length; i++)
        {
            multiples[i] = multiples[i - 1] + this;
        }

        XyzzPoint<TField, TCurve> result = default;
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            result = result.Double().Double().Double().Double();
            int digit = digits[i];
            result = digit < 0 ? result - multiples[-digit] : result + multiples[digit];
        }

        return result;
    }

    /// <summary>The affine point; one field inversion.</summary>
    public AffinePoint<TField, TCurve> ToAffine()
    {
        if (IsInfinity)
        {
            return default;
        }

        TField inverse = _zzz.Inverse();
        TField zInverse = inverse * _zz;
        return new(_x * zInverse.Square(), _y * inverse);
    }

    /// <summary>Affine points of many, with one field inversion in all.</summary>
    /// <param name="points">n points.</param>
    /// <param name="affine">Receives n affine points.</param>
    public static void ToAffine(ReadOnlySpan<XyzzPoint<TField, TCurve>> points, Span<AffinePoint<TField, TCurve>> affine)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(affine.Length, points.Length);
        TField[] inverses = new TField[points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            inverses[i] = points[i]._zzz;
        }

        BatchInversion.InvertAll<TField>(inverses);
        for (int i = 0; i < points.Length; i++)
        {
            TField zInverse = inverses[i] * points[i]._zz;
            affine[i] = new(points[i]._x * zInverse.Square(), points[i]._y * inverses[i]);
        }
    }

    /// <inheritdoc />
    public bool Equals(XyzzPoint<TField, TCurve> other) => this == other;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is XyzzPoint<TField, TCurve> other && this == other;

    /// <inheritdoc />
    public override int GetHashCode() => ToAffine().GetHashCode();
}
