using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Accel.Compute.Ilgpu.Arithmetic;

/// <summary>An affine point of G1 in a kernel, with the memory image of <c>G1Affine</c>; infinity is (0, 0).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DeviceAffine
{
    public Limbs X;
    public Limbs Y;

    /// <summary>Whether this is the identity.</summary>
    public static bool IsInfinity(DeviceAffine point) => Limbs.IsZero(point.X) && Limbs.IsZero(point.Y);
}

/// <summary>
/// A point of G1 in a kernel, (X, Y, ZZ, ZZZ) with the memory image of <c>G1</c>; infinity has ZZ = 0. The formulas are EFD's for "xyzz" with a = 0,
/// right for every pair: equal, opposite, infinity on either side.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DevicePoint
{
    public Limbs X;
    public Limbs Y;
    public Limbs ZZ;
    public Limbs ZZZ;

    /// <summary>Whether this is the identity.</summary>
    public static bool IsInfinity(DevicePoint point) => Limbs.IsZero(point.ZZ);

    /// <summary>point + addend (madd-2008-s): 8 products and 2 squares.</summary>
    /// <param name="point">Any point.</param>
    /// <param name="addend">A finite point.</param>
    /// <param name="one">1 in Montgomery form.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DevicePoint AddFinite(DevicePoint point, DeviceAffine addend, Limbs one)
    {
        DevicePoint sum = default;
        if (IsInfinity(point))
        {
            sum.X = addend.X;
            sum.Y = addend.Y;
            sum.ZZ = one;
            sum.ZZZ = one;
            return sum;
        }

        Limbs p = FqMath.Subtract(FqMath.Multiply(addend.X, point.ZZ), point.X);
        Limbs r = FqMath.Subtract(FqMath.Multiply(addend.Y, point.ZZZ), point.Y);
        if (Limbs.IsZero(p))
        {
            DevicePoint same = default;
            same.X = addend.X;
            same.Y = addend.Y;
            same.ZZ = one;
            same.ZZZ = one;
            return Limbs.IsZero(r) ? Double(same) : sum;
        }

        Limbs pp = FqMath.Multiply(p, p);
        Limbs ppp = FqMath.Multiply(p, pp);
        sum.ZZ = FqMath.Multiply(point.ZZ, pp);
        sum.ZZZ = FqMath.Multiply(point.ZZZ, ppp);
        return Finish(sum, FqMath.Multiply(point.X, pp), FqMath.Multiply(point.Y, ppp), r, ppp);
    }

    /// <summary>a + b (add-2008-s): 12 products and 2 squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DevicePoint Add(DevicePoint a, DevicePoint b)
    {
        DevicePoint sum = default;
        if (IsInfinity(a))
        {
            return b;
        }

        if (IsInfinity(b))
        {
            return a;
        }

        Limbs u = FqMath.Multiply(a.X, b.ZZ);
        Limbs s = FqMath.Multiply(a.Y, b.ZZZ);
        Limbs p = FqMath.Subtract(FqMath.Multiply(b.X, a.ZZ), u);
        Limbs r = FqMath.Subtract(FqMath.Multiply(b.Y, a.ZZZ), s);
        if (Limbs.IsZero(p))
        {
            return Limbs.IsZero(r) ? Double(a) : sum;
        }

        Limbs pp = FqMath.Multiply(p, p);
        Limbs ppp = FqMath.Multiply(p, pp);
        sum.ZZ = FqMath.Multiply(FqMath.Multiply(a.ZZ, b.ZZ), pp);
        sum.ZZZ = FqMath.Multiply(FqMath.Multiply(a.ZZZ, b.ZZZ), ppp);
        return Finish(sum, FqMath.Multiply(u, pp), FqMath.Multiply(s, ppp), r, ppp);
    }

    /// <summary>2·point (dbl-2008-s-1); infinity doubles to itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DevicePoint Double(DevicePoint point)
    {
        Limbs u = FqMath.Add(point.Y, point.Y);
        Limbs v = FqMath.Multiply(u, u);
        Limbs w = FqMath.Multiply(u, v);
        Limbs s = FqMath.Multiply(point.X, v);
        Limbs square = FqMath.Multiply(point.X, point.X);
        Limbs m = FqMath.Add(FqMath.Add(square, square), square);
        DevicePoint twice = default;
        twice.X = FqMath.Subtract(FqMath.Multiply(m, m), FqMath.Add(s, s));
        twice.Y = FqMath.Subtract(FqMath.Multiply(m, FqMath.Subtract(s, twice.X)), FqMath.Multiply(w, point.Y));
        twice.ZZ = FqMath.Multiply(v, point.ZZ);
        twice.ZZZ = FqMath.Multiply(w, point.ZZZ);
        return twice;
    }

    /// <summary>X and Y of a sum: X = r² − p³ − 2q, Y = r(q − X) − y·p³.</summary>
    private static DevicePoint Finish(DevicePoint sum, Limbs q, Limbs yppp, Limbs r, Limbs ppp)
    {
        sum.X = FqMath.Subtract(FqMath.Subtract(FqMath.Multiply(r, r), ppp), FqMath.Add(q, q));
        sum.Y = FqMath.Subtract(FqMath.Multiply(r, FqMath.Subtract(q, sum.X)), yppp);
        return sum;
    }
}
