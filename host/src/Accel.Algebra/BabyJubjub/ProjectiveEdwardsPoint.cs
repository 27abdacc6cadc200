using System.Numerics;

namespace Accel.Algebra;

/// <summary>A Baby Jubjub point as (X : Y : Z) with x = X/Z, y = Y/Z, to add without inversions (Bernstein et al., "Twisted Edwards curves", eprint 2008/013, §6).</summary>
internal readonly struct ProjectiveEdwardsPoint
{
    // 64 windows of four bits cover every scalar of 256 bits.
    private const int WindowsMin = 64;

    private readonly Fr _x;
    private readonly Fr _y;
    private readonly Fr _z;

    public ProjectiveEdwardsPoint(in BabyJubjubPoint point)
        : this(point.X, point.Y, Fr.One)
    {
    }

    private ProjectiveEdwardsPoint(in Fr x, in Fr y, in Fr z)
    {
        _x = x;
        _y = y;
        _z = z;
    }

    /// <summary>Addition (EFD add-2008-bbjlp), for equal and identity operands too.</summary>
    public static ProjectiveEdwardsPoint operator +(in ProjectiveEdwardsPoint p, in ProjectiveEdwardsPoint q)
    {
        Fr a = p._z * q._z;
        Fr b = a.Square();
        Fr c = p._x * q._x;
        Fr d = p._y * q._y;
        Fr e = BabyJubjubPoint.D * c * d;
        Fr f = b - e;
        Fr g = b + e;
        Fr cross = ((p._x + p._y) * (q._x + q._y)) - c - d;
        return new(a * f * cross, a * g * (d - (BabyJubjubPoint.A * c)), f * g);
    }

    /// <summary>Doubling (EFD dbl-2008-bbjlp).</summary>
    public ProjectiveEdwardsPoint Double()
    {
        Fr b = (_x + _y).Square();
        Fr c = _x.Square();
        Fr d = _y.Square();
        Fr e = BabyJubjubPoint.A * c;
        Fr f = e + d;
        Fr j = f - _z.Square().Double();
        return new((b - c - d) * j, f * (e - d), f * j);
    }

    /// <summary>Scalar product by 4-bit windows; a zero digit adds the identity like any other, so the sequence of operations does not depend on the scalar.</summary>
    public ProjectiveEdwardsPoint Multiply(BigInteger scalar)
    {
        byte[] digits = ScalarWindows.Unsigned(scalar, WindowsMin);
        ProjectiveEdwardsPoint[] multiples = new ProjectiveEdwardsPoint[ScalarWindows.TableSize];
        multiples[0] = new(BabyJubjubPoint.Identity);
        for (int i = 1; i < multiples.Length; i++)
        {
            multiples[i] = multiples[i - 1] + this;
        }

        ProjectiveEdwardsPoint result = multiples[0];
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            result = result.Double().Double().Double().Double() + multiples[digits[i]];
        }

        return result;
    }

    public BabyJubjubPoint ToAffine()
    {
        Fr inverse = _z.Inverse();
        return new(_x * inverse, _y * inverse);
    }
}
